"""A calibration by touch: the giver lays both hands on named places of the back in turn."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from vision.arrays import Floats
from vision.calibration import Calibration
from vision.errors import CalibrationError, Sentence
from vision.path_fit import HALF_WIDTH_HANDS, Anchor, PathFit

Place = Literal["lower_back", "neck", "shoulders"]

PLACES_BACK: Final[Mapping[Place, tuple[float, float]]] = {
    "lower_back": (0.35, 0.07),
    "neck": (0.37, 0.85),
    "shoulders": (0.94, 0.81),
}
"""(abs(u), v) of the palms: both hands beside the spine at the waist, beside the base of the neck
with the fingers at the nape, and on the tops of the shoulders, as they pass there in a stroke."""

NEEDED: Final[tuple[Place, ...]] = ("lower_back", "neck")
"""Without these nobody knows where the back is. The shoulders, over which hands are hardest to see,
tell whether these two were the right places; where they were, the chart needs them little: over
seven rendered clips its points lay 0.04 to 0.09 shoulder widths off without, 0.03 to 0.07 with."""

PALM_SPREAD: Final = 0.08
"""People lay a hand down again within 1.5 cm, in half shoulder widths."""

WORST_MISFIT: Final = 0.14
"""Palms off by more than this, in half shoulder widths, lay elsewhere. In the same clips palms in
the right places were off by 0.02 to 0.05, and by 0.15 to 0.4 where the hands rested in the middle
of the back instead of beside the neck."""


@dataclass(frozen=True, slots=True, eq=False)
class TouchedBack:
    """The back that touched places tell."""

    calibration: Calibration
    shoulders_px: tuple[Floats, Floats]
    """(2,) where the left and the right palm will lie on the tops of the shoulders."""


def find_back(
    palms_px: Mapping[Place, tuple[Floats, Floats]],
    hand_px: float,
    image_size: tuple[int, int],
) -> TouchedBack:
    """The back from where the giver's (left, right) palms (2,) px rested on each named place.

    `hand_px` is the length of a hand from wrist to tip as seen. Raises CalibrationError where a
    needed place is missing, or no back has its places there.
    """
    missing = tuple(
        Sentence(f"the {place.replace('_', ' ')}", key=f"place.{place}")
        for place in NEEDED
        if place not in palms_px
    )
    if missing:
        raise CalibrationError(
            "The hands were not seen to rest on {missing}, so the back's "
            "place is not known; lay both hands there for a moment, in full view.",
            key="error.place_not_touched",
            missing=missing,
        )
    anchors = [
        Anchor((sign * PLACES_BACK[place][0], PLACES_BACK[place][1]), PALM_SPREAD, palm_px)
        for place, palms in palms_px.items()
        for sign, palm_px in zip((-1.0, 1.0), palms, strict=True)
    ]
    low, high = (np.mean(palms_px[place], axis=0) for place in NEEDED)
    laid = PathFit(image_size, hand_px, anchors).lay(high - low, (low + high) / 2)
    width_px = math.dist(laid.points_px["left_shoulder"], laid.points_px["right_shoulder"])
    unit_px = max(width_px / 2, HALF_WIDTH_HANDS[0] * hand_px)
    if laid.rms_px > WORST_MISFIT * unit_px:
        raise CalibrationError(
            "The places where the hands rested can't be the lower back, the neck and the shoulders "
            "of one back; lay both hands on each of them again, the left hand on the left side.",
            key="error.no_such_touch",
        )
    across, v = PLACES_BACK["shoulders"]
    left, right = laid.palms_px(np.array([(-across, v), (across, v)]))
    return TouchedBack(laid.calibration(image_size, "touch"), (left, right))


def calibrate_by_touch(
    palms_px: Mapping[Place, tuple[Floats, Floats]],
    hand_px: float,
    image_size: tuple[int, int],
) -> Calibration:
    """The calibration of `find_back`."""
    return find_back(palms_px, hand_px, image_size).calibration
