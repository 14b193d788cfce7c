"""The end of a stroke at the waist: whether the hands glided in, or were lifted and put back.

From above a lift of a few centimetres cannot be seen. What can be seen is how hands move that leave
the skin: they stop at the side, then go straight to the start place, as every reach through the air
does (Flash and Hogan 1985: straight, with a bell of speed). Hands that glide follow the curve of
the waist, and at no place of it stand still.
"""

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from routines.evidence import Evidence, Mask, longest_run, runs_of, which_hand
from routines.reps import Check
from routines.ticks import TICK_S, Ticks, joined
from vision.arrays import Floats

Way = Literal["glided", "stopped", "unclear"]

_DOWN: Final = 2
WAIST_V: Final = 0.25
"""Below this height the hands are near the waist."""
LOST_S: Final = 0.25
"""A hand that was lost for longer near the waist may have done anything there."""
FEWEST: Final = 6
"""Ticks in which a way in can be told from a jump of the picture."""
ARRIVED: Final = 0.12
"""Share of the way outward that still counts as home."""
STILL_OUT: Final = 0.6
"""Share of the way outward from which on a hand is at the side."""
AT_SIDE: Final = 0.15
"""Share of the way in within which a hand has not left the side."""
STANDING: Final = 0.15
"""Slowest to mean speed below which a hand stood (true hands that glided: 0.34 and more)."""
MOVING: Final = 0.3
CLOCK_ERROR_S: Final = 2 * TICK_S
"""A stand that is longer by less than this may be none: both its ends are known to a tick."""
THROUGH_AIR_S: Final = 1.0
"""A lifted hand is put down a hand's width away within this time; a slow glide takes longer."""
INWARD_ERROR_X: Final = 0.04
"""How far the noise of tracking and the chart's stretch may change a way so short."""
BENT: Final = 0.2
"""A way in that bends off its chord by this share of its length follows the waist."""


@dataclass(frozen=True, slots=True)
class WayIn:
    """How one palm came from the side of the waist to the start place."""

    inward_x: float
    """How far it came toward the spine."""
    stood_s: float = 0.0
    """How long it stayed at the side where it was slowest."""
    took_s: float = 0.0
    """How long it took from there to the start place."""
    slowest: float = 1.0
    """Its slowest speed, as a share of the mean speed after."""
    bend: float = 0.0
    """How far the way bends off its chord, as a share of that; below or inward is positive."""

    def kind(self, stop_share: float) -> Way:
        """Whether it stopped and went straight; `stop_share` is of the time of the way in."""
        if self.slowest > MOVING or self.bend > BENT:
            return "glided"
        longest_s = stop_share * self.took_s + CLOCK_ERROR_S
        stopped = self.slowest <= STANDING and self.stood_s >= longest_s
        stopped = stopped and self.took_s <= THROUGH_AIR_S
        return "stopped" if stopped else "unclear"


def missing_pull_in(evidence: Evidence) -> Check:
    """At the waist the hands did not glide inward: they stayed out, or were lifted and put back."""
    code = "missing_pull_in"
    limit_x = evidence.limit(code, "inward_x")
    stop_share = evidence.limit(code, "stop_share")
    down = evidence.phase(_DOWN)
    if down is None or evidence.attempt.ending != "back":
        return evidence.not_seen(code)
    end_s = evidence.attempt.end_s
    tail = joined(
        evidence.ticks.between(float(down.time_s[0]), end_s),
        evidence.attempt.after.between(end_s, end_s + 0.5),
    )
    ways = [_way_in(evidence, tail, hand) for hand in range(2)]
    seen = [way for way in ways if way is not None]
    if not seen:
        return evidence.not_seen(code)
    span = (float(tail.time_s[0]), end_s)
    inward_x = max(way.inward_x for way in seen)
    hand = which_hand(*(way is not None for way in ways))
    if inward_x < limit_x:
        surely = inward_x < limit_x - INWARD_ERROR_X
        stayed = evidence.fault(code, hand, inward_x, limit_x, "u", span)
        return stayed if surely else evidence.not_seen(code)
    kinds = [way.kind(stop_share) for way in seen]
    if "stopped" not in kinds and "glided" in kinds:
        return evidence.fine(code, inward_x, limit_x, "u")
    if "stopped" not in kinds or "glided" in kinds:
        return evidence.not_seen(code)
    longest = max(seen, key=lambda way: way.stood_s)
    return evidence.fault(code, hand, longest.stood_s, stop_share * longest.took_s, "s", span)


def _way_in(evidence: Evidence, tail: Ticks, hand: int) -> WayIn | None:
    """How one palm came in; None where it was not seen, or at a place nobody can tell."""
    palm = tail.palm[:, hand]
    low = np.flatnonzero(palm[:, 1] < WAIST_V)
    if len(low) < FEWEST:
        return None
    came_s, end_s = float(tail.time_s[low[0]]), evidence.attempt.end_s
    arrival = tail.between(came_s - LOST_S, max(end_s, came_s))
    unseen = longest_run(~arrival.observed[:, hand], arrival.time_s)
    if unseen is not None and unseen[1] - unseen[0] > LOST_S:
        return None
    if not arrival.between(0.0, came_s - TICK_S).observed[:, hand].any():
        return None
    near = tail.between(came_s, float(tail.time_s[low[-1]]))
    seen = near.observed[:, hand]
    gaps = np.diff(near.time_s[seen])
    if len(gaps) and float(gaps.max()) > LOST_S + TICK_S:
        return None
    if near.trusted[seen, hand].mean() < 0.5:
        return None
    times, known = near.time_s, near.time_s[seen]
    palm_cm = evidence.palm_cm(near)[seen, hand]
    points_cm = np.column_stack([np.interp(times, known, axis) for axis in palm_cm.T])
    return _told(_smooth(points_cm), evidence.scale.u_cm)


def _smooth(points_cm: Floats) -> Floats:
    """(N, 2) the mean of each point and its neighbours."""
    padded = np.concatenate([points_cm[:1], points_cm, points_cm[-1:]])
    smoothed: Floats = (padded[:-2] + padded[1:-1] + padded[2:]) / 3
    return smoothed


def _told(points_cm: Floats, u_cm: float) -> WayIn | None:
    """The way in along (N, 2) points on the even clock; None where it was too short to tell."""
    x = points_cm[:, 0]
    third = max(3, len(x) // 3)
    home_x = float(x[third:].min())
    inward_cm = float(x[:third].max()) - home_x
    only_inward = WayIn(inward_cm / u_cm)
    arrived = int((x - home_x < ARRIVED * inward_cm).argmax())
    outside = np.flatnonzero(x[: arrived + 1] - home_x > STILL_OUT * inward_cm)
    if len(outside) == 0 or outside[-1] < 2:
        return only_inward
    speeds = np.linalg.norm(points_cm[4:] - points_cm[:-4], axis=1) / (4 * TICK_S)
    slowest = int(speeds[: outside[-1] - 1].argmin()) + 2
    chord = points_cm[arrived] - points_cm[slowest]
    length_cm = float(np.linalg.norm(chord))
    if length_cm <= 0:
        return only_inward
    offsets = points_cm[slowest : arrived + 1] - points_cm[slowest]
    along = np.maximum.accumulate(offsets @ chord) / length_cm**2
    across = offsets @ np.array([-chord[1], chord[0]]) / length_cm**2
    took_s = 2 * TICK_S * float(np.ptp(np.interp([0.25, 0.75], along, np.arange(len(along)))))
    took_s = max(took_s, 2 * TICK_S)
    at_side = np.linalg.norm(points_cm - points_cm[slowest], axis=1) < AT_SIDE * length_cm
    return WayIn(
        inward_x=inward_cm / u_cm,
        stood_s=TICK_S * _length_of_run(at_side, slowest),
        took_s=took_s,
        slowest=float(speeds[slowest - 2]) * took_s / length_cm,
        bend=float(across[np.abs(across).argmax()]),
    )


def _length_of_run(mask: Mask, at: int) -> int:
    """How many ticks on end around `at` the mask (N,) holds."""
    for start, end in zip(*runs_of(mask), strict=True):
        if start <= at <= end:
            return int(end - start + 1)
    return 0
