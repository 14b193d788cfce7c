"""What is written plays in a browser, tells the true times, and is whole or not there."""

import resource
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest

from vision.arrays import ImageRGB
from vision.errors import VideoError
from vision.frames import VideoReader
from vision.sink import Mp4Sink

SIZE = (64, 48)


def grey(level: int, size: tuple[int, int] = SIZE) -> ImageRGB:
    return np.full((size[1], size[0], 3), level, np.uint8)


def noise(size: tuple[int, int]) -> Callable[[], ImageRGB]:
    rng = np.random.default_rng(0)
    return lambda: rng.integers(0, 255, (size[1], size[0], 3), dtype=np.uint8)


@contextmanager
def file_size_limit(bytes_: int) -> Iterator[None]:
    """Files of this process can't grow beyond this, as on a disk that is nearly full."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (bytes_, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


class TestGoodEnd:
    def test_a_link_in_its_place_is_not_followed(self, tmp_path: Path) -> None:
        other = tmp_path / "other.txt"
        other.write_text("mine", "utf-8")
        (tmp_path / ".a.mp4.partial.mp4").symlink_to(other)
        with Mp4Sink(tmp_path / "a.mp4", (16, 16), 30.0) as sink:
            sink.write(np.zeros((16, 16, 3), np.uint8), 0.0)
        assert other.read_text("utf-8") == "mine"
        assert (tmp_path / "a.mp4").stat().st_size > 100

    def test_times_at_a_variable_rate_come_back(self, tmp_path: Path) -> None:
        times = [0.0, 0.0333, 0.1, 0.5, 0.51, 1.25, 1.2667, 4.0]
        with Mp4Sink(tmp_path / "a.mp4", SIZE, 30000 / 1001) as sink:
            for index, time_s in enumerate(times):
                sink.write(grey(20 * index), time_s)
        with VideoReader(tmp_path / "a.mp4") as video:
            frames = list(video)
            assert video.info.duration_s == pytest.approx(4.0 + 1001 / 30000, abs=0.01)
            assert video.readable_share == 1.0
        assert [f.time_s for f in frames] == pytest.approx(times, abs=1e-4)
        levels = [float(f.image_rgb.mean()) for f in frames]
        assert levels == pytest.approx([20 * i for i in range(8)], abs=3)

    def test_a_browser_can_play_it(self, tmp_path: Path) -> None:
        with Mp4Sink(tmp_path / "a.mp4", SIZE, 30.0) as sink:
            for index in range(10):
                sink.write(grey(index), index / 30)
        data = (tmp_path / "a.mp4").read_bytes()
        assert data[4:8] == b"ftyp"
        assert data.index(b"moov") < data.index(b"mdat")
        with av.open(str(tmp_path / "a.mp4")) as container:
            stream = container.streams.video[0]
            assert stream.codec_context.name == "h264"
            assert stream.codec_context.pix_fmt == "yuv420p"
            assert stream.average_rate == 30

    @pytest.mark.parametrize(
        "colour", [(200, 30, 60), (20, 180, 40), (30, 40, 210), (250, 250, 250), (5, 5, 5)]
    )
    def test_colours_come_back(self, tmp_path: Path, colour: tuple[int, int, int]) -> None:
        image = grey(0) + np.array(colour, np.uint8)
        with Mp4Sink(tmp_path / "a.mp4", SIZE, 30.0) as sink:
            sink.write(image, 0.0)
        with VideoReader(tmp_path / "a.mp4") as video:
            assert next(iter(video)).image_rgb[20, 20] == pytest.approx(colour, abs=5)

    def test_odd_sizes_lose_a_row_and_a_column(self, tmp_path: Path) -> None:
        with Mp4Sink(tmp_path / "a.mp4", (65, 49), 30.0) as sink:
            sink.write(grey(90, (65, 49)), 0.0)
        with VideoReader(tmp_path / "a.mp4") as video:
            assert next(iter(video)).full_size == (64, 48)

    def test_pictures_that_are_views_or_read_only_are_taken(self, tmp_path: Path) -> None:
        turned = np.rot90(grey(120, (48, 64)))
        turned.setflags(write=False)
        with Mp4Sink(tmp_path / "a.mp4", SIZE, 30.0) as sink:
            sink.write(turned, 0.0)
        with VideoReader(tmp_path / "a.mp4") as video:
            assert float(next(iter(video)).image_rgb.mean()) == pytest.approx(120, abs=3)

    def test_the_name_appears_only_at_the_end(self, tmp_path: Path) -> None:
        target = tmp_path / "a.mp4"
        with Mp4Sink(target, SIZE, 30.0) as sink:
            sink.write(grey(0), 0.0)
            assert [p.name for p in tmp_path.iterdir()] == [".a.mp4.partial.mp4"]
        assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]

    def test_a_relative_name_with_a_colon(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(tmp_path)
        with Mp4Sink("take:2.mp4", SIZE, 30.0) as sink:
            sink.write(grey(0), 0.0)
        assert [p.name for p in tmp_path.iterdir()] == ["take:2.mp4"]


class TestBadEnd:
    @pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, ValueError])
    def test_nothing_is_left_and_the_old_file_stays(
        self, tmp_path: Path, error: type[BaseException]
    ) -> None:
        target = tmp_path / "a.mp4"
        target.write_bytes(b"before")

        def broken_off() -> None:
            with Mp4Sink(target, SIZE, 30.0) as sink:
                sink.write(grey(0), 0.0)
                raise error

        with pytest.raises(error):
            broken_off()
        assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]
        assert target.read_bytes() == b"before"

    def test_no_picture_at_all(self, tmp_path: Path) -> None:
        with (
            pytest.raises(VideoError, match="no picture"),
            Mp4Sink(tmp_path / "a.mp4", SIZE, 30.0),
        ):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_missing_folder(self, tmp_path: Path) -> None:
        with (
            pytest.raises(VideoError, match="can't be written"),
            Mp4Sink(tmp_path / "no" / "a.mp4", SIZE, 30.0),
        ):
            pass
        assert list(tmp_path.iterdir()) == []

    def test_a_file_where_the_folder_should_be(self, tmp_path: Path) -> None:
        (tmp_path / "file").touch()
        with (
            pytest.raises(VideoError, match="can't be written"),
            Mp4Sink(tmp_path / "file" / "a.mp4", SIZE, 30.0),
        ):
            pass

    def test_a_folder_of_the_targets_name(self, tmp_path: Path) -> None:
        (tmp_path / "a.mp4").mkdir()
        with (
            pytest.raises(VideoError, match="can't be written"),
            Mp4Sink(tmp_path / "a.mp4", SIZE, 30.0) as sink,
        ):
            sink.write(grey(0), 0.0)
        assert [p.name for p in tmp_path.iterdir()] == ["a.mp4"]

    def test_disk_full(self, tmp_path: Path) -> None:
        size = (320, 240)
        picture = noise(size)

        def fill() -> None:
            with Mp4Sink(tmp_path / "a.mp4", size, 30.0) as sink:
                for index in range(60):
                    sink.write(picture(), index / 30)

        with file_size_limit(200_000), pytest.raises(VideoError, match="can't be written"):
            fill()
        assert list(tmp_path.iterdir()) == []


class TestWrongUse:
    def test_another_shape(self, tmp_path: Path) -> None:
        with (
            pytest.raises(ValueError, match="does not fit"),
            Mp4Sink(tmp_path / "a.mp4", SIZE, 30.0) as sink,
        ):
            sink.write(grey(0, (48, 64)), 0.0)

    @pytest.mark.parametrize("time_s", [1.0, 0.5, 1.000001])
    def test_time_that_does_not_grow(self, tmp_path: Path, time_s: float) -> None:
        with Mp4Sink(tmp_path / "a.mp4", SIZE, 30.0) as sink:
            sink.write(grey(0), 1.0)
            with pytest.raises(ValueError, match="not after the frame before"):
                sink.write(grey(0), time_s)

    def test_outside_its_block(self, tmp_path: Path) -> None:
        with pytest.raises(RuntimeError, match="with block"):
            Mp4Sink(tmp_path / "a.mp4", SIZE, 30.0).write(grey(0), 0.0)

    @pytest.mark.parametrize(("size", "fps"), [((1, 48), 30.0), ((64, 48), 0.0)])
    def test_impossible_sizes_and_rates(
        self, tmp_path: Path, size: tuple[int, int], fps: float
    ) -> None:
        with pytest.raises(ValueError, match="at least 2 x 2"):
            Mp4Sink(tmp_path / "a.mp4", size, fps)
