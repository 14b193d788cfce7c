"""Why a fault is one: the course of what was measured over the stroke, beside its limit.

The courses are read from the same ticks as the judge reads, so that the picture agrees with the
verdict. Not every measure has one: a share of the path or a whole stroke's time is one number.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from routines.reps import Check, Rep
from routines.ticks import TICK_S, EvenClock, Tick, Ticks, stack
from sessions.analysis.ways import places_at_times
from sessions.record import Review
from sessions.rejudge import pairs_on_chart
from sessions.store.values import LandmarkTrack
from vision.arrays import Floats, readonly
from vision.back_frame import BackFrame
from vision.hands import SIDES, Side
from vision.samples import BackScale

Quantity = Literal["height", "across", "spine", "speed", "angle"]
"""What a course shows: how far up (v), how far out (u without its sign), the distance of the
palm's thumb side from the spine (cm), the palm's speed (cm/s), the fingers' angle (degrees)."""

UNITS: Final[Mapping[Quantity, str]] = {
    "height": "v",
    "across": "u",
    "spine": "cm",
    "speed": "cm/s",
    "angle": "°",
}

AROUND_S: Final = 0.5
"""So much before and after the stroke is shown."""

SLOPE_TICKS: Final = 3
"""A speed is taken over this many ticks on either side (0.15 s), as the judge takes it."""

_QUANTITY: Final[Mapping[str, Quantity]] = {
    "short_reach": "height",
    "skipped_shoulders": "across",
    "out_of_order": "height",
    "one_hand": "height",
    "incomplete": "height",
    "on_spine": "spine",
    "asymmetric": "height",
    "rushed": "height",
    "rushed_sides": "speed",
    "missing_pull_in": "across",
    "fingers_not_to_head": "angle",
    "hand_lifted": "height",
    "pause": "speed",
}
"""What is looked at for each fault."""

_LEVEL: Final = frozenset(
    {"short_reach", "skipped_shoulders", "incomplete", "on_spine", "fingers_not_to_head"}
)
"""Faults whose limit is a level of that course, where their unit is the course's own. The others'
limits are of a time, a share or a difference."""


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """What was measured over a stroke."""

    quantity: Quantity
    unit: str
    time_s: Floats
    """(N,) seconds of media time, even."""
    values: Mapping[Side, Floats]
    """(N,) of each hand; NaN where it was not seen."""
    limit: float | None
    """On the same scale; None where the limit is of something else."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "time_s", readonly(self.time_s))
        values = {side: readonly(self.values[side]) for side in SIDES}
        object.__setattr__(self, "values", values)


def course_of(check: Check, rep: Rep, ticks: Ticks, scale: BackScale) -> Course | None:
    """The course of what a check measured in a stroke; None where nothing was seen of it."""
    quantity = _quantity(check)
    shown = ticks.between(rep.start_s - AROUND_S, rep.end_s + AROUND_S)
    if quantity is None or len(shown.time_s) == 0:
        return None
    values = _values(quantity, shown, scale)
    if np.isnan(values).all():
        return None
    has_level = check.code in _LEVEL or (quantity, check.unit) == ("speed", "cm/s")
    return Course(
        quantity=quantity,
        unit=UNITS[quantity],
        time_s=shown.time_s,
        values={side: values[:, row] for row, side in enumerate(SIDES)},
        limit=check.limit if has_level and check.unit == UNITS[quantity] else None,
    )


def ticks_of_landmarks(
    track: LandmarkTrack, back_frame: BackFrame, start_s: float, end_s: float
) -> Ticks:
    """What the judge saw from `start_s` to `end_s`, in pictures of the track's size."""
    first, last = np.searchsorted(track.time_s, [start_s - AROUND_S, end_s + AROUND_S])
    clock = EvenClock()
    ticks: list[Tick] = []
    for pair in pairs_on_chart(_part(track, int(first), int(last))):
        ticks += clock.step(back_frame.sample(pair))
    return stack(ticks)


def ticks_of_paths(review: Review, start_s: float, end_s: float) -> Ticks:
    """The palms' places alone, where no landmarks were kept."""
    count = max(0, round((end_s - start_s + 2 * AROUND_S) / TICK_S)) + 1
    times: Floats = np.arange(count, dtype=np.float64) * TICK_S + (start_s - AROUND_S)
    values = np.full((count, 2, 7), np.nan)
    for row, side in enumerate(SIDES):
        values[:, row, :2] = places_at_times(review.paths.get(side), side, times)
    return Ticks(times, values)


def ticks_of_rep(
    rep: Rep, review: Review, track: LandmarkTrack | None, back_frame: BackFrame | None
) -> Ticks:
    """What is known of a stroke: the hands where they were kept, else the palms' ways."""
    if track is None or back_frame is None:
        return ticks_of_paths(review, rep.start_s, rep.end_s)
    return ticks_of_landmarks(track, back_frame, rep.start_s, rep.end_s)


def _quantity(check: Check) -> Quantity | None:
    if check.code == "asymmetric" and check.unit == "u":
        return "across"
    return _QUANTITY.get(check.code)


def _values(quantity: Quantity, ticks: Ticks, scale: BackScale) -> Floats:
    """(N, 2) left and right."""
    match quantity:
        case "height":
            return ticks.palm[:, :, 1]
        case "across":
            return ticks.palm[:, :, 0]
        case "spine":
            return np.where(ticks.trusted, ticks.thumb_x * scale.u_cm, np.nan)
        case "angle":
            return np.where(ticks.trusted, ticks.pointing_deg, np.nan)
        case "speed":
            return _speed(ticks, scale)


def _speed(ticks: Ticks, scale: BackScale) -> Floats:
    places_cm = ticks.palm * [scale.u_cm, scale.v_cm]
    speed = np.full(places_cm.shape[:2], np.nan)
    wide = 2 * SLOPE_TICKS
    if len(places_cm) > wide:
        steps = places_cm[wide:] - places_cm[:-wide]
        speed[SLOPE_TICKS:-SLOPE_TICKS] = np.linalg.norm(steps, axis=2) / (wide * TICK_S)
    return speed


def _part(track: LandmarkTrack, first: int, last: int) -> LandmarkTrack:
    return LandmarkTrack(
        track.image_size,
        track.time_s[first:last],
        {side: track.landmarks_px[side][first:last] for side in SIDES},
        {side: track.observed[side][first:last] for side in SIDES},
        track.drift_px[first:last],
    )
