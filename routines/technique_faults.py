"""Faults of technique: the attempt counts, and is marked."""

from typing import Final

import numpy as np

from routines.evidence import (
    ASTRAY_CM,
    ENOUGH_SHARE,
    Evidence,
    Mask,
    crossing_times,
    longest_run,
    runs_of,
    standing_still,
    which_hand,
)
from routines.reps import Check, Hand, PhaseSpan
from routines.spine import SpineLimits, along_spine, well_up
from routines.ticks import TICK_S, Ticks

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


def rushed(evidence: Evidence) -> Check:
    """The whole stroke was too fast."""
    limit = evidence.limit("rushed", "duration_s")
    if evidence.attempt.ending != "back":
        return evidence.not_seen("rushed")
    duration_s = evidence.attempt.duration_s
    if duration_s < limit and not (evidence.start_was_seen() and evidence.end_was_seen()):
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
    fast = speed / limit_speed
    short = limit_s / duration_s
    if (
        evidence.attempt.duration_s < evidence.limit("rushed", "duration_s")
        or max(fast, short) <= 1
    ):
        return evidence.fine(code, duration_s, limit_s, "s")
    surely_short = short > 1 + SIDES_ERROR
    if not surely_short and fast <= 1 + SIDES_ERROR + ASSUMED_ERROR * evidence.scale.assumed:
        return evidence.not_seen(code)
    span = (down.start_s, down.end_s)
    if surely_short:
        return evidence.fault(code, "both", duration_s, limit_s, "s", span)
    return evidence.fault(code, "both", speed, limit_speed, "cm/s", span)


SIDES_ERROR: Final = 0.1
"""The way down is timed over its middle; the whole takes up to this share less or more."""
ASSUMED_ERROR: Final = 0.14
"""What lengths in cm may be off by where no shoulder width was measured."""


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
    away = _away_alone(evidence)
    seen = [_within(away[:, side]) for side in range(2)]
    runs = [longest_run(one, ticks.time_s) for one in seen]
    lengths = [run[1] - run[0] if run else 0.0 for run in runs]
    worst = int(np.argmax(lengths))
    hand: Hand = which_hand(worst == 0, worst == 1)
    is_fault = lengths[worst] >= limit
    gone = (_may_be_gone(seen[side], ~ticks.observed[:, side], limit) for side in range(2))
    if not is_fault and any(gone):
        return evidence.not_seen(code)
    return evidence.compare(code, is_fault, hand, lengths[worst], limit, "s", runs[worst])


GOING_SHARE: Final = 0.5
"""A hand that was seen away for this share of the limit is no slip of the hand model's."""


def _may_be_gone(seen: Mask, hidden: Mask, limit_s: float) -> bool:
    """Whether a hand was seen away (N,), and hidden (N,) right before or after, so that it may have
    been away for the whole limit."""
    for start, end in zip(*runs_of(seen | hidden), strict=True):
        first, last = runs_of(seen[start : end + 1])
        seen_s = TICK_S * (last - first + 1).max(initial=0)
        if seen_s >= GOING_SHARE * limit_s and TICK_S * (end - start + 1) >= limit_s:
            return True
    return False


BEHIND_CM: Final = 25.0
"""A hand that far behind or ahead of the other along the path still goes with it."""
FAR_ASTRAY: Final = 1.5
"""Where the place is doubtful, or no other hand compares, it takes this many times ASTRAY_CM."""


def _away_alone(evidence: Evidence) -> Mask:
    """(N, 2) where a hand was seen away from the part of the path that the other one is on."""
    ticks = evidence.ticks
    stray_cm, apart_cm = evidence.stray_cm(), evidence.apart_cm(BEHIND_CM)
    compared = ticks.observed.all(axis=1, keepdims=True)
    more = apart_cm > stray_cm[:, ::-1] + 0.5 * ASTRAY_CM
    least_cm = np.where(ticks.trusted, ASTRAY_CM, FAR_ASTRAY * ASTRAY_CM)
    far = stray_cm > FAR_ASTRAY * ASTRAY_CM
    away: Mask = np.where(compared, (apart_cm > least_cm) & more, far)
    return away


def _within(mask: Mask) -> Mask:
    """The stretches of a mask (N,) that end inside: others belong to what came before or after."""
    inside = mask.copy()
    for start, end in zip(*runs_of(mask), strict=True):
        if start == 0 or end == len(mask) - 1:
            inside[start : end + 1] = False
    return inside


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
