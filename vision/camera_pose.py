"""From where the camera looks at the back: pose, field of view and shape, fitted together."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.spatial.transform import Rotation

from vision.arrays import Floats, readonly
from vision.back_template import SHAPE_PRIOR, BackShape
from vision.calibration import Calibration, Source
from vision.errors import CalibrationError

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

FIELD_OF_VIEW_DEG: Final = 60.0
"""Prior of the angle along the picture's longer side: between a phone's and a webcam's."""

FOCAL_LOG_SD: Final = 0.20
"""Standard deviation of the log of the focal length about that prior: 50 to 70 degrees."""

FOCAL_LOG_BOUND: Final = 0.85
"""Focal lengths further off (fields of view under 28 or over 107 degrees) are not tried."""

CLICK_SD: Final = 0.012
"""Standard deviation of a clicked point, in units of the longer of spine and shoulder width."""

POINT_SD: Final[Mapping[Source, float]] = {
    "points": CLICK_SD,
    "touch": 0.05,
    "settle": 0.1,
    "pose": 0.06,
    "motion": 0.06,
}
"""The same for each source, where the calibration does not say what it leaves open. Measured on
rendered clips: 0.02 to 0.05 with strokes, 0.1 and worse for a hold without any."""

NEGLIGIBLE: Final = 0.1
"""What a calibration leaves open is left out below this share of the points' own spread."""

WORST_MISFIT: Final = 0.06
"""A residual over this share of that length is no back."""

SAME_VIEW_DEG: Final = 5.0
"""Minima that differ by less in the camera's direction are the same one."""

FLATTEST_RUN: Final = 12.0
"""Rays are never followed further across than this per unit of descent: 5 degrees of elevation."""

VIEWS: Final = ((0, 0, 1), (1, 0, 1), (-1, 0, 1), (0, 1, 1), (0, -1, 1))
"""Directions toward the camera from which the fit starts: above, and 45 degrees to each side."""

SHAPE_MEAN: Final = np.array([mean for mean, _ in SHAPE_PRIOR.values()])
SHAPE_SD: Final = np.array([sd for _, sd in SHAPE_PRIOR.values()])


@dataclass(frozen=True, slots=True, eq=False)
class CameraPose:
    """A pinhole camera in the body frame of `vision.back_template`."""

    rotation_camera_body: Floats
    """(3, 3)"""
    translation_camera: Floats
    """(3,) the body frame's origin as the camera sees it."""
    focal_px: float
    centre_px: Floats
    """(2,) middle of the picture, where the optical axis is taken to be."""
    mirrored: bool = False
    """True where the picture is the mirror image of what the camera saw."""

    def __post_init__(self) -> None:
        for name in ("rotation_camera_body", "translation_camera", "centre_px"):
            object.__setattr__(self, name, readonly(getattr(self, name)))

    @property
    def place_body(self) -> Floats:
        """(3,) where the camera stands."""
        place: Floats = -self.rotation_camera_body.T @ self.translation_camera
        return place

    def project(self, points_body: Floats) -> Floats:
        """(N, 2) px of (N, 3) places in front of the camera."""
        seen = points_body @ self.rotation_camera_body.T + self.translation_camera
        ahead = np.maximum(seen[:, 2:], 1e-3)
        px: Floats = seen[:, :2] / ahead * self._focal_px + self.centre_px
        return px

    def run_body(self, points_px: Floats) -> Floats:
        """(N, 2) how far the ray through each point runs in x and y per unit of descent."""
        ahead = np.column_stack(
            [(points_px - self.centre_px) / self._focal_px, np.ones(len(points_px))]
        )
        ray = ahead @ self.rotation_camera_body
        across = np.hypot(ray[:, 0], ray[:, 1])
        descent = np.maximum(-ray[:, 2], np.maximum(across / FLATTEST_RUN, 1e-9))
        run: Floats = ray[:, :2] / descent[:, None]
        return run

    @property
    def _focal_px(self) -> Floats:
        """(2,) along the picture's axes: a mirror image runs the other way across."""
        return np.array([-self.focal_px if self.mirrored else self.focal_px, self.focal_px])


@dataclass(frozen=True, slots=True, eq=False)
class Alternative:
    """Another camera and back that the calibration leaves open."""

    camera: CameraPose
    shape: BackShape
    weight: float


@dataclass(frozen=True, slots=True, eq=False)
class CameraFit:
    """A camera and the back it looks at, as fitted to a calibration."""

    camera: CameraPose
    shape: BackShape
    rms_px: float
    """Root mean square distance between given and fitted points."""
    alternatives: tuple[Alternative, ...]
    """Squared differences of anything computed from them, times the weights, add up to its
    variance."""


def fit_camera(calibration: Calibration) -> CameraFit:
    """The most likely camera and back for the calibration's points.

    Raises CalibrationError where no camera in front of a plausible back sees the points so.
    """
    names = tuple(calibration.points_px)
    given_px, *shifts_px = (
        np.array([points[name] for name in names], dtype=np.float64)
        for points in (calibration.points_px, *calibration.shifts_px)
    )
    size = np.array(calibration.image_size, dtype=np.float64)
    if calibration.mirrored:  # Fitted to what the camera saw, before somebody mirrored it.
        given_px = given_px * (-1, 1) + size * (1, 0)
        shifts_px = [shift * (-1, 1) for shift in shifts_px]
    length_px = _length_px(calibration)
    spread_px = length_px * (CLICK_SD if shifts_px else POINT_SD[calibration.source])
    unpack = unpacker(names, size)

    def found(parameters: Floats) -> tuple[CameraPose, BackShape]:
        camera, shape, _ = unpack(parameters)
        return replace(camera, mirrored=calibration.mirrored), shape

    def residuals(parameters: Floats) -> Floats:
        camera, _, places = unpack(parameters)
        off = (camera.project(places) - given_px) / spread_px
        return np.concatenate([off.ravel(), [parameters[6] / FOCAL_LOG_SD], parameters[7:]])

    def rms_px(parameters: Floats) -> float:
        camera, _, places = unpack(parameters)
        return float(np.sqrt(((camera.project(places) - given_px) ** 2).sum(axis=1).mean()))

    fits = [
        fit
        for fit in _minima(residuals, _starts(names, given_px, size))
        if unpack(fit.x)[0].place_body[2] > 0 and rms_px(fit.x) <= WORST_MISFIT * length_px
    ]
    if not fits:
        raise CalibrationError(
            "The calibration's points can't be those of a back seen by one camera (the best fit "
            "misses them by too much); click nape, waist and shoulder tips again.",
            key="error.no_such_back",
        )
    best, *rivals = fits
    steps = [*deviations(best.jac), *_answers(best.jac, shifts_px, spread_px)]
    alternatives = [Alternative(*found(best.x + step), 1.0) for step in steps]
    alternatives += [
        Alternative(*found(rival.x), choice_variance(rival.cost - best.cost)) for rival in rivals
    ]
    return CameraFit(*found(best.x), rms_px(best.x), tuple(alternatives))


def _minima(residuals: Callable[[Floats], Floats], starts: list[Floats]) -> "list[OptimizeResult]":
    """The distinct minima reached from the starts, best first.

    A nearly flat back seen from afar may fit two tilts: then both are minima.
    """
    # Slow to import: only who fits a back pays it.
    from scipy.optimize import least_squares

    bounds = np.full(len(starts[0]), np.inf)
    bounds[6], bounds[7:] = FOCAL_LOG_BOUND, 4.0
    fits = [
        least_squares(residuals, start, bounds=(-bounds, bounds), xtol=1e-10, ftol=1e-10)
        for start in starts
    ]
    minima: list[OptimizeResult] = []
    for fit in sorted(fits, key=lambda fit: float(fit.cost)):
        turns = [turn_between(fit.x, other.x) for other in minima]
        if min(turns, default=math.inf) > SAME_VIEW_DEG:
            minima.append(fit)
    return minima


def turn_between(one: Floats, other: Floats) -> float:
    turn = Rotation.from_rotvec(one[:3]).inv() * Rotation.from_rotvec(other[:3])
    return math.degrees(float(turn.magnitude()))


def choice_variance(worse: float) -> float:
    """Variance of a choice between two fits, the second of them worse by so much log likelihood."""
    share = 1 / (1 + math.exp(min(worse, 50.0)))
    return share * (1 - share)


def deviations(jacobian: Floats) -> Floats:
    """(K, parameters) one standard deviation of the posterior along each of its main axes."""
    _, strengths, axes = np.linalg.svd(jacobian, full_matrices=False)
    along: Floats = axes / strengths[:, None]
    return along


def _answers(jacobian: Floats, shifts_px: Sequence[Floats], spread_px: float) -> Floats:
    """(K, parameters) how the best fit moves when the points do."""
    moved = [shift for shift in shifts_px if np.abs(shift).max() > NEGLIGIBLE * spread_px]
    offs = np.zeros((len(moved), len(jacobian)))
    for off, shift in zip(offs, moved, strict=True):
        off[: shift.size] = shift.ravel() / spread_px
    answers: Floats = offs @ np.linalg.pinv(jacobian).T
    return answers


def _length_px(calibration: Calibration) -> float:
    points = calibration.points_px
    spine = math.dist(points["nape"], points["waist"])
    return max(spine, math.dist(points["left_shoulder"], points["right_shoulder"]))


def prior_focal_px(size: Floats) -> float:
    """Focal length of a camera with the prior's field of view, for pictures of `size` (2,)."""
    return float(size.max()) / 2 / math.tan(math.radians(FIELD_OF_VIEW_DEG / 2))


def _places(shape: BackShape, names: tuple[str, ...]) -> Floats:
    points = shape.points()
    return np.array([points[name] for name in names])


def unpacker(
    names: tuple[str, ...], size: Floats
) -> Callable[[Floats], tuple[CameraPose, BackShape, Floats]]:
    """Parameters: rotation vector, translation, log focal length, shape in standard deviations."""
    focal_px = prior_focal_px(size)

    def unpack(parameters: Floats) -> tuple[CameraPose, BackShape, Floats]:
        camera = CameraPose(
            Rotation.from_rotvec(parameters[:3]).as_matrix(),
            parameters[3:6],
            focal_px * math.exp(parameters[6]),
            size / 2,
        )
        shape = BackShape(*(SHAPE_MEAN + SHAPE_SD * parameters[7:]).tolist())
        return camera, shape, _places(shape, names)

    return unpack


def _starts(names: tuple[str, ...], given_px: Floats, size: Floats) -> list[Floats]:
    shape = BackShape(*SHAPE_MEAN.tolist())
    places, focal_px = _places(shape, names), prior_focal_px(size)
    middle = places.mean(axis=0)
    starts = []
    for view in VIEWS:
        rotation = _turned_to(look(np.array(view, float)), places, given_px, names)
        flat = ((places - middle) @ rotation.T)[:, :2]
        ahead = focal_px * _spread(flat) / _spread(given_px)
        offset = np.append((given_px.mean(axis=0) - size / 2) / focal_px * ahead, ahead)
        turn = Rotation.from_matrix(rotation).as_rotvec()
        zeros = np.zeros(1 + len(SHAPE_MEAN))
        starts.append(np.concatenate([turn, offset - rotation @ middle, zeros]))
    return starts


def look(toward_camera: Floats) -> Floats:
    """(3, 3) rotation of a camera in that direction, the head upward in its picture."""
    forward = -toward_camera / np.linalg.norm(toward_camera)
    head = np.array([0.0, 1.0, 0.0])
    down = -(head - head @ forward * forward)
    down /= np.linalg.norm(down)
    return np.stack([np.cross(down, forward), down, forward])


def _turned_to(
    rotation: Floats, places: Floats, given_px: Floats, names: tuple[str, ...]
) -> Floats:
    """The rotation rolled so that the spine points as it does in the picture."""
    nape, waist = names.index("nape"), names.index("waist")
    seen = rotation @ (places[nape] - places[waist])
    given = given_px[nape] - given_px[waist]
    roll = math.atan2(given[1], given[0]) - math.atan2(seen[1], seen[0])
    rolled: Floats = Rotation.from_rotvec([0, 0, roll]).as_matrix() @ rotation
    return rolled


def _spread(points: Floats) -> float:
    return float(np.linalg.norm(points - points.mean(axis=0)))
