"""Draws what the coach sees and thinks into the picture: the glue of routine and drawing."""

from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType
from typing import Final, Self

import numpy as np

from routines.path import path_back
from routines.routine import Routine
from sessions.coach import Moment
from vision.arrays import Floats, ImageRGB
from vision.back_frame import BackFrame
from vision.drawing import HAND_COLOURS, LETTERS, WHITE, Caption, ColourRGB, Line, draw
from vision.frames import Frame
from vision.hands import SIDES, Side
from vision.sink import Mp4Sink

PHASE_COLOURS: Final[dict[str, ColourRGB]] = {
    "up": (0, 158, 115),
    "out": (86, 180, 233),
    "down": (204, 121, 167),
    "pull_in": (240, 228, 66),
}
"""Okabe and Ito's colours, the same in pictures, charts and timelines."""

FPS_GUESS: Final = 30.0
"""Where a recording states no frame rate: only a hint to the encoder, times stay true."""

EXACT_S: Final = 1e-6

WAITING: Final = 3
"""Frames that may wait to be drawn: enough to even out the encoder, few enough to stay small."""


@dataclass(frozen=True, slots=True)
class PictureWords:
    """What is written into the picture; in English where nothing else is given."""

    between: str = "between strokes"
    settling: str = "settle"
    phases: Mapping[str, str] = field(default_factory=dict)
    """By the phases' names; those left out are called as the routine calls them."""
    hands: Mapping[Side, str] = field(default_factory=lambda: LETTERS)
    """A letter each."""


IN_ENGLISH: Final = PictureWords()


class Annotator:
    """Draws moments into their frames; made once for a session, it keeps the path's places.

    Without a `back_frame` no path is drawn.
    """

    def __init__(
        self, routine: Routine, back_frame: BackFrame | None, words: PictureWords = IN_ENGLISH
    ) -> None:
        self._words = words
        self._labels = {phase.name: phase.label for phase in routine.phases} | {**words.phases}
        self._lines = tuple(
            Line(_on_picture(back_frame, path_back(routine, side)), HAND_COLOURS[side], dashed=True)
            for side in SIDES
            if back_frame is not None
        )

    def draw(self, frame: Frame, moment: Moment) -> ImageRGB:
        """A copy of the frame's picture with hands, path, phase and count."""
        caption, letters = self._caption(moment), self._words.hands
        return draw(frame.image_rgb, moment.pair, self._lines, caption, frame.scale, letters)

    def _caption(self, moment: Moment) -> Caption:
        progress = moment.progress
        phase = progress.phase
        words = self._words.settling if progress.settling else self._words.between
        if phase is not None:
            words = self._labels.get(phase, phase)
        colour = WHITE if phase is None else PHASE_COLOURS.get(phase, WHITE)
        return Caption(str(progress.count), words, colour)


class AnnotatedVideo:
    """Writes annotated frames to an MP4, which appears only when the block ends well.

    Drawing and encoding have a thread of their own, at most `WAITING` frames behind.
    """

    def __init__(self, path: Path, annotator: Annotator, fps: float | None) -> None:
        self._path = path
        self._annotator = annotator
        self._fps = fps or FPS_GUESS
        self._held = ExitStack()
        self._sink: Mp4Sink | None = None
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="annotate")
        self._waiting: deque[Future[None]] = deque()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._thread.shutdown(cancel_futures=kind is not None)
        done = (one for one in self._waiting if not one.cancelled())
        failure = next((one.exception() for one in done if one.exception()), None)
        if kind is None and failure is not None:
            self._held.__exit__(type(failure), failure, failure.__traceback__)
            raise failure
        self._held.__exit__(kind, error, trace)

    def step(self, frame: Frame, moment: Moment) -> None:
        """Append a frame. Raises `VideoError` when the file can't be written."""
        if len(self._waiting) >= WAITING:
            self._waiting.popleft().result()
        self._waiting.append(self._thread.submit(self._write, frame, moment))

    def _write(self, frame: Frame, moment: Moment) -> None:
        if self._sink is None:  # Only the first frame tells the size of the pictures.
            height, width = frame.image_rgb.shape[:2]
            self._sink = self._held.enter_context(Mp4Sink(self._path, (width, height), self._fps))
        self._sink.write(self._annotator.draw(frame, moment), frame.time_s)


def each_in_its_frame(
    frames: Iterator[Frame], step: Callable[[Frame, Moment], None]
) -> Callable[[Moment], None]:
    """`step` for moments alone: each gets the frame of its time, as long as there are some.

    Both must rise in time.
    """

    def alone(moment: Moment) -> None:
        late = (frame for frame in frames if frame.time_s >= moment.time_s - EXACT_S)
        if (frame := next(late, None)) is not None:
            step(frame, moment)

    return alone


def _on_picture(back_frame: BackFrame, points_back: Floats) -> Floats:
    """The path in px, with enough points between its corners to follow a curved back."""
    steps = np.linspace(0, len(points_back) - 1, 8 * len(points_back))
    corners = np.arange(len(points_back))
    fine = [np.interp(steps, corners, points_back[:, axis]) for axis in (0, 1)]
    return back_frame.to_image(np.column_stack(fine))
