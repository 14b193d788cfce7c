"""The path of a stroke on the chart: distances to its legs, and their directions.

Both hands run the same path, mirrored: x is the distance from the spine outward (the giver's left
hand: x = -u, the right hand: x = u). The plane here is metric with half the shoulder width as its
unit, so that distances and directions mean the same along and across the back.
"""

from dataclasses import dataclass
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


@dataclass(frozen=True, slots=True, eq=False)
class Leg:
    """One phase's path in the metric plane, with all that a distance needs worked out before."""

    starts: Floats
    """(K, 2) first points of its K segments, half shoulder widths."""
    steps: Floats
    """(K, 2) from each first point to the next."""
    squares: Floats
    """(K,) squared lengths of the steps."""
    tangents: Floats
    """(K, 2) unit directions."""

    def project(self, points: Floats) -> tuple[Floats, Floats, Floats]:
        """Nearest places on the leg to `points` (N, 2).

        Returns distance (N,), unit direction of the path there (N, 2), and how far the points lie
        before its beginning or beyond its end (N,), in half shoulder widths.
        """
        offsets = points[:, None, :] - self.starts[None]
        share = np.clip((offsets * self.steps).sum(-1) / self.squares, 0.0, 1.0)
        gaps = np.linalg.norm(offsets - share[..., None] * self.steps, axis=-1)
        best = gaps.argmin(axis=1)
        rows = np.arange(len(points))
        before = -(points - self.starts[0]) @ self.tangents[0]
        beyond = (points - self.starts[-1] - self.steps[-1]) @ self.tangents[-1]
        outside = np.where(best == 0, np.where(share[rows, best] <= 0.0, before, 0.0), 0.0)
        at_end = (best == len(self.starts) - 1) & (share[rows, best] >= 1.0)
        outside = np.where(at_end, beyond, outside)
        return gaps[rows, best], self.tangents[best], np.maximum(outside, 0.0)


def aspect(scale: BackScale) -> float:
    """Length of v = 1 in units of u = 1."""
    return scale.v_cm / scale.u_cm


def leg(phase: Phase, scale: BackScale) -> Leg:
    """The phase's path in the metric plane of this receiver."""
    points = np.array(phase.path) * [1.0, aspect(scale)]
    steps = np.diff(points, axis=0)
    lengths = np.linalg.norm(steps, axis=1)
    return Leg(
        starts=readonly(points[:-1]),
        steps=readonly(steps),
        squares=readonly(lengths**2),
        tangents=readonly(steps / lengths[:, None]),
    )
