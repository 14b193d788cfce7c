"""Which frames of a recording hands are looked for in.

Neighbouring frames of slow hands tell the same, and looking for hands is what a review costs. So
the slower the hands are, the rarer the looks; hands that are fast get every frame. What is known
when a frame is chosen hangs on the frames alone: a machine that is faster or has more cores chooses
the same.
"""

from collections.abc import Sequence
from typing import Final, Protocol

import numpy as np

from vision.arrays import Floats
from vision.hands import DetectedHand

RAREST_S: Final = 0.1
"""Longest time between two looks, where the recording has as many frames: two ticks of the engine's
clock, a third of the time that a hand must touch the spine."""

STEP_LENGTHS: Final = 0.12
"""Hands are looked at again before they went farther than this, in hand's lengths: 2.3 cm. At 0.13
a fault was told in the samples that is none."""

CHANGED_S: Final = 1.0
"""For so long after a hand came or went every frame is looked at: such hands are hard to see, and
are believed, bridged, named and looked for closely by how long they are seen."""

ALONE: Final = 1
"""Of one hand every frame is looked at: the other one may be anywhere, and come back any time."""

SPEED_S: Final = 0.25
"""The speed that counts is the highest of so much time: a hand that turns is slow for a moment."""

_EXACT_S: Final = 2e-3


class Pace(Protocol):
    """Chooses frames."""

    def looks_at(self, time_s: float, /) -> bool:
        """Whether hands are looked for in the next frame; times rise."""
        ...

    def report(self, time_s: float, hands: Sequence[DetectedHand], /) -> None:
        """Says what was found in the frame that was chosen last."""
        ...


class EveryFrame:
    """Looks at every frame."""

    def looks_at(self, _time_s: float, /) -> bool:
        """Always."""
        return True

    def report(self, _time_s: float, _hands: Sequence[DetectedHand], /) -> None:
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
        self._recent: list[tuple[float, Floats]] = []
        self._changed_s: float | None = None

    def looks_at(self, time_s: float, /) -> bool:
        """Whether the frame after this one would be too late."""
        step_s = 0.0 if self._frame_s is None else time_s - self._frame_s
        self._frame_s = time_s
        if self._looked_s is not None and time_s + step_s - self._looked_s < self._gap_s + _EXACT_S:
            return False
        self._looked_s = time_s
        return True

    def report(self, time_s: float, hands: Sequence[DetectedHand], /) -> None:
        """Sets how long the gap to the next look may be."""
        if self._hand_px is None:
            return
        palms = np.array([hand.palm_px for hand in hands]).reshape(-1, 2)
        if not self._recent or len(palms) != len(self._recent[-1][1]):
            self._changed_s = time_s
            self._recent.clear()
        self._recent = [one for one in self._recent if time_s - one[0] <= SPEED_S]
        self._recent.append((time_s, palms))
        changed = self._changed_s is not None and time_s - self._changed_s < CHANGED_S
        lengths_s = speed_px_s(self._recent) / self._hand_px
        known = not changed and len(palms) != ALONE
        self._gap_s = min(RAREST_S, STEP_LENGTHS / max(lengths_s, 1e-6)) if known else 0.0


def speed_px_s(recent: Sequence[tuple[float, Floats]]) -> float:
    """Of the fastest palm: how far the last ones (N, 2) are from the nearest of the first ones.

    Over some time, because landmarks tremble from picture to picture.
    """
    (first_s, before), (last_s, now) = recent[0], recent[-1]
    if last_s <= first_s or not len(before) or not len(now):
        return 0.0
    apart_px = np.linalg.norm(now[:, None] - before[None], axis=2).min(axis=1)
    return float(apart_px.max()) / (last_s - first_s)
