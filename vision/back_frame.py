"""The back frame: from picture positions of hands to the chart of the receiver's back, and back.

u = 0 on the spine, -1 at the tip of the receiver's left shoulder, +1 at the right one; v = 0 at the
waist, 1 at the nape. u is the place across the back seen square on from above, however deep the
surface is there: hands that glide down the sides lie near abs(u) 0.6 to 1.1.
"""

import math
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.arrays import Floats, readonly
from vision.back_rays import WORST_SD_UV, BackRays, bounded_rays, doubt
from vision.back_template import BULGE_CM, BackSurface
from vision.calibration import Calibration, Source
from vision.camera_pose import CameraFit, CameraPose, fit_camera
from vision.hands import FINGERTIPS, PALM, HandPair, TrackedHand
from vision.samples import BackHand, BackSample, BackScale

MEAN_SHOULDER_WIDTH_CM: Final = 39.0
"""Biacromial breadth of adults, mean of men (41.6) and women (36.5) in ANSUR II."""

PALM_HEIGHT_CM: Final = 3.3
"""Height of a palm's landmarks above the skin; hands ride 2 to 4 cm above it."""

THUMB_EDGE_LOWER_CM: Final = 0.9
TIPS_LOWER_CM: Final = 2.0
"""How much nearer the skin than the palm's mean the thumb-side edge and the fingertips are."""

CELLS: Final = 128
"""Cells of the lookup grid along the picture's longer side."""

COARSE_CELLS: Final = 24
"""The same for the grid of doubt, which changes slowly and costs much."""

MARGIN: Final = 0.25
"""The grid goes beyond the picture by this share of its longer side."""

THUMB_EDGE: Final = (2, 5)
"""The thumb's base joint and the index knuckle: the edge of the palm nearest the spine."""

TOP_BACK: Final = ((-0.37, 0.8), (0.37, 0.8))
"""Palms beside the spine with the fingers at the nape: as far up the back as hands glide."""

WRIST: Final = 0
MIDDLE_KNUCKLE: Final = 9


def _means(*groups: tuple[int, ...]) -> Floats:
    """(groups, 21) weights that take the mean of each group of landmarks."""
    weights = np.zeros((len(groups), 21))
    for row, group in zip(weights, groups, strict=True):
        row[list(group)] = 1 / len(group)
    return readonly(weights)


SAMPLED: Final = _means(PALM, FINGERTIPS, THUMB_EDGE, (WRIST,), (MIDDLE_KNUCKLE,))
"""Palm, fingertips, thumb edge, wrist and middle knuckle from a hand's 21 landmarks."""

LOWER_CM: Final = np.array([0.0, TIPS_LOWER_CM, THUMB_EDGE_LOWER_CM, 0.0, 0.0])
"""How far each of SAMPLED lies below the palm's mean."""


@dataclass(frozen=True, slots=True, eq=False)
class _Lookup:
    """Values at a grid of picture positions."""

    origin_px: Floats
    """(2,)"""
    step_px: float
    nodes: Floats
    """(rows, columns, values)"""

    def at(self, points_px: Floats) -> Floats:
        """(N, values) bilinear between the nodes; positions off the grid count as on its rim."""
        rows, columns = self.nodes.shape[:2]
        place = (points_px - self.origin_px) / self.step_px
        place = np.clip(place, 0, (columns - 1.001, rows - 1.001))
        whole = place.astype(np.intp)
        (fx, fy), (column, row) = (place - whole).T[..., None], whole.T
        upper = self.nodes[row, column] * (1 - fx) + self.nodes[row, column + 1] * fx
        lower = self.nodes[row + 1, column] * (1 - fx) + self.nodes[row + 1, column + 1] * fx
        mixed: Floats = upper * (1 - fy) + lower * fy
        return mixed


@dataclass(frozen=True, slots=True, eq=False)
class BackFrame:
    """The receiver's back in a picture, as fitted by `fit_back_frame`."""

    rays: BackRays
    scale: BackScale
    rms_px: float
    """Root mean square distance between the calibration's points and the fitted ones."""
    lookup: _Lookup
    """u and v of a palm, how they change per unit of height above it, and their spread."""

    @property
    def camera(self) -> CameraPose:
        """From where the camera looks at the back, as fitted."""
        return self.rays.camera

    def to_back(self, points_px: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Chart places (N, 2) of palms at (N, 2) px, and (N,) bool: where they can be trusted.

        Not trusted is a place that the fit leaves open, one where the ray grazes the surface (the
        far flank, a low camera), and one off the back. The chart goes on smoothly there, so that a
        hand's way stays in one piece.
        """
        looked_up = self.lookup.at(np.asarray(points_px, dtype=np.float64))
        return looked_up[:, :2], _bearable(looked_up[:, 4:])

    def to_image(self, points_back: Floats) -> Floats:
        """Picture positions (N, 2) px of a hand's palm at chart places (N, 2)."""
        return self.rays.project(np.asarray(points_back, dtype=np.float64))

    def spread(self, points_px: Floats) -> Floats:
        """(N, 2) standard deviations of u and v of palms at (N, 2) px (see `to_back`)."""
        return self.lookup.at(np.asarray(points_px, dtype=np.float64))[:, 4:]

    def sample(self, pair: HandPair) -> BackSample:
        """Both hands on the chart; None stays None."""
        hands = [hand for hand in (pair.left, pair.right) if hand is not None]
        if not hands:
            return BackSample(pair.time_s, None, None)
        points_px = np.concatenate([SAMPLED @ hand.landmarks_px for hand in hands])
        looked_up = self.lookup.at(points_px).reshape(len(hands), len(SAMPLED), -1)
        found = iter([self._hand(*each) for each in zip(hands, looked_up, strict=True)])
        left = None if pair.left is None else next(found)
        right = None if pair.right is None else next(found)
        return BackSample(pair.time_s, left, right)

    def _hand(self, hand: TrackedHand, looked_up: Floats) -> BackHand:
        lower = LOWER_CM[:, None] / self.scale.u_cm
        palm, tips, thumb_edge, wrist, knuckle = looked_up[:, :2] - lower * looked_up[:, 2:4]
        across, along = (knuckle - wrist).tolist()
        across_cm, along_cm = across * self.scale.u_cm, along * self.scale.v_cm
        return BackHand(
            palm_back=palm,
            tips_back=tips,
            thumb_edge_back=thumb_edge,
            pointing_deg=math.degrees(math.atan2(abs(across_cm), along_cm)),
            observed=hand.observed,
            trusted=bool(_bearable(looked_up[:1, 4:])[0]),
            sd_back=(float(looked_up[0, 4]), float(looked_up[0, 5])),
        )


def _bearable(sd_back: Floats) -> NDArray[np.bool_]:
    """(N,) whether places with these spreads (N, 2) of u and v can be trusted."""
    return np.asarray((sd_back <= WORST_SD_UV).all(axis=1))


def fit_back_frame(calibration: Calibration) -> BackFrame:
    """The back frame of a calibration, for pictures of its `image_size`.

    Raises CalibrationError where its points can't be those of a back.
    """
    fit = fit_camera(calibration)
    width_cm = calibration.shoulder_width_cm
    u_cm = (width_cm or MEAN_SHOULDER_WIDTH_CM) / 2
    scale = BackScale(
        u_cm=u_cm,
        v_cm=u_cm * fit.shape.spine,
        shoulder_line_v=fit.shape.shoulder_share,
        assumed=width_cm is None,
    )
    surface = BackSurface(fit.shape, PALM_HEIGHT_CM / u_cm, BULGE_CM / u_cm)
    rays = bounded_rays(fit.camera, surface)
    lookup = _build_lookup(rays, fit, calibration.image_size)
    frame = BackFrame(rays, scale, fit.rms_px, lookup)
    return replace(frame, scale=_with_reach(scale, frame, calibration.source))


def _with_reach(scale: BackScale, frame: BackFrame, source: Source) -> BackScale:
    reach_sd_v = float(frame.spread(frame.to_image(np.array(TOP_BACK)))[:, 1].min())
    tells_reach = source != "motion" and reach_sd_v <= WORST_SD_UV[1]
    return replace(scale, reach_sd_v=reach_sd_v, tells_reach=tells_reach)


def _build_lookup(rays: BackRays, fit: CameraFit, image_size: tuple[int, int]) -> _Lookup:
    points_px, coarse_points_px = (_grid_px(image_size, cells) for cells in (CELLS, COARSE_CELLS))
    coarse = _lookup(coarse_points_px, doubt(rays, fit, coarse_points_px.reshape(-1, 2)))
    flat_px = points_px.reshape(-1, 2)
    chart = rays.meet(flat_px)
    per_height = rays.per_height(flat_px, chart)
    return _lookup(points_px, np.column_stack([chart, per_height, coarse.at(flat_px)]))


def _grid_px(image_size: tuple[int, int], cells: int) -> Floats:
    """(rows, columns, 2) px of a square grid over the picture and its margin."""
    longer = max(image_size)
    step_px, margin_px = longer / cells, MARGIN * longer
    columns, rows = (
        np.arange(-margin_px, extent + margin_px + step_px, step_px) for extent in image_size
    )
    return np.stack(np.meshgrid(columns, rows), axis=-1)


def _lookup(points_px: Floats, values: Floats) -> _Lookup:
    rows, columns, _ = points_px.shape
    step_px = float(points_px[0, 1, 0] - points_px[0, 0, 0])
    return _Lookup(points_px[0, 0], step_px, readonly(values.reshape(rows, columns, -1)))
