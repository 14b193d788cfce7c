"""The phases that a rep tells of: what was decided, put where nobody saw the change."""

from dataclasses import replace
from typing import Final

import numpy as np

from routines.attempts import Attempt, Run, is_leg
from routines.evidence import runs_of
from routines.reps import PhaseSpan
from routines.ticks import TICK_S

GAP_S: Final = 0.4
"""Hands unseen for longer may have changed to another leg at any time of the gap."""


def told_phases(attempt: Attempt, cut_corner: str | None) -> tuple[PhaseSpan, ...]:
    """Phases in order, without a gap, from the attempt's start to its end.

    A leg gone backward belongs to the leg that comes after it. A change that happened while no
    hand was seen is put at an even share of that gap. The leg `cut_corner`, if named, was only
    crossed in a rush and is told as part of the one that follows.
    """
    spans = _without(cut_corner, _forward_legs(attempt))
    starts = _spread_over_gaps([span.start_s for span in spans], attempt)
    ends = [*starts[1:], attempt.end_s]
    return tuple(
        PhaseSpan(span.name, start_s, end_s)
        for span, start_s, end_s in zip(spans, starts, ends, strict=False)
    )


def _forward_legs(attempt: Attempt) -> list[PhaseSpan]:
    spans: list[PhaseSpan] = []
    turned_back: Run | None = None
    for run in attempt.runs:
        if not is_leg(run):
            continue
        if not run.forward:
            turned_back = turned_back or (run if spans and run.name != spans[0].name else None)
            continue
        start_s = turned_back.start_s if turned_back else run.start_s
        turned_back = None
        if not spans or spans[-1].name != run.name:
            spans.append(PhaseSpan(run.name, start_s, run.end_s))
    return spans


def _without(cut_corner: str | None, spans: list[PhaseSpan]) -> list[PhaseSpan]:
    """The first leg of that name told as the beginning of the one that follows it."""
    for index, span in enumerate(spans[:-1]):
        if span.name == cut_corner:
            following = replace(spans[index + 1], start_s=span.start_s)
            return [*spans[:index], following, *spans[index + 2 :]]
    return spans


def _spread_over_gaps(starts: list[float], attempt: Attempt) -> list[float]:
    spread = list(starts)
    for gap_start_s, gap_end_s in _gaps(attempt):
        inside = [
            index
            for index, start_s in enumerate(starts)
            if index > 0 and gap_start_s - TICK_S <= start_s <= gap_end_s + 2 * TICK_S
        ]
        for place, index in enumerate(inside, start=1):
            share = place / (len(inside) + 1)
            spread[index] = gap_start_s + share * (gap_end_s - gap_start_s)
    return spread


def _gaps(attempt: Attempt) -> list[tuple[float, float]]:
    """Stretches in which no hand was seen."""
    starts, ends = runs_of(np.asarray(~attempt.ticks.observed.any(axis=1)))
    times = attempt.ticks.time_s
    gaps = [(float(times[a]), float(times[b])) for a, b in zip(starts, ends, strict=True)]
    return [gap for gap in gaps if gap[1] - gap[0] >= GAP_S]
