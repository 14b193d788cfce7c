"""Array types, and the read-only copies that frozen values hold."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
ImageRGB = NDArray[np.uint8]
"""Picture, shape (height, width, 3), red first."""


def readonly(values: ArrayLike) -> Floats:
    """A float64 copy of `values` that can't be written to."""
    array = np.array(values, dtype=np.float64)
    array.setflags(write=False)
    return array
