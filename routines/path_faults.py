"""Faults of the path: with one of these the attempt does not count."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from routines.attempts import SHORTEST_RUN_S, Run
from routines.evidence import (
    ASTRAY_CM,
    ENOUGH_SHARE,
    Evidence,
    runs_of,
    standing_still,
    which_hand,
)
from routines.reps import Check
from routines.ticks import TICK_S, joined
from vision.arrays import Floats

LOST_S = 0.3
"""A hand that was out of sight for longer may have been anywhere meanwhile."""
BESIDE_WAIST_X = 0.9
"""Hands further out than this at the waist's height are beside the body, not on it."""
CLEARLY_V = 0.15
"""Hands that much below the shoulders, followed on their way, are past them."""
REACH_ERROR_V = 0.03
"""What the chart leaves open of a reach (measured on clean strokes from five cameras)."""
TURN_S = 0.4
"""Around the turn at the top a hand must be seen this close before or after it."""


def short_reach(evidence: Evidence) -> Check:
    """Both palms turned back before the top of the back (one alone is asymmetric)."""
    code = "short_reach"
    if not evidence.scale.tells_reach:
        return evidence.not_seen(code)
    limit = evidence.limit(code, "reach_v")
    palm = evidence.palm()
    tops = _highest(palm[:, :, 1])
    if not np.isnan(tops).all() and np.nanmax(tops) >= limit:
        return evidence.fine(code, float(np.nanmax(tops)), limit, "v")
    turned_s = _turned_at(evidence)
    if turned_s is None:
        return evidence.not_seen(code)
    near = np.abs(evidence.ticks.time_s - turned_s) <= TURN_S
    seen = evidence.ticks.trusted[near].sum(axis=0) * TICK_S >= TURN_S
    if not seen.any():
        return evidence.not_seen(code)
    reach = float(np.nanmax(tops[seen]))
    if reach > limit - REACH_ERROR_V:
        return evidence.not_seen(code)
    return evidence.fault(code, which_hand(*seen), reach, limit, "v", (turned_s, turned_s))


def _highest(values: Floats) -> Floats:
    """(2,) highest value of each hand, NaN where it was never seen."""
    filled = np.where(np.isnan(values), -np.inf, values).max(axis=0, initial=-np.inf)
    return np.where(np.isinf(filled), np.nan, filled)


def _turned_at(evidence: Evidence) -> float | None:
    """When the hands left the way up for another leg, or came back from it as they had come; None
    where they broke off before, or nobody saw them turn."""
    spans = evidence.attempt.phases()
    if len(spans) >= 2 and spans[0].name == evidence.routine.phases[0].name:
        return spans[0].end_s
    return _highest_at(evidence) if evidence.attempt.ending == "back" else None


def _highest_at(evidence: Evidence) -> float | None:
    """When the hands were highest, if they were in sight just before and just after."""
    ticks = evidence.ticks
    if not ticks.observed.any():
        return None
    turned_s = float(
        ticks.time_s[
            np.nanargmax(ticks.palm[:, :, 1].max(axis=1, initial=-1.0, where=ticks.observed))
        ]
    )
    around = ticks.is_between(turned_s - TURN_S, turned_s + TURN_S)
    return turned_s if ticks.observed[around].all() else None


def skipped_shoulders(evidence: Evidence) -> Check:
    """Went down without gliding out across the shoulders, or cut their corner in a rush.

    Two measures: how far out a palm came while above the shoulder line, and the time it took from
    the neck to there as a share of the time of the way up. Either may be off by the chart's own
    error, so the way must have lacked the path's bend over the shoulder too, which no shift of the
    chart takes away.
    """
    code = "skipped_shoulders"
    up_s = _time_of_up(evidence)
    ways = [way for way in (_across(evidence, hand) for hand in range(2)) if way is not None]
    if not ways:
        return evidence.not_seen(code)
    limit_x = evidence.limit(code, "across_x")
    bent = _bent(evidence, ways)
    reach = max(way.reach_x for way in ways)
    if reach < limit_x and bent is not None:
        return evidence.compare(code, not bent, "both", reach, limit_x, "u", _top_span(evidence))
    times = [way.took_s for way in ways if way.took_s is not None]
    if reach < limit_x or not times or up_s is None:
        return evidence.not_seen(code)
    share, limit = max(times) / up_s, evidence.limit(code, "across_share_of_up")
    if share < limit and bent is None:
        return evidence.not_seen(code)
    is_fault = share < limit and not bent
    return evidence.compare(code, is_fault, "both", share, limit, "of up", _top_span(evidence))


BENT_SHARE: Final = 0.5
"""A way over the shoulder bends at least this share of the path's own bend."""


def _bent(evidence: Evidence, ways: Sequence["_Across"]) -> bool | None:
    """Whether a palm was seen to follow the shoulder's curve; None where no way was followed."""
    bends = [way.bend for way in ways if way.bend is not None]
    metric = [evidence.scale.u_cm, evidence.scale.v_cm]
    path_cm = np.array(evidence.routine.phases[1].path) * metric
    return max(bends) >= BENT_SHARE * _bend(path_cm) if bends else None


def _bend(points_cm: Floats) -> float:
    """How far a way (N, 2) rises over its chord outward, as a share of the chord."""
    chord = points_cm[-1] - points_cm[0]
    square = max(float(chord @ chord), 1e-9)
    return float(((points_cm - points_cm[0]) @ [-chord[1], chord[0]]).max()) / square


def _time_of_up(evidence: Evidence) -> float | None:
    spans = evidence.attempt.phases()
    if not spans or spans[0].name != evidence.routine.phases[0].name:
        return None
    standing = evidence.ticks.time_s[standing_still(evidence)]
    stood_s = TICK_S * ((standing >= spans[0].start_s) & (standing < spans[0].end_s)).sum()
    return float(max(spans[0].end_s - spans[0].start_s - stood_s, TICK_S))


def _top_span(evidence: Evidence) -> tuple[float, float]:
    turned_s = _turned_at(evidence) or evidence.attempt.start_s
    return turned_s, min(turned_s + 1.0, evidence.attempt.end_s)


@dataclass(frozen=True, slots=True)
class _Across:
    """One palm's way from the neck to the side."""

    reach_x: float
    """How far out it came above the shoulder line."""
    took_s: float | None
    """In which time; None where that was not seen."""
    bend: float | None
    """How far the way rises over its chord; None where it was not followed."""


def _across(evidence: Evidence, hand: int) -> _Across | None:
    """How one palm came across; None where it was not seen at the neck and after the shoulders."""
    code = "skipped_shoulders"
    line_v = evidence.scale.shoulder_line_v - evidence.limit(code, "below_shoulder_line_v")
    palm = evidence.palm()[:, hand]
    known = ~np.isnan(palm[:, 0])
    palm, times = palm[known], evidence.ticks.time_s[known]
    if len(palm) < 4:
        return None
    x, v = palm.T
    top = int(v.argmax())
    outside = np.flatnonzero((np.arange(len(v)) > top) & ((v < line_v) | (x > 1.0)))
    inside = np.flatnonzero((np.arange(len(v)) >= top - 4) & (x < 0.5) & (v >= line_v))
    if len(outside) == 0:
        return None
    above = v >= line_v
    after = above & (np.arange(len(v)) >= top)
    reach = float(x[after].max()) if after.any() else float(x[top])
    bend = _bend_across(evidence, palm, times, top)
    if reach < evidence.limit(code, "across_x"):
        low = np.flatnonzero((np.arange(len(v)) > top) & (v < line_v - CLEARLY_V))
        followed = len(low) > 0 and float(np.diff(times[top : low[0] + 1]).max()) <= LOST_S
        return _Across(reach, None, bend) if followed else None
    if len(inside) == 0 or inside[-1] > outside[0]:
        return _Across(reach, None, bend)
    lost_s = float(np.diff(times[inside[-1] : outside[0] + 1]).max(initial=0.0))
    took_s = float(times[outside[0]] - times[inside[-1]]) if lost_s <= LOST_S else None
    return _Across(reach, took_s, bend)


BESIDE_UP_X: Final = 0.08
"""A palm that far outside its own way up has left it."""


def _bend_across(evidence: Evidence, palm: Floats, times: Floats, top: int) -> float | None:
    """Bend of the way from where a palm left its way up to where it was furthest out."""
    below = palm[: top + 1][palm[: top + 1, 1] < palm[top, 1] - 0.15]
    if len(below) == 0:
        return None
    on_side = np.where(palm[top:, 1] > evidence.limit("incomplete", "waist_v"), palm[top:, 0], -1)
    furthest = top + int(on_side.argmax())
    high = palm[: furthest + 1, 1] > palm[top, 1] - 0.15
    still_up = high & (palm[: furthest + 1, 0] <= np.median(below[:, 0]) + BESIDE_UP_X)
    left = int(np.flatnonzero(still_up)[-1]) if still_up.any() else top
    if furthest - left < 4 or float(np.diff(times[left : furthest + 1]).max()) > LOST_S:
        return None
    return _bend(palm[left : furthest + 1] * [evidence.scale.u_cm, evidence.scale.v_cm])


def out_of_order(evidence: Evidence) -> Check:
    """A leg was gone the wrong way, or the legs came in another order."""
    code = "out_of_order"
    limit = evidence.limit(code, "wrong_way_v")
    first = evidence.routine.phases[0].name
    worst, span = 0.0, None
    for run in evidence.attempt.runs:
        if run.forward or run.name == first or run.end_s - run.start_s < SHORTEST_RUN_S:
            continue
        rise = _rise(evidence, run)
        if rise > worst:
            worst, span = rise, (run.start_s, run.end_s)
    if worst > limit:
        return evidence.fault(code, "both", worst, limit, "v", span)
    if _unseen_share(evidence).min() > ENOUGH_SHARE:
        return evidence.not_seen(code)
    return evidence.fine(code, worst, limit, "v")


def _rise(evidence: Evidence, run: Run) -> float:
    """How far up the back the hands went along a leg, by the hand that was seen to go furthest.

    Beside the way up a rise is the way up: the end of one stroke and the start of the next.
    """
    leg = [phase.name for phase in evidence.routine.phases].index(run.name)
    ticks = evidence.ticks.between(run.start_s, run.end_s)
    gaps_cm = evidence.gaps_cm(ticks)
    along_leg = ticks.trusted & (gaps_cm[..., leg] < gaps_cm[..., 0])
    v = np.where(along_leg, ticks.palm[..., 1], np.nan)
    rises = [
        float(one[~np.isnan(one)].max() - one[~np.isnan(one)][0])
        for one in v.T
        if (~np.isnan(one)).sum() >= 3
    ]
    return max(rises, default=0.0)


def _unseen_share(evidence: Evidence) -> Floats:
    """(2,) share of the attempt in which each hand was not observed."""
    observed = evidence.ticks.observed
    return 1.0 - observed.mean(axis=0) if len(observed) else np.ones(2)


def one_hand(evidence: Evidence) -> Check:
    """One hand did the stroke while the other was seen to stay elsewhere.

    Only what both did at the same time tells so: of a hand that was seen now and then, a pause may
    be all that was seen.
    """
    code = "one_hand"
    limit = evidence.limit(code, "share_of_path")
    palm = evidence.palm_cm()
    seen = 1.0 - _unseen_share(evidence)
    travelled = np.array([_extent(palm[:, hand]) for hand in range(2)])
    active = int(travelled.argmax())
    if travelled[active] <= 0:
        return evidence.not_seen(code)
    idle = 1 - active
    share = float(travelled[idle] / travelled[active])
    if share >= limit:
        return evidence.fine(code, share, limit, "of the other's path")
    together = palm[~np.isnan(palm[..., 0]).any(axis=1)]
    meanwhile = [_extent(together[:, hand]) for hand in (idle, active)]
    told = meanwhile[1] >= ENOUGH_SHARE * travelled[active] and meanwhile[0] < limit * meanwhile[1]
    if seen[idle] < ENOUGH_SHARE or seen[active] < 0.3 or not told:
        return evidence.not_seen(code)
    return evidence.fault(code, which_hand(idle == 0, idle == 1), share, limit, "of the path")


def _extent(points_cm: Floats) -> float:
    """Diagonal of the box in which a hand spent all but a tenth of its seen time, cm."""
    known = points_cm[~np.isnan(points_cm[:, 0])]
    if len(known) == 0:
        return 0.0
    low, high = np.quantile(known, [0.1, 0.9], axis=0)
    return float(np.linalg.norm(high - low))


def incomplete(evidence: Evidence) -> Check:
    """Broke off before the waist. Hands that only vanished are not seen, not a fault."""
    code = "incomplete"
    limit = evidence.limit(code, "waist_v")
    attempt = evidence.attempt
    if attempt.ending == "back":
        return _came_back(evidence)
    v = evidence.palm()[:, :, 1]
    on_path = ~np.isnan(v) & (evidence.stray_cm() < ASTRAY_CM)
    if not on_path.any():
        return evidence.not_seen(code)
    last = int(np.flatnonzero(on_path.any(axis=1))[-1])
    last_v = float(v[last][on_path[last]].mean())
    last_x = float(evidence.palm()[last, :, 0][on_path[last]].mean())
    if last_v <= limit and last_x < BESIDE_WAIST_X:
        return evidence.fine(code, last_v, limit, "v")
    if attempt.ending == "broke_off" or _left_the_back(evidence) or _was_leaving(evidence):
        end = (attempt.end_s, attempt.end_s)
        return evidence.fault(code, "both", last_v, limit, "v", end)
    return evidence.not_seen(code)


def _came_back(evidence: Evidence) -> Check:
    """Hands that are back at the start: fine, if they were seen on their way there.

    Hands that left the back on the way, and came back to it at the waist, broke off before.
    """
    code = "incomplete"
    limit = evidence.limit(code, "waist_v")
    ticks = joined(evidence.ticks, evidence.attempt.after)
    times, v = ticks.time_s, ticks.palm[:, :, 1]
    astray = evidence.stray_cm(ticks) > ASTRAY_CM
    on_path = ~np.isnan(v) & ~astray
    for start, end in zip(*runs_of(np.asarray(~on_path.any(axis=1))), strict=True):
        if start == 0 or times[end] - times[start] < AWAY_S:
            continue
        before_v = float(v[start - 1][on_path[start - 1]].mean())
        later = v[end + 1 : end + 3]
        back_low = len(later) == 0 or not bool((later > TOP_OF_WAY_HOME_V).any())
        if before_v <= limit or not back_low:
            continue
        seen_away = TICK_S * float(astray[start : end + 1].all(axis=1).sum())
        if seen_away >= AWAY_S:
            span = (float(times[start]), float(times[end]))
            return evidence.fault(code, "both", before_v, limit, "v", span)
        unseen = times[end] - times[start] >= UNSEEN_WAY_HOME * evidence.attempt.duration_s
        if unseen and before_v > TOP_OF_WAY_HOME_V:
            return evidence.not_seen(code)
    return evidence.fine(code, None, limit, "v")


AWAY_S: Final = 0.4
"""Both hands seen beside the path for this long left it."""
TOP_OF_WAY_HOME_V: Final = 0.4
"""Hands last seen above this height, and then at the waist, were not seen to come down."""
UNSEEN_WAY_HOME: Final = 0.25
"""Share of a stroke that takes the whole way down: what happened in it is not known."""


def _left_the_back(evidence: Evidence) -> bool:
    """Seen well beside the path, not only lost, as the attempt ended or after it."""
    last = evidence.ticks.between(evidence.attempt.end_s - 0.2, evidence.attempt.end_s)
    strayed = [evidence.stray_cm(ticks) for ticks in (last, evidence.attempt.after)]
    return any(bool((stray > ASTRAY_CM).any()) for stray in strayed if len(stray))


LAST_S: Final = 0.2
"""The direction of a hand that vanished is told by its last moments."""
AHEAD_CM: Final = 12.0
"""Going on like that for so far leads off the path, if a hand was leaving it: along the path it
would have stayed within ASTRAY_CM, for no bend of it is as sharp."""
MOVING_CM: Final = 1.5
"""A hand that moved less in its last moments was not on its way anywhere."""


def _was_leaving(evidence: Evidence) -> bool:
    """Both hands were seen to head off the path, side by side, before they vanished for good."""
    observed = np.flatnonzero(evidence.ticks.observed.all(axis=1))
    if evidence.attempt.ending != "unseen" or len(observed) == 0:
        return False
    end_s = float(evidence.ticks.time_s[observed[-1]])
    if evidence.ticks.between(end_s + 0.5 * LAST_S, evidence.attempt.end_s).observed.any():
        return False
    last = evidence.ticks.between(end_s - LAST_S, end_s)
    if not last.trusted.all() or len(last.time_s) < 3:
        return False
    palm_cm = evidence.palm_cm(last)
    moved_cm = palm_cm[-1] - palm_cm[0]
    length_cm = np.linalg.norm(moved_cm, axis=1, keepdims=True)
    if (length_cm < MOVING_CM).any():
        return False
    ahead_cm = palm_cm[-1] + AHEAD_CM * moved_cm / length_cm
    return bool((evidence.off_path_cm(ahead_cm) > ASTRAY_CM).all())
