"""A giver whose hands go by a script, in px, as the hand model would find them."""

import math
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from pathlib import Path

import numpy as np
import pytest

from routines.routine import Routine, load_routine
from sessions.guided import GuidedSession, Plan, Scene
from vision.arrays import Floats, ImageRGB
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration, load_calibration
from vision.frames import Frame
from vision.hands import DetectedHand

SAMPLES = Path(__file__).parents[3] / "sample_videos"
SIZE = (640, 480)
FPS = 12.5

Place = tuple[float, float]
"""(u, v) of a palm."""

START = ((-0.35, 0.07), (0.35, 0.07))
NECK = ((-0.37, 0.85), (0.37, 0.85))
SHOULDERS = ((-0.94, 0.81), (0.94, 0.81))
SETTLE = ((0.02, 0.74), (-0.02, 0.03))
BESIDE = ((-1.9, 0.3), (1.9, 0.3))

STROKE: tuple[tuple[float, tuple[Place, ...]], ...] = (
    (0.32, ((0.37, 0.90),)),
    (0.30, ((0.60, 0.92), (0.85, 0.88), (1.05, 0.81), (1.15, 0.72), (1.14, 0.63))),
    (0.23, ((1.00, 0.50), (0.75, 0.40), (0.64, 0.25), (0.62, 0.10))),
    (0.15, ((0.56, 0.00), (0.47, 0.00), (0.35, 0.07))),
)
"""Share of the stroke's time, and the places (x, v) to glide through."""

FLAT_CM = {0: (-6.8, 0), 1: (-4, -2), 2: (-2, -3.5), 4: (1, -5), 5: (2.2, -2.5), 6: (5.5, -2.7)}
FLAT_CM |= {8: (10, -2.8), 9: (2.2, -0.5), 12: (11.2, 0), 13: (1.4, 1), 16: (9.8, 1.3)}
FLAT_CM |= {17: (1, 2), 20: (7.5, 3), 3: (-0.5, -4.4), 7: (8, -2.7), 10: (6.4, -0.3)}
FLAT_CM |= {11: (9, -0.1), 14: (5.6, 1.1), 15: (7.9, 1.2), 18: (3.8, 2.5), 19: (5.8, 2.8)}
"""(ahead, outward) of each landmark of a flat right hand from its palm's centre."""


class Giver:
    """Both hands over time; stands in for the hand model."""

    def __init__(self, back_frame: BackFrame, fps: float = FPS) -> None:
        self.fps = fps
        self.back_frame = back_frame
        self.steps: list[tuple[Place | None, Place | None]] = []
        self._here: tuple[Place, Place] = BESIDE
        self._rng = np.random.default_rng(3)
        self.turned: tuple[float, float] = (0.0, 0.0)

    def rest(self, places: tuple[Place, Place], seconds: float, move_s: float = 0.8) -> "Giver":
        """Go there and stay."""
        for share in np.linspace(0, 1, round(move_s * self.fps) + 1)[1:]:
            mixed = (1 - share) * np.array(self._here) + share * np.array(places)
            self._put(tuple(mixed[0]), tuple(mixed[1]))
        self._here = places
        for _ in range(round(seconds * self.fps)):
            self._put(*places)
        return self

    def away(self, seconds: float) -> "Giver":
        """Out of the picture."""
        for _ in range(round(seconds * self.fps)):
            self.steps.append((None, None))
        self._here = BESIDE
        return self

    def rub(self, seconds: float) -> "Giver":
        """Oil, rubbed in over the lower back."""
        for index in range(round(seconds * self.fps)):
            sway = 0.1 * math.sin(2 * math.pi * 1.5 * index / self.fps)
            self._put((-0.2, -0.05 + sway), (0.2, -0.05 - sway))
        return self

    def strokes(self, count: int, seconds: float = 7.0, rest_s: float = 0.6) -> "Giver":
        """Clean strokes from the start place."""
        for _ in range(count):
            self.path(STROKE, seconds)
            self.rest(START, rest_s, move_s=0.1)
        return self

    def path(self, legs: Iterable[tuple[float, tuple[Place, ...]]], seconds: float) -> "Giver":
        """Glide along legs given as (x, v), both hands alike."""
        here = (0.35, 0.07)
        for share, through in legs:
            points = np.array([here, *through])
            lengths = np.linalg.norm(np.diff(points, axis=0) * (1, 2.1), axis=1)
            along = np.concatenate([[0.0], np.cumsum(lengths)])
            for part in np.linspace(0, 1, round(share * seconds * self.fps) + 1)[1:]:
                x, v = (float(np.interp(part * along[-1], along, axis)) for axis in points.T)
                self._put((-x, v), (x, v))
            here = through[-1]
        self._here = ((-here[0], here[1]), here)
        return self

    def hide(self, side: int, seconds: float) -> "Giver":
        """Nobody sees one hand in the last so many seconds."""
        for index in range(-round(seconds * self.fps), 0):
            kept = list(self.steps[index])
            kept[side] = None
            self.steps[index] = (kept[0], kept[1])
        return self

    @property
    def now_s(self) -> float:
        """How long the script is."""
        return len(self.steps) / self.fps

    def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
        """The hands in a frame, trembling, with labels that mean nothing."""
        index = min(round(frame.time_s * self.fps), len(self.steps) - 1)
        signs = (-1.0, 1.0)
        return tuple(
            DetectedHand(self._marks(np.array(place), sign), 0.9)
            for place, sign in zip(self.steps[index], signs, strict=True)
            if place is not None
        )

    def frames(self, image_rgb: ImageRGB | None = None) -> Iterator[Frame]:
        """Pictures for the whole script, all alike."""
        image = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8) if image_rgb is None else image_rgb
        for index in range(len(self.steps)):
            yield Frame(index, index / self.fps, image, SIZE)

    def _put(self, left: Place, right: Place) -> None:
        self.steps.append((left, right))

    def _marks(self, palm_back: Floats, sign: float) -> Floats:
        scale = self.back_frame.scale
        flat = np.array([FLAT_CM[mark] for mark in range(21)])
        offsets = np.stack([sign * flat[:, 1] / scale.u_cm, flat[:, 0] / scale.v_cm], axis=1)
        offsets -= offsets[[0, 5, 9, 13, 17]].mean(axis=0)
        marks = self.back_frame.to_image(palm_back + offsets)
        return marks + self._rng.normal(0, 0.4, (21, 2))


@pytest.fixture(scope="session")
def routine() -> Routine:
    return load_routine()


@pytest.fixture(scope="session")
def known() -> Calibration:
    """The back that the giver works on, as somebody clicked it."""
    return load_calibration(SAMPLES / "fps15.calibration.json")


@pytest.fixture(scope="session")
def back_frame(known: Calibration) -> BackFrame:
    return fit_back_frame(known)


@pytest.fixture(scope="session")
def new_giver(back_frame: BackFrame) -> Callable[..., Giver]:
    """`new_giver(fps=12.5)` for tests that need more than one, or one for a whole module."""
    return partial(Giver, back_frame)


@pytest.fixture
def giver(new_giver: Callable[..., Giver]) -> Giver:
    return new_giver()


@pytest.fixture
def play(routine: Routine) -> Callable[..., list[Scene]]:
    """`play(giver, plan, at={2.0: lambda session: session.pause()}, calibration=...)`."""

    def run(
        giver: Giver,
        plan: Plan | None = None,
        at: dict[float, Callable[[GuidedSession], object]] | None = None,
        **options,
    ) -> list[Scene]:
        todo = sorted((at or {}).items())
        session = GuidedSession(routine, plan or Plan(), SIZE, detector=giver, **options)
        scenes = []
        with session:
            for frame in giver.frames():
                while todo and todo[0][0] <= frame.time_s:
                    todo.pop(0)[1](session)
                scenes.append(session.step(frame))
            scenes.append(session.finish())
        return scenes

    return run
