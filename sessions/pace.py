"""Which frames of a recording hands are looked for in.

Neighbouring frames of slow hands tell the same, and looking for hands is what a review costs. So
the slower the hands are, the rarer the looks; hands that are fast, that just came or just went,
get every frame. What is known when a frame is chosen hangs on the frames' times alone: a machine
that is faster or has more cores chooses the same.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Final, Protocol

import numpy as np

from vision.hands import SIDES, HandPair, Side

RAREST_S: Final = 0.1
"""Longest time between two looks, where the recording has as many frames: two ticks of the engine's
clock, a third of the time that a hand must touch the spine."""

STEP_LENGTHS: Final = 0.1
"""Hands are looked at again before they went farther than this, in hand's lengths: 2 cm."""

CHANGED_S: Final = 0.3
"""Every frame is looked at for so long after a hand came or went: it is believed, bridged, named
and looked for closely by how long it is seen."""

SPEED_S: Final = 0.25
"""The speed that counts is the highest of so much time: a hand that turns is slow for a moment."""

_EXACT_S: Final = 2e-3


class Pace(Protocol):
    """Chooses frames."""

    def looks_at(self, time_s: float, /) -> bool:
        """Whether hands are looked for in the next frame; times rise."""
        ...

    def report(self, pair: HandPair) -> None:
        """Says what came of a look, some looks later."""
        ...


class EveryFrame:
    """Looks at every frame."""

    def looks_at(self, _time_s: float, /) -> bool:
        """Always."""
        return True

    def report(self, pair: HandPair) -> None:
        """Changes nothing."""


class ByMotion:
    """Looks the rarer the slower the hands are."""

    def __init__(self, hand_px: float | None) -> None:
        """`hand_px` is a hand's length in the full-size picture; None where nothing is judged, so
        that the rarest looks are enough."""
        self._hand_px = hand_px
        self._gap_s = RAREST_S if hand_px is None else 0.0
        self._looked_s: float | None = None
        self._frame_s: float | None = None
        self._pairs: list[HandPair] = []
        self._changed_s = 0.0

    def looks_at(self, time_s: float, /) -> bool:
        """Whether the frame after this one would be too late."""
        step_s = 0.0 if self._frame_s is None else time_s - self._frame_s
        self._frame_s = time_s
        if self._looked_s is not None and time_s + step_s - self._looked_s < self._gap_s + _EXACT_S:
            return False
        self._looked_s = time_s
        return True

    def report(self, pair: HandPair) -> None:
        """Sets how long the gaps to come may be."""
        if self._hand_px is None:
            return
        if self._pairs and _seen(pair) != _seen(self._pairs[-1]):
            self._changed_s = pair.time_s
        recent = [one for one in self._pairs if pair.time_s - one.time_s <= SPEED_S]
        self._pairs = [*recent, pair]
        if pair.time_s - self._changed_s < CHANGED_S:
            self._gap_s = 0.0
        else:
            fastest = fastest_px_s(self._pairs) / self._hand_px
            self._gap_s = min(RAREST_S, STEP_LENGTHS / max(fastest, 1e-6))


def fastest_px_s(pairs: Sequence[HandPair]) -> float:
    """The highest speed of a palm from one of these to the next."""
    speeds = [
        float(np.linalg.norm(after.palm_px - before.palm_px)) / (other.time_s - one.time_s)
        for one, other in pairwise(pairs)
        for side in SIDES
        if (before := one.side(side)) and (after := other.side(side))
        if other.time_s > one.time_s
    ]
    return max(speeds, default=0.0)


def _seen(pair: HandPair) -> frozenset[Side]:
    hands = ((side, pair.side(side)) for side in SIDES)
    return frozenset(side for side, hand in hands if hand is not None and hand.observed)
