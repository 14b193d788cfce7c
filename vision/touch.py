"""A calibration by touch: the giver lays both hands on named places of the back in turn."""

import math
from collections.abc import Mapping
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

PALM_SPREAD: Final = 0.08
"""People lay a hand down again within 1.5 cm, in half shoulder widths."""

WORST_MISFIT: Final = 0.2
"""Palms off by more than this, in half shoulder widths, lay elsewhere."""


def calibrate_by_touch(
    palms_px: Mapping[Place, tuple[Floats, Floats]],
    hand_px: float,
    image_size: tuple[int, int],
) -> Calibration:
    """The back from where the giver's (left, right) palms (2,) px rested on each named place.

    `hand_px` is the length of a hand from wrist to tip as seen. Raises CalibrationError where a
    place is missing, or no back has its places there.
    """
    missing = tuple(
        Sentence(f"the {place.replace('_', ' ')}", key=f"place.{place}")
        for place in PLACES_BACK
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
        Anchor((sign * across, v), PALM_SPREAD, palm_px)
        for place, (across, v) in PLACES_BACK.items()
        for sign, palm_px in zip((-1.0, 1.0), palms_px[place], strict=True)
    ]
    low, high = (np.mean(palms_px[place], axis=0) for place in ("lower_back", "neck"))
    laid = PathFit(image_size, hand_px, anchors).lay(high - low, (low + high) / 2)
    width_px = math.dist(laid.points_px["left_shoulder"], laid.points_px["right_shoulder"])
    unit_px = max(width_px / 2, HALF_WIDTH_HANDS[0] * hand_px)
    if laid.rms_px > WORST_MISFIT * unit_px:
        raise CalibrationError(
            "The places where the hands rested can't be the lower back, the neck and the shoulders "
            "of one back; lay both hands on each of them again, the left hand on the left side.",
            key="error.no_such_touch",
        )
    return laid.calibration(image_size, "touch")
