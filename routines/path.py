"""The path of a stroke on the chart: distances to its legs, and their directions.

Both hands run the same path, mirrored: x is the distance from the spine outward (the giver's left
hand: x = -u, the right hand: x = u). The plane here is metric with half the shoulder width as its
unit, so that distances and directions mean the same along and across the back.
"""

from typing import Final

import numpy as np

from routines.routine import Phase, Routine
from vision.arrays import Floats, readonly
from vision.hands import Side
from vision.samples import BackScale

OUTWARD: Final[dict[Side, float]] = {"left": -1.0, "right": 1.0}
"""Sign of u on the side where each of the giver's hands works."""


def path_back(routine: Routine, side: Side) -> Floats:
    """(N, 2) the closed path of that hand's palm as (u, v), for drawing."""
    points = [point for phase in routine.phases for point in phase.path[:-1]]
    points.append(routine.phases[-1].path[-1])
    return readonly(np.array(points) * [OUTWARD[side], 1.0])


def phase_path_back(phase: Phase, side: Side) -> Floats:
    """(N, 2) one leg of that hand's path as (u, v)."""
    return readonly(np.array(phase.path) * [OUTWARD[side], 1.0])


def aspect(scale: BackScale) -> float:
    """Length of v = 1 in units of u = 1."""
    return scale.v_cm / scale.u_cm


class Legs:
    """All legs of a routine in the metric plane of one receiver, side by side for speed.

    Legs with fewer segments than the longest are filled up with their last one.
    """

    def __init__(self, routine: Routine, scale: BackScale) -> None:
        paths = [np.array(phase.path) * [1.0, aspect(scale)] for phase in routine.phases]
        most = max(len(path) for path in paths) - 1
        filled = [np.minimum(np.arange(most), len(path) - 2) for path in paths]
        starts = [path[index] for path, index in zip(paths, filled, strict=True)]
        steps = [np.diff(path, axis=0)[index] for path, index in zip(paths, filled, strict=True)]
        self._starts: Final = readonly(starts)  # (L, K, 2) first points of the segments
        self._steps: Final = readonly(steps)  # (L, K, 2) from each first point to the next
        lengths = np.linalg.norm(self._steps, axis=-1)
        self._squares: Final = readonly(lengths**2)  # (L, K)
        self._tangents: Final = readonly(self._steps / lengths[..., None])  # (L, K, 2)
        self._last: Final = np.array([index[-1] for index in filled])  # (L,)

    def project(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Nearest places on each leg to `points` (N, 2).

        Returns distances (N, L), unit directions of the path there (N, L, 2), and how far the
        points lie before a leg's beginning or beyond its end (N, L), in half shoulder widths.
        """
        offsets = points[:, None, None, :] - self._starts
        share = (offsets * self._steps).sum(-1) / self._squares
        clipped = np.clip(share, 0.0, 1.0)
        squares = ((offsets - clipped[..., None] * self._steps) ** 2).sum(-1)
        best = squares.argmin(axis=-1)
        legs = np.arange(len(self._last))[None, :]
        rows = np.arange(len(points))[:, None]
        along = share[rows, legs, best]
        over = np.where(best == 0, -along, 0.0)
        over = np.maximum(over, np.where(best >= self._last, along - 1.0, 0.0))
        outside = np.maximum(over, 0.0) * np.sqrt(self._squares)[legs, best]
        gaps = np.sqrt(squares[rows, legs, best])
        return gaps, self._tangents[legs, best], outside
