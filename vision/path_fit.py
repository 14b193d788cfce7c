"""The camera and the back found from where hands went: a stroke's path laid into the picture.

Palms in motion are matched with the nearest place of the path that runs the same way, and the
camera is moved until they lie on it (iterated closest points, reweighted so that what is no stroke
counts little). The same priors as for clicked points hold the rest: field of view and shape of the
back, beside the size of a hand, and a camera that is rather above the back than beside it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.spatial.transform import Rotation

from vision.arrays import Floats, distances_along, places_at, readonly
from vision.back_frame import MEAN_SHOULDER_WIDTH_CM, PALM_HEIGHT_CM
from vision.back_template import BULGE_CM, SHAPE_PRIOR, BackShape, BackSurface
from vision.calibration import POINT_NAMES, Calibration, Source
from vision.camera_pose import (
    FOCAL_LOG_BOUND,
    FOCAL_LOG_SD,
    SAME_VIEW_DEG,
    CameraPose,
    choice_variance,
    deviations,
    look,
    prior_focal_px,
    turn_between,
    unpacker,
)
from vision.stroking import Motion, Whole

if TYPE_CHECKING:
    from scipy.optimize import OptimizeResult

HALF_WIDTH_HANDS: Final = (1.08, 0.2)
"""Half the shoulder width in hand's lengths, and its spread as a log: 19.5 cm to 18 (a hand
measures 19.4 and 18.1 cm, men and women of ANSUR II, and bent fingers take off a little)."""

TILT_SD_DEG: Final = 40.0
"""Cameras look down on a back more often than along it."""

ON_PATH: Final = 0.12
"""Spread of palms about the path, in hand's lengths; the fit begins wide and narrows to it."""
WIDEST: Final = 0.5
NARROWING: Final = 0.75
TURNED_WEIGHT: Final = 3.0
"""What a palm that runs against the path costs: 4 times this, in squared spreads."""
ALONG_SHARE: Final = 0.3
"""Weight of offsets along the path beside those across it."""

SEEN_WEIGHT: Final = 60.0
PATH_WEIGHT: Final = 10.0
"""Independent observations that all palms, and all places of the path, stand for."""
ALL_SEEN: Final = 20.0
"""Whole cells that it takes for that; fewer stand for less."""
STRAY: Final = 2.0
"""Squared spreads from which on a palm is rather no part of the stroke, and pulls less the further
off it is (Geman and McClure's loss, which bounds what strays can do)."""

PATH_PLACES: Final = 64
"""Places along one hand's path."""

VIEWS: Final = ((0, 0, 1), (0.7, 0, 1), (-0.7, 0, 1), (0, 0.7, 1), (0, -0.7, 1))
"""Directions toward the camera from which fits start: above, and 35 degrees to each side."""

FIRST_ROUNDS: Final = 6
MORE_ROUNDS: Final = 10
TRIED: Final = 2
"""After the first rounds only the best starts go on."""

NO_PATH: Final = readonly(np.empty((0, 2)))


@dataclass(frozen=True, slots=True, eq=False)
class Anchor:
    """A palm known to rest at a place of the chart."""

    place_back: tuple[float, float]
    spread: float
    """Of that place, in half shoulder widths."""
    palm_px: Floats
    """(2,)"""

    def __post_init__(self) -> None:
        object.__setattr__(self, "palm_px", readonly(self.palm_px))


@dataclass(frozen=True, slots=True, eq=False)
class _Match:
    """Which place of the path each cell fits best, and the other way round."""

    place_of_cell: Whole
    cell_cost: Floats
    cell_of_place: Whole
    place_cost: Floats
    tangent: Floats
    """(places, 2) unit vectors in the picture."""


@dataclass(frozen=True, slots=True, eq=False)
class Laid:
    """A camera and a back that fit what was seen."""

    points_px: dict[str, tuple[float, float]]
    """Every name that a calibration may hold."""
    cost: float
    """Misfit, to compare fits of the same film by."""
    on_path: float
    """Share of the moving palms that lie on the path and go its way; 0 without strokes."""
    covered: float
    """Share of both hands' paths where a palm was seen going that way."""
    rms_px: float
    """Root mean square distance of those palms, or else of the resting ones, from their place."""
    shifts_px: tuple[Floats, ...]
    """Each (6, 2), in the order of POINT_NAMES: one standard deviation of all points together
    along one of the independent directions that the fit leaves open."""
    camera: CameraPose
    shape: BackShape

    def palms_px(self, places_back: Floats) -> Floats:
        """(N, 2) px where palms lie in the picture that rest at chart places (N, 2)."""
        return _seen(self.camera, self.shape, places_back)

    def calibration(self, image_size: tuple[int, int], source: Source) -> Calibration:
        """The same as a calibration. Raises CalibrationError where the back leaves the picture."""
        shifts = tuple(_named(shift) for shift in self.shifts_px)
        return Calibration(image_size, self.points_px, None, source, self.rms_px, shifts_px=shifts)


class PathFit:
    """One film's hands, to be fitted by a routine's path."""

    def __init__(
        self,
        image_size: tuple[int, int],
        hand_px: float,
        anchors: Sequence[Anchor] = (),
        motion: Motion | None = None,
        path_back: Floats = NO_PATH,
    ) -> None:
        """`path_back` (N, 2) is the right hand's closed path; the left one runs it mirrored.

        Without `motion` only the anchors and the priors speak, and no path is needed.
        """
        self._size = np.array(image_size, dtype=np.float64)
        self._unpack = unpacker(POINT_NAMES, self._size)
        self._hand_px = hand_px
        self._motion = motion
        self._places = np.array([anchor.place_back for anchor in anchors]).reshape(-1, 2)
        self._spreads = np.array([anchor.spread for anchor in anchors])
        self._palms_px = np.array([anchor.palm_px for anchor in anchors]).reshape(-1, 2)
        right = _evenly(path_back, PATH_PLACES) if len(path_back) else path_back
        self._path = np.concatenate([right * (-1, 1), right])

    def lay(self, up: Floats, middle_px: Floats) -> Laid:
        """The best fit with the head where `up` (2,) points and the back about `middle_px` (2,)."""
        starts = [self._start(view, up, middle_px) for view in VIEWS]
        first = sorted((self._solved(x, 0, FIRST_ROUNDS) for x in starts), key=self._cost)
        last = [self._solved(x, FIRST_ROUNDS, MORE_ROUNDS) for x in first[:TRIED]]
        best, *rivals = sorted(last, key=self._cost)
        return self._laid(best, rivals)

    def _start(self, view: tuple[float, float, float], up: Floats, middle_px: Floats) -> Floats:
        rotation = look(np.array(view, dtype=np.float64))
        head = rotation[:, 1]
        roll = math.atan2(up[1], up[0]) - math.atan2(head[1], head[0])
        rotation = Rotation.from_rotvec([0, 0, roll]).as_matrix() @ rotation
        focal_px = prior_focal_px(self._size)
        ahead = focal_px / (HALF_WIDTH_HANDS[0] * self._hand_px)
        offset = np.append((middle_px - self._size / 2) / focal_px * ahead, ahead)
        turn = Rotation.from_matrix(rotation).as_rotvec()
        return np.concatenate([turn, offset - rotation @ MIDDLE, np.zeros(1 + len(SHAPE_PRIOR))])

    def _solved(self, start: Floats, first_round: int, rounds: int) -> Floats:
        """After some rounds of matching and moving; anchors alone need no matching, so one does."""
        steps, rounds = (40, 1) if self._motion is None else (4, rounds)
        x = start
        for number in range(first_round, first_round + rounds):
            spread_px = self._hand_px * max(ON_PATH, WIDEST * NARROWING**number)
            x = self._moved(x, spread_px, steps).x
        return x

    def _moved(self, start: Floats, spread_px: float, steps: int) -> "OptimizeResult":
        """A few steps from `start` with each palm matched once; its Jacobian is the last step's."""
        from scipy.optimize import least_squares

        bounds = np.full(len(start), np.inf)
        bounds[6], bounds[7:] = FOCAL_LOG_BOUND, 3.0
        off_path = self._off_path(start, spread_px)

        def residuals(x: Floats) -> Floats:
            prior = self._off_prior(x)
            if off_path is None:
                return prior
            return np.concatenate([off_path.at(self._project(x, self._path)), prior])

        start = np.clip(start, -bounds + 1e-6, bounds - 1e-6)
        return least_squares(
            residuals, start, bounds=(-bounds, bounds), max_nfev=steps, x_scale="jac"
        )

    def _project(self, x: Floats, chart: Floats) -> Floats:
        camera, shape, _ = self._unpack(x)
        return _seen(camera, shape, chart)

    def _off_prior(self, x: Floats) -> Floats:
        camera, shape, _ = self._unpack(x)
        depth = max(
            float(camera.rotation_camera_body[2] @ MIDDLE + camera.translation_camera[2]), 1e-3
        )
        mean, spread = HALF_WIDTH_HANDS
        size = math.log(camera.focal_px / depth / self._hand_px / mean) / spread
        tilt = _tilt_deg(camera) / TILT_SD_DEG
        off = [np.array([x[6] / FOCAL_LOG_SD, size, *tilt]), x[7:]]
        if len(self._places):
            gaps = _seen(camera, shape, self._places) - self._palms_px
            off.append((gaps / (self._spreads[:, None] * mean * self._hand_px)).ravel())
        return np.concatenate(off)

    def _match(self, x: Floats, motion: Motion, spread_px: float) -> _Match:
        places = self._project(x, self._path)
        halves = (places[:PATH_PLACES], places[PATH_PLACES:])
        tangent = np.concatenate([np.roll(half, -1, 0) - np.roll(half, 1, 0) for half in halves])
        tangent /= np.maximum(np.linalg.norm(tangent, axis=1, keepdims=True), 1e-9)
        gaps = motion.palm_px[:, None] - places[None]
        turned = 1 - motion.heading @ tangent.T
        cost = (gaps**2).sum(axis=-1) / spread_px**2 + TURNED_WEIGHT * turned**2
        return _Match(cost.argmin(1), cost.min(1), cost.argmin(0), cost.min(0), tangent)

    def _off_path(self, x: Floats, spread_px: float) -> "_OffPath | None":
        if self._motion is None:
            return None
        return _OffPath(self._motion, self._match(x, self._motion, spread_px), spread_px)

    def _cost(self, x: Floats) -> float:
        total = 0.5 * float((self._off_prior(x) ** 2).sum())
        if self._motion is None:
            return total
        match, weight = (
            self._match(x, self._motion, ON_PATH * self._hand_px),
            self._motion.weight,
        )
        seen = _strength(self._motion) * float(np.average(_loss(match.cell_cost), weights=weight))
        return total + seen + PATH_WEIGHT * float(_loss(match.place_cost).mean())

    def _points_px(self, x: Floats) -> Floats:
        camera, _, places = self._unpack(x)
        return camera.project(places)

    def _shifts_px(self, x: Floats, rivals: Sequence[Floats]) -> tuple[Floats, ...]:
        """Of the posterior about `x` (Laplace), and of the choice between it and other views."""
        steps = deviations(self._moved(x, ON_PATH * self._hand_px, 1).jac)
        shifts = [(self._points_px(x + step) - self._points_px(x - step)) / 2 for step in steps]
        for rival in rivals:
            if turn_between(x, rival) > SAME_VIEW_DEG:
                share = math.sqrt(choice_variance(self._cost(rival) - self._cost(x)))
                shifts.append(share * (self._points_px(rival) - self._points_px(x)))
        return tuple(shifts)

    def _laid(self, x: Floats, rivals: Sequence[Floats]) -> Laid:
        named = _named(self._points_px(x))
        shifts = self._shifts_px(x, rivals)
        camera, shape, _ = self._unpack(x)
        if self._motion is None:
            off_px = self._project(x, self._places) - self._palms_px
            cost = self._cost(x)
            return Laid(named, cost, 0.0, 0.0, _rms(off_px), shifts, camera, shape)
        match = self._match(x, self._motion, 1.5 * ON_PATH * self._hand_px)
        on_path = match.cell_cost < 4
        nearest = self._project(x, self._path)[match.place_of_cell]
        return Laid(
            points_px=named,
            cost=self._cost(x),
            on_path=float(np.average(on_path, weights=self._motion.weight)),
            covered=float((match.place_cost < 4).mean()),
            rms_px=_rms((nearest - self._motion.palm_px)[on_path]),
            shifts_px=shifts,
            camera=camera,
            shape=shape,
        )


class _OffPath:
    """Residuals of one matching, in spreads: what is far off already counts little."""

    def __init__(self, motion: Motion, match: _Match, spread_px: float) -> None:
        self._motion, self._match, self._spread_px = motion, match, spread_px
        share = motion.weight / motion.weight.sum()
        self._cells = np.sqrt(_strength(motion) * share) / (1 + match.cell_cost / STRAY)
        self._places = np.sqrt(PATH_WEIGHT / len(match.tangent)) / (1 + match.place_cost / STRAY)

    def at(self, places_px: Floats) -> Floats:
        """With both paths' places at these (places, 2) px."""
        match, palms = self._match, self._motion.palm_px
        cells = (palms - places_px[match.place_of_cell]) / self._spread_px
        places = (palms[match.cell_of_place] - places_px) / self._spread_px
        return np.concatenate(
            [
                *_across_and_along(cells, match.tangent[match.place_of_cell], self._cells),
                *_across_and_along(places, match.tangent, self._places),
            ]
        )


def _strength(motion: Motion) -> float:
    """Independent observations that all palms stand for."""
    return SEEN_WEIGHT * min(float(motion.weight.sum()) / ALL_SEEN, 1.0)


def _loss(cost: Floats) -> Floats:
    """Half the squared offset in spreads while it is small; STRAY / 2 at most."""
    loss: Floats = 0.5 * cost / (1 + cost / STRAY)
    return loss


def _across_and_along(off: Floats, tangent: Floats, weight: Floats) -> tuple[Floats, Floats]:
    across = off[:, 1] * tangent[:, 0] - off[:, 0] * tangent[:, 1]
    along = (off * tangent).sum(axis=1)
    return weight * across, ALONG_SHARE * weight * along


U_CM: Final = MEAN_SHOULDER_WIDTH_CM / 2
MIDDLE: Final = np.array([0.0, SHAPE_PRIOR["spine"][0] / 2, 0.0])
"""Middle of the back in the body frame."""


def _seen(camera: CameraPose, shape: BackShape, chart: Floats) -> Floats:
    """(N, 2) px of palms at chart places (N, 2)."""
    surface = BackSurface(shape, PALM_HEIGHT_CM / U_CM, BULGE_CM / U_CM)
    return camera.project(surface.lift(chart))


def _tilt_deg(camera: CameraPose) -> Floats:
    """(2,) the camera's angle from straight above, to the receiver's right and to the head."""
    toward = camera.place_body - MIDDLE
    across = float(np.hypot(toward[0], toward[1]))
    angle = math.degrees(math.atan2(across, toward[2]))
    tilt: Floats = angle * toward[:2] / max(across, 1e-9)
    return tilt


def _evenly(path_back: Floats, count: int) -> Floats:
    """(count, 2) places at even distances along a closed path."""
    along = distances_along(path_back * (1.0, SHAPE_PRIOR["spine"][0]))
    return places_at(path_back, along, np.linspace(0.0, along[-1], count, endpoint=False))


def _named(points_px: Floats) -> dict[str, tuple[float, float]]:
    pairs = zip(POINT_NAMES, points_px.tolist(), strict=True)
    return {name: (x, y) for name, (x, y) in pairs}


def _rms(off_px: Floats) -> float:
    return float(np.sqrt((off_px**2).sum(axis=1).mean())) if len(off_px) else 0.0
