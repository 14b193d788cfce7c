"""Takes the frames of a recording through looking, judging and drawing, some frames apart."""

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Final

import numpy as np

from routines.routine import Routine
from sessions.coach import Coach, Moment, Readied
from sessions.onlooker import Onlooker
from sessions.pace import Pace
from sessions.preflight import Preflight
from sessions.recorder import Recorder
from vision.back_frame import BackFrame
from vision.calibration import Calibration
from vision.frames import Frame
from vision.hands import SIDES, HandPair, TrackedHand

Watcher = Callable[[Frame, Moment], None]

AHEAD: Final = 3
"""Looks that are under way while the one before them is judged: enough to keep two landmarkers
busy. The choice of frames hangs on it, so it is the same on every machine."""


class Watch:
    """What is done with each frame, and what comes of it."""

    def __init__(
        self,
        coach: Coach | Onlooker,
        calibration: Calibration | None,
        routine: Routine,
        pace: Pace,
        submit: Callable[[Frame], None],
    ) -> None:
        """`submit` is told of each frame that the coach's detector will be asked about."""
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
        self._pace = pace
        self._submit = submit
        self._looks: deque[Readied] = deque()
        self._frames: deque[Frame] = deque()
        """All frames from the first look under way on."""
        self._last: Moment | None = None

    @property
    def back_frame(self) -> BackFrame | None:
        """The chart of the back; None where nobody knows where that is."""
        return self._coach.back_frame

    def step(self, frame: Frame) -> None:
        """Take the next frame; times must rise."""
        self._frames.append(frame)
        if not self._pace.looks_at(frame.time_s):
            return
        readied = self._coach.ready(frame)
        self._submit(readied.frame)
        self._looks.append(readied)
        if len(self._looks) > AHEAD:
            self._judge()

    def finish(self) -> None:
        """The recording is over: judge all that is under way."""
        while self._looks:
            self._judge()
        while self._frames:
            self._pass(self._frames.popleft(), None)
        self.recorder.take(self._coach.finish())

    def _judge(self) -> None:
        moment = self._coach.follow(self._looks.popleft())
        self._pace.report(moment.pair)
        while self._frames[0].time_s < moment.time_s:
            self._pass(self._frames.popleft(), moment)
        frame = self._frames.popleft()
        self.recorder.step(moment)
        self._check(frame, moment.pair)
        self._last = moment
        _tell((*self.on_look, *self.on_frame), frame, moment)
        self._done()

    def _pass(self, frame: Frame, after: Moment | None) -> None:
        """A frame between the last look and the one `after` it."""
        self.recorder.skip(frame.time_s)
        self._check(frame, None)
        if self._last is not None and self.on_frame:
            _tell(self.on_frame, frame, between(self._last, after, frame.time_s))
        self._done()

    def _check(self, frame: Frame, pair: HandPair | None) -> None:
        self.preflight.step(frame, pair, self._calibration, back_frame=self.back_frame)

    def _done(self) -> None:
        for done in self.on_done:
            done()


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


def _tell(watchers: Sequence[Watcher], frame: Frame, moment: Moment) -> None:
    for watcher in watchers:
        watcher(frame, moment)
