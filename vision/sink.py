"""Writes pictures with their times to an MP4 that browsers play."""

from contextlib import suppress
from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import av
import numpy as np
from av.container import OutputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc, VideoReformatter
from av.video.stream import VideoStream

from vision.arrays import ImageRGB
from vision.errors import VideoError

TICKS_PER_S: Final = 90_000
"""The clock of the written file; every usual frame rate divides it well."""

# Drawn lines stay crisp at this quality, for about 8 ms of processor time at 720p. Without B-frames
# the file states its true length at a variable rate, and encoding is a third cheaper.
_ENCODER: Final = {"preset": "veryfast", "crf": "23", "bf": "0"}
# The index goes to the front, so that a browser can start before it has the whole file.
_MUXER: Final = {"movflags": "+faststart"}


class Mp4Sink:
    """Writes H.264 in an MP4; the file appears under its name only when it is complete.

        with Mp4Sink(path, (1280, 720), fps=30.0) as sink:
            sink.write(image_rgb, time_s)

    Pictures go to `.NAME.partial.mp4` beside the target, which takes the target's name when the
    block ends well and is removed when it ends with an error or Ctrl-C. Times are kept to
    1/90000 s, so a variable frame rate stays true. Of odd sizes the last row or column is left out,
    because H.264 as browsers play it has even sizes only.

    Raises VideoError when the folder can't be written to, or the disk is full.
    """

    def __init__(self, path: Path | str, size: tuple[int, int], fps: float) -> None:
        """`size` is (width, height) of the pictures in px; `fps` is a hint to the encoder."""
        if min(size) < 2 or fps <= 0:
            raise ValueError(f"size must be at least 2 x 2 px and fps positive, not {size}, {fps}")
        self.path = Path(path)
        self.partial_path = self.path.absolute().with_name(f".{self.path.name}.partial.mp4")
        self._size = size
        self._fps = Fraction(fps).limit_denominator(1001)
        self._last_tick: int | None = None
        self._reformatter = VideoReformatter()
        self._container: OutputContainer | None = None

    def __enter__(self) -> Self:
        try:
            # Made anew, so that a link that lies there leads nowhere.
            self.partial_path.unlink(missing_ok=True)
            self.partial_path.touch(exist_ok=False)
            self._container = av.open(str(self.partial_path), "w", "mp4", container_options=_MUXER)
            self._stream = self._add_stream(self._container)
            self._container.start_encoding()
        except BaseException as error:
            self._discard()
            if isinstance(error, av.FFmpegError | OSError):
                raise self._refusal(error) from error
            raise
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc_type is not None:
            self._discard()
            return
        try:
            self._finish()
        except (av.FFmpegError, OSError) as error:
            raise self._refusal(error) from error
        finally:
            self._discard()  # nothing is left to discard after a good end

    def write(self, image_rgb: ImageRGB, time_s: float) -> None:
        """Append a picture, shape (height, width, 3) of the sink's size, shown from `time_s` on.

        Raises ValueError for another shape, or a time that is not after the last one.
        """
        if self._container is None:
            raise RuntimeError("an Mp4Sink is written to inside its with block")
        width, height = self._size
        if image_rgb.shape != (height, width, 3):
            raise ValueError(f"a picture of shape {image_rgb.shape} does not fit {self._size}")
        tick = round(time_s * TICKS_PER_S)
        if tick < 0 or (self._last_tick is not None and tick <= self._last_tick):
            raise ValueError(f"time {time_s} s is not after the frame before")
        self._last_tick = tick
        frame = self._encoder_frame(image_rgb)
        frame.pts = tick
        frame.time_base = Fraction(1, TICKS_PER_S)
        self._encode(self._container, frame)

    def _add_stream(self, container: OutputContainer) -> VideoStream:
        stream = container.add_stream("libx264", rate=self._fps, options=_ENCODER)
        width, height = self._size
        stream.width, stream.height = width - width % 2, height - height % 2
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, TICKS_PER_S)
        # Said aloud, because players guess differently for pictures below HD.
        stream.codec_context.colorspace = int(Colorspace.ITU709)
        stream.codec_context.color_primaries = int(ColorPrimaries.BT709)
        stream.codec_context.color_trc = int(ColorTrc.BT709)
        stream.codec_context.color_range = int(ColorRange.MPEG)
        return stream

    def _encoder_frame(self, image_rgb: ImageRGB) -> VideoFrame:
        width, height = self._stream.width, self._stream.height
        rgb = VideoFrame.from_ndarray(np.ascontiguousarray(image_rgb[:height, :width]))
        return self._reformatter.reformat(
            rgb,
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            threads=1,
        )

    def _encode(self, container: OutputContainer, frame: VideoFrame | None) -> None:
        try:
            container.mux(self._stream.encode(frame))
        except (av.FFmpegError, OSError) as error:
            raise self._refusal(error) from error

    def _finish(self) -> None:
        container = self._container
        if container is None or self._last_tick is None:
            raise VideoError(
                "{path} was not written because it would hold no picture.",
                key="error.video_without_picture",
                path=self.path,
            )
        self._encode(container, None)
        container.close()
        self._container = None
        self.partial_path.replace(self.path)

    def _discard(self) -> None:
        container, self._container = self._container, None
        with suppress(av.FFmpegError, OSError):
            if container is not None:
                container.close()
        with suppress(OSError):
            self.partial_path.unlink(missing_ok=True)

    def _refusal(self, error: Exception) -> VideoError:
        reason = getattr(error, "strerror", None) or str(error)
        return VideoError(
            "{path} can't be written ({reason}): "
            "choose a folder that exists, that you may write to and that has room.",
            key="error.video_not_written",
            path=self.path,
            reason=reason,
        )
