"""Faults of technique: the attempt counts, and is marked."""

from typing import Final

import numpy as np

from routines.evidence import (
    ASTRAY_CM,
    ENOUGH_SHARE,
    Evidence,
    crossing_times,
    longest_run,
    standing_still,
    which_hand,
)
from routines.reps import Check, Hand, PhaseSpan
from routines.spine import SpineLimits, along_spine, well_up
from routines.ticks import Ticks, joined

_UP, _OUT, _DOWN, _PULL_IN = range(4)


def _name(evidence: Evidence, index: int) -> str:
    return evidence.routine.phases[index].name


def _on_the_way_up(evidence: Evidence) -> Ticks | None:
    """Ticks of the way up in which at least one hand is well between waist and neck."""
    ticks = evidence.phase(_UP)
    return None if ticks is None else well_up(ticks)


def on_spine(evidence: Evidence) -> Check:
    """The thumb side of a palm ran along the spine instead of beside it."""
    code = "on_spine"
    limit_cm = evidence.limit(code, "distance_cm")
    ticks = _on_the_way_up(evidence)
    limits = SpineLimits(limit_cm, evidence.limit(code, "duration_s"))
    found = None if ticks is None else along_spine(ticks, evidence.scale, limits)
    if found is None:
        return evidence.not_seen(code)
    if found.hand is None:
        return evidence.fine(code, found.nearest_cm, limit_cm, "cm")
    return evidence.fault(code, found.hand, found.nearest_cm, limit_cm, "cm", found.span)


def asymmetric(evidence: Evidence) -> Check:
    """One hand lags, or reaches less far up or out."""
    code = "asymmetric"
    lag = _lag(evidence)
    up = _reach_gap(evidence, 1)
    out = _reach_gap(evidence, 0)
    seen = [
        (gap, evidence.limit(code, name), unit)
        for gap, name, unit in (
            (lag, "lag_s", "s"),
            (up, "reach_v", "v"),
            (out, "reach_x", "u"),
        )
        if gap is not None
    ]
    if not seen:
        return evidence.not_seen(code)
    (gap, behind), limit, unit = max(seen, key=lambda one: one[0][0] / one[1])
    if gap <= limit and len(seen) < ASYMMETRIES:
        return evidence.not_seen(code)
    return evidence.compare(code, gap > limit, behind, gap, limit, unit)


ASYMMETRIES: Final = 3
"""In time, upward, outward: only all of them together can be fine."""
LAG_LEVELS: Final = np.arange(0.2, 0.81, 0.1)


def _lag(evidence: Evidence) -> tuple[float, Hand] | None:
    """Median time between the hands at the same height on the way up, and the later hand."""
    ticks = evidence.phase(_UP)
    if ticks is None:
        return None
    window = evidence.ticks.between(ticks.time_s[0] - 0.5, ticks.time_s[-1] + 1.0)
    v = evidence.palm(window)[:, :, 1]
    times = [crossing_times(v[:, hand], window.time_s, LAG_LEVELS, True) for hand in range(2)]
    lags = times[1] - times[0]
    lags = lags[~np.isnan(lags)]
    if len(lags) < 5:
        return None
    lag = float(np.median(lags))
    return abs(lag), "right" if lag > 0 else "left"


def _reach_gap(evidence: Evidence, axis: int) -> tuple[float, Hand] | None:
    """How much less far one hand reached along `axis` (0 out, 1 up), and which hand."""
    reach = np.full(2, np.nan)
    for hand in range(2):
        trusted = evidence.ticks.trusted[:, hand]
        values = evidence.ticks.palm[trusted, hand, axis]
        if len(values) >= 4 and _peak_was_seen(evidence, hand, axis):
            reach[hand] = np.sort(values)[-3]
    if np.isnan(reach).any():
        return None
    gap = float(reach[1] - reach[0])
    return abs(gap), "left" if gap > 0 else "right"


FOLLOWED_SHARE: Final = 0.9
"""A reach can be told when the hand was followed through this share of the turn around it."""


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


def rushed(evidence: Evidence) -> Check:
    """The whole stroke was too fast."""
    limit = evidence.limit("rushed", "duration_s")
    if evidence.attempt.ending != "back":
        return evidence.not_seen("rushed")
    duration_s = evidence.attempt.duration_s
    if duration_s < limit and not evidence.end_was_seen():
        return evidence.not_seen("rushed")
    return evidence.compare("rushed", duration_s < limit, "both", duration_s, limit, "s")


SIDE_LEVELS: Final = np.array([0.52, 0.11])
"""The way down is timed between these heights: its ends blur into the turns."""


def rushed_sides(evidence: Evidence) -> Check:
    """The way down the sides was too fast for a stroke that is not rushed as a whole."""
    code = "rushed_sides"
    down = next(
        (one for one in evidence.attempt.phases() if one.name == _name(evidence, _DOWN)), None
    )
    if down is None or evidence.attempt.ending != "back":
        return evidence.not_seen(code)
    duration_s = _time_down(evidence, down)
    if duration_s is None:
        return evidence.not_seen(code)
    limit_s = evidence.limit(code, "duration_s")
    speed = _length_down_cm(evidence) / duration_s
    limit_speed = evidence.limit(code, "speed_cm_s")
    whole = evidence.attempt.duration_s < evidence.limit("rushed", "duration_s")
    span = (down.start_s, down.end_s)
    if not whole and speed > limit_speed and duration_s >= limit_s:
        return evidence.fault(code, "both", speed, limit_speed, "cm/s", span)
    is_fault = duration_s < limit_s and not whole
    return evidence.compare(code, is_fault, "both", duration_s, limit_s, "s", span)


def _time_down(evidence: Evidence, down: PhaseSpan) -> float | None:
    """Seconds down the sides by the slower hand; None where neither was seen on the way."""
    window = evidence.ticks.between(down.start_s - 0.5, down.end_s + 0.5)
    v = evidence.palm(window)[:, :, 1]
    times = np.array(
        [crossing_times(v[:, hand], window.time_s, SIDE_LEVELS, False) for hand in range(2)]
    )
    took = times[:, 1] - times[:, 0]
    took = took[~np.isnan(took) & (took > 0)]
    if len(took) == 0:
        return None
    path = evidence.routine.phases[_DOWN].path
    whole = (path[0][1] - path[-1][1]) / (SIDE_LEVELS[0] - SIDE_LEVELS[1])
    return float(took.max() * whole)


def _length_down_cm(evidence: Evidence) -> float:
    points = np.array(evidence.routine.phases[_DOWN].path)
    steps = np.diff(points, axis=0) * [evidence.scale.u_cm, evidence.scale.v_cm]
    return float(np.linalg.norm(steps, axis=1).sum())


def missing_pull_in(evidence: Evidence) -> Check:
    """At the waist the hands did not glide inward: they lifted off or jumped."""
    code = "missing_pull_in"
    limit = evidence.limit(code, "inward_x")
    down = evidence.phase(_DOWN)
    if down is None:
        return evidence.not_seen(code)
    if evidence.attempt.ending != "back":
        return evidence.not_seen(code)
    tail = joined(
        evidence.ticks.between(down.time_s[0], evidence.attempt.end_s),
        evidence.attempt.after.between(evidence.attempt.end_s, evidence.attempt.end_s + 0.5),
    )
    inward = [_glided_in(evidence, tail, hand) for hand in range(2)]
    seen = [one for one in inward if one is not None]
    if not seen:
        return evidence.not_seen(code)
    span = (float(tail.time_s[0]), evidence.attempt.end_s)
    return evidence.compare(code, max(seen) < limit, "both", max(seen), limit, "u", span)


WAIST_V: Final = 0.25
"""Below this height the hands are near the waist."""
LOST_S: Final = 0.25
"""A hand that was lost for longer near the waist may have done anything there."""


def _glided_in(evidence: Evidence, tail: Ticks, hand: int) -> float | None:
    """How far inward one palm glided near the waist, without a jump; None where it was not seen."""
    palm = evidence.palm(tail)[:, hand]
    low = np.flatnonzero(palm[:, 1] < WAIST_V)
    if len(low) < 4:
        return None
    waist = palm[low[0] :]
    unseen = longest_run(np.isnan(waist[:, 0]), tail.time_s[low[0] :])
    if unseen is not None and unseen[1] - unseen[0] > LOST_S:
        return None
    x = palm[low, 0]
    return float(x[: max(3, len(x) // 3)].max() - x[len(x) // 3 :].min())


def fingers_not_to_head(evidence: Evidence) -> Check:
    """The fingers lay across the back on the way up."""
    code = "fingers_not_to_head"
    limit = evidence.limit(code, "angle_deg")
    share = evidence.limit(code, "share_of_up")
    ticks = _on_the_way_up(evidence)
    if ticks is None or len(ticks.time_s) == 0:
        return evidence.not_seen(code)
    angles = np.where(ticks.trusted, ticks.pointing_deg, np.nan)
    enough = ticks.trusted.mean(axis=0) >= ENOUGH_SHARE
    if not enough.any():
        return evidence.not_seen(code)
    typical = np.array(
        [
            np.nanquantile(angles[:, hand], 1.0 - share) if enough[hand] else -np.inf
            for hand in range(2)
        ]
    )
    across = typical > limit
    span = (float(ticks.time_s[0]), float(ticks.time_s[-1]))
    hand = which_hand(*across) if across.any() else "both"
    return evidence.compare(code, bool(across.any()), hand, float(typical.max()), limit, "°", span)


def hand_lifted(evidence: Evidence) -> Check:
    """A hand was seen away from the back while the other went on."""
    code = "hand_lifted"
    limit = evidence.limit(code, "duration_s")
    ticks = evidence.ticks
    if (ticks.observed.mean(axis=0) < ENOUGH_SHARE).all():
        return evidence.not_seen(code)
    stray = evidence.stray_cm()
    away = (stray > ASTRAY_CM) & (stray > stray[:, ::-1] + 0.5 * ASTRAY_CM)
    runs = [longest_run(away[:, hand], ticks.time_s) for hand in range(2)]
    lengths = [run[1] - run[0] if run else 0.0 for run in runs]
    worst = int(np.argmax(lengths))
    hand: Hand = which_hand(worst == 0, worst == 1)
    is_fault = lengths[worst] >= limit
    return evidence.compare(code, is_fault, hand, lengths[worst], limit, "s", runs[worst])


DWELL_SHARE: Final = 0.12
"""Share of a slow stroke that hands may dwell at a turn (measured on clean strokes: up to 0.09)."""


def pause(evidence: Evidence) -> Check:
    """The hands stopped on the way. At the turns every slow stroke dwells a little."""
    code = "pause"
    limit = evidence.limit(code, "duration_s")
    run = longest_run(standing_still(evidence), evidence.ticks.time_s)
    if (evidence.ticks.observed.any(axis=1)).mean() < ENOUGH_SHARE:
        return evidence.not_seen(code)
    length_s = run[1] - run[0] if run else 0.0
    allowed_s = max(limit, DWELL_SHARE * (evidence.attempt.duration_s - length_s))
    return evidence.compare(code, length_s >= allowed_s, "both", length_s, limit, "s", run)
