"""How far the picture has moved since an earlier one, told by its edges, whatever hands do in it.

Edges are compared, not light: a lamp that flickers moves nothing. Hands, arms and towels cover
some edges and bring others; the shift that brings most of the earlier picture's edges to their
places again is the camera's.
"""

from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.arrays import Floats, ImageGrey, ImageRGB

WIDTH: Final = 160
"""Pictures are compared at this width: a step is 0.6 % of it."""

FARTHEST: Final = 12
"""Steps that are tried to each side: 7.5 % of the width."""

EDGE_SHARE: Final = 0.1
WEAKEST: Final = 20.0
"""The strongest tenth of the gradients counts as edges, as far as they stand out of the noise."""

FEWEST: Final = 60
MOST: Final = 600
"""Edge points: with fewer nothing is told, and more tell nothing more."""

SAME: Final = 0.5
"""A gradient that differs by less than this share of itself is the same edge."""

UNMOVED: Final = 0.4
"""Where so many edges are in their places, the camera has not moved (plain clips with hands at
work: 0.43 to 0.73, of a clip that moved by 5 %: 0.02 to 0.25)."""

CLEARLY: Final = 0.1
"""A shift has to bring so many more edges to their places than none at all."""

LEAST_MATCH: Final = 0.25
"""Below this no shift explains the picture: it shows something else, or is covered."""

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
    """Compares pictures of one shape with the first one.

    A shift is told where it brings at least `least_match` of the edges to their places, and
    `clearly` more than no shift does.
    """

    def __init__(self, clearly: float = CLEARLY, least_match: float = LEAST_MATCH) -> None:
        self._first: _Edges | None = None
        self._clearly = clearly
        self._least_match = least_match
        self.match = 1.0
        """Share of the first picture's edges that the last one has, at its best."""

    def step(self, image: ImageRGB | ImageGrey) -> Floats | None:
        """(2,) shift to the right and down since the first picture, in shares of the width.

        None where it can't be told: nothing but plain walls, or another scene.
        """
        gradients = _gradients(image)
        if self._first is None:
            self._first = _edges_of(gradients)
        first = self._first
        if len(first.places) < FEWEST:
            return None
        unmoved = first.share_in(gradients, np.zeros(2, np.intp))
        self.match = unmoved
        if unmoved >= UNMOVED:
            return np.zeros(2)
        shares = [first.share_in(gradients, step) for step in _STEPS]
        best = int(np.argmax(shares))
        self.match = shares[best]
        if shares[best] < self._least_match:
            return None
        clear = shares[best] > unmoved + self._clearly
        return _STEPS[best] / WIDTH if clear else np.zeros(2)


def small_of(image: ImageRGB | ImageGrey) -> ImageGrey:
    """(rows, WIDTH): all that is compared of a picture; what is grey is small already."""
    if image.ndim == 2:
        return image
    rows = max(round(WIDTH * image.shape[0] / image.shape[1]), 2 * FARTHEST + 2)
    small = cv2.resize(image, (WIDTH, rows), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), dtype=np.uint8)


def _gradients(image: ImageRGB | ImageGrey) -> Floats:
    """(rows, WIDTH, 2)"""
    grey = cv2.GaussianBlur(small_of(image), (0, 0), 1.0)
    across, down = (cv2.Sobel(grey, cv2.CV_32F, *axis) for axis in ((1, 0), (0, 1)))
    return np.stack([across, down], axis=-1).astype(np.float64)


def _edges_of(gradients: Floats) -> _Edges:
    strength = np.linalg.norm(gradients, axis=2)
    least = max(float(np.quantile(strength, 1 - EDGE_SHARE)), WEAKEST)
    inner = strength[FARTHEST:-FARTHEST, FARTHEST:-FARTHEST]
    rows, columns = (axis + FARTHEST for axis in np.nonzero(inner >= least))
    kept = slice(None, None, len(rows) // MOST + 1)
    return _Edges(np.stack([columns, rows], axis=1)[kept], gradients[rows, columns][kept])
