"""Array types, and the read-only copies that frozen values hold."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
ImageRGB = NDArray[np.uint8]
"""Picture, shape (height, width, 3), red first."""

ImageGrey = NDArray[np.uint8]
"""Picture, shape (height, width)."""


def readonly(values: ArrayLike) -> Floats:
    """A float64 copy of `values` that can't be written to."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array


def distances_along(points: Floats) -> Floats:
    """(N,) how far each of `points` (N, D) lies along the line through them; the first at 0."""
    steps = np.linalg.norm(np.diff(points, axis=0), axis=1)
    along: Floats = np.concatenate([[0.0], np.cumsum(steps)])
    return along


def places_at(points: Floats, along: Floats, at: Floats) -> Floats:
    """(M, D) the places `at` (M,) on the line through `points` (N, D), measured as `along` (N,)."""
    return np.column_stack([np.interp(at, along, column) for column in points.T])
