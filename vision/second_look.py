"""Where to look closely for a hand that was not found.

In a square hardly larger than a hand, with the other hand painted over, the palm detector finds
most of the hands that it misses on a whole back: small ones, pale ones, and the one that another
hand outshines. What is needed is a guess where the hand may be.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, repeat
from typing import Final, Protocol, runtime_checkable

import numpy as np

from vision.arrays import Floats
from vision.back_frame import BackFrame
from vision.frames import Frame
from vision.hands import SIDES, DetectedHand, Side
from vision.region import Region

SQUARE: Final = 2.2
"""Side of the square in hand's lengths. Of the hands that were missed on the whole back, a third
more were found in squares of 2.2 than in squares of 3."""

EVERY_S: Final = 0.1
RARELY_S: Final = 0.3
"""Seconds between two looks that find nothing, in the beginning and once `PATIENCE` have failed: a
hand that stays away must not cost the others their pictures."""

PATIENCE: Final = 10

AT_ONCE: Final = 2
"""So many looks may fail before they become rare: MediaPipe spends the first one on finding out
that a hand is not where it was, and looks for it anew in the second."""

RECENT_S: Final = 2.0
"""For so long a hand that was lost may still be where it was last seen."""

APART: Final = 0.5
"""A place nearer to a hand that was found (hand's lengths) holds no other one."""

PLACES: Final = ((0.0, 0.95), (0.0, 0.05), (0.4, 0.3), (0.4, 0.7))
"""Where hands rest, as u to the missing hand's own side, and v: nape and waist, beside the spine.
Not on shoulders and flanks: the receiver's own arms look like hands there."""


@runtime_checkable
class CloseDetector(Protocol):
    """Finds one hand in a small square of a frame."""

    def detect_close(
        self, frame: Frame, square: Region, painted_px: Sequence[Floats]
    ) -> Sequence[DetectedHand]:
        """At most one hand, full-size px; `painted_px` are hands (21, 2) not to be found again."""
        ...


class SecondLook:
    """Guesses squares to look at, one for each frame at most."""

    def __init__(self, back_frame: BackFrame, hand_px: float) -> None:
        self._back_frame = back_frame
        self._hand_px = hand_px
        self._upright = _upright(back_frame, SQUARE * hand_px)
        self._turn = 0
        self._failed = 0
        self._looked_s = -math.inf
        self._last: dict[Side, tuple[float, Floats]] = {}

    def forget(self) -> None:
        """Begin a new film."""
        self._turn, self._failed, self._looked_s = 0, 0, -math.inf
        self._last.clear()

    def remember(self, side: Side, palm_px: Floats, time_s: float) -> None:
        """That hand was seen there."""
        self._last[side] = (time_s, palm_px)

    def may_look(self, time_s: float) -> bool:
        """Whether it is time for a look."""
        pause_s = EVERY_S if self._failed < PATIENCE else RARELY_S
        return self._failed < AT_ONCE or time_s - self._looked_s >= pause_s - 1e-6

    def report(self, time_s: float, found: bool) -> None:
        """Says what came of a look."""
        self._looked_s = time_s
        self._failed = 0 if found else self._failed + 1
        self._turn += not found

    def near(self, palm_px: Floats) -> Region:
        """The square around a palm."""
        return replace(self._upright, centre_px=palm_px)

    def guess(self, time_s: float, seen_px: Mapping[Side, Floats]) -> Region | None:
        """The next place where the missing hand may be, given the palms that were seen; None
        where nothing is known to guess from."""
        places = [
            place
            for side in SIDES
            if side not in seen_px
            for place in self._places(side, time_s, seen_px)
            if all(self._lengths(place, palm) > APART for palm in seen_px.values())
        ]
        return self.near(places[self._turn % len(places)]) if places else None

    def _places(self, side: Side, time_s: float, seen_px: Mapping[Side, Floats]) -> list[Floats]:
        """Likely places of a hand: where it was, across from the other one, and all over."""
        likely: list[Floats] = []
        seen_s, palm = self._last.get(side, (None, None))
        if seen_s is not None and palm is not None and time_s - seen_s < RECENT_S:
            likely.append(palm)
        if not seen_px:
            return likely
        other = self._back_frame.to_back(np.array(list(seen_px.values())))[0][0]
        sign = 1.0 if side == "right" else -1.0
        likely.append(self._image(sign * max(abs(other[0]), 0.3), other[1]))
        anywhere = [self._image(sign * u, v) for u, v in PLACES]
        # Every other look goes to the likely places.
        turns = zip(chain.from_iterable(repeat(likely)), anywhere, strict=False)
        return [place for pair in turns for place in pair]

    def _image(self, u: float, v: float) -> Floats:
        place: Floats = self._back_frame.to_image(np.array([[u, v]]))[0]
        return place

    def _lengths(self, place_px: Floats, palm_px: Floats) -> float:
        return float(np.linalg.norm(place_px - palm_px)) / self._hand_px


def _upright(back_frame: BackFrame, side_px: float) -> Region:
    """A square in the middle of the back, head up, of that size."""
    waist, nape = back_frame.to_image(np.array([[0.0, 0.35], [0.0, 0.65]]))
    across = np.diff(back_frame.to_image(np.array([[-0.3, 0.5], [0.3, 0.5]])), axis=0)[0]
    spine = nape - waist
    mirrored = bool(spine[0] * across[1] - spine[1] * across[0] < 0)
    return Region(waist, spine, side_px, mirrored)
