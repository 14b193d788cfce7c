"""The camera check: it passes by itself when hands are found in a fit picture."""

from typing import Final

from sessions.guided.look import Answer, Look
from sessions.guided.ring import ring_around
from sessions.guided.scene import Stage
from sessions.guided.search import Aim

PASS_S: Final = 2.0
"""Both hands in a picture that nothing speaks against, for so long."""

ONE_HAND: Final = 0.35
WITH_REMARKS: Final = 0.2
"""One hand, or a picture with a flaw that may not be mended, count this much beside that: nobody
with a slow machine or a low camera is kept here for ever, and 10 s are enough to hear why."""

FORGET_S: Final = 4.0
"""Without any hand what was gathered is gone after so long."""


class CheckStage:
    """Waits for hands and a picture in which they can be followed."""

    def __init__(self) -> None:
        self._share = 0.0

    def step(self, look: Look) -> Answer:
        """Take the next moment."""
        seen = len(look.hands)
        if seen == 0:
            self._share = max(self._share - look.dt_s / FORGET_S, 0.0)
        else:
            worth = (1.0 if seen > 1 else ONE_HAND) * (WITH_REMARKS if look.remarks else 1.0)
            self._share = min(self._share + worth * look.dt_s / PASS_S, 1.0)
        following: Stage | None = "touch" if self._share >= 1.0 - 1e-9 else None
        # Hands so near that no back fits into the picture are mostly none.
        aim = Aim(found=seen > 1 and "near" not in look.remarks)
        return Answer("guide.check", following, hold=ring_around(look.hands, self._share), aim=aim)
