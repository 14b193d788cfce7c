"""Both hands' ways of a review, cut to a stretch of time; a bridged place is never one seen."""

from typing import Final

import numpy as np

from routines.path import OUTWARD
from routines.reps import PhaseSpan, Rep
from sessions.record import HandPath
from vision.arrays import Floats
from vision.hands import Side

NEAR_S: Final = 0.35
"""Between two seen places no further apart in time a hand went straight, as on the chart."""


def seen_places(path: HandPath | None, side: Side, start_s: float, end_s: float) -> Floats:
    """(N, 3) time, x and v of every place where the hand was seen from `start_s` to `end_s`.

    x is the distance from the spine outward in half shoulder widths, the same for both hands.
    """
    if path is None:
        return np.empty((0, 3))
    inside = path.observed & (path.time_s >= start_s - 1e-9) & (path.time_s <= end_s + 1e-9)
    folded = path.palm_back[inside] * [OUTWARD[side], 1.0]
    return np.column_stack([path.time_s[inside], folded])


def places_at_times(path: HandPath | None, side: Side, at_s: Floats) -> Floats:
    """(N, 2) x and v of the hand at these times; NaN where it was not seen around them."""
    places = np.full((len(at_s), 2), np.nan)
    if len(at_s) == 0:
        return places
    seen = seen_places(path, side, float(at_s.min()) - NEAR_S, float(at_s.max()) + NEAR_S)
    if len(seen) < 2:
        return places
    after = np.clip(np.searchsorted(seen[:, 0], at_s), 1, len(seen) - 1)
    gap_s = seen[after, 0] - seen[after - 1, 0]
    share = (at_s - seen[after - 1, 0]) / gap_s
    known = (gap_s <= NEAR_S) & (share >= -1e-9) & (share <= 1 + 1e-9)
    mixed = seen[after - 1, 1:] + share[:, None] * (seen[after, 1:] - seen[after - 1, 1:])
    places[known] = mixed[known]
    return places


def seen_throughout(places: Floats, start_s: float, end_s: float) -> bool:
    """Whether `places` (N, 3) leave no gap longer than `NEAR_S` between these times."""
    inside = places[(places[:, 0] >= start_s - NEAR_S) & (places[:, 0] <= end_s + NEAR_S), 0]
    if len(inside) < 2:
        return False
    from_to = (inside[0] <= start_s + NEAR_S / 2, inside[-1] >= end_s - NEAR_S / 2)
    return all(from_to) and bool(np.diff(inside).max() <= NEAR_S)


def first_phase(rep: Rep, name: str) -> PhaseSpan | None:
    """The rep's first phase of that name."""
    return next((phase for phase in rep.phases if phase.name == name), None)
