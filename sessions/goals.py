"""What accuracy should reach, and whether a run does."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from routines.reps import Span
from sessions.accuracy import ClipScore, total
from sessions.hand_errors import longest, quantile
from sessions.harder import HarderScore
from sessions.uncalibrated import UncalibratedScore

LOST_BY_BARE: Final = ("wide", "place", "order", "fps15", "side")
"""Clips on which at least half of what bare MediaPipe misses should be regained, together."""

HARD_TO_SEE: Final = ("speed", "hands")
"""Clips whose far hand is edge-on or behind a forearm: no worse than bare."""


@dataclass(frozen=True, slots=True)
class Goal:
    """One line of the card."""

    wanted: str
    got: str
    met: bool | None
    """None where this run holds nothing to judge it by."""


def goals(
    scores: Sequence[ClipScore],
    harder: Sequence[HarderScore],
    uncalibrated: Sequence[UncalibratedScore],
) -> tuple[Goal, ...]:
    """All goals, in the order of the pipeline."""
    whole = total(scores)
    return (
        *_tracking(scores, whole),
        *_strokes(scores, whole),
        *_uncalibrated([one for one in uncalibrated if one.settles]),
        *_harder(harder),
    )


def _tracking(scores: Sequence[ClipScore], whole: ClipScore) -> tuple[Goal, ...]:
    lost = [one for one in scores if one.name in LOST_BY_BARE]
    summed = total(lost)
    regained = summed.hands.regained(summed.bare) if lost and summed.bare is not None else None
    return (
        _least(f"regained of what bare misses on {', '.join(LOST_BY_BARE)}", regained, 0.5),
        *(_no_worse(one) for one in scores if one.name in HARD_TO_SEE),
        _most("longest identity error", _longest_s(whole.hands.misnamed), 0.3, " s"),
        _most("longest phantom", _longest_s(whole.hands.phantoms), 0.3, " s"),
    )


def _no_worse(one: ClipScore) -> Goal:
    ours = one.hands.visible_right_share
    bare = None if one.bare is None else one.bare.visible_right_share
    known = ours is not None and bare is not None
    return Goal(
        f"both hands found on {one.name} no less than bare",
        f"{_figure(ours)} beside {_figure(bare)}",
        ours >= bare if known and ours is not None and bare is not None else None,
    )


def _strokes(scores: Sequence[ClipScore], whole: ClipScore) -> tuple[Goal, ...]:
    live_off = [one.name for one in scores if one.live_count_off]
    off = [one.name for one in scores if one.count_off]
    none_owed = [one.reps_found for one in scores if one.reps_true == 0]
    delay = max(whole.live.delays_s, default=None)
    return (
        Goal("count in its range on every clip, review", _names(off), not off),
        Goal(
            "count in its range on every clip, live",
            _names(live_off),
            not live_off,
        ),
        _most("live decision after the end of an attempt, latest", delay, 0.7, " s"),
        _least("frames with the right phase", whole.phase_share, 0.93),
        _most("boundary error, median", quantile(whole.boundaries_s, 0.5), 0.15, " s"),
        _most("boundary error, 90th percentile", quantile(whole.boundaries_s, 0.9), 0.4, " s"),
        _least("fault F1", whole.fault_total.f1, 0.95),
        Goal("no fault on a clean attempt", str(whole.clean_faulted), whole.clean_faulted == 0),
        Goal(
            "no attempt where there is no stroke",
            str(sum(none_owed)),
            sum(none_owed) == 0 if none_owed else None,
        ),
    )


def _uncalibrated(settling: Sequence[UncalibratedScore]) -> tuple[Goal, ...]:
    """Of the clips with a settle hold; a clip that is refused has missed the goal."""
    if not settling:
        return ()
    found = [one.score for one in settling if one.score is not None]
    right = [one.name for one in found if one.count_off <= 1]
    off = [one.clip for one in settling if one.clip not in right]
    f1 = total(found).fault_total.f1
    return (
        Goal(
            "without the calibration file, where there is a settle hold: count within 1",
            _names(off),
            not off,
        ),
        _least("without it, where there is a settle hold: fault F1", f1, 0.85),
    )


def _harder(harder: Sequence[HarderScore]) -> tuple[Goal, ...]:
    wanted = {
        "count stays in harder pictures": [one.name for one in harder if not one.holds],
        "faults stay in harder pictures, or are not seen, and none is new": [
            one.name for one in harder if not one.keeps_faults
        ],
    }
    return tuple(
        Goal(words, _names(failed), not failed if harder else None)
        for words, failed in wanted.items()
    )


def _names(off: Sequence[str]) -> str:
    return "all" if not off else "not: " + ", ".join(off)


def _longest_s(spans: Sequence[Span]) -> float:
    worst = longest(spans)
    return 0.0 if worst is None else worst.end_s - worst.start_s


def _least(what: str, got: float | None, limit: float) -> Goal:
    return Goal(f"{what} ≥ {limit}", _figure(got), None if got is None else got >= limit)


def _most(what: str, got: float | None, limit: float, unit: str) -> Goal:
    met = None if got is None else got <= limit + 1e-6
    return Goal(f"{what} ≤ {limit}{unit}", _figure(got) + unit, met)


def _figure(value: float | None) -> str:
    return "–" if value is None else f"{value:.3f}"
