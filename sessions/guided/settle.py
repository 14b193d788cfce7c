"""The quiet hold before the strokes, with a breath to follow."""

import math
from typing import Final

from sessions.guided.look import Answer, Look, tone
from sessions.guided.places import settle_places
from sessions.guided.plan import Plan
from sessions.guided.scene import Breath, Say

BEGIN_S: Final = 0.5
"""Both hands in place for so long have begun to settle."""
ONE_HAND: Final = 1 / 3
"""One hand in place while nobody sees the other, skin on skin, takes three times as long."""
LEFT_S: Final = 0.4
"""Hands that are seen elsewhere for so long have left; a shorter slip is a slip of the tracker."""
UNSEEN_S: Final = 3.0
"""Hands that rest are lost for seconds and found again; for longer nobody knows."""


class SettleStage:
    """Counts down while one hand lies on the nape and one on the waist; waits while they do not."""

    def __init__(self) -> None:
        self._begun = 0.0
        self._left_s = 0.0
        self._unseen_s = 0.0
        self._holding = False
        self._held_s = 0.0
        self._breath = BreathGuide()

    def step(self, look: Look) -> Answer:
        """Take the next moment."""
        self._watch(look)
        remaining_s = max(look.plan.settle_s - self._held_s, 0.0)
        if remaining_s <= 1e-9:
            return Answer("guide.settle", "oil", remaining_s=0.0)
        if not self._holding:
            task = "guide.settle_wait" if self._held_s else "guide.settle"
            return Answer(task, remaining_s=remaining_s)
        self._held_s += look.dt_s
        breath, says = self._breath.step(look)
        return Answer("guide.breathe", says=says, breath=breath, remaining_s=remaining_s)

    def _watch(self, look: Look) -> None:
        covered = settle_places(look.back_hands)
        self._left_s = self._left_s + look.dt_s if covered is None else 0.0
        self._unseen_s = self._unseen_s + look.dt_s if covered == 0 else 0.0
        if self._holding:
            self._holding = self._left_s < LEFT_S and self._unseen_s < UNSEEN_S
            return
        worth = {2: 1.0, 1: ONE_HAND}.get(covered or 0, -1.0)
        self._begun = max(self._begun + worth * look.dt_s / BEGIN_S, 0.0)
        if self._begun >= 1.0:
            self._holding, self._begun = True, 0.0
            self._breath.restart()


class BreathGuide:
    """A shape that swells and sinks, and a tone at every turn."""

    def __init__(self) -> None:
        self.restart()

    def restart(self) -> None:
        """Begin with a breath in."""
        self._spent_s = 0.0
        self._phase: str | None = None

    def step(self, look: Look) -> tuple[Breath, tuple[Say, ...]]:
        """The breath at the next moment, and what sounds."""
        breath = breath_at(self._spent_s, look.plan)
        self._spent_s += look.dt_s
        if breath.phase == self._phase:
            return breath, ()
        self._phase = breath.phase
        return breath, (tone(look, f"tone.breath_{breath.phase}"),)


def breath_at(spent_s: float, plan: Plan) -> Breath:
    """Where the breath stands `spent_s` after its first breath in began."""
    now_s = spent_s % (plan.breath_in_s + plan.breath_out_s)
    if now_s < plan.breath_in_s:
        return Breath(_eased(now_s / plan.breath_in_s), "in")
    return Breath(1 - _eased((now_s - plan.breath_in_s) / plan.breath_out_s), "out")


def _eased(share: float) -> float:
    """Slow at both turns, as breath is."""
    return (1 - math.cos(math.pi * share)) / 2
