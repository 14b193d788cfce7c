"""Only recordings get past the door, whatever a file is called."""

import os
from collections.abc import Callable, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest

from vision.errors import VideoError
from vision.frames import VideoReader
from vision.streams import VIDEO_CODECS

MakeVideo = Callable[..., Path]


def frame_count(path: Path) -> int:
    with VideoReader(path) as video:
        return len(list(video))


class TestRefusals:
    def refusal(self, path: Path) -> str:
        with pytest.raises(VideoError) as caught, VideoReader(path):
            pass
        message = str(caught.value)
        assert path.name in message
        assert message.endswith(".")
        assert "\n" not in message
        return message

    def test_missing_file(self, tmp_path: Path) -> None:
        assert "no file" in self.refusal(tmp_path / "a.mp4")

    def test_folder(self, tmp_path: Path) -> None:
        assert "folder" in self.refusal(tmp_path)

    def test_pipe(self, tmp_path: Path) -> None:
        os.mkfifo(tmp_path / "a.mp4")
        assert "regular file" in self.refusal(tmp_path / "a.mp4")

    def test_file_that_may_not_be_read(
        self, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object) -> None:
            raise PermissionError(13, "Permission denied")

        path = make_video("a.mp4")
        monkeypatch.setattr(Path, "open", refuse)
        assert "Permission denied" in self.refusal(path)

    def test_empty_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mp4"
        path.touch()
        assert "empty" in self.refusal(path)

    @pytest.mark.parametrize(
        "text",
        [
            "ffconcat version 1.0\nfile victim.mp4\n",
            "#EXTM3U\n#EXTINF:1,\nvictim.mp4\n",
            "Just notes, größer als gedacht.\n",
        ],
    )
    def test_a_text_file_is_refused_before_ffmpeg_sees_it(
        self, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch, text: str
    ) -> None:
        path = make_video("victim.mp4").with_name("x.mp4")
        path.write_text(text, encoding="utf-8")

        def reached(*_: object, **__: object) -> None:
            pytest.fail("FFmpeg was let near a text file")

        monkeypatch.setattr(av, "open", reached)
        assert "text file" in self.refusal(path)

    @pytest.mark.parametrize("suffix", [".png", ".jpg", ".webp", ".tiff"])
    def test_a_renamed_picture(self, tmp_path: Path, suffix: str) -> None:
        path = tmp_path / "a.mp4"
        path.write_bytes(cv2.imencode(suffix, np.zeros((48, 64, 3), np.uint8))[1].tobytes())
        assert "picture" in self.refusal(path)

    @pytest.mark.parametrize("brand", [b"heic", b"avif"])
    def test_a_phones_still_picture(self, tmp_path: Path, brand: bytes) -> None:
        path = tmp_path / "a.mp4"
        path.write_bytes(b"\x00\x00\x00\x18ftyp" + brand + bytes(40))
        assert "picture" in self.refusal(path)

    @pytest.mark.parametrize(
        ("name", "codec"),
        [("a.m4a", "aac"), ("a.mp4", "aac"), ("a.mkv", "aac"), ("a.wav", "pcm_s16le")],
    )
    def test_sound_alone(
        self, make_sound: Callable[[str, str], Path], name: str, codec: str
    ) -> None:
        assert "sound" in self.refusal(make_sound(name, codec))

    def test_other_binary_file(self, tmp_path: Path) -> None:
        path = tmp_path / "a.mp4"
        path.write_bytes(np.random.default_rng(1).bytes(5000))
        assert "not a recording" in self.refusal(path)

    @pytest.mark.parametrize(
        ("name", "codec", "pixels"),
        [
            ("a.mkv", "ffv1", "yuv444p"),
            ("a.avi", "mpeg2video", "yuv420p"),
            ("a.mov", "prores_ks", "yuv422p10le"),
            ("a.avi", "flv1", "yuv420p"),
            ("a.avi", "wmv2", "yuv420p"),
            ("a.mov", "qtrle", "rgb24"),
            ("a.avi", "huffyuv", "yuv422p"),
        ],
    )
    def test_unusual_codec(self, make_video: MakeVideo, name: str, codec: str, pixels: str) -> None:
        refusal = self.refusal(make_video(name, codec=codec, pixels=pixels, fps=25))
        assert codec.removesuffix("_ks") in refusal
        assert "convert it to an MP4 with H.264" in refusal

    def test_no_other_decoder_is_let_near_any_stream(
        self, make_video: MakeVideo, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """FFmpeg looks into all streams of a file by itself, sound too: it may open none for it."""
        path = make_video("a.mkv", sound_s=1.0)
        opened: list[Mapping[str, str]] = []
        true_open = av.open

        def watch(*args: Any, **options: Any) -> Any:
            opened.append(options["container_options"])
            return true_open(*args, **options)

        monkeypatch.setattr(av, "open", watch)
        assert frame_count(path) == 10
        allowed = set(opened[0]["codec_whitelist"].split(","))
        assert allowed == {*VIDEO_CODECS, "libdav1d"}
        assert all(av.codec.Codec(name, "r").type == "video" for name in allowed)

    def test_pictures_overwritten(self, make_video: MakeVideo) -> None:
        path = make_video("a.mp4", muxer={"movflags": "+faststart"})
        data = bytearray(path.read_bytes())
        start = data.index(b"mdat") + 4
        data[start:] = bytes(len(data) - start)
        path.write_bytes(data)
        assert "damaged" in self.refusal(path)

    def test_headers_alone(self, make_video: MakeVideo) -> None:
        data = make_video("a.mkv").read_bytes()
        path = make_video("b.mkv")
        path.write_bytes(data[:60])
        assert "damaged" in self.refusal(path)


class TestCodecs:
    @pytest.mark.parametrize(
        ("name", "codec", "pixels"),
        [
            ("a.mp4", "libx264", "yuv420p"),
            ("a.mp4", "libx265", "yuv420p10le"),
            ("a.webm", "libvpx", "yuv420p"),
            ("a.webm", "libvpx-vp9", "yuv420p"),
            ("a.mp4", "libsvtav1", "yuv420p10le"),
            ("a.mp4", "mpeg4", "yuv420p"),
            ("a.3gp", "mpeg4", "yuv420p"),
            ("a.avi", "mjpeg", "yuvj422p"),
        ],
    )
    def test_what_phones_browsers_and_webcams_record_is_read(
        self, make_video: MakeVideo, name: str, codec: str, pixels: str
    ) -> None:
        # MPEG-4's clock is coarse.
        clock = Fraction(1, 30)
        assert frame_count(make_video(name, codec=codec, pixels=pixels, clock=clock)) == 10

    def test_these_and_no_more(self) -> None:
        assert {"h264", "hevc", "vp8", "vp9", "av1", "mpeg4", "mjpeg"} == VIDEO_CODECS


class TestNames:
    @pytest.mark.parametrize(
        "name", ["concat:a.mp4|b.mp4", "http:x.mp4", "größe 100%d.mp4", "x.txt"]
    )
    def test_only_the_content_of_a_file_counts(self, make_video: MakeVideo, name: str) -> None:
        path = make_video("a.mp4")
        assert frame_count(path.rename(path.with_name(name))) == 10

    def test_matroska_named_mp4(self, make_video: MakeVideo) -> None:
        path = make_video("a.mkv")
        assert frame_count(path.rename(path.with_name("a.mp4"))) == 10

    def test_a_name_that_is_no_text(self, make_video: MakeVideo) -> None:
        path = make_video("a.mp4")
        odd = Path(os.fsdecode(os.fsencode(path.parent) + b"/\xff\xfe.mp4"))
        assert frame_count(path.rename(odd)) == 10
