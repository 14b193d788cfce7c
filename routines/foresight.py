"""Looks ahead, so that a cue comes while a hand lies on the spine or as the hands come home.

What is sure comes nearly half a second later: the spine's touch when the way up is, the attempt's
end when the hands are seen to rest or to go up again. But a touch is seen while it lasts, and what
went wrong on the way lies behind the hands as they come home, and the next stroke begins at once.
"""

from dataclasses import dataclass
from typing import Final

from routines.attempts import AttemptCutter
from routines.judge import judge
from routines.motion import REST, Decided, MotionModel
from routines.reps import Check, Event, Rep, RepEnding
from routines.routine import Routine
from routines.spine_watch import SpineWatch
from vision.samples import BackScale

AT_THE_END: Final = frozenset(("incomplete", "missing_pull_in"))
"""Their evidence is complete only when the attempt is over."""

RUSHED: Final = frozenset(("rushed", "rushed_sides"))
"""Which of the two it is hangs on how long the attempt takes in all."""

ARRIVING_S: Final = 1.0
"""The end may come so much later than it seems, or have come so much before. On the samples the
hands are home 0.1 to 0.7 s before they rest."""

LOOK_AGAIN_S: Final = 0.1
"""Judging an attempt takes as long as half a picture's coaching: not at every picture."""


@dataclass(slots=True)
class Foresight:
    """One step a sample. Says once in an attempt what went wrong on its way, and at once where a
    hand lies on the spine."""

    routine: Routine
    scale: BackScale
    _told_s: float | None = None
    """Start of the last attempt that was told of."""
    _judged_s: float = float("-inf")
    """When one was judged last."""

    def step(
        self, cutter: AttemptCutter, motion: MotionModel, spine: SpineWatch, now_s: float
    ) -> list[Event]:
        """Look at the attempt under way, if there is one, as it will most likely go on."""
        if cutter.begun_s is None:
            return []
        ahead = motion.foreseen()
        found = (
            spine.ahead(ahead, cutter.begun_s, now_s),
            self._ending(cutter, motion.newest.name, ahead, now_s),
        )
        return [event for event in found if event is not None]

    def _ending(
        self, cutter: AttemptCutter, leg: str, ahead: list[Decided], now_s: float
    ) -> RepEnding | None:
        """Look where the attempt is about to end; `leg` is where the hands are now."""
        since_s = cutter.open_since_s
        if since_s is None or since_s == self._told_s or not self._may_be_home(leg):
            return None
        if now_s - self._judged_s < LOOK_AGAIN_S:
            return None
        attempt = cutter.coming_home(ahead)
        if attempt is None or attempt.start_s == self._told_s:
            return None
        self._judged_s = now_s
        rep = judge(attempt, 0, self.routine, self.scale)
        faults = tuple(check for check in rep.faults if self._is_sure(check, rep, leg))
        if not faults:  # The other hand may still be on its way.
            return None
        self._told_s = attempt.start_s
        return RepEnding(now_s, rep.start_s, faults)

    def _may_be_home(self, leg: str) -> bool:
        """Only worth a closer look on the last two legs, at rest or on the way up again."""
        first, *later = (phase.name for phase in self.routine.phases)
        return leg in (first, *later[-2:], REST)

    def _is_sure(self, check: Check, rep: Rep, leg: str) -> bool:
        """Whether what is still to come can't change it."""
        if check.code in AT_THE_END:
            return False
        if leg == self.routine.phases[-2].name:  # Home already, on the path's last leg but one.
            return self.routine.faults[check.code].kind == "path"
        if check.code not in RUSHED:
            return True
        limit_s = self.routine.limit("rushed", "duration_s")
        return abs(rep.end_s - rep.start_s - limit_s) > ARRIVING_S
