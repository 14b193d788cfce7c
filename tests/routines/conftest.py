"""Strokes drawn by a pen: tracks of two hands on the chart, with exact truth and no camera."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pytest

from routines.engine import Engine
from routines.reps import Event, Rep, RepEnded, SettleEnded
from routines.routine import Routine, load_routine
from vision.arrays import Floats
from vision.hands import SIDES, Side
from vision.samples import BackHand, BackSample, BackScale

OUTWARD = {"left": -1.0, "right": 1.0}
START = (0.37, 0.07)
TOP = (0.37, 0.90)
SHOULDER = [(0.60, 0.92), (0.85, 0.88), (1.05, 0.81), (1.15, 0.72), (1.14, 0.63)]
SIDE = [(1.00, 0.50), (0.75, 0.40), (0.64, 0.25), (0.62, 0.10)]
WAIST = [(0.56, 0.00), (0.47, 0.00), START]

Leg = tuple[float, Sequence[tuple[float, float]]]
"""Share of the rep's time, and the places to glide through."""

CLEAN: tuple[Leg, ...] = ((0.32, [TOP]), (0.30, SHOULDER), (0.23, SIDE), (0.15, WAIST))


@dataclass(frozen=True)
class Pen:
    """How one rep is drawn."""

    duration_s: float = 8.0
    legs: Sequence[Leg] = CLEAN
    lag_s: float = 0.0
    """How far the right hand follows behind the left one."""
    pointing_deg: float = 5.0
    sideways: float = 0.0
    """Added to both hands' x on the way up."""
    only: Side | None = None
    """The one hand that does the stroke; the other stays beside the hip."""
    rest_s: float = 0.0
    """Rest at the start place after the rep."""


@dataclass
class Drawing:
    """Both hands over time, before a camera looks."""

    times_s: list[float] = field(default_factory=list)
    places: list[tuple[tuple[float, float], tuple[float, float]]] = field(default_factory=list)
    pointing_deg: list[float] = field(default_factory=list)
    now_s: float = 0.0
    step_s: float = 0.01

    def hold(self, duration_s: float, left=START, right=START) -> "Drawing":
        for _ in range(round(duration_s / self.step_s)):
            self._put(left, right, 5.0)
        return self

    def settle(self, duration_s: float = 3.0) -> "Drawing":
        return self.hold(duration_s, (0.0, 0.85), (0.0, 0.02))

    def away(self, duration_s: float) -> "Drawing":
        return self.hold(duration_s, (1.9, -1.0), (1.9, -1.0))

    def circles(self, centre: tuple[float, float], radius: float, duration_s: float) -> "Drawing":
        for index in range(round(duration_s / self.step_s)):
            angle = 2 * np.pi * index * self.step_s / 1.3
            x = centre[0] + radius * np.cos(angle)
            v = centre[1] + radius * np.sin(angle) / 2.1
            self._put((x, v), (x, v), 5.0)
        return self

    def rep(self, pen: Pen) -> "Drawing":
        path = _timed_path(pen)
        times_s = np.arange(float(round((pen.duration_s + pen.lag_s) / self.step_s))) * self.step_s
        hands = (_at(path, times_s), _at(path, times_s - pen.lag_s))
        for time_s, left, right in zip(times_s, *hands, strict=True):
            if pen.only is not None:
                beside = (0.9, -0.6)
                left, right = (left, beside) if pen.only == "left" else (beside, right)
            shift = pen.sideways if time_s < pen.legs[0][0] * pen.duration_s else 0.0
            self._put((left[0] + shift, left[1]), (right[0] + shift, right[1]), pen.pointing_deg)
        return self.hold(pen.rest_s)

    def _put(self, left, right, pointing_deg: float) -> None:
        self.times_s.append(self.now_s)
        self.places.append((tuple(left), tuple(right)))
        self.pointing_deg.append(pointing_deg)
        self.now_s += self.step_s


def _timed_path(pen: Pen) -> tuple[Floats, Floats]:
    """Times (N,) and places (N, 2), each leg with a slow start and end (minimum jerk)."""
    times, places, here, now = [0.0], [START], START, 0.0
    for share, through in pen.legs:
        points = np.array([here, *through])
        lengths = np.linalg.norm(np.diff(points, axis=0) * [1.0, 2.1], axis=1)
        along = np.concatenate([[0.0], np.cumsum(lengths)])
        for part in np.linspace(0.02, 1.0, 50):
            eased = 0.6 * part + 0.4 * (10 * part**3 - 15 * part**4 + 6 * part**5)
            x, v = (float(np.interp(eased * along[-1], along, points[:, axis])) for axis in (0, 1))
            places.append((x, v))
            times.append(now + part * share * pen.duration_s)
        now += share * pen.duration_s
        here = through[-1]
    return np.array(times), np.array(places)


def _at(path: tuple[Floats, Floats], times_s: Floats) -> list[tuple[float, float]]:
    times, places = path
    x, v = (np.interp(times_s, times, places[:, axis]) for axis in (0, 1))
    return list(zip(x.tolist(), v.tolist(), strict=True))


@dataclass(frozen=True)
class Camera:
    """How a drawing is seen."""

    fps: float = 30.0
    noise_cm: float = 0.3
    dropped: float = 0.0
    """Share of frames that never arrive."""
    jitter: float = 0.0
    """Variation of the time between frames, as a share of it."""
    unseen: Sequence[tuple[Side, float, float]] = ()
    """Hands that are not observed, with start and end in seconds."""
    seed: int = 0


SCALE = BackScale(u_cm=19.0, v_cm=40.0, shoulder_line_v=0.77, assumed=False)


def look(drawing: Drawing, camera: Camera, scale: BackScale = SCALE) -> list[BackSample]:
    """The drawing as samples of the hands on the back."""
    random = np.random.default_rng(camera.seed)
    count = int(drawing.now_s * camera.fps)
    times = np.arange(count) / camera.fps
    times = times + random.uniform(-0.5, 0.5, count) * camera.jitter / camera.fps
    times = np.sort(np.clip(times, 0.0, drawing.now_s))
    times = times[random.random(count) >= camera.dropped]
    noise = camera.noise_cm / np.array([scale.u_cm, scale.v_cm])
    samples = []
    for time_s in times:
        index = min(int(time_s / drawing.step_s), len(drawing.places) - 1)
        hands: dict[Side, BackHand | None] = {}
        for side, (x, v) in zip(SIDES, drawing.places[index], strict=True):
            if any(one == side and a <= time_s < b for one, a, b in camera.unseen):
                hands[side] = None
                continue
            place = np.array([OUTWARD[side] * x, v]) + random.normal(size=2) * noise
            inward = [-OUTWARD[side] * 4.0 / scale.u_cm, 0.0]
            hands[side] = BackHand(
                palm_back=place,
                tips_back=place + np.array([0.0, 0.2]),
                thumb_edge_back=place + inward,
                pointing_deg=drawing.pointing_deg[index],
                observed=True,
                trusted=True,
            )
        samples.append(BackSample(float(time_s), hands["left"], hands["right"]))
    return samples


@dataclass
class Told:
    """What the engine said of a session."""

    events: list[Event]
    reps: list[Rep]
    decided_after_s: list[float]
    settled: int

    @property
    def count(self) -> int:
        return sum(rep.counted for rep in self.reps)

    @property
    def faults(self) -> list[list[str]]:
        return [[fault.code for fault in rep.faults] for rep in self.reps]


def tell(
    samples: Sequence[BackSample], routine: Routine | None = None, scale: BackScale = SCALE
) -> Told:
    """Run the engine over samples, as a review does: what is told ahead changes nothing else."""
    engine = Engine(routine or load_routine(), scale, foresees=False)
    events: list[Event] = []
    lags: list[float] = []
    for sample in samples:
        for event in engine.step(sample):
            events.append(event)
            if isinstance(event, RepEnded):
                lags.append(sample.time_s - event.rep.end_s)
    events += engine.finish()
    reps = [event.rep for event in events if isinstance(event, RepEnded)]
    settled = sum(isinstance(event, SettleEnded) for event in events)
    return Told(events, reps, lags, settled)


@dataclass(frozen=True)
class Studio:
    """What the tests draw with."""

    Pen: type[Pen] = Pen
    Camera: type[Camera] = Camera
    Drawing: type[Drawing] = Drawing
    clean: tuple[Leg, ...] = CLEAN
    scale: BackScale = SCALE

    @staticmethod
    def look(drawing, camera) -> list[BackSample]:
        return look(drawing, camera)

    @staticmethod
    def tell(samples: Sequence[BackSample]) -> Told:
        return tell(samples)

    def session(self, *pens, camera=None) -> Told:
        """A settle, the reps with a rest after the last, seen by the camera and told."""
        drawing = Drawing().settle().hold(0.9)
        for pen in pens:
            drawing.rep(pen)
        return tell(look(drawing.hold(1.5), camera or Camera()))


@pytest.fixture(scope="session")
def studio() -> Studio:
    return Studio()


@pytest.fixture(scope="session")
def routine() -> Routine:
    return load_routine()
