"""How sessions go over weeks: what rises, what falls, and what to work on next.

Shares come from few strokes, and strokes of one session are alike, so a session is the unit: a
trend is said only where the order of the sessions' figures is unlikely to be chance (Mann-Kendall
test, exact for so few, two-sided, 5 %), its size is the Theil-Sen slope. Both ask for no particular
distribution and bear with single odd sessions.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, Literal

import numpy as np
from scipy import stats

from routines.coaching import IMPORTANCE
from routines.routine import Routine
from sessions.store.values import SessionLine
from sessions.summary import weight_of

LEAST_SESSIONS: Final = 5
"""Of four sessions in a row even a perfect order is chance once in twelve."""

SURE_P: Final = 0.05

LEAST_JUDGED: Final = 3
"""A session has a rate from this many reps on, as an evenness has."""

LATELY: Final = 3
"""What to work on next is told from so many of the newest sessions with strokes in them."""

WEEK_S: Final = 7 * 24 * 3600.0

Direction = Literal["rising", "falling", "none_seen", "too_early"]
"""none_seen: there are enough sessions, and no trend shows beyond chance."""


@dataclass(frozen=True, slots=True)
class Trend:
    """What a row of figures does over time."""

    direction: Direction
    per_week: float | None
    """Median slope, in the figure's own unit a week; None where it is too early."""
    sessions: int
    """With a figure."""


@dataclass(frozen=True, slots=True)
class Figures:
    """Sessions in figures: one session, or the sessions of a week together."""

    since: date
    """The session's day, or the week's Monday."""
    sessions: int
    count: int
    """Strokes that count."""
    attempts: int
    clean_share: float | None
    """Of the attempts; None where there was none."""
    rates: Mapping[str, float]
    """Share of the reps with each fault, of those in which it was judged; codes that were never
    judged are absent."""
    evenness: float | None
    """Coefficient of variation of the strokes' times; of a week the median of its sessions."""


@dataclass(frozen=True, slots=True)
class Next:
    """The fault to work on next."""

    code: str
    faults: int
    """Reps with it in the newest sessions."""
    judged: int
    """Reps in which it was judged there."""
    sessions: int


@dataclass(frozen=True, slots=True)
class LearnerProgress:
    """One learner over time."""

    by_session: tuple[Figures, ...]
    """Oldest first."""
    by_week: tuple[Figures, ...]
    """Oldest first; weeks without a session are absent."""
    clean: Trend
    evenness: Trend
    """Of the coefficient of variation: falling is good."""
    faults: Mapping[str, Trend]
    """By code, the most important first; codes never judged are absent."""
    work_on: Next | None
    """None where nothing was found lately."""


def progress_of(lines: Iterable[SessionLine], routine: Routine) -> LearnerProgress:
    """The progress over these sessions, in any order; they should be of one learner."""
    ordered = sorted(lines, key=lambda line: (line.started, line.id))
    codes = [code for code in IMPORTANCE if code in routine.faults]
    judged = [code for code in codes if any(line.judged.get(code) for line in ordered)]
    return LearnerProgress(
        by_session=tuple(figures_of([line], line.started.date()) for line in ordered),
        by_week=_by_week(ordered),
        clean=trend(_clean_points(ordered)),
        evenness=trend([(line.started, line.evenness) for line in ordered]),
        faults={code: trend(_rate_points(code, ordered)) for code in judged},
        work_on=work_on(ordered, routine),
    )


def figures_of(lines: Sequence[SessionLine], since: date) -> Figures:
    """These sessions taken together."""
    faults: Counter[str] = Counter()
    judged: Counter[str] = Counter()
    for line in lines:
        faults.update(line.faults)
        judged.update(line.judged)
    attempts = sum(line.attempts for line in lines)
    even = [line.evenness for line in lines if line.evenness is not None]
    return Figures(
        since=since,
        sessions=len(lines),
        count=sum(line.count for line in lines),
        attempts=attempts,
        clean_share=sum(line.clean for line in lines) / attempts if attempts else None,
        rates={code: faults[code] / number for code, number in judged.items() if number},
        evenness=float(np.median(even)) if even else None,
    )


def trend(points: Sequence[tuple[datetime, float | None]]) -> Trend:
    """What figures do over time; those that are None are not there."""
    known = [(when, value) for when, value in points if value is not None]
    if len(known) < LEAST_SESSIONS:
        return Trend("too_early", None, len(known))
    weeks = [(when - known[0][0]).total_seconds() / WEEK_S for when, _ in known]
    values = [value for _, value in known]
    if min(weeks) == max(weeks):
        return Trend("too_early", None, len(known))
    slope = float(stats.theilslopes(values, weeks).slope)
    if min(values) == max(values):
        return Trend("none_seen", slope, len(known))
    order = stats.kendalltau(weeks, values)
    if order.pvalue >= SURE_P:
        return Trend("none_seen", slope, len(known))
    return Trend("rising" if order.statistic > 0 else "falling", slope, len(known))


def work_on(lines: Sequence[SessionLine], routine: Routine) -> Next | None:
    """What weighs most in the newest sessions: by its kind and by its rate, as in a summary."""
    lately = [line for line in sorted(lines, key=_when) if line.attempts][-LATELY:]
    faults = sum((Counter(line.faults) for line in lately), Counter[str]())
    judged = sum((Counter(line.judged) for line in lately), Counter[str]())
    found = [code for code in IMPORTANCE if faults[code] and judged[code]]
    if not found:
        return None
    heaviest = max(found, key=lambda code: weight_of(code, routine) * faults[code] / judged[code])
    return Next(heaviest, faults[heaviest], judged[heaviest], len(lately))


def _when(line: SessionLine) -> tuple[datetime, str]:
    return line.started, line.id


def _by_week(ordered: Sequence[SessionLine]) -> tuple[Figures, ...]:
    weeks: dict[date, list[SessionLine]] = {}
    for line in ordered:
        day = line.started.date()
        weeks.setdefault(day - timedelta(days=day.weekday()), []).append(line)
    return tuple(figures_of(lines, monday) for monday, lines in weeks.items())


def _clean_points(lines: Sequence[SessionLine]) -> list[tuple[datetime, float | None]]:
    return [
        (line.started, line.clean / line.attempts if line.attempts >= LEAST_JUDGED else None)
        for line in lines
    ]


def _rate_points(code: str, lines: Sequence[SessionLine]) -> list[tuple[datetime, float | None]]:
    points: list[tuple[datetime, float | None]] = []
    for line in lines:
        judged = line.judged.get(code, 0)
        rate = line.faults.get(code, 0) / judged if judged >= LEAST_JUDGED else None
        points.append((line.started, rate))
    return points
