"""The phases that a rep tells of.

Which legs were gone is what the checks found; when each began is the likeliest split of the attempt
into them. A leg that nobody saw stands where the others leave room for it, if the hands were seen
to have come back: the rep's unseen share says how much of that is inferred.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from routines.attempts import Attempt, Run, is_leg
from routines.reps import Check, PhaseSpan
from routines.routine import Routine
from routines.segmentation import split
from routines.ticks import TICK_S

ACROSS: Final = 1
"""The leg across the shoulders, among the routine's phases."""


def told_phases(
    attempt: Attempt, found: Mapping[str, Check], routine: Routine
) -> tuple[PhaseSpan, ...]:
    """Phases without a gap, from the attempt's start to its end, given what its checks `found`."""
    decided = _forward_legs(attempt)
    skipped = found["skipped_shoulders"].outcome == "fault"
    if found["out_of_order"].outcome == "fault":
        cut_corner = routine.phases[ACROSS].name if skipped else None
        return _joined(_without_first(cut_corner, decided), attempt.end_s)
    names = [phase.name for phase in routine.phases]
    came_back = attempt.ending == "back" and found["incomplete"].outcome != "fault"
    furthest = max((names.index(span.name) for span in decided), default=-1)
    last = len(names) - 1 if came_back else furthest
    legs = [leg for leg in range(last + 1) if not (skipped and leg == ACROSS)]
    return _likeliest(attempt, legs, routine)


def _likeliest(attempt: Attempt, legs: list[int], routine: Routine) -> tuple[PhaseSpan, ...]:
    """The attempt split into those legs, places among the routine's phases."""
    if not legs or len(attempt.fits) < len(legs):
        return ()
    starts = split(attempt.fits, legs, [phase.share for phase in routine.phases])
    begins_s = [float(attempt.ticks.time_s[start]) - TICK_S / 2 for start in starts]
    begins_s[0] = attempt.start_s
    spans = [
        PhaseSpan(routine.phases[leg].name, begin_s, attempt.end_s)
        for leg, begin_s in zip(legs, begins_s, strict=True)
    ]
    return _joined(spans, attempt.end_s)


def _forward_legs(attempt: Attempt) -> list[PhaseSpan]:
    """As decided; a leg gone backward belongs to the leg that comes after it."""
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


def _without_first(cut_corner: str | None, spans: list[PhaseSpan]) -> list[PhaseSpan]:
    """The first leg of that name, only crossed in a rush, told as part of the one that follows."""
    for index, span in enumerate(spans[:-1]):
        if span.name == cut_corner:
            following = replace(spans[index + 1], start_s=span.start_s)
            return [*spans[:index], following, *spans[index + 2 :]]
    return spans


def _joined(spans: list[PhaseSpan], end_s: float) -> tuple[PhaseSpan, ...]:
    """Each phase lasts until the next one begins."""
    ends = [*(span.start_s for span in spans), end_s][1:]
    return tuple(replace(span, end_s=end) for span, end in zip(spans, ends, strict=True))
