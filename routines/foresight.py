"""Looks ahead to an attempt's end, so that a cue comes as the hands come home and not after.

The end itself is sure only half a second later, when the hands are seen to rest or to go up again.
But what went wrong on the way lies behind them by then, and the next stroke begins at once.
"""

from dataclasses import dataclass
from typing import Final

from routines.attempts import AttemptCutter
from routines.judge import judge
from routines.motion import REST, MotionModel
from routines.reps import Check, RepEnding
from routines.routine import Routine
from vision.samples import BackScale

AT_THE_END: Final = frozenset(("incomplete", "missing_pull_in"))
"""Their evidence is complete only when the attempt is over."""

RUSHED: Final = "rushed"
ARRIVING_S: Final = 1.0
"""Who would be rushed even if the end took this much longer is. On the samples the hands are home
0.1 to 0.7 s before they rest."""


@dataclass(slots=True)
class Foresight:
    """One step a sample; says once in an attempt what went wrong, as the hands come home."""

    routine: Routine
    scale: BackScale
    _told_s: float | None = None
    """Start of the last attempt that was told of."""

    def step(self, cutter: AttemptCutter, motion: MotionModel, now_s: float) -> RepEnding | None:
        """Look where the attempt under way, if there is one, is about to end."""
        since_s = cutter.open_since_s
        if since_s is None or since_s == self._told_s or not self._may_be_home(motion):
            return None
        attempt = cutter.coming_home(motion.foreseen())
        if attempt is None or attempt.start_s == self._told_s:
            return None
        rep = judge(attempt, 0, self.routine, self.scale)
        faults = tuple(filter(self._is_sure, rep.faults))
        if not faults:  # The other hand may still be on its way.
            return None
        self._told_s = attempt.start_s
        return RepEnding(now_s, rep.start_s, faults)

    def _may_be_home(self, motion: MotionModel) -> bool:
        """Only worth a closer look on the last leg, at rest or on the way up again."""
        first, last = self.routine.phases[0].name, self.routine.phases[-1].name
        return motion.newest.name in (first, last, REST)

    def _is_sure(self, check: Check) -> bool:
        if check.code == RUSHED:
            measured, limit = check.measured, check.limit
            return measured is not None and limit is not None and measured + ARRIVING_S < limit
        return check.code not in AT_THE_END
