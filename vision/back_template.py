"""The receiver's back in three dimensions: named points with priors, and the surface hands ride on.

Body frame: x to the receiver's right, y along the spine toward the head, z out of the back, all in
units of half the shoulder width; the origin is the waist on the spine. The chart is u = x and
v = y / spine: the height of the surface never enters u, so a hand on the flank has the u of its
place seen square on from above.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.arrays import Floats

SHAPE_PRIOR: Final[dict[str, tuple[float, float]]] = {
    "spine": (2.15, 0.15),
    "shoulder_share": (0.77, 0.05),
    "shoulder_depth": (0.05, 0.06),
    "waist_half": (0.77, 0.10),
    "waist_up": (0.02, 0.06),
    "waist_depth": (0.50, 0.10),
    "nape_depth": (0.0, 0.10),
}
"""Mean and standard deviation of each field of BackShape.

The spine's length is C7 to the iliac crest over half the biacromial breadth: 2.19 for men and for
women in ANSUR II, with the spread that their standard deviations give. With the arms down the
shoulder line is at 0.77 of it, raised near 0.9. C7 and the small of the back lie about equally far
behind the upper back, each with a spread of 2 cm.
"""

CURVE_POWER: Final = 4.0
"""Across, a back is flat between the shoulder blades' outer edges and then falls off steeply."""

STEEPEST: Final = 1.2
"""Flanks are followed down to this slope; beyond it lie the arms or the couch."""

DEEPEST: Final = 0.6
"""The surface levels out at this depth: no hand of a stroke goes deeper."""

BULGE_CM: Final = 3.5
"""The rib cage and shoulder blades stand out of the line from waist to nape by this much: posture
studies give 3 to 4 cm for the distance of C7 from the most prominent part of the upper back."""

BULGE_V: Final = (0.70, 0.38)
"""Where the bulge is highest beside the spine, and its spread along it."""

FULL_WIDTH_V: Final = 0.65
"""From here up the arms or the shoulder blades carry the surface as wide as at the shoulders."""


@dataclass(frozen=True, slots=True)
class BackShape:
    """Where the named points lie on one back, in units of half the shoulder width."""

    spine: float
    """y of the nape."""
    shoulder_share: float
    """v of the line through the shoulder tips."""
    shoulder_depth: float
    """How far the shoulder tips lie below the waist on the spine."""
    waist_half: float
    """abs(x) of the sides of the waist."""
    waist_up: float
    """y of the sides of the waist."""
    waist_depth: float
    """How far the sides of the waist lie below the waist on the spine."""
    nape_depth: float
    """How far the nape lies below the waist on the spine."""

    def points(self) -> dict[str, tuple[float, float, float]]:
        """(x, y, z) of every name that a calibration may hold."""
        shoulder_y = self.shoulder_share * self.spine
        return {
            "nape": (0.0, self.spine, -self.nape_depth),
            "waist": (0.0, 0.0, 0.0),
            "left_shoulder": (-1.0, shoulder_y, -self.shoulder_depth),
            "right_shoulder": (1.0, shoulder_y, -self.shoulder_depth),
            "left_waist": (-self.waist_half, self.waist_up, -self.waist_depth),
            "right_waist": (self.waist_half, self.waist_up, -self.waist_depth),
        }


@dataclass(frozen=True, slots=True)
class BackSurface:
    """The surface that palm centres ride on: the skin, raised by the thickness of a hand."""

    shape: BackShape
    thickness: float
    """Height of a palm's landmarks above the skin, in units of half the shoulder width."""
    bulge: float
    """Height of the upper back above the line from waist to nape, in the same units."""
    steepest_left: float = STEEPEST
    """Steepest slope of the receiver's left flank. Less than STEEPEST where the camera looks along
    that flank: rays that graze a surface tell nothing, so it is followed only as far as they meet
    it."""
    steepest_right: float = STEEPEST
    relief: float = 1.0
    """Share of the flanks' depth: 0 for none."""

    def height(self, points_back: Floats) -> Floats:
        """(N,) z above the waist on the spine, of the chart's (N, 2) points."""
        across, v = np.clip(points_back[:, 0], -4, 4), np.clip(points_back[:, 1], -2, 3)
        depth, slope = self._fall(across, v)
        raised = self.thickness * np.sqrt(1 + slope**2)
        height: Floats = raised + self._ridge(v) - depth
        return height

    def lift(self, points_back: Floats) -> Floats:
        """(N, 3) body-frame places of the chart's (N, 2) points."""
        y = points_back[:, 1] * self.shape.spine
        return np.stack([points_back[:, 0], y, self.height(points_back)], axis=1)

    def _ridge(self, v: Floats) -> Floats:
        middle, spread = BULGE_V
        bulge = self.bulge * np.exp(-(((v - middle) / spread) ** 2))
        sag: Floats = bulge - self.shape.nape_depth * np.clip(v, 0, 1)
        return sag

    def _fall(self, across: Floats, v: Floats) -> tuple[Floats, Floats]:
        """Depth below the spine's line, and its slope across; a power law with a straight tail."""
        half = self._half_width(v)
        deep = self.relief * self.shape.waist_depth
        steepest = np.where(across < 0, self.steepest_left, self.steepest_right)
        with np.errstate(divide="ignore"):
            bend = half * (steepest * half / max(CURVE_POWER * deep, 1e-9)) ** (
                1 / (CURVE_POWER - 1)
            )
        inner = np.minimum(np.abs(across), bend)
        slope = CURVE_POWER * deep / half * (inner / half) ** (CURVE_POWER - 1)
        depth = deep * (inner / half) ** CURVE_POWER + slope * (np.abs(across) - inner)
        return DEEPEST * np.tanh(depth / DEEPEST), slope / np.cosh(depth / DEEPEST) ** 2

    def _half_width(self, v: Floats) -> Floats:
        """(N,) abs(x) at which the surface is as deep as at the sides of the waist."""
        shape = self.shape
        at_tip = shape.shoulder_depth + float(self._ridge(np.array([shape.shoulder_share]))[0])
        share = max(shape.waist_depth / max(at_tip, 0.05), 1.0)
        widest = max(share ** (1 / CURVE_POWER), shape.waist_half)
        rise = np.clip(v / FULL_WIDTH_V, 0, 1)
        half: Floats = shape.waist_half + (widest - shape.waist_half) * rise**2 * (3 - 2 * rise)
        return half
