"""The found back is shown: going on accepts it, leaving the hands away asks for another."""

from typing import Final

from sessions.guided.look import Answer, Look, notice
from sessions.guided.places import on_back, settle_places
from sessions.guided.ring import GRACE_S, ring_around
from sessions.guided.scene import Stage

ACCEPT_S: Final = 4.0
"""Hands that stay on the back for so long have seen the chart and go on."""
SETTLED: Final = 2.0
"""Who takes the settle hold goes on twice as fast."""
REDO_S: Final = 5.0
"""Hands that are away for so long want it done again."""


class ConfirmStage:
    """Leads on, or back to the touch."""

    def __init__(self) -> None:
        self._share = 0.0
        self._away_s = 0.0
        self._seen_s = float("-inf")

    def step(self, look: Look) -> Answer:
        """Take the next moment."""
        hands = look.back_hands
        if on_back(hands):
            pace = SETTLED if settle_places(hands) == 2 else 1.0
            self._share = min(self._share + pace * look.dt_s / ACCEPT_S, 1.0)
            self._away_s, self._seen_s = 0.0, look.time_s
        elif look.time_s - self._seen_s > GRACE_S:
            self._away_s += look.dt_s
        if self._away_s >= REDO_S:
            return Answer("guide.confirm", "touch", (notice(look, "notice.redo"),))
        following: Stage | None = "settle" if self._share >= 1.0 - 1e-9 else None
        return Answer("guide.confirm", following, hold=ring_around(look.hands, self._share))
