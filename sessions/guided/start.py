"""Waiting for the hands at the start place: after the oil, and after a pause."""

from typing import Final

import numpy as np

from routines.reps import RepEnded
from sessions.guided.look import Answer, Look, notice
from sessions.guided.places import Hands, Places, on_back
from vision.arrays import Floats
from vision.hands import Side

REST_S: Final = 0.5
"""Both hands at rest at the start place for so long are ready."""
ONE_HAND: Final = 0.35
"""Where only one is seen, because of a low camera, it takes three times as long."""
STILL: Final = 0.12
"""A palm at rest strays less than this from where it lay, in half shoulder widths (2.3 cm). Hands
that rub oil over the lower back go 4 cm and more within half a second."""


class StartRest:
    """Tells when the hands rest at the start place."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._lay: dict[Side, Floats] = {}
        self._rested = 0.0

    def step(self, look: Look) -> bool:
        """Take the next moment."""
        hands = look.back_hands
        if hands and not self._places.none_elsewhere(hands):
            self._rested, self._lay = 0.0, {}
        elif hands and self._moved(hands):
            self._rested = 0.0
        elif hands:
            worth = 1.0 if len(hands) == 2 else ONE_HAND
            self._rested += worth * look.dt_s / REST_S
        return self._rested >= 1.0

    def _moved(self, hands: Hands) -> bool:
        """Whether any hand strayed from where it came to rest; it is then taken to rest anew."""
        now = {side: self._places.folded(side, hand) for side, hand in hands.items()}
        strayed = [
            float(np.linalg.norm(place - self._lay[side])) > STILL
            for side, place in now.items()
            if side in self._lay
        ]
        if any(strayed) or not self._lay:
            self._lay = now
            return True
        self._lay = now | self._lay
        return False


class OilStage:
    """Oil is spread until the hands rest at the start place; nothing is counted here."""

    def __init__(self, places: Places) -> None:
        self._rest = StartRest(places)

    def step(self, look: Look) -> Answer:
        """Take the next moment."""
        # Who has done a whole stroke has spread the oil; the session counts it.
        done_one = any(isinstance(event, RepEnded) and event.rep.counted for event in look.heard)
        ready = self._rest.step(look) or done_one
        return Answer("guide.oil", "strokes" if ready else None)


class PausedStage:
    """Waits until the hands are back at the start place.

    A pause that was asked for by a button while the hands lay there first waits for them to leave.
    """

    def __init__(self, places: Places, *, asked: bool) -> None:
        self._rest = StartRest(places)
        self._waits_for_leave = asked
        self._away_s = 0.0

    def step(self, look: Look) -> Answer:
        """Take the next moment."""
        hands = look.back_hands
        self._away_s = 0.0 if on_back(hands) else self._away_s + look.dt_s
        if self._away_s >= look.plan.pause_after_s:
            self._waits_for_leave = False
        ready = self._rest.step(look) and not self._waits_for_leave
        if not ready:
            return Answer("guide.paused")
        return Answer("guide.paused", "strokes", (notice(look, "notice.goes_on"),))
