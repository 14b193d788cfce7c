"""What can be measured of each rep and of a whole session; None where it was not seen.

Places come from the palms' ways on the chart (about ten a second), times from the phases, and the
rest is what the judging engine itself says, so that no figure here argues with a verdict there.
"""

import statistics
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np

from routines.reps import Rep
from routines.routine import Routine
from routines.spine import UP_V
from routines.symmetry import lag_of
from routines.ticks import TICK_S
from sessions.analysis.ways import (
    first_phase,
    places_at_times,
    seen_places,
    seen_throughout,
)
from sessions.record import HandPath, Review
from sessions.summary import is_well_seen, summarise
from vision.arrays import Floats
from vision.hands import SIDES, Side
from vision.samples import BackScale

LEAST_ON_THE_WAY: Final = 3
"""So many seen places are a way; fewer are a glimpse."""

AROUND_TURN_S: Final = 0.5
"""The highest place is known when the hand was followed so long before and after the turn."""

Known = Literal["measured", "assumed"]
"""How a length in cm is known: by a shoulder width that was measured, or by the average one, which
carries about 14 % either way (ANSUR II)."""

Why = Literal["fewest_faults", "nearest_tempo"]
"""By what a rep is the best of its session: by its faults, or, where those are equal in all, by how
near its time is to the session's median."""


@dataclass(frozen=True, slots=True)
class HandMeasures:
    """One hand in one rep."""

    reach_v: float | None
    """Highest place of the palm's centre, v: 0 at the waist, 1 at the nape."""
    widest_x: float | None
    """Farthest from the spine at the shoulders, in half shoulder widths (u without its sign)."""
    spine_cm: float | None
    """Distance of the palm's centre from the spine on the way up, median. On the other hand's side
    it is negative."""


@dataclass(frozen=True, slots=True)
class RepMeasures:
    """One rep in figures."""

    index: int
    counted: bool
    well_seen: bool
    """Whether enough was seen to set it beside others."""
    duration_s: float
    phases_s: Mapping[str, float]
    """Seconds by phase, in the rep's order; a phase that came twice is one sum."""
    hands: Mapping[Side, HandMeasures]
    lag_s: float | None
    """The right hand behind the left one on the way up and over the turn; negative where it goes
    ahead."""
    reach_gap_v: float | None
    """How much higher the right hand reached than the left one."""
    widest_gap_u: float | None
    """How much farther out the right hand reached than the left one."""
    unseen_share: float
    score: float | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The best and the weakest rep of a session, by their numbers."""

    best: int
    weakest: int
    why: Why


@dataclass(frozen=True, slots=True)
class SessionMeasures:
    """A session in figures: medians over the reps in which each was seen."""

    reps: tuple[RepMeasures, ...]
    duration_s: float | None
    """Of a rep."""
    phases_s: Mapping[str, float]
    hands: Mapping[Side, HandMeasures]
    lag_s: float | None
    reach_gap_v: float | None
    widest_gap_u: float | None
    unseen_share: float | None
    evenness: float | None
    """Coefficient of variation of the counted reps' times, as in the summary."""
    choice: Choice | None
    """None with fewer than two reps of which enough was seen."""
    cm_known: Known | None
    """None where the chart has no scale, and so there is no figure in cm."""


def measure_session(review: Review, routine: Routine) -> SessionMeasures:
    """All figures of a session."""
    reps = tuple(measure_rep(rep, review, routine) for rep in review.reps)
    names = [phase.name for phase in routine.phases]
    phases = {name: _median(rep.phases_s.get(name) for rep in reps) for name in names}
    return SessionMeasures(
        reps=reps,
        duration_s=_median(rep.duration_s for rep in reps),
        phases_s={name: value for name, value in phases.items() if value is not None},
        hands={side: _median_hand([rep.hands[side] for rep in reps]) for side in SIDES},
        lag_s=_median(rep.lag_s for rep in reps),
        reach_gap_v=_median(rep.reach_gap_v for rep in reps),
        widest_gap_u=_median(rep.widest_gap_u for rep in reps),
        unseen_share=_median(rep.unseen_share for rep in reps),
        evenness=summarise(review.reps, routine).evenness,
        choice=choose(reps),
        cm_known=cm_known(review.scale),
    )


def measure_rep(rep: Rep, review: Review, routine: Routine) -> RepMeasures:
    """All figures of one rep of a review."""
    seen = {
        side: seen_places(review.paths.get(side), side, rep.start_s, rep.end_s) for side in SIDES
    }
    hands = {side: _measure_hand(seen[side], rep, routine, review.scale) for side in SIDES}
    return RepMeasures(
        index=rep.index,
        counted=rep.counted,
        well_seen=is_well_seen(rep),
        duration_s=rep.end_s - rep.start_s,
        phases_s=phases_s(rep),
        hands=hands,
        lag_s=_lag_s(rep, review.paths, routine),
        reach_gap_v=_gap({side: hand.reach_v for side, hand in hands.items()}),
        widest_gap_u=_gap({side: hand.widest_x for side, hand in hands.items()}),
        unseen_share=rep.unseen_share,
        score=rep.score,
    )


def phases_s(rep: Rep) -> Mapping[str, float]:
    """Seconds by phase, in the rep's order."""
    sums: dict[str, float] = {}
    for phase in rep.phases:
        sums[phase.name] = sums.get(phase.name, 0.0) + phase.end_s - phase.start_s
    return sums


def choose(reps: Sequence[RepMeasures]) -> Choice | None:
    """Best and weakest of the reps that were seen well enough; None with fewer than two."""
    seen = [rep for rep in reps if rep.well_seen]
    if len(seen) < 2:
        return None
    usual_s = statistics.median(rep.duration_s for rep in seen)
    ranked = sorted(seen, key=lambda rep: _rank(rep, usual_s))
    same = _merit(ranked[0]) == _merit(ranked[-1])
    why: Why = "nearest_tempo" if same else "fewest_faults"
    return Choice(best=ranked[-1].index, weakest=ranked[0].index, why=why)


def cm_known(scale: BackScale | None) -> Known | None:
    """How lengths in cm are known."""
    if scale is None:
        return None
    return "assumed" if scale.assumed else "measured"


def _merit(rep: RepMeasures) -> tuple[bool, float]:
    return rep.counted, rep.score or 0.0


def _rank(rep: RepMeasures, usual_s: float) -> tuple[bool, float, float, int]:
    return *_merit(rep), -abs(rep.duration_s - usual_s), -rep.index


def _measure_hand(
    places: Floats, rep: Rep, routine: Routine, scale: BackScale | None
) -> HandMeasures:
    """One hand, from the places (N, 3) where it was seen in the rep."""
    return HandMeasures(
        reach_v=_reach_v(places, rep, routine) if scale and scale.tells_reach else None,
        widest_x=_widest_x(places, rep, routine, scale) if scale else None,
        spine_cm=_spine_cm(places, rep, routine, scale) if scale else None,
    )


def _turn_s(rep: Rep, routine: Routine) -> float | None:
    """When the hands left the way up for another phase."""
    up = first_phase(rep, routine.phases[0].name)
    return None if up is None or up is rep.phases[-1] else up.end_s


def _reach_v(places: Floats, rep: Rep, routine: Routine) -> float | None:
    """The highest place, where the hand was followed over the turn."""
    turn_s = _turn_s(rep, routine)
    if turn_s is None:
        return None
    around = max(turn_s - AROUND_TURN_S, rep.start_s), min(turn_s + AROUND_TURN_S, rep.end_s)
    return _second_highest(places[:, 2]) if seen_throughout(places, *around) else None


def _widest_x(places: Floats, rep: Rep, routine: Routine, scale: BackScale) -> float | None:
    """The farthest place at the shoulders, where the hand was followed from the turn past them."""
    turn_s = _turn_s(rep, routine)
    if turn_s is None:
        return None
    line_v = scale.shoulder_line_v - routine.limit("skipped_shoulders", "below_shoulder_line_v")
    after = places[places[:, 0] >= turn_s]
    past = np.flatnonzero(after[:, 2] < line_v)
    if len(past) == 0 or not seen_throughout(places, turn_s, float(after[past[0], 0])):
        return None
    return _second_highest(places[places[:, 2] >= line_v, 1])


def _spine_cm(places: Floats, rep: Rep, routine: Routine, scale: BackScale) -> float | None:
    """The median distance well between waist and neck, on the way up."""
    up = first_phase(rep, routine.phases[0].name)
    if up is None:
        return None
    low_v, high_v = UP_V
    time_s, x, v = places.T
    on_the_way = (time_s >= up.start_s) & (time_s <= up.end_s) & (v > low_v) & (v < high_v)
    if on_the_way.sum() < LEAST_ON_THE_WAY:
        return None
    return float(np.median(x[on_the_way])) * scale.u_cm


def _second_highest(values: Floats) -> float | None:
    """So that one stray place makes no reach; None of fewer than a way has."""
    return float(np.sort(values)[-2]) if len(values) >= LEAST_ON_THE_WAY else None


def _lag_s(rep: Rep, paths: Mapping[Side, HandPath], routine: Routine) -> float | None:
    """As the judge tells it, from the phases up to the end of the way down."""
    names = [phase.name for phase in routine.phases[:3]]
    spans = [span for name in names if (span := first_phase(rep, name)) is not None]
    if not spans or spans[0].name != names[0]:
        return None
    at_s = np.arange(spans[0].start_s, max(span.end_s for span in spans), TICK_S)
    heights = [places_at_times(paths.get(side), side, at_s)[:, 1] for side in SIDES]
    lag = lag_of(np.column_stack(heights))
    return None if lag is None else lag.behind_s


def _gap(values: Mapping[Side, float | None]) -> float | None:
    left, right = (values[side] for side in SIDES)
    return None if left is None or right is None else right - left


def _median(values: Iterable[float | None]) -> float | None:
    known = [value for value in values if value is not None]
    return statistics.median(known) if known else None


def _median_hand(hands: Sequence[HandMeasures]) -> HandMeasures:
    return HandMeasures(
        _median(hand.reach_v for hand in hands),
        _median(hand.widest_x for hand in hands),
        _median(hand.spine_cm for hand in hands),
    )
