"""Small real recordings, made on the spot."""

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from av.container import OutputContainer
from av.video.stream import VideoStream

from vision.arrays import ImageRGB

# Full chroma, so that even the smallest pictures have true colours at their edges.
PIXELS = {"libx264": "yuv444p", "ffv1": "yuv444p", "mjpeg": "yuvj444p"}


def add_silence(container: OutputContainer, seconds: float, codec: str = "aac") -> None:
    stream = container.add_stream(codec, rate=8000, layout="mono")
    assert isinstance(stream, AudioStream)
    kind = "fltp" if codec == "aac" else "s16"
    count = round(8000 * seconds)
    silence = np.zeros((1, count), np.float32 if codec == "aac" else np.int16)
    frame = av.AudioFrame.from_ndarray(silence, format=kind, layout="mono")
    frame.sample_rate = 8000
    container.mux([*stream.encode(frame), *stream.encode(None)])


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    """`make_video(name, fps=30.0, count=10, times_s=None, size=(64, 48), codec="libx264", ...)`.

    Writes a recording of that name and gives its path. Without `picture(index)` frame i is grey,
    of level 10 + 9 i.
    """

    def make(
        name: str,
        *,
        fps: float = 30.0,
        count: int = 10,
        times_s: Sequence[float] | None = None,
        size: tuple[int, int] = (64, 48),
        codec: str = "libx264",
        rotation_deg: int | None = None,
        mirrored: bool = False,
        picture: Callable[[int], ImageRGB] | None = None,
        encoder: Mapping[str, str] | None = None,
        muxer: Mapping[str, str] | None = None,
        sound_s: float | None = None,
    ) -> Path:
        times = [i / fps for i in range(count)] if times_s is None else list(times_s)
        rate = Fraction(fps).limit_denominator(1001)
        # AVI counts frames, and MPEG-4's clock is too coarse for more; the others count time.
        clock = 1 / rate if name.endswith(".avi") else Fraction(1, 90_000)
        with av.open(str(tmp_path / name), "w", container_options=dict(muxer or {})) as container:
            stream = container.add_stream(codec, rate=rate, options=dict(encoder or {}))
            assert isinstance(stream, VideoStream)
            stream.width, stream.height = size
            stream.pix_fmt = PIXELS.get(codec, "yuv420p")
            stream.time_base = stream.codec_context.time_base = clock
            if rotation_deg is not None or mirrored:
                stream.set_display_rotation(rotation_deg or 0, hflip=mirrored)
            if sound_s is not None:
                add_silence(container, sound_s)
            for index, time_s in enumerate(times):
                grey = np.full((size[1], size[0], 3), (10 + 9 * index) % 256, np.uint8)
                frame = av.VideoFrame.from_ndarray(grey if picture is None else picture(index))
                frame.pts, frame.time_base = round(time_s / clock), clock
                container.mux(stream.encode(frame))
            container.mux(stream.encode(None))
        return tmp_path / name

    return make


@pytest.fixture
def make_sound(tmp_path: Path) -> Callable[[str, str], Path]:
    """`make_sound(name, codec)`: a second of silence, and no picture."""

    def make(name: str, codec: str) -> Path:
        with av.open(str(tmp_path / name), "w") as container:
            add_silence(container, 1.0, codec)
        return tmp_path / name

    return make
