"""What is done with each frame of a recording once its hands were looked for."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np

from sessions.coach import Moment, StrokeJudge
from sessions.hand_watch import WholeDrift
from sessions.lane import Glance
from sessions.onlooker import Onlooker
from sessions.preflight import Preflight
from sessions.recorder import Recorder
from vision.back_frame import BackFrame
from vision.hands import SIDES, HandPair, TrackedHand

Watcher = Callable[[Moment], None]


class Watch:
    """What is done with each frame, and what comes of it."""

    def __init__(self, judge: StrokeJudge | Onlooker, preflight: Preflight) -> None:
        """`preflight` knows the judge's back."""
        self.recorder = Recorder()
        self.preflight = preflight
        self.on_look: list[Watcher] = []
        """Called with what is known of every frame that was looked at."""
        self.on_frame: list[Watcher] = []
        """Called for every frame; hands in those between two looks are where they would be on a
        straight way."""
        self.on_done: list[Callable[[], None]] = []
        """Called after every frame, last of all."""
        self._judge = judge
        self._drift = WholeDrift()
        self._left_out: list[float] = []
        """Times of the frames since the last look."""
        self._last: Moment | None = None

    @property
    def back_frame(self) -> BackFrame | None:
        """The chart of the back; None where nobody knows where that is."""
        return self._judge.back_frame

    def step(self, glance: Glance) -> None:
        """Take the next frame; times must rise."""
        looked = glance.looked
        if looked is None:
            self.recorder.skip(glance.time_s)
            # Its hands count as in the frame before, as they do for the recorder.
            self.preflight.take(glance.noted, None if self._last is None else self._last.pair)
            self._left_out.append(glance.time_s)
        else:
            whole = self._drift.set_right(looked, glance.noted.full_size[0])
            moment = self._judge.judge(whole)
            self.preflight.take(glance.noted, moment.pair)
            self._take(moment)
        for done in self.on_done:
            done()

    def finish(self) -> None:
        """The recording is over."""
        self._tell_left_out(None)
        self.recorder.take(self._judge.finish())

    def _take(self, moment: Moment) -> None:
        self._tell_left_out(moment)
        self.recorder.step(moment)
        self._last = moment
        for watcher in (*self.on_look, *self.on_frame):
            watcher(moment)

    def _tell_left_out(self, after: Moment | None) -> None:
        for time_s in self._left_out:
            if self._last is not None:
                moment = between(self._last, after, time_s)
                for watcher in self.on_frame:
                    watcher(moment)
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
