"""Watches a recording when nobody knows where the back is: hands are seen, nothing is judged."""

from typing import Final

from routines.reps import Event, Progress
from sessions.coach import Moment
from sessions.hand_watch import Looked
from vision.samples import BackSample

NOTHING: Final = Progress(count=0, attempts=0, phase=None, settling=False)


class Onlooker:
    """Takes hands as a `StrokeJudge` does, but without a chart: no stroke is ever found."""

    back_frame: Final = None

    def judge(self, looked: Looked) -> Moment:
        """Take the hands of the next frame."""
        pair = looked.pair
        return Moment(pair.time_s, pair, BackSample(pair.time_s, None, None), NOTHING, ())

    def finish(self) -> tuple[Event, ...]:
        """End the session: nothing was open."""
        return ()
