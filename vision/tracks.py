"""One hand over time: smoothed where it is seen, carried on for a moment where it is not."""

import math
from collections import deque
from typing import Final

import numpy as np

from vision.arrays import Floats
from vision.hands import DetectedHand, TrackedHand
from vision.smoothing import OneEuroFilter

BRIDGED_S: Final = 0.4
"""A hand unseen for longer is not known."""

MOMENTUM_S: Final = 0.15
"""An unseen hand is thought to come to rest in this time."""

TRUSTED_GAP_S: Final = 0.25
"""A hand that comes back after longer has to earn its bridging anew."""

SHORTEST_S: Final = 0.1
"""A hand that was seen only once is carried on for so long."""

TRAIL_S: Final = 0.5
"""For so long a palm's places are kept, to tell moving hands from things that lie still."""

VELOCITY_S: Final = 0.1
"""Memory of the measured velocity."""

STILL: Final = 0.1
"""A palm that stays within this many hand's lengths lies still."""

NEAR: Final = 0.25
FASTEST: Final = 1.2
FARTHEST: Final = 0.8
"""How far from where it is expected a hand may be found, in hand's lengths: at once, more for
each second unseen, and at most. A brisk stroke is two lengths a second, most of it expected; a
hand on the move may double its speed, so that one that is thrown off the back is still known."""


class Trail:
    """Where a palm was in the last TRAIL_S."""

    def __init__(self, palm_px: Floats, time_s: float) -> None:
        self._since_s = time_s
        self._places: deque[tuple[float, Floats]] = deque([(time_s, palm_px)])

    def add(self, palm_px: Floats, time_s: float) -> None:
        """The palm at the next time."""
        while time_s - self._places[0][0] > TRAIL_S:
            self._places.popleft()
            if not self._places:
                break
        self._places.append((time_s, palm_px))

    def moved_px(self) -> float:
        """How far it has come, without its largest leap: landmarks leap, hands do not."""
        places = np.array([place for _, place in self._places])
        if len(places) < 3:
            return 0.0
        steps = np.linalg.norm(np.diff(places, axis=0), axis=1)
        leaps = np.maximum.accumulate(steps[::-1])[::-1]
        away = np.linalg.norm(places[:-1] - places[-1], axis=1)
        return float(max((away - leaps).max(), 0.0))

    def rests(self, within_px: float) -> bool:
        """Whether it has lain within that distance for the whole of TRAIL_S."""
        long_enough = self._places[-1][0] - self._since_s >= TRAIL_S
        places = np.array([place for _, place in self._places])
        away = np.linalg.norm(places - np.median(places, axis=0), axis=1)
        return long_enough and bool(away.max() < within_px)


class HandTrack:
    """The state of one hand. Starts with a detection."""

    def __init__(self, hand: DetectedHand, since_s: float, time_s: float, hand_px: float) -> None:
        self._hand_px = hand_px
        self._filter = OneEuroFilter()
        self._marks = self._filter.step(hand.landmarks_px, 0.0, hand_px)
        self._palm = hand.palm_px
        self._trail = Trail(self._palm, time_s)
        self._velocity = np.zeros(2)
        self._since_s = since_s
        self._seen_s = time_s

    def unseen_s(self, time_s: float) -> float:
        """Seconds since it was last seen."""
        return time_s - self._seen_s

    def palm_at(self, time_s: float) -> Floats:
        """(2,) px where the palm is expected."""
        place: Floats = self._palm + self._drift(self.unseen_s(time_s))
        return place

    def distance(self, hand: DetectedHand, time_s: float) -> float:
        """From where it is expected, as a share of what is believable: over 1 is another hand."""
        gap_s = self.unseen_s(time_s)
        speed = float(np.linalg.norm(self._velocity)) / self._hand_px
        reach = min(NEAR + (FASTEST + speed) * gap_s, FARTHEST) * self._hand_px
        return float(np.linalg.norm(hand.palm_px - self.palm_at(time_s))) / reach

    def see(self, hand: DetectedHand, time_s: float) -> None:
        """Takes in a detection of this hand."""
        gap_s = self.unseen_s(time_s)
        palm = hand.palm_px
        velocity = (palm - self._palm) / max(gap_s, 1e-6)
        if gap_s > TRUSTED_GAP_S:
            self._since_s = time_s
        share = -math.expm1(-gap_s / VELOCITY_S)
        self._velocity = self._velocity + share * (velocity - self._velocity)
        self._marks = self._filter.step(hand.landmarks_px, gap_s, self._hand_px)
        self._palm, self._seen_s = palm, time_s
        self._trail.add(palm, time_s)

    def rests(self) -> bool:
        """Whether the hand has lain still for a while."""
        return self._trail.rests(STILL * self._hand_px)

    def is_lost(self, time_s: float) -> bool:
        """Whether the hand was unseen for too long: BRIDGED_S, or less for one just found."""
        known_s = max(2 * (self._seen_s - self._since_s), SHORTEST_S)
        return self.unseen_s(time_s) > min(BRIDGED_S, known_s) + 1e-6

    def at(self, time_s: float) -> TrackedHand:
        """The hand at a time, moved on where it was just not seen."""
        gap_s = self.unseen_s(time_s)
        return TrackedHand(self._marks + self._drift(gap_s), observed=gap_s <= 0)

    def _drift(self, gap_s: float) -> Floats:
        drift: Floats = self._velocity * MOMENTUM_S * -math.expm1(-gap_s / MOMENTUM_S)
        return drift
