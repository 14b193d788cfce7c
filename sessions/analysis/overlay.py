"""All reps of a session over each other, in step by phase, and the way between them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from routines.path import OUTWARD
from routines.reps import Rep
from routines.routine import Routine
from sessions.analysis.ways import first_phase, places_at_times
from sessions.record import Review
from vision.arrays import Floats, readonly
from vision.hands import SIDES, Side

STEPS: Final = 24
"""Places along each phase: about one for every 1 to 2 cm."""

LEAST_FOR_MEAN: Final = 2
"""A mean of so many reps or more; one alone is no mean."""


@dataclass(frozen=True, slots=True, eq=False)
class Overlay:
    """The reps' ways resampled so that the same row is the same share of the same phase."""

    phases: tuple[str, ...]
    """Names, in the routine's order."""
    reps: tuple[int, ...]
    """Numbers of the reps, in order."""
    ways_back: Mapping[Side, Floats]
    """(R, P, STEPS, 2) of each hand: (u, v) by rep and phase; NaN where it was not seen, or where
    the rep has no such phase."""
    mean_back: Mapping[Side, Floats]
    """(P, STEPS, 2) of each hand: mean of the counted reps; NaN where fewer than two were seen."""

    def __post_init__(self) -> None:
        for name in ("ways_back", "mean_back"):
            arrays = {side: readonly(getattr(self, name)[side]) for side in SIDES}
            object.__setattr__(self, name, arrays)


def overlay(review: Review, routine: Routine) -> Overlay:
    """All attempts of a review over each other; the mean is of those that count."""
    names = tuple(phase.name for phase in routine.phases)
    ways = {side: _ways(review, side, names) for side in SIDES}
    counted = np.array([rep.counted for rep in review.reps], dtype=bool)
    return Overlay(
        phases=names,
        reps=tuple(rep.index for rep in review.reps),
        ways_back=ways,
        mean_back={side: _mean(ways[side][counted]) for side in SIDES},
    )


def _ways(review: Review, side: Side, names: Sequence[str]) -> Floats:
    ways = np.full((len(review.reps), len(names), STEPS, 2), np.nan)
    for row, rep in zip(ways, review.reps, strict=True):
        for place, name in zip(row, names, strict=True):
            place[:] = _way(review, side, rep, name)
    return ways


def _way(review: Review, side: Side, rep: Rep, name: str) -> Floats:
    span = first_phase(rep, name)
    if span is None:
        return np.full((STEPS, 2), np.nan)
    at_s = np.linspace(span.start_s, span.end_s, STEPS)
    way: Floats = places_at_times(review.paths.get(side), side, at_s) * [OUTWARD[side], 1.0]
    return way


def _mean(ways: Floats) -> Floats:
    """(P, STEPS, 2) mean over the first axis, of what was seen."""
    seen = ~np.isnan(ways)
    count = seen.sum(axis=0)
    sums = np.where(seen, ways, 0.0).sum(axis=0)
    mean: Floats = np.where(count >= LEAST_FOR_MEAN, sums / np.maximum(count, 1), np.nan)
    return mean
