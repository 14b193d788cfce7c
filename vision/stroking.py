"""Where hands went, thinned: the places and headings that they passed, and how often."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from vision.arrays import Floats
from vision.sightings import Trace, joined

MOVING: Final = 0.15
"""Hand's lengths a second from which on a palm's way can be told."""

HEADINGS: Final = 8
CELL: Final = 0.25
"""Palms are thinned to one a cell of so many hand's lengths and headings, so that neither rests nor
long films weigh more, and memory stays small."""
AGAIN_S: Final = 1.0
"""A palm that comes back to a cell after so long passes it once more."""
ONCE: Final = 0.05
OFTEN: Final = 3
"""Strokes repeat, and a lifted hand, a towel or a phantom does not: a cell that was passed once
counts little, one that was passed so often counts whole."""

Whole = NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Motion:
    """Palms on their way, thinned: C cells."""

    palm_px: Floats
    """(C, 2)"""
    heading: Floats
    """(C, 2) unit vectors."""
    weight: Floats
    """(C,) up to 1 for cells that were passed in several strokes."""
    hand_px: float
    """A hand's length where it is seen at its longest."""
    up: Floats
    """(2,) where the fingers point on the whole; its length, 0 to 1, says how much they agree."""


def motion_of(traces: Sequence[Trace]) -> Motion | None:
    """What traces say of the ways hands went; None where nothing moved."""
    if not traces:
        return None
    hand_px = float(np.quantile(joined(traces, "length_px"), 0.8))
    palms, velocity = joined(traces, "palm_px"), joined(traces, "velocity_px_s")
    speed = np.linalg.norm(velocity, axis=1)
    moving = speed > MOVING * hand_px
    if not moving.any():
        return None
    palms, heading = palms[moving], velocity[moving] / speed[moving, None]
    pointing = joined(traces, "pointing")[moving]
    time_s = joined(traces, "time_s")[moving]
    turn = np.arctan2(heading[:, 1], heading[:, 0]) / (2 * np.pi) * HEADINGS
    cells = np.column_stack([np.floor(palms / (CELL * hand_px)), np.round(turn) % HEADINGS])
    cell = np.unique(cells, axis=0, return_inverse=True)[1].ravel()
    mean_palm, mean_heading = (_mean_by(cell, values) for values in (palms, heading))
    mean_heading /= np.linalg.norm(mean_heading, axis=1, keepdims=True)
    weight = np.clip((_passes(cell, time_s) - 1) / (OFTEN - 1), ONCE, 1.0)
    return Motion(mean_palm, mean_heading, weight, hand_px, pointing.mean(axis=0))


def _passes(cell: Whole, time_s: Floats) -> Whole:
    """(C,) how many times each cell was passed."""
    order = np.lexsort((time_s, cell))
    another = (np.diff(cell[order]) != 0) | (np.diff(time_s[order]) > AGAIN_S)
    passes: Whole = np.bincount(cell[order], np.concatenate([[True], another])).astype(np.intp)
    return passes


def _mean_by(group: Whole, values: Floats) -> Floats:
    sums = np.column_stack([np.bincount(group, column) for column in values.T])
    means: Floats = sums / np.bincount(group)[:, None]
    return means
