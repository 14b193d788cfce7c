"""How near the hands run to the spine: for judging an attempt, and for the warning during it."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from routines.evidence import longest_run, which_hand
from routines.reps import Hand
from routines.ticks import TICK_S, Ticks
from vision.arrays import Floats
from vision.samples import BackScale

UP_V: Final = (0.15, 0.85)
"""The way up between leaving the waist and turning at the neck."""

SPINE_SLACK_CM: Final = 2.0
"""How far an oblique camera may shift both palms sideways (measured on clean strokes: up to 1.8).

It shifts one hand toward the spine and the other away, so their mean is free of it. One hand alone
is on the spine only when it is so by more than this.
"""


@dataclass(frozen=True, slots=True)
class SpineLimits:
    """The thumb side of a palm nearer than this for so long is on the spine."""

    distance_cm: float
    duration_s: float


@dataclass(frozen=True, slots=True)
class AlongSpine:
    """How near the hands ran to the spine."""

    nearest_cm: float
    """The distance below which they stayed for as long as the limits say."""
    hand: Hand | None
    """Who was within the limits; None for nobody."""
    span: tuple[float, float] | None
    """Since when and until when, in seconds; None where nobody was."""


def well_up(ticks: Ticks) -> Ticks:
    """Those of the ticks in which at least one hand is well between waist and neck."""
    v = ticks.palm[:, :, 1]
    inside = ((v > UP_V[0]) & (v < UP_V[1])).any(axis=1)
    return Ticks(ticks.time_s[inside], ticks.values[inside])


def along_spine(ticks: Ticks, scale: BackScale, limits: SpineLimits) -> AlongSpine | None:
    """How near the thumb sides of the palms ran to the spine; None where that was not seen.

    A hand whose place the camera can't tell is no witness.
    """
    if (ticks.trusted.sum(axis=0) * TICK_S < limits.duration_s).all():
        return None
    gap_cm = np.where(ticks.trusted, ticks.thumb_x * scale.u_cm, np.nan)
    together = _held_below(gap_cm.mean(axis=1), limits.duration_s)
    alone = [_held_below(gap_cm[:, hand] + SPINE_SLACK_CM, limits.duration_s) for hand in range(2)]
    close = [together < limits.distance_cm or one < limits.distance_cm for one in alone]
    nearest = min(together, *alone)
    if np.isinf(nearest):
        return None
    if not any(close):
        return AlongSpine(nearest, None, None)
    mean_gap = (
        gap_cm.mean(axis=1) if together < limits.distance_cm else gap_cm[:, close.index(True)]
    )
    run = longest_run(mean_gap < limits.distance_cm, ticks.time_s)
    return AlongSpine(nearest, which_hand(*close), run)


def _held_below(values: Floats, duration_s: float) -> float:
    """The value below which `values` (N,) stayed for `duration_s` on end; infinite if too short."""
    count = max(1, round(duration_s / TICK_S))
    windows = [values[start : start + count] for start in range(len(values) - count + 1)]
    highest = [float(window.max()) for window in windows if not np.isnan(window).any()]
    return min(highest, default=float("inf"))
