"""Whether the hands go together: in time, up the back and out across the shoulders."""

from dataclasses import dataclass
from typing import Final

import numpy as np

from routines.evidence import Evidence
from routines.reps import Check, Hand
from routines.ticks import TICK_S, Ticks
from vision.arrays import Floats

_UP, _OUT, _DOWN = range(3)

ASYMMETRIES: Final = 3
"""In time, upward, outward: only all of them together can be fine."""

REACH_ERROR: Final = (0.06, 0.04)
"""How much the chart may shift one hand against the other, outward and upward, where it is trusted
(measured on clean strokes from five cameras: up to 0.06 and 0.03)."""

FOLLOWED_SHARE: Final = 0.9
"""A reach can be told when the hand was followed through this share of the turn around it."""

LAGS: Final = np.arange(-30, 31)
"""Shifts that are tried, in ticks: up to 1.5 s."""
SHIFT_SD: Final = 0.05
STRETCH_SD: Final = 0.08
"""How much the chart may shift and stretch the way of one hand against the other's, in v."""
WOBBLE_SD: Final = 0.02
"""How far hands that go together stray from one another in v, with the noise of tracking."""
TICKS_EACH: Final = 5
"""Neighbouring ticks are not independent: so many tell as much as one."""
FEWEST: Final = 4 * TICKS_EACH
"""Moments with both hands from which a lag can be told."""
SURE: Final = 4.0
"""Lags whose fit is worse than the best by this much are ruled out (two standard deviations)."""
LEAST_TRAVEL_V: Final = 0.3
"""A lag can be told from a way at least this long."""


@dataclass(frozen=True, slots=True)
class _Gap:
    """How far one hand is behind the other."""

    measured: float
    surely: float
    """At least this much, all known errors considered."""
    hand: Hand
    limit: float
    unit: str


def asymmetric(evidence: Evidence) -> Check:
    """One hand lags, or reaches less far up or out."""
    code = "asymmetric"
    found = (_lag(evidence), _reach_gap(evidence, 1), _reach_gap(evidence, 0))
    gaps = [gap for gap in found if gap is not None]
    sure = [gap for gap in gaps if gap.surely > gap.limit]
    if sure:
        worst = max(sure, key=lambda gap: gap.surely / gap.limit)
        return evidence.fault(code, worst.hand, worst.measured, worst.limit, worst.unit)
    if len(gaps) < ASYMMETRIES or any(gap.measured > gap.limit for gap in gaps):
        return evidence.not_seen(code)
    most = max(gaps, key=lambda gap: gap.measured / gap.limit)
    return evidence.fine(code, most.measured, most.limit, most.unit)


def _lag(evidence: Evidence) -> _Gap | None:
    """How far one hand follows behind the other, by what can be trusted of both."""
    ticks = _up_and_over(evidence)
    lag = None if ticks is None else lag_of(np.where(ticks.trusted, ticks.palm[:, :, 1], np.nan))
    if lag is None:
        return None
    return _Gap(
        measured=abs(lag.behind_s),
        surely=lag.surely_s,
        hand="right" if lag.behind_s > 0 else "left",
        limit=evidence.limit("asymmetric", "lag_s"),
        unit="s",
    )


@dataclass(frozen=True, slots=True)
class Lag:
    """How far the right hand follows behind the left one; negative where it goes ahead."""

    behind_s: float
    surely_s: float
    """At least this much either way, all known errors considered."""


def lag_of(v: Floats) -> Lag | None:
    """The lag between both hands' heights (N, 2) on an even clock, NaN where one is not known.

    To be told from the way up and over the turn at the top: on the way up alone a hand that lags
    and a chart that is shifted look the same; after the turn they do not. So both are fitted, with
    what is known of the chart's errors. None where too little was seen of both hands together.
    """
    together = int((~np.isnan(v)).all(axis=1).sum())
    if together < FEWEST:
        return None
    costs = np.array([_misfit(v, int(lag), together) for lag in LAGS])
    if np.isinf(costs).all():
        return None
    best = int(costs.argmin())
    open_to = LAGS[costs <= costs[best] + SURE] * TICK_S
    both_ways = open_to.min() <= 0.0 <= open_to.max()
    return Lag(
        behind_s=float(LAGS[best]) * TICK_S,
        surely_s=0.0 if both_ways else float(np.abs(open_to).min()),
    )


def _up_and_over(evidence: Evidence) -> Ticks | None:
    legs = [evidence.phase(index) for index in (_UP, _OUT, _DOWN)]
    if legs[0] is None or len(legs[0].time_s) == 0:
        return None
    ends_s = [float(leg.time_s[-1]) for leg in legs if leg is not None and len(leg.time_s)]
    return evidence.ticks.between(float(legs[0].time_s[0]), max(ends_s))


def _misfit(v: Floats, lag: int, together: int) -> float:
    """How badly the right hand's height fits the left one's of `lag` ticks before.

    Minus twice the logarithm of the likelihood, the chart's shift and stretch fitted within what
    is known of them; infinite where too little was seen of both. Every lag is judged as if by the
    moments at which both were seen `together`: more evidence than that there is not.
    """
    shifted = max(len(v) - abs(lag), 0)
    left, right = v[max(-lag, 0) :, 0][:shifted], v[max(lag, 0) :, 1][:shifted]
    known = ~np.isnan(left) & ~np.isnan(right)
    left, right = left[known], right[known]
    if len(left) < FEWEST or np.ptp(left) < LEAST_TRAVEL_V:
        return float("inf")
    design = np.column_stack([np.ones_like(left), left - 0.5])
    weight = 1.0 / (TICKS_EACH * WOBBLE_SD**2)
    prior = np.diag([SHIFT_SD**-2.0, STRETCH_SD**-2.0])
    gap = right - left
    fitted = np.linalg.solve(weight * design.T @ design + prior, weight * design.T @ gap)
    misses = gap - design @ fitted
    share = together / len(left)
    return float(share * weight * (misses @ misses) + fitted @ prior @ fitted)


def _reach_gap(evidence: Evidence, axis: int) -> _Gap | None:
    """How much less far one hand reached along `axis` (0 out, 1 up), and which hand."""
    reach = np.full(2, np.nan)
    for hand in range(2):
        values = evidence.ticks.palm[evidence.ticks.trusted[:, hand], hand, axis]
        if len(values) >= 4 and _peak_was_seen(evidence, hand, axis):
            reach[hand] = np.sort(values)[-3]
    if np.isnan(reach).any():
        return None
    gap = float(reach[1] - reach[0])
    less = min(abs(gap), abs(gap - _gap_before(evidence, axis)))
    return _Gap(
        measured=abs(gap),
        surely=less - REACH_ERROR[axis],
        hand="left" if gap > 0 else "right",
        limit=evidence.limit("asymmetric", ("reach_x", "reach_v")[axis]),
        unit="uv"[axis],
    )


def _gap_before(evidence: Evidence, axis: int) -> float:
    """How far the chart has the hands apart along `axis` where they are known to be together.

    Outward that is the way up, upward the start place: an error of the chart, or a habit, that is
    there already does not make a reach. 0 where it was not seen.
    """
    ticks = evidence.phase(_UP)
    if ticks is None:
        return 0.0
    if axis == 1:
        start_s = evidence.attempt.start_s
        ticks = evidence.ticks.between(start_s, start_s + 0.2)
    gaps = np.diff(np.where(ticks.trusted, ticks.palm[:, :, axis], np.nan), axis=1)[:, 0]
    gaps = gaps[~np.isnan(gaps)]
    return float(np.median(gaps)) if len(gaps) else 0.0


def _peak_was_seen(evidence: Evidence, hand: int, axis: int) -> bool:
    """Whether the hand was followed around its highest v, or through the way out for its x."""
    ticks = evidence.phase(_OUT)
    if ticks is None or len(ticks.time_s) == 0:
        return False
    if axis == 1:
        turn_s = float(ticks.time_s[0])
        ticks = evidence.ticks.between(turn_s - 0.5, turn_s + 0.5)
    else:
        ticks = evidence.ticks.between(float(ticks.time_s[0]), float(ticks.time_s[-1]) + 0.2)
    return float(ticks.trusted[:, hand].mean()) >= FOLLOWED_SHARE
