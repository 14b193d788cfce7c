"""Frames of a recording, upright, with their true times."""

from collections import deque
from collections.abc import Callable, Generator, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from fractions import Fraction
from itertools import chain
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Final, Protocol, Self, cast

import av
import cv2
import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import Interpolation, VideoReformatter
from av.video.stream import VideoStream

from vision.arrays import ImageRGB
from vision.containers import avi_duration_s, open_file, sniff_container
from vision.errors import VideoError
from vision.streams import (
    fps_hint,
    open_container,
    packets_of,
    stated_duration_s,
    video_stream,
)

MAX_SIDE_PX: Final = 1280
"""Longest side of the pictures that are worked on; hands are found as well as in larger ones."""

MIN_STEP_S: Final = 1e-3
"""Frames nearer to the one before than this are dropped: MediaPipe's clock ticks in ms."""

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
class LeftOut:
    """A frame of a recording that nobody wanted the picture of."""

    time_s: float


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

    def share_of(self, read_s: float) -> float:
        """What share of the stated duration so many seconds are, 0 to 1; 1 where none is stated."""
        stated_s = self.duration_s
        if not stated_s:
            return 1.0
        slack_s = max(_END_SLACK_S, 2.0 / (self.fps_hint or 30.0))
        return 1.0 if read_s >= stated_s - slack_s else max(0.0, read_s / stated_s)


_Timed = tuple[float, float, VideoFrame]
"""A decoded picture: its time after the first one and its duration, both in s, before it."""


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


class Chooser(Protocol):
    """Says of which frames of a recording pictures are wanted; asked some frames ahead."""

    def ask(self, time_s: float, read_s: float, /) -> None:
        """About the frame of that time; `read_s` of media time are read with it."""
        ...

    def answered(self) -> bool:
        """Whether the answer to the oldest open question is there already."""
        ...

    def answer(self) -> bool:
        """Waits for it: whether that picture is wanted."""
        ...

    def lose(self) -> None:
        """Told that the picture which was wanted last can't be made."""
        ...


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

    With `start_s` the pictures before that time are left out, mostly without being decoded; the
    last one comes where none is as late.

    A decoder can be made to crash by a file: for a user's file take `open_recording`, which reads
    the same in a process of its own.

    Entering raises VideoError when the file is missing, no recording, or has no readable picture.
    """

    def __init__(
        self,
        path: Path | str,
        max_side: int = MAX_SIDE_PX,
        *,
        start_s: float = 0.0,
        file: BinaryIO | None = None,
        on_packet: Callable[[], None] | None = None,
        chooser: Chooser | None = None,
        ahead: int = 1,
    ) -> None:
        """`file` is read in place of opening `path`; `on_packet` is called for each piece of it.

        Of frames that the `chooser` does not want no picture is made, and they do not come. It is
        asked about `ahead` frames before its first answer is waited for.
        """
        if max_side < 1:
            raise ValueError(f"max_side must be at least 1 px, not {max_side}")
        self.path = Path(path)
        self.frames_read = 0
        self._max_side = max_side
        self._start_s = start_s
        self._file = file
        self._on_packet = on_packet
        self._chooser = chooser
        self._ahead = ahead
        self._stack = ExitStack()
        self._reformatter = VideoReformatter()
        self._lost_s = 0.0
        self._end_s = 0.0
        self._info: VideoInfo | None = None
        self._frames: Generator[Frame, None, None] | None = None

    def __enter__(self) -> Self:
        with ExitStack() as stack:
            file = self._file or stack.enter_context(open_file(self.path))
            kind = sniff_container(file, self.path)
            avi_s = avi_duration_s(file) if kind == "avi" else None
            container = stack.enter_context(open_container(file, kind, self.path))
            self._use_dts = kind == "avi"  # AVI has no presentation times; FFmpeg guesses wrongly
            self._begin(container, video_stream(container, self.path), avi_s)
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
        return self.info.share_of(self.read_s)

    @property
    def read_s(self) -> float:
        """Media time that was read so far, without what the decoder refused."""
        return self._end_s - self._lost_s

    def _begin(
        self, container: InputContainer, stream: VideoStream, header_s: float | None
    ) -> None:
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
        self._first_tick = self._stated_tick(first) or 0
        duration_s = header_s or stated_duration_s(
            container, stream, float(self._first_tick * self._time_base)
        )
        self._info = VideoInfo(self.path.name, *size, duration_s, fps_hint(stream))
        timed = self._timed(chain((first,), decoded))
        if self._start_s > 0:
            _seek(container, stream, self._first_tick + int(self._start_s / self._time_base))
            timed = self._late(timed)
        self._frames = self._upright(timed, size)

    def _upright(
        self, timed: Iterator[_Timed], full_size: tuple[int, int]
    ) -> Generator[Frame, None, None]:
        for time_s, duration_s, picture in self._chosen(_growing(timed)):
            try:
                image_rgb = self._convert(picture)
            except av.FFmpegError:
                self._lost_s += duration_s
                if self._chooser is not None:
                    self._chooser.lose()
                continue
            index, self.frames_read = self.frames_read, self.frames_read + 1
            yield Frame(index, time_s, image_rgb, full_size)
        if self.frames_read == 0:
            raise self._damaged()

    def _chosen(self, timed: Iterator[_Timed]) -> Iterator[_Timed]:
        chooser, ahead = self._chooser, deque[_Timed]()
        for one in timed:
            ahead.append(one)
            if chooser is not None:
                chooser.ask(one[0], one[0] + one[1] - self._lost_s)
            while ahead and (chooser is None or len(ahead) >= self._ahead or chooser.answered()):
                yield from self._if_wanted(ahead.popleft())
        while ahead:
            yield from self._if_wanted(ahead.popleft())

    def _if_wanted(self, one: _Timed) -> Iterator[_Timed]:
        self._end_s = one[0] + one[1]
        if self._chooser is None or self._chooser.answer():
            yield one
        else:
            self.frames_read += 1

    def _timed(self, decoded: Iterator[VideoFrame]) -> Iterator[_Timed]:
        next_tick = self._first_tick
        for picture in decoded:
            stated = self._stated_tick(picture)
            # A picture without a time (the last ones of an AVI) follows the one before.
            tick = next_tick if stated is None else stated
            next_tick = tick + picture.duration
            time_s = float((tick - self._first_tick) * self._time_base)
            yield time_s, float(picture.duration * self._time_base), picture

    def _late(self, timed: Iterator[_Timed]) -> Iterator[_Timed]:
        early: _Timed | None = None
        for one in timed:
            if one[0] >= self._start_s:
                yield from chain((one,), timed)
                return
            early = one
        if early is not None:
            yield early

    def _convert(self, picture: VideoFrame) -> ImageRGB:
        # One pass scales and converts. One thread, because handing slices over costs more than it
        # saves (0.4 against 1.0 ms at 720p); fast bilinear, because it brings 4K to 720p in 7 ms
        # and the others take 18 and more. Without scaling all give the same picture.
        width, height = self._coded_size
        rgb = self._reformatter.reformat(
            picture, width, height, "rgb24", interpolation=Interpolation.FAST_BILINEAR, threads=1
        )
        return self._orientation.apply(_pixels(rgb))

    def _decode(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        for packet in packets_of(container, stream):
            if self._on_packet is not None:
                self._on_packet()
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


def _growing(timed: Iterator[_Timed]) -> Iterator[_Timed]:
    """Without the frames whose time stands still or goes back."""
    last_s: float | None = None
    for one in timed:
        # The small part keeps a step of exactly 1 ms from being dropped for its rounding.
        if last_s is None or one[0] - last_s >= MIN_STEP_S * (1 - 1e-6):
            last_s = one[0]
            yield one


def _seek(container: InputContainer, stream: VideoStream, tick: int) -> None:
    # Where a file can't be searched, it is read on from where it is.
    with suppress(av.FFmpegError):
        container.seek(tick, stream=stream)


def _pixels(rgb: VideoFrame) -> ImageRGB:
    """The picture where it lies, which stays as long as somebody looks at it; copied where its rows
    have gaps."""
    plane = rgb.planes[0]
    rows = np.frombuffer(cast(bytes, plane), np.uint8).reshape(-1, plane.line_size)
    shape = (rgb.height, rgb.width, 3)
    return np.ascontiguousarray(rows[: rgb.height, : rgb.width * 3]).reshape(shape)


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
