"""Takes the camera's own drift out of places: a slow shift of the picture moves no hand.

Edges are compared, not light: a lamp that flickers moves nothing. Hands, arms and towels cover
some edges and bring others; the shift that brings most of the first picture's edges to their places
again is the camera's.
"""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.arrays import Floats, ImageRGB
from vision.frames import Frame
from vision.hands import HandPair

WIDTH: Final = 160
"""Pictures are compared at this width: a step is 0.6 % of it."""

FARTHEST: Final = 12
"""Steps that are tried to each side: 7.5 % of the width. A camera that moved further shows another
scene."""

EDGE_SHARE: Final = 0.1
WEAKEST: Final = 20.0
"""The strongest tenth of the gradients counts as edges, as far as they stand out of the noise."""

FEWEST: Final = 60
MOST: Final = 600
"""Edge points: with fewer nothing is told, and more tell nothing more."""

SAME: Final = 0.5
"""A gradient that differs by less than this share of itself is the same edge."""

UNMOVED: Final = 0.4
"""Where so many edges are in their places, the camera has not moved (with hands at work before a
camera at rest 0.43 to 0.73, of films that moved by 5 % 0.02 to 0.25)."""

CLEARLY: Final = 0.1
"""A shift has to bring so many more edges to their places than none at all."""

LEAST_MATCH: Final = 0.25
"""Below this no shift explains the picture: it shows something else, or is covered."""

LOOK_S: Final = 0.5
DEAD_STEPS: Final = 1.5
"""Less is a tremble, which is no drift, or the grain of the comparison."""

AGREEING_STEPS: Final = 1.5
"""Two looks that differ by more are not believed: something passed before the camera."""

_STEPS: Final = np.array(
    [(x, y) for x in range(-FARTHEST, FARTHEST + 1) for y in range(-FARTHEST, FARTHEST + 1)]
)


@dataclass(frozen=True, slots=True, eq=False)
class _Edges:
    """Edge points of one small picture."""

    places: NDArray[np.intp]
    """(N, 2) columns and rows"""
    gradients: Floats
    """(N, 2)"""

    def share_in(self, gradients: Floats, step: NDArray[np.intp]) -> float:
        """Share of them that another picture (rows, WIDTH, 2) has, so many steps further."""
        column, row = (self.places + step).T
        off = np.linalg.norm(gradients[row, column] - self.gradients, axis=1)
        return float((off < SAME * np.linalg.norm(self.gradients, axis=1)).mean())


class CameraShift:
    """Compares pictures of one size with the first one."""

    def __init__(self) -> None:
        self._first: _Edges | None = None

    def step(self, image_rgb: ImageRGB) -> Floats | None:
        """(2,) steps to the right and down since the first picture, each 1 / WIDTH of its width.

        None where it can't be told: nothing but plain walls, or another scene.
        """
        gradients = _gradients(image_rgb)
        if self._first is None:
            self._first = _edges_of(gradients)
        first = self._first
        if len(first.places) < FEWEST:
            return None
        unmoved = first.share_in(gradients, np.zeros(2, np.intp))
        if unmoved >= UNMOVED:
            return np.zeros(2)
        shares = [first.share_in(gradients, step) for step in _STEPS]
        best = int(np.argmax(shares))
        if shares[best] < LEAST_MATCH:
            return None
        clear = shares[best] > unmoved + CLEARLY
        return _STEPS[best].astype(np.float64) if clear else np.zeros(2)


class Steady:
    """Keeps the picture where it was at first while the camera drifts."""

    def __init__(self) -> None:
        self.shift_px: Floats = np.zeros(2)
        """(2,) how far the last picture had shifted since the first one, full-size px."""
        self._shift = CameraShift()
        self._last: Floats | None = None
        self._goal = np.zeros(2)
        self._now = np.zeros(2)
        self._looked_s: float | None = None
        self._stepped_s = 0.0

    def step(self, frame: Frame) -> Frame:
        """The next frame, its picture shifted back; what came from beyond its edge is black."""
        if self._looked_s is None or not 0 <= frame.time_s - self._looked_s < LOOK_S:
            self._looked_s = frame.time_s
            self._look(frame.image_rgb)
        # Taken back no faster than a drift goes: a leap would look like a hand's.
        most = max(frame.time_s - self._stepped_s, 0.0) / LOOK_S
        self._stepped_s = frame.time_s
        self._now = self._now + np.clip(self._goal - self._now, -most, most)
        self.shift_px = self._now * frame.full_size[0] / WIDTH
        return self._shifted_back(frame) if self.shift_px.any() else frame

    def in_picture(self, pair: HandPair) -> HandPair:
        """Hands found in the last picture as it was given back, where they are in that picture."""
        if not self.shift_px.any():
            return pair
        left, right = (
            None if hand is None else replace(hand, landmarks_px=hand.landmarks_px + self.shift_px)
            for hand in (pair.left, pair.right)
        )
        return HandPair(pair.time_s, left, right)

    def _shifted_back(self, frame: Frame) -> Frame:
        height, width = frame.image_rgb.shape[:2]
        matrix = np.column_stack([np.eye(2), -self.shift_px / frame.scale])
        image = cv2.warpAffine(frame.image_rgb, matrix, (width, height))
        return replace(frame, image_rgb=np.asarray(image, dtype=np.uint8))

    def _look(self, image_rgb: ImageRGB) -> None:
        found, before = self._shift.step(image_rgb), self._last
        self._last = found
        if found is None or before is None or np.abs(found - before).max() > AGREEING_STEPS:
            return
        seen = (found + before) / 2
        self._goal = seen if np.abs(seen).max() > DEAD_STEPS else np.zeros(2)


def _gradients(image_rgb: ImageRGB) -> Floats:
    """(rows, WIDTH, 2)"""
    rows = max(round(WIDTH * image_rgb.shape[0] / image_rgb.shape[1]), 2 * FARTHEST + 2)
    small = cv2.resize(image_rgb, (WIDTH, rows), interpolation=cv2.INTER_AREA)
    grey = cv2.GaussianBlur(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), (0, 0), 1.0)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *axis) for axis in ((1, 0), (0, 1)))
    return np.stack([across, down], axis=-1).astype(np.float64)


def _edges_of(gradients: Floats) -> _Edges:
    strength = np.linalg.norm(gradients, axis=2)
    least = max(float(np.quantile(strength, 1 - EDGE_SHARE)), WEAKEST)
    inner = strength[FARTHEST:-FARTHEST, FARTHEST:-FARTHEST]
    rows, columns = (axis + FARTHEST for axis in np.nonzero(inner >= least))
    kept = slice(None, None, len(rows) // MOST + 1)
    return _Edges(np.stack([columns, rows], axis=1)[kept], gradients[rows, columns][kept])
