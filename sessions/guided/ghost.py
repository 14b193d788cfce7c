"""Where the hands should be now: a ghost on the path, in step with the giver."""

from collections.abc import Mapping
from typing import Final

import numpy as np

from routines.path import OUTWARD, aspect, path_back
from routines.routine import Routine
from sessions.guided.look import Look, tone
from sessions.guided.places import Hands, Places
from sessions.guided.scene import Say
from vision.arrays import Floats, distances_along, places_at, readonly
from vision.hands import SIDES, Side
from vision.samples import BackScale

PLACES_ON_PATH: Final = 200

AHEAD: Final = 0.12
"""Without a tempo the ghost goes this share of the path ahead of the hands: a stretch of about
14 cm, most of a hand's length."""
MOST_AHEAD: Final = 0.25
"""With a tempo it waits for hands that are further behind than this."""

BACK_SHARE: Final = 0.04
ON_SHARE: Final = 0.2
"""The hands are looked for this far behind and before where they were: the path comes close to
itself at the waist, so the nearest place alone may be another leg's."""

NEAR_START: Final = 0.4
"""Hands within this share of the start place's radius are there: its rim is a tenth of the path on
(the same as `routines.attempts` asks of hands that came home)."""
HOME_SHARE: Final = 0.6
"""From this share of the path on, hands at the start place have come home; before, they pass."""

Ghosts = Mapping[Side, tuple[float, float]]


class Ghost:
    """Follows the giver's hands along the path and leads them."""

    def __init__(self, routine: Routine, scale: BackScale) -> None:
        self._places = Places(routine, scale)
        self._metric = np.array([1.0, aspect(scale)])
        self._path, self._legs = _even_path(routine, self._metric)
        self._hands = 0.0
        self._ghost = 0.0
        self._leg: str | None = None

    @property
    def leg_of_hands(self) -> str | None:
        """The leg of the path on which the hands are; None at the start place."""
        return None if self._hands <= 0 else self._legs[self._index(self._hands)]

    def step(self, look: Look) -> tuple[Ghosts, tuple[Say, ...]]:
        """Where each hand should be at the next moment, and a tone when a leg begins."""
        tempo_s = look.plan.tempo_s
        self._follow(look, tempo_s)
        if tempo_s is None:
            self._ghost = min(self._hands + AHEAD, 1.0)
            return self._at(self._ghost), ()
        if self._hands > 0:
            led = min(self._ghost + look.dt_s / tempo_s, self._hands + MOST_AHEAD, 1.0)
            self._ghost = max(self._ghost, led)
        return self._at(self._ghost), self._pace(look)

    def _follow(self, look: Look, tempo_s: float | None) -> None:
        hands = look.back_hands
        if not hands:
            # Nobody sees the hands: a ghost with a tempo goes on as if they did.
            if tempo_s is not None and self._hands > 0:
                self._hands = min(self._hands + look.dt_s / tempo_s, 1.0)
            return
        at_start = self._places.none_elsewhere(hands, NEAR_START)
        if at_start and not BACK_SHARE < self._hands < HOME_SHARE:
            self._hands = self._ghost = 0.0
            self._leg = None
            return
        self._hands = self._nearest(hands)

    def _nearest(self, hands: Hands) -> float:
        """Share of the path where the seen hands are, near to where they were."""
        last = PLACES_ON_PATH - 1
        first = max(int((self._hands - BACK_SHARE) * last), 0)
        end = min(int((self._hands + ON_SHARE) * last) + 2, PLACES_ON_PATH)
        part = self._path[first:end]
        gaps = np.zeros(len(part))
        for side, hand in hands.items():
            gaps += np.linalg.norm(part - self._places.folded(side, hand), axis=1)
        return float(first + gaps.argmin()) / last

    def _pace(self, look: Look) -> tuple[Say, ...]:
        leg = None if self._ghost <= 0 else self._legs[self._index(self._ghost)]
        if leg == self._leg:
            return ()
        self._leg = leg
        return () if leg is None else (tone(look, "tone.pace", phase=leg),)

    def _at(self, share: float) -> Ghosts:
        x, v = self._path[self._index(share)] / self._metric
        return {side: (OUTWARD[side] * float(x), float(v)) for side in SIDES}

    @staticmethod
    def _index(share: float) -> int:
        return round(share * (PLACES_ON_PATH - 1))


def _even_path(routine: Routine, metric: Floats) -> tuple[Floats, tuple[str, ...]]:
    """Places at even distances along the closed path (N, 2), metric, and the leg of each."""
    corners = path_back(routine, "right") * metric  # x is u on the right
    along = distances_along(corners)
    at = np.linspace(0.0, along[-1], PLACES_ON_PATH)
    path = places_at(corners, along, at)
    counts = [len(phase.path) - 1 for phase in routine.phases]
    names = [phase.name for phase in routine.phases]
    ends = along[np.cumsum(counts)]
    legs = np.minimum(np.searchsorted(ends, at, side="right"), len(names) - 1)
    return readonly(path), tuple(names[leg] for leg in legs)
