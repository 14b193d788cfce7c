"""Where the hands come from: the whole picture at first, a coach once the back is known."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Final

from routines.reps import Event, Progress
from routines.routine import Routine
from sessions.coach import Coach, Moment
from sessions.guided.loose_hands import LooseHands
from sessions.guided.scene import NO_PROGRESS
from vision.back_frame import BackFrame
from vision.calibration import Calibration
from vision.frames import Frame
from vision.hands import HandPair
from vision.landmarker import HandLandmarker
from vision.samples import BackSample
from vision.tracker import Detector


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """What was seen at one moment; `sample` and `moment` are None until the back is known."""

    pair: HandPair
    sample: BackSample | None = None
    progress: Progress = NO_PROGRESS
    events: tuple[Event, ...] = ()
    moment: Moment | None = None

    def moment_of(self, events: tuple[Event, ...]) -> Moment | None:
        """The coach's moment with the session's own events."""
        return None if self.moment is None else replace(self.moment, events=events)


class Eyes:
    """Holds the one hand model of a session, and exchanges it when the back is found or lost.

    Changes are asked for at any time and made at the next step, in the thread that steps: a hand
    model belongs to one thread.
    """

    def __init__(self, routine: Routine, detector: Detector | None = None) -> None:
        """A `detector` that is given is used throughout and stays the caller's to close."""
        self._routine: Final = routine
        self._given: Final = detector
        self._held = ExitStack()
        self._loose: LooseHands | None = None
        self._coach: Coach | None = None
        self._awake = False
        self._stale = False

    @property
    def back_frame(self) -> BackFrame | None:
        """The back; None until it is known."""
        return None if self._coach is None else self._coach.back_frame

    def know(self, calibration: Calibration) -> None:
        """The back is there from the next step on. Raises CalibrationError where none fits."""
        self._coach = Coach(calibration, self._routine, detector=self._given)
        self._stale = True

    def forget(self) -> None:
        """Nobody knows where the back is: look at the whole picture from the next step on."""
        self._coach, self._stale = None, True

    def step(self, frame: Frame) -> Sight:
        """The hands of the next frame. Raises HandModelError where the model is missing."""
        if self._stale:
            self.rest()
        if self._coach is None:
            return Sight(self._whole_picture().step(frame))
        if not self._awake:
            self._held.enter_context(self._coach)
            self._awake = True
        moment = self._coach.step(frame)
        return Sight(moment.pair, moment.sample, moment.progress, moment.events, moment)

    def rest(self) -> None:
        """Give the hand model back until the next step; what is known is kept."""
        self._held.close()
        self._loose = None
        self._awake = self._stale = False

    def finish(self) -> tuple[Event, ...]:
        """What is still open is decided; the hand model is given back. For once, at the end."""
        events = () if self._coach is None else self._coach.finish()
        self._coach = None
        self.rest()
        return events

    def _whole_picture(self) -> LooseHands:
        if self._loose is None:
            self._loose = LooseHands(self._detector())
        return self._loose

    def _detector(self) -> Detector:
        if self._given is not None:
            return self._given
        return self._held.enter_context(HandLandmarker())
