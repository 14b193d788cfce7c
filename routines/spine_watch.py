"""Watches the spine while the stroke goes on: a warning can't wait for the attempt's end.

It asks what judges the whole attempt, about the last moments only: the shortest stretch that makes
the fault. So what warns here is a fault there too.
"""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Final

import numpy as np

from routines.attempts import SHORTEST_RUN_S
from routines.motion import Decided
from routines.reps import Hand, SpineTouched
from routines.routine import Routine
from routines.spine import SpineLimits, along_spine, well_up
from routines.ticks import TICK_S, Tick, stack
from vision.arrays import Floats
from vision.samples import BackScale

CODE: Final = "on_spine"

CLIMBED_V: Final = 0.1
"""A way up is one after this much without a break (4 to 5 cm): kneading circles climb less. A
stroke of 8 s has it within the 0.3 s that a touch must last, so no warning waits for it.
"""


@dataclass(slots=True)
class SpineWatch:
    """Takes decided ticks one by one; warns at most once in an attempt, on its first way up."""

    routine: Routine
    scale: BackScale
    _begun_s: float | None = None
    _over: bool = False
    """Whether this attempt has had its warning, or its way up is behind it."""
    _elsewhere_s: float = 0.0
    _lowest_v: Floats = field(default_factory=lambda: np.full(2, np.nan))
    """(2,) of each hand on this way up; NaN where it was not seen."""
    _lately: deque[Tick] = field(default_factory=deque)

    def step(self, decided: Decided, begun_s: float | None, now_s: float) -> SpineTouched | None:
        """Take one tick of the attempt that began at `begun_s` (None between attempts)."""
        if begun_s != self._begun_s:
            self._begun_s, self._over, self._elsewhere_s = begun_s, False, 0.0
            self._forget()
        if begun_s is None or self._over or not self._is_up(decided):
            return None
        climbed = self._has_climbed(decided.tick)
        self._lately.append(decided.tick)
        while len(self._lately) > round(self.routine.limit(CODE, "duration_s") / TICK_S):
            self._lately.popleft()
        hand = self._touching() if climbed else None
        self._over = hand is not None
        return SpineTouched(now_s, hand) if hand is not None else None

    def ahead(
        self, ahead: Iterable[Decided], begun_s: float | None, now_s: float
    ) -> SpineTouched | None:
        """The warning that comes if `ahead` does; then it is given, and does not come again."""
        if self._over and begun_s == self._begun_s:
            return None
        looking = replace(self, _lowest_v=self._lowest_v.copy(), _lately=deque(self._lately))
        for decided in ahead:
            warning = looking.step(decided, begun_s, now_s)
            if warning is not None:
                self._begun_s, self._over = begun_s, True
                return warning
        return None

    def _is_up(self, decided: Decided) -> bool:
        """Whether the hands glide up; another leg that is no flicker ends the way up."""
        up = self.routine.phases[0].name
        if decided.state.name == up and decided.state.forward:
            self._elsewhere_s = 0.0
            return True
        self._forget()
        self._elsewhere_s += TICK_S
        legs = {phase.name for phase in self.routine.phases[1:]}
        left = decided.state.name in legs and decided.state.forward
        self._over = left and self._elsewhere_s >= SHORTEST_RUN_S
        return False

    def _forget(self) -> None:
        self._lately.clear()
        self._lowest_v = np.full(2, np.nan)

    def _has_climbed(self, tick: Tick) -> bool:
        v = tick.values[:, 1]
        self._lowest_v = np.fmin(self._lowest_v, v)
        return bool((v - self._lowest_v >= CLIMBED_V).any())

    def _touching(self) -> Hand | None:
        limits = SpineLimits(
            self.routine.limit(CODE, "distance_cm"), self.routine.limit(CODE, "duration_s")
        )
        found = along_spine(well_up(stack(list(self._lately))), self.scale, limits)
        return found.hand if found else None
