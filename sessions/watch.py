"""What is done with each frame of a recording once its hands were looked for."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from routines.routine import Routine
from sessions.coach import Coach, Moment
from sessions.lookout import Sight
from sessions.onlooker import Onlooker
from sessions.preflight import Preflight
from sessions.recorder import Recorder
from vision.back_frame import BackFrame
from vision.calibration import Calibration
from vision.frames import Frame
from vision.hands import SIDES, HandPair, TrackedHand
from vision.told import Told

Watcher = Callable[[Frame, Moment], None]


class Watch:
    """What is done with each frame, and what comes of it."""

    def __init__(
        self,
        coach: Coach | Onlooker,
        calibration: Calibration | None,
        routine: Routine,
        told: Told,
    ) -> None:
        """`told` is the detector that the coach asks."""
        self.recorder = Recorder()
        self.preflight = Preflight(routine, window_s=None)
        self.on_look: list[Watcher] = []
        """Called with every frame that was looked at."""
        self.on_frame: list[Watcher] = []
        """Called with every frame; hands in those between two looks are where they would be on a
        straight way."""
        self.on_done: list[Callable[[], None]] = []
        """Called after every frame, last of all."""
        self._coach = coach
        self._calibration = calibration
        self._told = told
        self._left_out: list[Frame] = []
        """Frames since the last look, as far as they are drawn."""
        self._last: Moment | None = None

    @property
    def back_frame(self) -> BackFrame | None:
        """The chart of the back; None where nobody knows where that is."""
        return self._coach.back_frame

    def step(self, sight: Sight) -> None:
        """Take the next frame; times must rise."""
        frame, drift_px = sight.readied.frame, sight.readied.drift_px
        if sight.steadied is None:
            self._leave_out(frame)
        else:
            self._told.tell(sight.hands)
            self._take(frame, self._coach.follow(sight.steadied, drift_px))
        for done in self.on_done:
            done()

    def finish(self) -> None:
        """The recording is over."""
        self._draw_left_out(None)
        self.recorder.take(self._coach.finish())

    def _take(self, frame: Frame, moment: Moment) -> None:
        self._draw_left_out(moment)
        self.recorder.step(moment)
        self.preflight.step(frame, moment.pair, self._calibration, back_frame=self.back_frame)
        self._last = moment
        for watcher in (*self.on_look, *self.on_frame):
            watcher(frame, moment)

    def _leave_out(self, frame: Frame) -> None:
        self.recorder.skip(frame.time_s)
        self.preflight.skip(frame)
        if self.on_frame:
            self._left_out.append(frame)

    def _draw_left_out(self, after: Moment | None) -> None:
        for frame in self._left_out:
            if self._last is not None:
                moment = between(self._last, after, frame.time_s)
                for watcher in self.on_frame:
                    watcher(frame, moment)
        self._left_out.clear()


def between(before: Moment, after: Moment | None, time_s: float) -> Moment:
    """What is drawn at a time between two looks, or after the last one."""
    lasts_s = 1.0 if after is None else after.time_s - before.time_s
    share = (time_s - before.time_s) / lasts_s
    left, right = (
        _straight(before.pair.side(side), after.pair.side(side) if after else None, share)
        for side in SIDES
    )
    return replace(before, time_s=time_s, pair=HandPair(time_s, left, right), events=())


def _straight(
    before: TrackedHand | None, after: TrackedHand | None, share: float
) -> TrackedHand | None:
    if before is None or after is None:
        return None
    marks_px = before.landmarks_px + share * np.subtract(after.landmarks_px, before.landmarks_px)
    return TrackedHand(marks_px, before.observed and after.observed)
