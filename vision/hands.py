"""Hands as values: what was detected in a frame, and who is who over time."""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from vision.arrays import Floats, readonly

Side = Literal["left", "right"]
"""The giver's own left or right hand."""

SIDES: Final[tuple[Side, Side]] = ("left", "right")

PALM: Final = (0, 5, 9, 13, 17)
"""Landmarks whose mean is the palm centre: the wrist and the four knuckles."""

FINGERTIPS: Final = (8, 12, 16, 20)
"""Tips of index, middle, ring and little finger."""


_PALM_SHARES: Final = np.isin(np.arange(21), PALM) / len(PALM)


def palm_centre(landmarks: Floats) -> Floats:
    """(2,) mean of the palm's landmarks (21, 2)."""
    centre: Floats = _PALM_SHARES @ landmarks
    return centre


@dataclass(frozen=True, slots=True, eq=False)
class DetectedHand:
    """One hand that the landmarker found in one picture."""

    landmarks_px: Floats
    """(21, 2), px of the upright full-size picture, in MediaPipe's order."""
    score: float
    """Handedness score, 0 to 1."""
    label: Side | None = None
    """What MediaPipe calls it: at most a hint (wrong in up to 46 % of frames on a back)."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "landmarks_px", readonly(self.landmarks_px))

    @property
    def palm_px(self) -> Floats:
        """(2,) palm centre."""
        return palm_centre(self.landmarks_px)


@dataclass(frozen=True, slots=True, eq=False)
class TrackedHand:
    """One of the giver's hands at one time."""

    landmarks_px: Floats
    """(21, 2), px of the upright full-size picture, smoothed."""
    observed: bool
    """False where a short gap was bridged: never to be shown or counted as seen."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "landmarks_px", readonly(self.landmarks_px))

    @property
    def palm_px(self) -> Floats:
        """(2,) palm centre."""
        return palm_centre(self.landmarks_px)


@dataclass(frozen=True, slots=True, eq=False)
class HandPair:
    """Both of the giver's hands at one time; None where a hand is not known."""

    time_s: float
    left: TrackedHand | None
    right: TrackedHand | None

    def side(self, side: Side) -> TrackedHand | None:
        """The hand of that side."""
        return self.left if side == "left" else self.right
