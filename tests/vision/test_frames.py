"""Recordings are read by their true times, upright, and never take more than they should."""

import os
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from vision.errors import VideoError
from vision.frames import Frame, VideoReader

MakeVideo = Callable[..., Path]
RGB = tuple[int, ...]

RED, GREEN, BLUE, WHITE = (220, 30, 30), (30, 200, 30), (30, 30, 220), (230, 230, 230)


def quarters(width: int, height: int) -> Any:
    """Red, green over blue, white."""
    image = np.zeros((height, width, 3), np.uint8)
    y, x = height // 2, width // 2
    image[:y, :x], image[:y, x:], image[y:, :x], image[y:, x:] = RED, GREEN, BLUE, WHITE
    return image


def corner_colours(frame: Frame) -> list[RGB]:
    """Nearest of the four colours at top left, top right, bottom left, bottom right."""
    height, width = frame.image_rgb.shape[:2]
    colours = np.array([RED, GREEN, BLUE, WHITE])
    found = []
    for y in (height // 8, height - 1 - height // 8):
        for x in (width // 8, width - 1 - width // 8):
            off = np.abs(colours - frame.image_rgb[y, x].astype(int)).max(axis=1)
            assert off.min() < 16, f"{frame.image_rgb[y, x]} is none of the colours"
            found.append(tuple(int(v) for v in colours[off.argmin()]))
    return found


def read(path: Path, **options: Any) -> tuple[list[Frame], VideoReader]:
    with VideoReader(path, **options) as video:
        return list(video), video


def times_of(path: Path) -> list[float]:
    return [frame.time_s for frame in read(path)[0]]


def greys_of(frames: list[Frame]) -> list[int]:
    return [round(float(frame.image_rgb.mean())) for frame in frames]


def rss_mb() -> float:
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


class TestTimes:
    @pytest.mark.parametrize("fps", [15.0, 24.0, 30000 / 1001, 50.0, 60.0])
    @pytest.mark.parametrize("name", ["a.mp4", "a.mov", "a.mkv"])
    def test_fixed_rates_are_true_to_a_millisecond(
        self, make_video: MakeVideo, name: str, fps: float
    ) -> None:
        frames, video = read(make_video(name, fps=fps, count=20))
        assert [f.time_s for f in frames] == pytest.approx([i / fps for i in range(20)], abs=1e-3)
        assert [f.index for f in frames] == list(range(20))
        assert video.info.fps_hint == pytest.approx(fps, rel=0.01)
        assert video.info.duration_s == pytest.approx(20 / fps, abs=0.01)
        assert video.readable_share == 1.0
        assert video.frames_read == 20

    def test_variable_rate_keeps_each_frames_own_time(self, make_video: MakeVideo) -> None:
        times = [0.0, 0.033, 0.1, 0.35, 0.366, 0.4, 1.5, 1.517, 3.0]
        assert times_of(make_video("a.mp4", times_s=times)) == pytest.approx(times, abs=1e-3)

    @pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
    def test_a_late_start_is_moved_to_zero(self, make_video: MakeVideo, name: str) -> None:
        path = make_video(name, times_s=[7.0 + i / 30 for i in range(30)])
        frames, video = read(path)
        assert [f.time_s for f in frames] == pytest.approx([i / 30 for i in range(30)], abs=1.1e-3)
        assert video.info.duration_s == pytest.approx(1.0, abs=0.05)
        assert video.readable_share == 1.0

    def test_an_avi_with_reordered_frames_keeps_their_order(self, make_video: MakeVideo) -> None:
        encoder = {"bf": "3", "b-adapt": "0", "qp": "5"}
        frames, _ = read(make_video("a.avi", count=24, encoder=encoder))
        greys = greys_of(frames)
        assert len(frames) == 24
        assert greys == sorted(greys)
        assert [f.time_s for f in frames] == pytest.approx([i / 30 for i in range(24)], abs=1e-3)

    def test_frames_whose_time_stands_still_or_goes_back_are_dropped(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mkv"
        ticks_ms = [0, 100, 100, 60, 200, 200, 300]
        with av.open(str(path), "w") as container:
            stream = container.add_stream("mjpeg", rate=30)
            stream.width, stream.height, stream.pix_fmt = 64, 48, "yuvj420p"
            for index, tick in enumerate(ticks_ms):
                image = np.full((48, 64, 3), 20 + 30 * index, np.uint8)
                for packet in stream.encode(av.VideoFrame.from_ndarray(image)):
                    packet.time_base = Fraction(1, 1000)
                    packet.pts, packet.dts = tick, index
                    container.mux(packet)
        frames, _ = read(path)
        assert [f.time_s for f in frames] == pytest.approx([0.0, 0.1, 0.2, 0.3], abs=1e-3)
        assert greys_of(frames) == pytest.approx([20, 50, 140, 200], abs=4)
        assert [f.index for f in frames] == [0, 1, 2, 3]


class TestPictures:
    def test_pictures_are_rgb(self, make_video: MakeVideo) -> None:
        frames, _ = read(make_video("a.mp4", count=1, picture=lambda _: quarters(64, 48)))
        assert corner_colours(frames[0]) == [RED, GREEN, BLUE, WHITE]
        assert frames[0].image_rgb.dtype == np.uint8

    @pytest.mark.parametrize(
        ("rotation_deg", "mirrored", "expected"),
        [
            (0, False, [RED, GREEN, BLUE, WHITE]),
            (90, False, [GREEN, WHITE, RED, BLUE]),  # counterclockwise
            (180, False, [WHITE, BLUE, GREEN, RED]),
            (-90, False, [BLUE, RED, WHITE, GREEN]),
            (270, False, [BLUE, RED, WHITE, GREEN]),
            (0, True, [GREEN, RED, WHITE, BLUE]),
        ],
    )
    @pytest.mark.parametrize("name", ["a.mp4", "a.mov"])
    def test_the_display_matrix_is_applied(
        self,
        make_video: MakeVideo,
        name: str,
        rotation_deg: int,
        mirrored: bool,
        expected: list[RGB],
    ) -> None:
        path = make_video(
            name,
            size=(80, 48),
            count=2,
            rotation_deg=rotation_deg,
            mirrored=mirrored,
            picture=lambda _: quarters(80, 48),
        )
        frames, video = read(path)
        size = (48, 80) if rotation_deg in (90, -90, 270) else (80, 48)
        assert corner_colours(frames[1]) == expected
        assert frames[1].full_size == size
        assert frames[1].image_rgb.shape == (size[1], size[0], 3)
        assert frames[1].image_rgb.flags.c_contiguous
        assert (video.info.width, video.info.height) == size

    @pytest.mark.parametrize("size", [(65, 49), (33, 48), (641, 361)])
    def test_odd_sizes(self, make_video: MakeVideo, size: tuple[int, int]) -> None:
        frames, _ = read(make_video("a.mp4", size=size, count=2, picture=lambda _: quarters(*size)))
        assert frames[0].full_size == size
        assert frames[0].image_rgb.shape == (size[1], size[0], 3)
        assert corner_colours(frames[0]) == [RED, GREEN, BLUE, WHITE]

    def test_4k_is_scaled_down_for_work(self, make_video: MakeVideo) -> None:
        path = make_video(
            "a.mp4",
            size=(3840, 2160),
            count=2,
            rotation_deg=90,
            picture=lambda _: quarters(3840, 2160),
            encoder={"preset": "ultrafast"},
        )
        frames, video = read(path)
        assert frames[0].image_rgb.shape == (1280, 720, 3)
        assert frames[0].full_size == (2160, 3840)
        assert frames[0].scale == pytest.approx(3.0)
        assert corner_colours(frames[0]) == [GREEN, WHITE, RED, BLUE]
        assert (video.info.width, video.info.height) == (2160, 3840)

    def test_small_pictures_are_left_as_they_are(self, make_video: MakeVideo) -> None:
        frames, _ = read(make_video("a.mp4", size=(64, 48), count=1))
        assert frames[0].scale == 1.0

    def test_max_side_bounds_the_longest_side(self, make_video: MakeVideo) -> None:
        frames, _ = read(make_video("a.mp4", size=(101, 301), count=1), max_side=100)
        assert frames[0].image_rgb.shape == (100, 34, 3)
        assert frames[0].full_size == (101, 301)

    def test_a_frames_picture_cannot_be_written_to(self, make_video: MakeVideo) -> None:
        frames, _ = read(make_video("a.mp4", count=1))
        with pytest.raises(ValueError, match="read-only"):
            frames[0].image_rgb[0, 0] = 0

    @pytest.mark.parametrize(
        ("name", "codec"),
        [("a.webm", "libvpx-vp9"), ("a.avi", "mjpeg"), ("a.avi", "mpeg4"), ("a.mp4", "libx265")],
    )
    def test_what_other_cameras_write(self, make_video: MakeVideo, name: str, codec: str) -> None:
        frames, _ = read(make_video(name, codec=codec, picture=lambda _: quarters(64, 48)))
        assert len(frames) == 10
        assert corner_colours(frames[-1]) == [RED, GREEN, BLUE, WHITE]

    @pytest.mark.slow
    def test_a_sample_is_read_as_opencv_reads_it(self) -> None:
        path = Path(__file__).parents[2] / "sample_videos" / "fps15.mp4"
        capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG)
        with VideoReader(path) as video:
            for frame in video:
                assert frame.time_s == pytest.approx(frame.index / 15, abs=1e-6)
                there, image_bgr = capture.read()
                assert there
                if frame.index % 50 == 0:
                    off = cv2.absdiff(frame.image_rgb, image_bgr[:, :, ::-1].copy())
                    assert float(off.mean()) < 3
        assert not capture.read()[0]
        capture.release()


class TestResources:
    @pytest.mark.slow
    def test_memory_does_not_grow_with_the_length(self, make_video: MakeVideo) -> None:
        path = make_video(
            "a.mp4", count=900, size=(320, 240), encoder={"preset": "ultrafast", "g": "60"}
        )
        early_mb = peak_mb = 0.0
        with VideoReader(path) as video:
            for frame in video:
                if frame.index == 200:
                    early_mb = peak_mb = rss_mb()
                elif frame.index % 100 == 0:
                    peak_mb = max(peak_mb, rss_mb())
        assert video.frames_read == 900  # 207 MB if they were kept
        assert peak_mb - early_mb < 30

    def test_leaving_early_closes_the_file(self, make_video: MakeVideo) -> None:
        path = make_video("a.mp4", count=30)
        before = open_files()
        with VideoReader(path) as video:
            assert next(iter(video)).index == 0
            assert next(iter(video)).index == 1
            assert open_files() > before
        assert open_files() == before
        assert video.frames_read == 2
        assert list(video) == []

    def test_an_iterator_kept_beyond_the_block_is_at_its_end(self, make_video: MakeVideo) -> None:
        threads = len(list(Path("/proc/self/task").iterdir()))
        with VideoReader(make_video("a.mp4", count=30)) as video:
            frames = iter(video)
            next(frames)
        assert next(frames, None) is None
        assert len(list(Path("/proc/self/task").iterdir())) <= threads

    def test_an_error_in_the_block_closes_the_file(self, make_video: MakeVideo) -> None:
        path = make_video("a.mp4", count=30)
        before = open_files()
        with pytest.raises(ZeroDivisionError), VideoReader(path) as video:
            _ = 1 // next(iter(video)).index
        assert open_files() == before

    def test_a_refused_file_is_closed(self, make_sound: Callable[[str, str], Path]) -> None:
        path = make_sound("a.mp4", "aac")
        before = open_files()
        with pytest.raises(VideoError), VideoReader(path):
            pass
        assert open_files() == before

    def test_info_before_entering_is_a_programming_error(self, make_video: MakeVideo) -> None:
        with pytest.raises(RuntimeError, match="before it is entered"):
            _ = VideoReader(make_video("a.mp4")).info

    def test_max_side_must_be_positive(self) -> None:
        with pytest.raises(ValueError, match="max_side"):
            VideoReader("a.mp4", max_side=0)


class Scripted:
    """A chooser that wants every third picture, and notes what it is asked and told."""

    def __init__(self, *, quick: bool) -> None:
        self.asked: list[float] = []
        self.answers = 0
        self.ahead: list[int] = []
        self.lost = 0
        self._quick = quick

    def ask(self, time_s: float, read_s: float) -> None:
        assert read_s > 0
        self.asked.append(time_s)

    def answered(self) -> bool:
        return self._quick

    def answer(self) -> bool:
        self.ahead.append(len(self.asked) - self.answers)
        self.answers += 1
        return self.answers % 3 == 1

    def lose(self) -> None:
        self.lost += 1


class TestChoosing:
    @pytest.mark.parametrize("quick", [False, True])
    def test_what_is_wanted_comes_though_it_is_asked_for_ahead(
        self, make_video: MakeVideo, *, quick: bool
    ) -> None:
        path, chooser = make_video("a.mp4", count=20), Scripted(quick=quick)
        with VideoReader(path) as video:
            whole = list(video)
        with VideoReader(path, chooser=chooser, ahead=4) as video:
            chosen = [(frame.index, frame.time_s) for frame in video]
            assert (video.frames_read, video.readable_share) == (20, 1.0)
        assert chosen == [(frame.index, frame.time_s) for frame in whole[::3]]
        assert chooser.asked == [frame.time_s for frame in whole]
        assert max(chooser.ahead) == (1 if quick else 4)

    def test_a_wanted_picture_that_can_not_be_made_is_told_of(
        self, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        path, chooser = make_video("a.mp4", count=20), Scripted(quick=False)
        convert, made = VideoReader._convert, list[float]()

        def third_fails(reader: VideoReader, picture: Any) -> Any:
            made.append(picture.pts)
            if len(made) == 3:
                raise av.error.InvalidDataError(1, "no")
            return convert(reader, picture)

        monkeypatch.setattr(VideoReader, "_convert", third_fails)
        with VideoReader(path, chooser=chooser, ahead=4) as video:
            assert len(list(video)) == len(made) - 1
            assert video.read_s < (video.info.duration_s or 0)
        assert chooser.lost == 1
