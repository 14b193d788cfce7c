"""Frames of a recording, upright, with their true times."""

import os
from collections.abc import Generator, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Self, cast

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.packet import Packet
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from vision.arrays import ImageRGB
from vision.containers import VIDEO_CODECS, ContainerFormat, has_iso_index, sniff_container
from vision.errors import VideoError

MAX_SIDE_PX: Final = 1280
"""Longest side of the pictures that are worked on; hands are found as well as in larger ones."""

MIN_STEP_S: Final = 1e-3
"""Frames nearer to the one before than this are dropped: MediaPipe's clock ticks in ms."""

# Each decoding thread holds a picture or two of its own, so many cores would cost much memory.
_MAX_DECODER_THREADS: Final = 4
_END_SLACK_S: Final = 0.1


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture of a recording or a camera."""

    index: int
    """0 for the first frame that is handed out."""
    time_s: float
    """Media time; 0 at the first frame of a recording."""
    image_rgb: ImageRGB
    """(height, width, 3), upright, scaled down where the source is large; can't be written to."""
    full_size: tuple[int, int]
    """(width, height) of the upright full-size picture, px."""

    def __post_init__(self) -> None:
        image = self.image_rgb.view()
        image.setflags(write=False)
        object.__setattr__(self, "image_rgb", image)

    @property
    def scale(self) -> float:
        """Full-size px per px of `image_rgb`, at least 1 for a recording."""
        image_width: int = self.image_rgb.shape[1]
        return self.full_size[0] / image_width


@dataclass(frozen=True, slots=True)
class VideoInfo:
    """What a recording says of itself. Only the size is sure; the rest are hints."""

    name: str
    """File name without its folder."""
    width: int
    """px of the upright full-size picture."""
    height: int
    duration_s: float | None
    """From the first frame to the stated end; None where the file does not say."""
    fps_hint: float | None
    """Mean frame rate as stated; each frame's time is what counts."""


@dataclass(frozen=True, slots=True)
class _Orientation:
    """How the stored picture has to be turned to stand upright: transpose first, then flips."""

    transposed: bool = False
    flip_x: bool = False
    flip_y: bool = False

    def apply(self, image: ImageRGB) -> ImageRGB:
        if self.transposed:
            image = cast(ImageRGB, cv2.transpose(image))
        if self.flip_x or self.flip_y:
            code = -1 if self.flip_x and self.flip_y else int(self.flip_x)
            image = cast(ImageRGB, cv2.flip(image, code))
        return image


class VideoReader:
    """Reads a recording from its first frame to its last, once.

        with VideoReader(path) as video:
            for frame in video:
                ...

    Times are those that the file gives each frame, so a variable frame rate is true; they start at
    0 with the first frame, wherever the file's own clock starts, and always grow: a frame whose
    time stands still or goes back is dropped. Non-square pixels are taken as square. Damaged
    stretches are skipped, and a file that breaks off ends there: `readable_share` says how much
    there was. Only the frame in hand and the decoder's few are in memory.

    Entering raises VideoError when the file is missing, no recording, or has no readable picture.
    """

    def __init__(self, path: Path | str, max_side: int = MAX_SIDE_PX) -> None:
        if max_side < 1:
            raise ValueError(f"max_side must be at least 1 px, not {max_side}")
        self.path = Path(path)
        self.frames_read = 0
        self._max_side = max_side
        self._stack = ExitStack()
        self._reformatter = VideoReformatter()
        self._lost_s = 0.0
        self._end_s = 0.0
        self._info: VideoInfo | None = None
        self._frames: Generator[Frame, None, None] | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            file = stack.enter_context(_open_file(self.path))
            kind = sniff_container(file, self.path)
            container = stack.enter_context(_open_container(file, kind, self.path))
            self._use_dts = kind == "avi"  # AVI has no presentation times; FFmpeg guesses wrongly
            self._begin(container, _video_stream(container, self.path))
            self._stack = stack.pop_all()
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        # First the generator, which alone holds the decoder and its threads: going on with it after
        # its container is closed would end the process.
        if self._frames is not None:
            self._frames.close()
        self._stack.close()

    def __iter__(self) -> Iterator[Frame]:
        """The frames that were not read yet; none before entering or after leaving."""
        return iter(()) if self._frames is None else self._frames

    @property
    def info(self) -> VideoInfo:
        """What the recording says of itself; known once entered."""
        if self._info is None:
            raise RuntimeError("a VideoReader has no info before it is entered")
        return self._info

    @property
    def readable_share(self) -> float:
        """Share of the stated duration that was read so far, 0 to 1.

        What the decoder refused is left out. 1 at the end of a whole file, and where the file
        states no duration.
        """
        stated_s = self.info.duration_s
        if not stated_s:
            return 1.0
        read_s = self._end_s - self._lost_s
        slack_s = max(_END_SLACK_S, 2.0 / (self.info.fps_hint or 30.0))
        return 1.0 if read_s >= stated_s - slack_s else max(0.0, read_s / stated_s)

    def _begin(self, container: InputContainer, stream: VideoStream) -> None:
        self._time_base = stream.time_base or Fraction(1, av.time_base)
        decoded = self._decode(container, stream)
        first = next(decoded, None)
        if first is None:
            raise self._damaged()
        self._orientation = _orientation(first)
        size = (
            (first.height, first.width)
            if self._orientation.transposed
            else (first.width, first.height)
        )
        shrink = min(1.0, self._max_side / max(first.width, first.height))
        self._coded_size = (
            max(1, round(first.width * shrink)),
            max(1, round(first.height * shrink)),
        )
        start_s = float((self._stated_tick(first) or 0) * self._time_base)
        duration_s = _stated_duration_s(container, stream, start_s)
        self._info = VideoInfo(self.path.name, *size, duration_s, _fps_hint(stream))
        self._frames = self._upright(chain((first,), decoded), size)

    def _upright(
        self, decoded: Iterator[VideoFrame], full_size: tuple[int, int]
    ) -> Generator[Frame, None, None]:
        last_s: float | None = None
        for time_s, duration_s, picture in self._timed(decoded):
            # The small part keeps a step of exactly 1 ms from being dropped for its rounding.
            if last_s is not None and time_s - last_s < MIN_STEP_S * (1 - 1e-6):
                continue
            try:
                image_rgb = self._convert(picture)
            except av.FFmpegError:
                self._lost_s += duration_s
                continue
            last_s = time_s
            self._end_s = time_s + duration_s
            index, self.frames_read = self.frames_read, self.frames_read + 1
            yield Frame(index, time_s, image_rgb, full_size)
        if self.frames_read == 0:
            raise self._damaged()

    def _timed(self, decoded: Iterator[VideoFrame]) -> Iterator[tuple[float, float, VideoFrame]]:
        """Each picture with its time after the first one and its duration, both in s."""
        first_tick: int | None = None
        next_tick = 0
        for picture in decoded:
            stated = self._stated_tick(picture)
            # A picture without a time (the last ones of an AVI) follows the one before.
            tick = next_tick if stated is None else stated
            first_tick = tick if first_tick is None else first_tick
            next_tick = tick + picture.duration
            time_s = float((tick - first_tick) * self._time_base)
            yield time_s, float(picture.duration * self._time_base), picture

    def _convert(self, picture: VideoFrame) -> ImageRGB:
        # One pass scales and converts. One thread, because handing slices over costs more than it
        # saves (0.4 against 1.0 ms at 720p); fast bilinear, because it brings 4K to 720p in 7 ms
        # and the others take 18 and more. Without scaling all give the same picture.
        width, height = self._coded_size
        rgb = self._reformatter.reformat(
            picture, width, height, "rgb24", interpolation=Interpolation.FAST_BILINEAR, threads=1
        )
        return self._orientation.apply(cast(ImageRGB, rgb.to_ndarray()))

    def _decode(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        for packet in _packets(container, stream):
            try:
                pictures = stream.decode(packet)
            except av.EOFError:
                continue
            except av.FFmpegError:
                self._lost_s += float((packet.duration or 0) * self._time_base) if packet else 0.0
                continue
            yield from (picture for picture in pictures if not picture.is_corrupt)

    def _damaged(self) -> VideoError:
        return VideoError(
            "{file} is damaged: not one picture in it could be read, "
            "so copy it again from the camera or record anew.",
            key="error.no_readable_picture",
            file=self.path.name,
        )

    def _stated_tick(self, picture: VideoFrame) -> int | None:
        return picture.dts if self._use_dts else picture.pts


def _open_file(path: Path) -> BinaryIO:
    if path.is_dir():
        raise VideoError(
            "{path} is a folder, not a recording: name a video file inside it.",
            key="error.folder",
            path=path,
        )
    if not path.exists():
        raise VideoError(
            "There is no file {path}: check its name and folder.", key="error.no_file", path=path
        )
    if not path.is_file():
        raise VideoError(
            "{path} is not a regular file: name a recording that is stored on disk.",
            key="error.no_regular_file",
            path=path,
        )
    try:
        return path.open("rb")
    except OSError as error:
        raise VideoError(
            "{path} can't be opened ({reason}): check that you may read it.",
            key="error.not_opened",
            path=path,
            reason=error.strerror,
        ) from error


def _open_container(file: BinaryIO, kind: ContainerFormat, path: Path) -> InputContainer:
    # FFmpeg gets the open file and the one format, and may open nothing by itself: no playlist,
    # no address, no other file that a QuickTime track refers to.
    options = {"format_whitelist": kind, "protocol_whitelist": "none", "enable_drefs": "0"}
    try:
        return av.open(file, "r", format=kind, container_options=options, metadata_errors="replace")
    except (av.FFmpegError, OSError, ValueError) as error:
        if kind == "mov" and not has_iso_index(file):
            raise VideoError(
                "{file} can't be read because it was cut off before its index was written: "
                "copy it again from the camera or record anew.",
                key="error.cut_off",
                file=path.name,
            ) from error
        raise VideoError(
            "{file} is damaged and can't be read from its beginning: "
            "copy it again from the camera or record anew.",
            key="error.damaged",
            file=path.name,
        ) from error


def _video_stream(container: InputContainer, path: Path) -> VideoStream:
    attached = av.stream.Disposition.attached_pic  # the cover picture of a piece of music
    streams = [s for s in container.streams.video if not s.disposition & attached]
    if not streams:
        raise VideoError(
            "{file} holds no moving picture, only sound or data: "
            "choose a recording made with a camera.",
            key="error.no_moving_picture",
            file=path.name,
        )
    stream = streams[0]
    codec = getattr(stream.codec_context, "codec", None)
    name = codec.canonical_name if codec else "unknown"
    if name not in VIDEO_CODECS:
        raise VideoError(
            "{file} is coded in a way that is not read here ({codec}): "
            "convert it to an MP4 with H.264.",
            key="error.unknown_codec",
            file=path.name,
            codec=name,
        )
    stream.thread_type = "AUTO"
    stream.codec_context.thread_count = min(_MAX_DECODER_THREADS, os.cpu_count() or 1)
    return stream


def _packets(
    container: InputContainer, stream: VideoStream
) -> "Iterator[Packet[VideoStream] | None]":
    # A file that breaks off, or a disk that fails, ends the recording there; the decoder still
    # holds pictures then, which the closing None brings out.
    with suppress(av.FFmpegError, OSError):
        yield from container.demux(stream)
    yield None


def _orientation(picture: VideoFrame) -> _Orientation:
    side_data = cast(Mapping[str, bytes], picture.side_data)
    matrix = side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return _Orientation()
    # x' = a x + c y and y' = b x + d y, with y down (FFmpeg, libavutil/display.h)
    a, b, _, c, d = (int(v) for v in np.frombuffer(matrix, dtype=np.int32)[:5])
    if abs(b) + abs(c) > abs(a) + abs(d):
        return _Orientation(transposed=True, flip_x=c < 0, flip_y=b < 0)
    return _Orientation(flip_x=a < 0, flip_y=d < 0)


def _stated_duration_s(
    container: InputContainer, stream: VideoStream, start_s: float
) -> float | None:
    if stream.duration and stream.time_base:
        return float(stream.duration * stream.time_base)
    # Matroska states the time at which it ends, for the stream as a tag or for the whole file.
    end_s = _clock_s(stream.metadata.get("DURATION", ""))
    if end_s is None and container.duration:
        end_s = container.duration / av.time_base
    return None if end_s is None or end_s <= start_s else end_s - start_s


def _clock_s(text: str) -> float | None:
    """Seconds of `HH:MM:SS.fraction`; None for anything else."""
    try:
        hours, minutes, seconds = text.split(":")
        return int(hours) * 3600 + int(minutes) * 60 + float(seconds)
    except ValueError:
        return None


def _fps_hint(stream: VideoStream) -> float | None:
    rate = stream.average_rate or stream.guessed_rate
    return float(rate) if rate else None
