"""Of a damaged recording all that can be read is read, and the share is stated."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter

from vision.errors import VideoError
from vision.frames import Frame, VideoReader

MakeVideo = Callable[..., Path]


def read(path: Path, **options: Any) -> tuple[list[Frame], VideoReader]:
    with VideoReader(path, **options) as video:
        return list(video), video


class TestDamage:
    @pytest.fixture
    def noisy(self) -> Callable[[int], Any]:
        rng = np.random.default_rng(2)
        base = rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)
        return lambda index: np.roll(base, index, axis=1)

    @pytest.mark.parametrize("share", [0.3, 0.6, 0.9])
    @pytest.mark.parametrize(
        ("name", "muxer"), [("a.mp4", {"movflags": "+faststart"}), ("a.mkv", {})]
    )
    def test_what_a_truncated_file_still_holds_is_read(
        self,
        make_video: MakeVideo,
        noisy: Callable[[int], Any],
        name: str,
        muxer: dict[str, str],
        share: float,
    ) -> None:
        path = make_video(name, count=120, picture=noisy, encoder={"g": "10"}, muxer=muxer)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        frames, video = read(path)
        assert video.info.duration_s == pytest.approx(4.0, abs=0.05)
        assert video.readable_share == pytest.approx(share, abs=0.12)
        assert frames[-1].time_s == pytest.approx(4.0 * video.readable_share, abs=0.3)

    @pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
    def test_an_mp4_without_its_index(
        self, make_video: MakeVideo, noisy: Callable[[int], Any], share: float
    ) -> None:
        path = make_video("a.mp4", count=60, picture=noisy)
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * share)])
        with (
            pytest.raises(VideoError, match="cut off before its index was written"),
            VideoReader(path),
        ):
            pass

    @pytest.mark.parametrize("kept_bytes", [4, 8, 30, 100, 400])
    def test_a_few_first_bytes_never_bring_out_a_foreign_error(
        self, make_video: MakeVideo, kept_bytes: int
    ) -> None:
        for name in ("a.mp4", "a.mkv", "a.avi"):
            path = make_video(name, muxer={"movflags": "+faststart"} if name == "a.mp4" else {})
            path.write_bytes(path.read_bytes()[:kept_bytes])
            with pytest.raises(VideoError), VideoReader(path):
                pass

    @pytest.fixture
    def make_holed(self, make_video: MakeVideo, noisy: Callable[[int], Any]) -> MakeVideo:
        def make(name: str) -> Path:
            path = make_video(name, count=120, picture=noisy, encoder={"g": "5", "bf": "0"})
            data = bytearray(path.read_bytes())
            hole = slice(int(len(data) * 0.4), int(len(data) * 0.6))
            data[hole] = np.random.default_rng(3).bytes(hole.stop - hole.start)
            path.write_bytes(data)
            return path

        return make

    @pytest.mark.parametrize("name", ["a.mp4", "a.mkv"])
    def test_damage_in_the_middle_is_skipped(self, make_holed: MakeVideo, name: str) -> None:
        frames, _ = read(make_holed(name))
        times = [f.time_s for f in frames]
        assert times == sorted(set(times))
        assert times[-1] == pytest.approx(119 / 30, abs=1e-3)
        assert 60 <= len(times) < 120

    @pytest.mark.parametrize("name", ["a.mp4", "a.avi"])
    def test_what_the_decoder_refused_is_not_in_the_share(
        self, make_holed: MakeVideo, name: str
    ) -> None:
        _, video = read(make_holed(name))
        assert 0.6 < video.readable_share < 0.95

    def test_random_damage_never_brings_out_a_foreign_error(self, make_video: MakeVideo) -> None:
        whole = make_video("a.mp4", count=20, muxer={"movflags": "+faststart"}).read_bytes()
        rng = np.random.default_rng(4)
        outcomes = set()
        for _ in range(60):
            data = bytearray(whole)
            for place in rng.integers(16, len(data), 8):
                data[place] = int(rng.integers(0, 256))
            path = make_video("b.mp4", count=1)
            path.write_bytes(data)
            try:
                frames, video = read(path)
            except VideoError:
                outcomes.add("refused")
            else:
                outcomes.add("read")
                assert len(frames) == video.frames_read
                assert 0.0 <= video.readable_share <= 1.0
        assert "read" in outcomes

    def test_no_stated_duration_counts_as_whole(self, make_video: MakeVideo) -> None:
        # What a browser's recorder writes.
        frames, video = read(make_video("a.webm", codec="libvpx-vp9", muxer={"live": "1"}))
        assert len(frames) == 10
        assert video.info.duration_s is None
        assert video.readable_share == 1.0

    @pytest.mark.parametrize(
        ("name", "muxer"),
        [("a.mp4", {"movflags": "frag_keyframe+empty_moov"}), ("a.mkv", {"live": "1"})],
    )
    def test_recordings_written_piece_by_piece_survive_a_cut(
        self,
        make_video: MakeVideo,
        noisy: Callable[[int], Any],
        name: str,
        muxer: dict[str, str],
    ) -> None:
        path = make_video(name, count=60, picture=noisy, encoder={"g": "5"}, muxer=muxer)
        assert len(read(path)[0]) == 60
        data = path.read_bytes()
        path.write_bytes(data[: int(len(data) * 0.7)])
        assert 36 <= len(read(path)[0]) <= 46

    def test_pictures_that_cannot_be_converted_are_skipped(
        self, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        class Broken:
            def __init__(self) -> None:
                self.inner = VideoReformatter()

            def reformat(self, frame: VideoFrame, *args: Any, **kwargs: Any) -> VideoFrame:
                if frame.time < 0.5:
                    raise av.ArgumentError(22, "Invalid argument")
                return self.inner.reformat(frame, *args, **kwargs)

        monkeypatch.setattr("vision.frames.VideoReformatter", Broken)
        with VideoReader(make_video("a.mp4", count=30)) as video:
            assert next(iter(video)).time_s == pytest.approx(0.5)
            assert len(list(video)) == 14
            assert video.readable_share == pytest.approx(0.5)

    def test_longer_sound_is_no_missing_picture(self, make_video: MakeVideo) -> None:
        frames, video = read(make_video("a.mp4", count=30, sound_s=1.5))
        assert len(frames) == 30
        assert video.readable_share == 1.0
