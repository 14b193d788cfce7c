"""The back frame: from picture positions of hands to the chart of the receiver's back, and back.

u = 0 on the spine, -1 at the tip of the receiver's left shoulder, +1 at the right one; v = 0 at the
waist, 1 at the nape. u is the place across the back seen square on from above, however deep the
surface is there: hands that glide down the sides lie near abs(u) 0.6 to 1.1.
"""

from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.arrays import Floats, readonly
from vision.back_template import BULGE_CM, STEEPEST, BackSurface
from vision.calibration import Calibration
from vision.camera_pose import CameraPose, fit_camera
from vision.hands import FINGERTIPS, PALM, HandPair, TrackedHand
from vision.samples import BackHand, BackSample, BackScale

MEAN_SHOULDER_WIDTH_CM: Final = 39.0
"""Biacromial breadth of adults, mean of men (41.6) and women (36.5) in ANSUR II."""

PALM_HEIGHT_CM: Final = 3.3
"""Height of a palm's landmarks above the skin; hands ride 2 to 4 cm above it."""

THUMB_EDGE_LOWER_CM: Final = 0.9
TIPS_LOWER_CM: Final = 2.0
"""How much nearer the skin than the palm's mean the thumb-side edge and the fingertips are."""

HEIGHT_SD: Final = 0.07
"""How well that height and the surface are known, in units of half the shoulder width."""

WORST_SHIFT: Final = 0.2
"""A place is trusted while such an error of height moves it by less than this (same unit)."""

TRUSTED_U: Final = 1.4
TRUSTED_V: Final = (-0.3, 1.3)
"""Off this part of the chart there is no back."""

STEEPEST_SEEN: Final = 0.5
"""A flank turned away from the camera is followed up to this share of the ray's own slope."""

CELLS: Final = 128
"""Cells of the lookup grid along the picture's longer side."""

MARGIN: Final = 0.25
"""The grid goes beyond the picture by this share of its longer side."""

LEAST_RATE: Final = 0.3
"""Rays that near the surface slower than this per unit of descent are treated as if they did so."""

MOST_ITERATIONS: Final = 30
SAME_HEIGHT: Final = 1e-6

THUMB_EDGE: Final = (2, 5)
"""The thumb's base joint and the index knuckle: the edge of the palm nearest the spine."""

WRIST: Final = 0
MIDDLE_KNUCKLE: Final = 9


@dataclass(frozen=True, slots=True, eq=False)
class _Lookup:
    """Chart places of a grid of picture positions."""

    origin_px: Floats
    step_px: float
    nodes: Floats
    """(rows, columns, 5): u and v of a palm; the shift by an error of height, wider than WORST_SHIFT
    where nothing is trusted; and how u and v change per unit of height above the skin."""

    def at(self, points_px: Floats) -> Floats:
        """(N, 5) bilinear between the nodes; positions off the grid count as on its rim."""
        rows, columns = self.nodes.shape[:2]
        place = (points_px - self.origin_px) / self.step_px
        x = np.clip(place[:, 0], 0, columns - 1.001)
        y = np.clip(place[:, 1], 0, rows - 1.001)
        column, row = x.astype(np.intp), y.astype(np.intp)
        fx, fy = (x - column)[:, None], (y - row)[:, None]
        upper = self.nodes[row, column] * (1 - fx) + self.nodes[row, column + 1] * fx
        lower = self.nodes[row + 1, column] * (1 - fx) + self.nodes[row + 1, column + 1] * fx
        mixed: Floats = upper * (1 - fy) + lower * fy
        return mixed


@dataclass(frozen=True, slots=True, eq=False)
class BackFrame:
    """The receiver's back in a picture, as fitted by `fit_back_frame`."""

    camera: CameraPose
    surface: BackSurface
    scale: BackScale
    rms_px: float
    """Root mean square distance between the calibration's points and the fitted ones."""
    lookup: _Lookup
    lower: Floats
    """(5, 1) how far below the palm's mean each of a hand's sampled points lies."""

    def to_back(self, points_px: Floats) -> tuple[Floats, NDArray[np.bool_]]:
        """Chart places (N, 2) of hands at (N, 2) px, and (N,) bool: where they can be trusted.

        Not trusted is a ray that grazes the surface (the far flank, a low camera), and a place off
        the back. The chart goes on smoothly there, so that a hand's way stays in one piece.
        """
        looked_up = self.lookup.at(np.asarray(points_px, dtype=np.float64))
        return looked_up[:, :2], looked_up[:, 2] <= WORST_SHIFT

    def to_image(self, points_back: Floats) -> Floats:
        """Picture positions (N, 2) px of a hand's palm at chart places (N, 2)."""
        return self.camera.project(self.surface.lift(np.asarray(points_back, dtype=np.float64)))

    def sample(self, pair: HandPair) -> BackSample:
        """Both hands on the chart; None stays None."""
        return BackSample(pair.time_s, self._hand(pair.left), self._hand(pair.right))

    def _hand(self, hand: TrackedHand | None) -> BackHand | None:
        if hand is None:
            return None
        marks = hand.landmarks_px
        points_px = np.stack(
            [
                marks[list(PALM)].mean(axis=0),
                marks[list(FINGERTIPS)].mean(axis=0),
                marks[list(THUMB_EDGE)].mean(axis=0),
                marks[WRIST],
                marks[MIDDLE_KNUCKLE],
            ]
        )
        looked_up = self.lookup.at(points_px)
        places = looked_up[:, :2] - self.lower * looked_up[:, 3:]
        across, along = (places[4] - places[3]) * (self.scale.u_cm, self.scale.v_cm)
        return BackHand(
            palm_back=places[0],
            tips_back=places[1],
            thumb_edge_back=places[2],
            pointing_deg=float(np.degrees(np.arctan2(abs(across), along))),
            observed=hand.observed,
            trusted=bool(looked_up[0, 2] <= WORST_SHIFT),
        )


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
    surface = _seen_surface(
        BackSurface(fit.shape, PALM_HEIGHT_CM / u_cm, BULGE_CM / u_cm), fit.camera
    )
    lookup = _build_lookup(fit.camera, surface, calibration.image_size)
    lower_cm = [[0.0], [TIPS_LOWER_CM], [THUMB_EDGE_LOWER_CM], [0.0], [0.0]]
    lower = readonly(np.array(lower_cm) / u_cm)
    return BackFrame(fit.camera, surface, scale, fit.rms_px, lookup, lower)


def _chart_grid(u_most: float, v_least: float, v_most: float, step: float) -> Floats:
    across = np.arange(-u_most, u_most + step / 2, step)
    along = np.arange(v_least, v_most + step / 2, step)
    return np.stack(np.meshgrid(across, along), axis=-1).reshape(-1, 2)


def _seen_surface(surface: BackSurface, camera: CameraPose) -> BackSurface:
    """The surface with flanks no steeper than the camera can follow, so each ray meets it once."""
    place = camera.place_body
    height = max(float(place[2]) - surface.thickness, 1e-3)
    steepest = [
        min(STEEPEST, STEEPEST_SEEN * height / max(side * (side * 1.2 - place[0]), 1e-3))
        for side in (-1.0, 1.0)
    ]
    bounded = replace(surface, steepest_left=steepest[0], steepest_right=steepest[1])
    chart = _chart_grid(1.4, -0.3, 1.3, 0.1)
    for relief in (1.0, 0.75, 0.5, 0.25):
        flatter = replace(bounded, relief=relief)
        if _crossing_rate(flatter, chart, _run_at(camera, flatter, chart)).min() > 0.2:
            return flatter
    return replace(bounded, relief=0.0)


def _run_at(camera: CameraPose, surface: BackSurface, points_back: Floats) -> Floats:
    return camera.run_body(camera.project(surface.lift(points_back)))


def _slopes(surface: BackSurface, points_back: Floats) -> Floats:
    """(N, 2) rise of the surface per unit of x and of y."""
    step = 1e-4
    rises = [
        surface.height(points_back + offset) - surface.height(points_back - offset)
        for offset in np.diag([step, step / surface.shape.spine])
    ]
    slopes: Floats = np.stack(rises, axis=1) / (2 * step)
    return slopes


def _crossing_rate(surface: BackSurface, points_back: Floats, run: Floats) -> Floats:
    """(N,) how fast a ray nears the surface per unit of its descent: 1 on the flat, 0 grazing."""
    rate: Floats = 1 + (_slopes(surface, points_back) * run).sum(axis=1)
    return rate


def _meet(camera: CameraPose, surface: BackSurface, points_px: Floats) -> tuple[Floats, Floats]:
    """Chart places (N, 2) where rays meet the surface, by Newton's rule; and the rays' runs."""
    place, run = camera.place_body, camera.run_body(points_px)
    units = np.array([1.0, surface.shape.spine])
    height = np.full(len(points_px), surface.thickness)
    for _ in range(MOST_ITERATIONS):
        chart = (place[:2] + run * (place[2] - height)[:, None]) / units
        miss = height - surface.height(chart)
        height -= miss / np.maximum(_crossing_rate(surface, chart, run), LEAST_RATE)
        if np.abs(miss).max() < SAME_HEIGHT:
            break
    return (place[:2] + run * (place[2] - height)[:, None]) / units, run


def _build_lookup(camera: CameraPose, surface: BackSurface, image_size: tuple[int, int]) -> _Lookup:
    longer = max(image_size)
    step_px, margin_px = longer / CELLS, MARGIN * longer
    columns, rows = (
        np.arange(-margin_px, extent + margin_px + step_px, step_px) for extent in image_size
    )
    points_px = np.stack(np.meshgrid(columns, rows), axis=-1).reshape(-1, 2)
    chart, run = _meet(camera, surface, points_px)
    units = np.array([1.0, surface.shape.spine])
    per_height = -run / np.maximum(_crossing_rate(surface, chart, run), LEAST_RATE)[:, None] / units
    nodes = np.column_stack([chart, _shift(surface, chart, run), per_height])
    nodes = nodes.reshape(len(rows), len(columns), 5)
    return _Lookup(readonly([-margin_px, -margin_px]), step_px, readonly(nodes))


def _shift(surface: BackSurface, chart: Floats, run: Floats) -> Floats:
    """(N,) how far an error of height moves a place, with the flanks as steep as they are."""
    true_surface = replace(surface, steepest_left=STEEPEST, steepest_right=STEEPEST, relief=1.0)
    rate = np.maximum(_crossing_rate(true_surface, chart, run), 0.05)
    shift = HEIGHT_SD * np.hypot(run[:, 0], run[:, 1]) / rate
    off_u = np.abs(chart[:, 0]) - TRUSTED_U
    off_v = np.maximum(TRUSTED_V[0] - chart[:, 1], chart[:, 1] - TRUSTED_V[1])
    off_back = np.maximum(off_u, off_v) > 0
    bounded: Floats = np.where(off_back, 2 * WORST_SHIFT, np.minimum(shift, 2 * WORST_SHIFT))
    return bounded
