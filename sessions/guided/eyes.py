"""Where the hands come from: the whole picture at first, a coach once the back is known."""

from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import Final

from routines.reps import Event, Progress
from routines.routine import Routine
from sessions.coach import Coach, Moment, region_of
from sessions.guided.scene import NO_PROGRESS
from sessions.guided.search import Aim, Search
from sessions.loose_hands import LooseHands
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration
from vision.frames import Frame
from vision.hands import HandPair
from vision.landmarker import HandLandmarker
from vision.region import Region
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
    """Holds the one hand model of a session, and turns it to the back when that is found.

    The model is loaded at a step, because it belongs to the thread that steps; it stays loaded
    when the back is found or lost, so that the picture does not stand still then.
    """

    def __init__(self, routine: Routine, detector: Detector | None = None) -> None:
        """A `detector` that is given is used throughout and stays the caller's to close."""
        self._routine: Final = routine
        self._own = HandLandmarker() if detector is None else None
        self._detector: Detector = self._own or detector  # type: ignore[assignment]
        self._held = ExitStack()
        self._awake = False
        self._coach: Coach | None = None
        self.forget()

    @property
    def back_frame(self) -> BackFrame | None:
        """The back; None until it is known."""
        return None if self._coach is None else self._coach.back_frame

    def know(self, calibration: Calibration) -> None:
        """The back is there from the next step on. Raises CalibrationError where none fits."""
        back_frame = fit_back_frame(calibration)
        self._coach = Coach(
            calibration, self._routine, detector=self._detector, back_frame=back_frame
        )
        self._look_at(region_of(calibration))

    def forget(self) -> None:
        """Nobody knows where the back is: look at the whole picture from the next step on."""
        self._coach = None
        self._search = Search(self._detector)
        self._loose = LooseHands(self._search)
        self._look_at(None)

    def aim(self, aim: Aim) -> None:
        """Where to look for hands from the next step on, while the back is not known."""
        if self._coach is None:
            self._search.aim(aim)

    def step(self, frame: Frame) -> Sight:
        """The hands of the next frame. Raises HandModelError where the model is missing."""
        if self._own is not None and not self._awake:
            self._held.enter_context(self._own)
            self._awake = True
        if self._coach is None:
            return Sight(self._loose.step(frame))
        moment = self._coach.step(frame)
        return Sight(moment.pair, moment.sample, moment.progress, moment.events, moment)

    def rest(self) -> None:
        """Give the hand model back until the next step; what is known is kept."""
        self._held.close()
        self._awake = False

    def finish(self) -> tuple[Event, ...]:
        """What is still open is decided; the hand model is given back. For once, at the end."""
        events = () if self._coach is None else self._coach.finish()
        self._coach = None
        self.rest()
        return events

    def _look_at(self, region: Region | None) -> None:
        if self._own is not None:
            self._own.look_at(region)
