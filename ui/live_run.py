"""One stretch of coached frames: from the hand model's loading to the reps in the summary.

Not safe for several threads by itself: `ui.live` holds the lock.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, ExitStack
from typing import Final, Protocol

from routines.reps import Event, Progress, Rep
from routines.routine import Routine
from sessions.annotate import Annotator
from sessions.coach import Coach, Moment
from sessions.record import HandPath
from sessions.recorder import Recorder
from vision.arrays import ImageRGB
from vision.calibration import ASPECT_SLACK, Calibration
from vision.frames import Frame
from vision.hands import HandPair, Side
from vision.samples import BackSample, BackScale

NO_PROGRESS: Final = Progress(count=0, attempts=0, phase=None, settling=False)

_MIN_STEP_S: Final = 1e-3


class Coaching(Protocol):
    """What a run needs of a `sessions.coach.Coach`."""

    def step(self, frame: Frame) -> Moment:
        """Take the next frame."""

    def finish(self) -> tuple[Event, ...]:
        """Decide what is still open."""


class Painting(Protocol):
    """What a run needs of a `sessions.annotate.Annotator`."""

    def draw(self, frame: Frame, moment: Moment) -> ImageRGB:
        """A picture with hands, path, phase and count."""


Rig = tuple[AbstractContextManager[Coaching], Painting, BackScale]
Rigger = Callable[[Calibration, Routine], Rig]


def coach_and_painter(calibration: Calibration, routine: Routine) -> Rig:
    """The real coach for a calibration; its hand model is loaded when the coach is entered.

    Raises CalibrationError where no chart can be fitted.
    """
    coach = Coach(calibration, routine)
    return coach, Annotator(routine, coach.back_frame), coach.back_frame.scale


class Run:
    """Coaches frames of one calibration; holds the hand model from the first step to `finish`."""

    def __init__(self, rig: Rig, calibration: Calibration) -> None:
        self._coaching, self._painter, self.scale = rig
        self._size = calibration.image_size
        self._coach: Coaching | None = None
        self._held = ExitStack()
        self._recorder = Recorder()
        self._moment: Moment | None = None
        self._start_s: float | None = None
        self._last_s = float("-inf")

    @property
    def progress(self) -> Progress:
        """Count and phase at the newest step."""
        return self._moment.progress if self._moment is not None else NO_PROGRESS

    @property
    def hands_seen(self) -> int:
        """Hands observed at the newest step, 0 to 2."""
        return 0 if self._moment is None else _seen(self._moment.pair)

    @property
    def reps(self) -> tuple[Rep, ...]:
        """All attempts that are over."""
        return tuple(self._recorder.reps)

    @property
    def paths(self) -> Mapping[Side, HandPath]:
        """Both hands' ways over the chart so far."""
        return self._recorder.paths()

    def fits(self, image_rgb: ImageRGB) -> bool:
        """True where the picture has the shape of the one that was calibrated, in any size."""
        height, width = image_rgb.shape[:2]
        own_width, own_height = self._size
        return bool(abs(width * own_height / (height * own_width) - 1) < ASPECT_SLACK)

    def step(self, image_rgb: ImageRGB, time_s: float) -> None:
        """Coach the picture; one whose time does not rise is left out.

        The first step loads the hand model. Raises CoachError.
        """
        if time_s - self._last_s < _MIN_STEP_S:
            return
        if self._coach is None:
            self._coach = self._held.enter_context(self._coaching)
        if self._start_s is None:
            self._start_s = time_s
        self._last_s = time_s
        self._moment = self._coach.step(self._frame(image_rgb, time_s))
        self._recorder.step(self._moment)

    def draw(self, image_rgb: ImageRGB, time_s: float) -> ImageRGB:
        """The picture with what was known at the newest step; before it, with the path alone."""
        frame = self._frame(image_rgb, time_s)
        return self._painter.draw(frame, self._moment or _nothing_yet(frame.time_s))

    def finish(self) -> None:
        """Decide what is open, and give the hand model back. May be called twice."""
        if self._coach is not None:
            self._recorder.take(self._coach.finish())
        self._coach = None
        self._held.close()

    def _frame(self, image_rgb: ImageRGB, time_s: float) -> Frame:
        # Browsers send smaller pictures under load; the calibration's px stay the unit.
        start_s = time_s if self._start_s is None else self._start_s
        return Frame(self._recorder.frames, time_s - start_s, image_rgb, self._size)


def _seen(pair: HandPair) -> int:
    return sum(hand is not None and hand.observed for hand in (pair.left, pair.right))


def _nothing_yet(time_s: float) -> Moment:
    pair = HandPair(time_s, left=None, right=None)
    sample = BackSample(time_s, left=None, right=None)
    return Moment(time_s, pair, sample, NO_PROGRESS, ())
