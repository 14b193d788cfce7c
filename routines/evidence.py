"""What was seen of an attempt, in the form that the checks ask for."""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routines.attempts import Attempt
from routines.path import Legs, aspect, path_back
from routines.reps import Check, Hand, Outcome
from routines.routine import Routine
from routines.ticks import TICK_S, Ticks
from vision.arrays import Floats, distances_along, places_at
from vision.hands import SIDES
from vision.samples import BackScale

ENOUGH_SHARE: Final = 0.5
"""A check over a stretch needs a hand in at least this share of it."""

ASTRAY_CM: Final = 9.0
"""A palm this far beside the path is not on its way: clean strokes stray by up to 5 cm."""

PATH_PLACES: Final = 120
"""The path is 110 to 125 cm long: about one place each cm."""

AT_START_V: Final = 0.1
"""How far above the start place a hand may be, or seem, that has just left it."""

Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Evidence:
    """One attempt with its routine and the receiver's scale."""

    attempt: Attempt
    routine: Routine
    scale: BackScale
    legs: Legs = field(init=False)
    """The path on this receiver's back."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "legs", Legs(self.routine, self.scale))

    @property
    def ticks(self) -> Ticks:
        """All ticks of the attempt."""
        return self.attempt.ticks

    def palm(self, ticks: Ticks | None = None) -> Floats:
        """(N, 2, 2) observed palms as (x, v), NaN where not observed."""
        return (ticks or self.ticks).palm

    def palm_cm(self, ticks: Ticks | None = None) -> Floats:
        """(N, 2, 2) observed palms in cm on the chart, NaN where not observed."""
        return self.palm(ticks) * [self.scale.u_cm, self.scale.u_cm * aspect(self.scale)]

    def gaps_cm(self, ticks: Ticks | None = None) -> Floats:
        """(N, 2, L) distance of each palm from each leg of the path, cm; NaN where not seen."""
        points_cm = self.palm_cm(ticks)
        gaps = self._leg_gaps_cm(np.nan_to_num(points_cm.reshape(-1, 2), nan=0.0))
        gaps_cm: Floats = np.where(
            np.isnan(points_cm[..., :1]), np.nan, gaps.reshape(len(points_cm), 2, -1)
        )
        return gaps_cm

    def off_path_cm(self, points_cm: Floats) -> Floats:
        """(N,) distance of places (N, 2) in cm on the chart from the path, cm."""
        off_cm: Floats = self._leg_gaps_cm(points_cm).min(axis=-1)
        return off_cm

    def _leg_gaps_cm(self, points_cm: Floats) -> Floats:
        gaps_cm: Floats = self.legs.project(points_cm / self.scale.u_cm)[0] * self.scale.u_cm
        return gaps_cm

    def stray_cm(self, ticks: Ticks | None = None) -> Floats:
        """(N, 2) distance of each palm from the nearest leg of the path, cm; 0 where not seen."""
        nearest_cm: Floats = np.nan_to_num(self.gaps_cm(ticks).min(axis=-1), nan=0.0)
        return nearest_cm

    def apart_cm(self, behind_cm: float) -> Floats:
        """(N, 2) distance of each palm from the stretch of the path that the other one is on, cm.

        That stretch reaches `behind_cm` either way from the place nearest the other palm; 0 where
        one of the two was not seen.
        """
        path_cm = _places(self.routine) @ np.diag([self.scale.u_cm, self.scale.v_cm])
        along_cm = distances_along(path_cm)
        gaps = np.linalg.norm(self.palm_cm()[:, :, None] - path_cm, axis=-1)
        seen = ~np.isnan(gaps[..., 0]).any(axis=1)
        gaps = np.nan_to_num(gaps)
        others = along_cm[gaps.argmin(axis=-1)[:, ::-1]]
        ahead = np.abs(along_cm - others[..., None])
        with_other = np.minimum(ahead, along_cm[-1] - ahead) <= behind_cm
        nearest = np.where(with_other, gaps, np.inf).min(axis=-1)
        return np.where(seen[:, None], nearest, 0.0)

    def start_was_seen(self) -> bool:
        """Whether a hand was in sight at the start place's height as the attempt began."""
        start_s = self.attempt.start_s
        v = self.palm(self.ticks.between(start_s, start_s + 0.3))[..., 1]
        return bool((v < self.routine.start.place[1] + AT_START_V).any())

    def end_was_seen(self) -> bool:
        """Whether a hand was in sight just before the attempt's end."""
        end_s = self.attempt.end_s
        return bool(self.ticks.between(end_s - 0.3, end_s).observed.any())

    def phase(self, index: int) -> Ticks | None:
        """Ticks of the routine's phase `index`, from its first run to the next phase."""
        name = self.routine.phases[index].name
        span = next((one for one in self.attempt.phases() if one.name == name), None)
        return self.ticks.between(span.start_s, span.end_s) if span else None

    def limit(self, code: str, name: str) -> float:
        """A limit of the routine."""
        return self.routine.limit(code, name)

    def fine(
        self, code: str, measured: float | None = None, limit: float | None = None, unit: str = ""
    ) -> Check:
        """The check found nothing."""
        return self._check(code, "fine", None, measured, limit, unit, None)

    def not_seen(self, code: str) -> Check:
        """The picture does not allow a verdict."""
        return self._check(code, "not_seen", None, None, None, "", None)

    def fault(
        self,
        code: str,
        hand: Hand,
        measured: float,
        limit: float,
        unit: str,
        span: tuple[float, float] | None = None,
    ) -> Check:
        """The check found a fault, in `span` or in the whole attempt."""
        return self._check(code, "fault", hand, measured, limit, unit, span)

    def compare(
        self,
        code: str,
        is_fault: bool,
        hand: Hand,
        measured: float,
        limit: float,
        unit: str,
        span: tuple[float, float] | None = None,
    ) -> Check:
        """Fault or fine, with what was measured either way."""
        if is_fault:
            return self.fault(code, hand, measured, limit, unit, span)
        return self.fine(code, measured, limit, unit)

    def _check(
        self,
        code: str,
        outcome: Outcome,
        hand: Hand | None,
        measured: float | None,
        limit: float | None,
        unit: str,
        span: tuple[float, float] | None,
    ) -> Check:
        start_s, end_s = span or (self.attempt.start_s, self.attempt.end_s)
        return Check(code, outcome, start_s, end_s, hand, measured, limit, unit)


def _places(routine: Routine) -> Floats:
    """(N, 2) places along the closed path, close together."""
    corners = path_back(routine, "right")  # x is u on the right
    along = distances_along(corners)
    return places_at(corners, along, np.linspace(0.0, along[-1], PATH_PLACES))


def which_hand(left: bool, right: bool) -> Hand:
    """The hand that a pair of verdicts names."""
    if left and right:
        return "both"
    return SIDES[0] if left else SIDES[1]


def runs_of(mask: Mask) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """First and last index of every stretch where `mask` (N,) holds."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], mask.astype(np.int8), [0]])))
    return edges[::2], edges[1::2] - 1


def longest_run(mask: Mask, time_s: Floats) -> tuple[float, float] | None:
    """Start and end of the longest stretch where `mask` (N,) holds; None where it never does."""
    starts, ends = runs_of(mask)
    if len(starts) == 0:
        return None
    best = int((ends - starts).argmax())
    return float(time_s[starts[best]]), float(time_s[ends[best]]) + TICK_S


def crossing_times(values: Floats, time_s: Floats, levels: Floats, rising: bool) -> Floats:
    """When `values` (N,) first crosses each level; NaN where it was not seen to cross.

    A crossing counts when both sides of it were observed within 0.2 s.
    """
    times = np.full(len(levels), np.nan)
    known = ~np.isnan(values)
    kept, at = values[known], time_s[known]
    if len(kept) < 2:
        return times
    sign = 1.0 if rising else -1.0
    for index, level in enumerate(levels):
        above = sign * (kept - level) >= 0
        first = int(above.argmax())
        if not above[first] or first == 0 or at[first] - at[first - 1] > 4 * TICK_S:
            continue
        before, after = kept[first - 1], kept[first]
        share = (level - before) / (after - before)
        times[index] = at[first - 1] + share * (at[first] - at[first - 1])
    return times


STILL_CM: Final = 1.0
"""Hands that moved less than this within half a second stand still; tracking jitters below."""


def standing_still(evidence: Evidence) -> Mask:
    """(N,) where every observed hand stands still on the way, away from the start place."""
    palm = evidence.palm_cm()
    steps = round(0.5 / TICK_S)
    still = np.zeros(len(palm), dtype=bool)
    if len(palm) <= steps:
        return still
    moved = np.linalg.norm(palm[steps:] - palm[:-steps], axis=-1)
    calm = ((moved < STILL_CM) | np.isnan(moved)).all(axis=1) & ~np.isnan(moved).all(axis=1)
    for offset in range(steps + 1):
        still[offset : offset + len(calm)] |= calm
    v = evidence.palm()[:, :, 1]
    high = np.where(np.isnan(v), -np.inf, v).max(axis=1)
    on_the_way = high > evidence.routine.start.place[1] + 0.15
    return np.asarray(still & on_the_way)
