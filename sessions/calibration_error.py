"""How far a calibration that nobody set lies from one that somebody set."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from vision.calibration import Calibration


@dataclass(frozen=True, slots=True)
class CalibrationMiss:
    """Distances of a found calibration's points from the given ones'."""

    source: str
    """How the found one was found."""
    points: Mapping[str, float]
    """For every name that both hold: distance in given shoulder widths, as seen."""

    @property
    def mean(self) -> float:
        """Mean over the points."""
        return sum(self.points.values()) / len(self.points)

    @property
    def worst(self) -> float:
        """The point that is furthest off."""
        return max(self.points.values())


def calibration_error(found: Calibration, given: Calibration) -> CalibrationMiss:
    """How far `found` lies from `given`, in units of the shoulder width in the picture.

    Raises CalibrationError where the two are for pictures of different shape.
    """
    own = found.fitted_to(*given.image_size).points_px
    true = given.points_px
    width_px = math.dist(true["left_shoulder"], true["right_shoulder"])
    common = (name for name in true if name in own)
    return CalibrationMiss(
        found.source, {name: math.dist(own[name], true[name]) / width_px for name in common}
    )
