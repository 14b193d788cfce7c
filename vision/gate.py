"""Which of the detected hands can be the giver's at all.

The landmarker looks with a low threshold, so that a pale hand on a pale back is found; what
it then takes for a hand on an empty back, a towel or a face is turned away here.
"""

from collections.abc import Iterable
from typing import Final

import numpy as np

from vision.arrays import Floats
from vision.back_frame import BackFrame
from vision.hands import DetectedHand

HAND_CM: Final = 18.5
"""Length of an adult's hand, wrist to middle fingertip (ANSUR II: 19.3 men, 17.8 women)."""

PALM_SHARE: Final = 0.55
"""Wrist to middle knuckle, as a share of the hand's length."""

WIDTH_TO_LENGTH: Final = 1.3
"""Brings the width over the knuckles to the palm's length, for palms seen foreshortened."""

SMALLEST: Final = 0.22
LARGEST: Final = 1.3
"""Size of a palm in the picture beside that of a palm lying on the back.

On true hands 0.25 to 1.2 was seen, edge-on and lifted toward the camera; an empty back taken
for a hand comes out at 1.5 to 3.5.
"""

FARTHEST: Final = 0.95
"""Farthest landmark from the middle of them all, in hand's lengths. Spread flat it is 0.6."""

WIDEST: Final = 3.0
"""Knuckle width over palm length. Fists pointing at the camera reach 2.6."""

SAME_HAND: Final = 0.22
"""Two hands whose axes lie nearer than this, in hand's lengths, are one hand found twice."""

_AXIS: Final = [0, 9, 12]
# Of one hand found twice, one is often the other's mirror image: only the axis agrees.


class HandGate:
    """Turns away detections of impossible size or shape, and hands found twice."""

    def __init__(self, back_frame: BackFrame) -> None:
        self.hand_px = hand_length_px(back_frame)

    def pass_on(self, hands: Iterable[DetectedHand]) -> tuple[DetectedHand, ...]:
        """The plausible ones, best score first."""
        kept: list[DetectedHand] = []
        for hand in sorted(hands, key=lambda hand: -hand.score):
            if self._plausible(hand) and not any(self._same(hand, other) for other in kept):
                kept.append(hand)
        return tuple(kept)

    def _plausible(self, hand: DetectedHand) -> bool:
        marks = hand.landmarks_px
        length = float(np.linalg.norm(marks[9] - marks[0]))
        width = float(np.linalg.norm(marks[5] - marks[17]))
        size = max(length, WIDTH_TO_LENGTH * width) / (PALM_SHARE * self.hand_px)
        reach = np.linalg.norm(marks - marks.mean(axis=0), axis=1).max() / self.hand_px
        return SMALLEST < size < LARGEST and width < WIDEST * length and bool(reach < FARTHEST)

    def _same(self, hand: DetectedHand, other: DetectedHand) -> bool:
        apart = hand.landmarks_px[_AXIS] - other.landmarks_px[_AXIS]
        near: bool = np.linalg.norm(apart, axis=1).mean() < SAME_HAND * self.hand_px
        return near


def hand_length_px(back_frame: BackFrame) -> float:
    """Length of an adult's hand lying in the middle of this back, in px."""
    across = back_frame.to_image(np.array([[-0.3, 0.5], [0.3, 0.5]]))
    along = back_frame.to_image(np.array([[0.0, 0.35], [0.0, 0.65]]))
    px_per_cm = max(
        _apart(across) / (0.6 * back_frame.scale.u_cm),
        _apart(along) / (0.3 * back_frame.scale.v_cm),
    )
    return HAND_CM * px_per_cm


def _apart(two_points: Floats) -> float:
    return float(np.linalg.norm(two_points[1] - two_points[0]))
