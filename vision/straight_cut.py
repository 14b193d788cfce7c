"""Cuts a square out of a picture whose sides it is along: half the work of turning it.

Edges are rounded to whole px, so places are true to half a px of either picture.
"""

from dataclasses import dataclass
from typing import Self

import cv2
import numpy as np

from vision.arrays import Floats, ImageRGB


@dataclass(frozen=True, slots=True)
class StraightCut:
    """What lies where, for pictures of one size."""

    size: int
    """Side of the square that comes out, px."""
    source: tuple[slice, slice]
    """Rows and columns of the picture that are in it."""
    target: tuple[slice, slice]
    """Rows and columns of the square which they fill."""
    transposed: bool
    flip: int | None
    """As of cv2.flip, after transposing."""

    @classmethod
    def of(cls, matrix: Floats, size: int, picture_size: tuple[int, int]) -> Self | None:
        """For what `cv2.warpAffine` does with this (2, 3) `matrix`; None where that turns.

        `picture_size` is (width, height).
        """
        turn, shift = matrix[:, :2], matrix[:, 2]
        transposed = not turn.diagonal().any()
        if not transposed and turn[[0, 1], [1, 0]].any():
            return None
        back = np.linalg.inv(turn)
        square = np.array([[0, 0], [size, size]])
        # Px lie around their whole numbers, edges at halves.
        source = _whole((square - 0.5 - shift) @ back.T + 0.5, picture_size)
        target = _whole((source - 0.5) @ turn.T + shift + 0.5, (size, size))
        across, down = turn.sum(axis=1) < 0
        flip = -1 if across and down else 1 if across else 0 if down else None
        return cls(size, _slices(source), _slices(target), transposed, flip)

    def cut(self, image_rgb: ImageRGB) -> ImageRGB:
        """(size, size, 3), contiguous; black beyond the picture's edge."""
        square = np.zeros((self.size, self.size, 3), np.uint8)
        inside, part = square[self.target], image_rgb[self.source]
        if not inside.size or not part.size:
            return square
        if self.transposed:
            part = np.asarray(cv2.transpose(part), np.uint8)
        if self.flip is not None:
            part = np.asarray(cv2.flip(part, self.flip), np.uint8)
        height, width = inside.shape[:2]
        cv2.resize(part, (width, height), dst=inside, interpolation=cv2.INTER_LINEAR)
        return square


def _whole(corners: Floats, size: tuple[int, int]) -> Floats:
    """(2, 2) corners of a box, px from the picture's, as whole numbers in it: least, then most."""
    return np.clip(np.round(np.sort(corners, axis=0)), 0, size)


def _slices(corners: Floats) -> tuple[slice, slice]:
    (left, top), (right, bottom) = corners.astype(int).tolist()
    return slice(top, bottom), slice(left, right)
