"""Which of the giver's hands a hand is, from its place, its shape and its label.

A cue is a number below 0 for the left one and above 0 for the right one; 1 is a good cue. The
giver is at the waist and faces the head, so the left hand works on the receiver's left.
"""

import math
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np

from vision.arrays import Floats
from vision.back_frame import BackFrame
from vision.hands import DetectedHand, Side

SIDE_U: Final = 0.5
"""Distance from the spine, in u, at which the side is a good cue."""

CHIRALITY_FULL: Final = 0.35
"""Palm width across its length from which the thumb's side is a full cue; flat palms show 0.7."""

SHAPE_WEIGHT: Final = 1.0
LABEL_WEIGHT: Final = 0.2
"""Right in 90 to 100 % (shape) and 50 to 100 % (label) of the detections on a back."""

PAIR_WEIGHT: Final = 2.0
ALONE_WEIGHT: Final = 1.6
"""Two hands say twice as much by their side; one far from the spine outweighs its shape, which
the landmarker gets wrong most often there, where hands are bent round the arms."""

LEVEL_V: Final = 0.5
"""Hands farther apart along the spine than this are not side by side."""

_SIGN: Final[dict[Side | None, float]] = {"left": -1.0, "right": 1.0, None: 0.0}


@dataclass(frozen=True, slots=True)
class HandCues:
    """What one detection says about its identity."""

    u: float
    v: float
    shape: float
    """-1 to 1 by the side of the thumb, weighted."""

    @property
    def alone(self) -> float:
        """The cue of this hand by itself."""
        return ALONE_WEIGHT * math.tanh(self.u / SIDE_U) + self.shape


class CueReader:
    """Reads the cues of detections on one back."""

    def __init__(self, back_frame: BackFrame) -> None:
        self._back_frame = back_frame
        self._hand_sign = -_turn(back_frame)
        # Each hand of a picture is asked about several times.
        self.read = lru_cache(maxsize=8)(self._read)

    def _read(self, hand: DetectedHand) -> HandCues:
        """Cues of a detection, for a back of the hand turned to the camera."""
        places, _ = self._back_frame.to_back(hand.palm_px[None])
        shape = SHAPE_WEIGHT * self._hand_sign * _chirality(hand.landmarks_px)
        label = LABEL_WEIGHT * _SIGN[hand.label]
        return HandCues(float(places[0, 0]), float(places[0, 1]), shape + label)


def pair_cue(left: HandCues, right: HandCues) -> float:
    """Positive where two hands are named rightly, negative where they are swapped; -4 to 4."""
    level = math.exp(-(((left.v - right.v) / LEVEL_V) ** 2))
    side = PAIR_WEIGHT * math.tanh((right.u - left.u) / (2 * SIDE_U)) * level
    return side + right.shape - left.shape


def _turn(back_frame: BackFrame) -> float:
    """1 where the chart's u, v turn in the picture as on a plain photo of a back, -1 mirrored."""
    across = np.diff(back_frame.to_image(np.array([[-0.3, 0.5], [0.3, 0.5]])), axis=0)[0]
    along = np.diff(back_frame.to_image(np.array([[0.0, 0.35], [0.0, 0.65]])), axis=0)[0]
    return -float(np.sign(_cross(across, along)))


def _chirality(landmarks_px: Floats) -> float:
    """-1 to 1: on which side of the palm the thumb lies; 0 for a palm seen edge-on."""
    length = landmarks_px[9] - landmarks_px[0]
    width = landmarks_px[5] - landmarks_px[17]
    turn = _cross(length, width) / max(float(length @ length), float(width @ width), 1e-9)
    return float(np.clip(turn / CHIRALITY_FULL, -1.0, 1.0))


def _cross(a: Floats, b: Floats) -> float:
    return float(a[0] * b[1] - a[1] * b[0])
