"""Where hands lie on the chart: at the start place, on nape and waist, on the back, or away."""

from typing import Final

import numpy as np

from routines.path import OUTWARD, aspect
from routines.routine import Routine
from vision.arrays import Floats
from vision.hands import Side
from vision.samples import BackHand, BackScale

Hands = dict[Side, BackHand]
"""The hands that are seen."""

SPINE_U: Final = 0.3
"""A hand on the spine lies nearer to it than this; at the start place hands are 0.35 beside it."""
NAPE_V: Final = (0.55, 1.1)
WAIST_V: Final = (-0.25, 0.3)
"""v of the palms of a settle hold: they lie near 0.73 and 0.03 (see `vision.settle`), with room for
a chart that was found from the hands and for other bodies."""

BACK_U: Final = 1.45
BACK_V: Final = (-0.35, 1.25)
"""Hands within this are on the back or on the rim of it: a stroke's path reaches 1.1, and a chart
from the hands alone is off by a tenth."""


class Places:
    """Tells places on one receiver's chart."""

    def __init__(self, routine: Routine, scale: BackScale) -> None:
        self._metric = np.array([1.0, aspect(scale)])
        self._start = np.array(routine.start.place) * self._metric
        self._radius = routine.start.radius

    def none_elsewhere(self, hands: Hands, share: float = 1.0) -> bool:
        """At least one hand is seen, and none away from the start place (`share` of its radius)."""
        return bool(hands) and all(
            float(np.linalg.norm(self.folded(side, hand) - self._start)) <= share * self._radius
            for side, hand in hands.items()
        )

    def folded(self, side: Side, hand: BackHand) -> Floats:
        """(2,) the palm on the metric plane of `routines.path`."""
        u, v = hand.palm_back
        place: Floats = np.array([OUTWARD[side] * u, v]) * self._metric
        return place


def on_back(hands: Hands) -> bool:
    """Whether any hand is seen on the back."""
    return any(_is_on_back(hand) for hand in hands.values())


def settle_places(hands: Hands) -> int | None:
    """How many ends of the settle hold are seen covered; None where a hand is seen elsewhere.

    Either hand may lie on either end, but not both on one.
    """
    ends = [_settle_end(hand) for hand in hands.values()]
    if None in ends or len(set(ends)) < len(ends):
        return None
    return len(ends)


def _is_on_back(hand: BackHand) -> bool:
    u, v = hand.palm_back
    return bool(abs(u) < BACK_U and BACK_V[0] < v < BACK_V[1])


def _settle_end(hand: BackHand) -> str | None:
    u, v = hand.palm_back
    if abs(u) > SPINE_U:
        return None
    if NAPE_V[0] < v < NAPE_V[1]:
        return "nape"
    return "waist" if WAIST_V[0] < v < WAIST_V[1] else None
