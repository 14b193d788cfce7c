"""What a report says of a learner over all sessions, and of a class."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from routines.coaching import IMPORTANCE
from routines.routine import Routine
from sessions.analysis.progress import LATELY, LEAST_SESSIONS, LearnerProgress, progress_of
from sessions.drawing.session_bars import Bar, BarWords, session_bars_svg
from sessions.reports.session_page import Point, capital, drawing
from sessions.store.values import SessionLine, StoredSession
from sessions.summary import summarise
from sessions.wording import Words

MOST_BARS: Final = 60
"""More sessions than this are drawn by their weeks."""


@dataclass(frozen=True, slots=True)
class FaultRow:
    """One fault, earlier and lately."""

    label: str
    before: str
    lately: str
    trend: str


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in the list of all."""

    day: str
    name: str
    strokes: str
    clean: str
    evenness: str
    most: str


@dataclass(frozen=True, slots=True)
class LearnerPage:
    """A learner over all sessions."""

    name: str
    span: str
    figures: tuple[str, ...]
    bars: Markup
    points: tuple[Point, ...]
    lately: str
    """Which sessions the newer rates are of."""
    with_trend: bool
    """Whether there are enough sessions to tell one."""
    faults: tuple[FaultRow, ...]
    """Empty where there is nothing to compare with."""
    sessions: tuple[SessionRow, ...]


@dataclass(frozen=True, slots=True)
class LearnerRow:
    """A learner in the list of a class."""

    name: str
    sessions: int
    strokes: str
    clean: str
    evenness: str
    practise: str
    newest: str


@dataclass(frozen=True, slots=True)
class ClassPage:
    """A class over all sessions."""

    span: str
    figures: tuple[str, ...]
    learners: tuple[LearnerRow, ...]
    practise: tuple[tuple[str, str], ...]
    """Faults that several should practise: what, and how many learners."""


def learner_page(
    name: str,
    lines: Sequence[SessionLine],
    newest: StoredSession | None,
    routine: Routine,
    words: Words,
    bars: str,
) -> LearnerPage:
    """The summary of a learner; the lines of all sessions oldest first, at least one.

    `newest` is a session to tell more of, if it is the last of them. `bars` must be unique in the
    report: ids hang on it.
    """
    progress = progress_of(lines, routine)
    last = newest if newest is not None and newest.line.id == lines[-1].id else None
    return LearnerPage(
        name=name,
        span=span_of(lines, words),
        figures=tuple(_figures(lines, words)),
        bars=_bars(progress, lines, words, bars),
        points=tuple(_points(last, progress, routine, words)),
        lately=_plural(words, "report.lately", _lately(lines)),
        with_trend=any(trend.direction != "too_early" for trend in progress.faults.values()),
        faults=tuple(_fault_rows(lines, progress, routine, words)),
        sessions=tuple(_session_row(line, routine, words) for line in reversed(lines)),
    )


def span_of(lines: Sequence[SessionLine], words: Words) -> str:
    """From the first day to the last."""
    days = sorted(line.started.astimezone().date() for line in lines)
    first, last = words.day(days[0]), words.day(days[-1])
    if first == last:
        return first
    return words.text("report.from_to", first=first, last=last)


def class_page(
    learners: Sequence[tuple[str, Sequence[SessionLine]]], routine: Routine, words: Words
) -> ClassPage:
    """The summary of a class; the lines of each learner's sessions oldest first, at least one."""
    every = [line for _, lines in learners for line in lines]
    work = Counter[str]()
    rows = []
    for name, lines in learners:
        progress = progress_of(lines, routine)
        if progress.work_on is not None:
            work[progress.work_on.code] += 1
        rows.append(_learner_row(name, lines, progress, routine, words))
    ranked = sorted(work, key=lambda code: (-work[code], IMPORTANCE.index(code)))
    return ClassPage(
        span=span_of(every, words),
        figures=tuple(_figures(every, words)),
        learners=tuple(rows),
        practise=tuple(
            (
                routine.faults[code].written,
                words.text("report.learners_with", number=work[code], all=len(learners)),
            )
            for code in ranked
        ),
    )


def _figures(lines: Sequence[SessionLine], words: Words) -> Iterator[str]:
    count = sum(line.count for line in lines)
    clean, attempts = sum(line.clean for line in lines), sum(line.attempts for line in lines)
    yield _plural(words, "report.sessions", len(lines))
    yield _plural(words, "report.strokes", count)
    if attempts:
        yield words.text("report.clean_of", clean=clean, attempts=attempts)


def _plural(words: Words, key: str, number: int) -> str:
    return words.text(f"{key}_one" if number == 1 else key, number=number)


def _bars(
    progress: LearnerProgress, lines: Sequence[SessionLine], words: Words, name: str
) -> Markup:
    if len(lines) < 2:
        return Markup()
    if len(lines) > MOST_BARS:
        bars = [
            _bar(week.since.strftime("%d.%m."), week.attempts, week.count, week.clean_share)
            for week in progress.by_week
        ][-MOST_BARS:]
    else:
        bars = [
            Bar(
                line.started.astimezone().strftime("%d.%m."),
                line.clean,
                line.count - line.clean,
                line.attempts - line.count,
            )
            for line in lines
        ]
    told = BarWords(
        title=words.text("bars.title"),
        clean=words.text("bars.clean"),
        counted=words.text("bars.counted"),
        uncounted=words.text("bars.uncounted"),
    )
    return drawing(session_bars_svg(bars, told, name))


def _bar(label: str, attempts: int, count: int, clean_share: float | None) -> Bar:
    clean = round((clean_share or 0.0) * attempts)
    return Bar(label, clean, count - clean, attempts - count)


def _points(
    newest: StoredSession | None, progress: LearnerProgress, routine: Routine, words: Words
) -> Iterator[Point]:
    improved = tuple(_improved(newest, progress, routine, words))
    yield Point(words.text("report.improved"), improved)
    yield Point(words.text("report.practise"), tuple(_practise(progress, routine, words)))


def _improved(
    newest: StoredSession | None, progress: LearnerProgress, routine: Routine, words: Words
) -> Iterator[str]:
    said = [*_trends(progress, routine, words)]
    mended = None if newest is None else summarise(newest.review.reps, routine).mended
    if mended is not None:
        said.append(words.text("report.mended", label=capital(routine.faults[mended].label)))
    yield from said
    if progress.clean.direction == "too_early":
        yield words.text("report.too_early", needed=LEAST_SESSIONS, number=progress.clean.sessions)
    elif not said:
        yield words.text("report.no_trend")


def _trends(progress: LearnerProgress, routine: Routine, words: Words) -> Iterator[str]:
    if progress.clean.direction == "rising":
        yield words.text("report.clean_rising")
    if progress.evenness.direction == "falling":
        yield words.text("report.even_falling")
    rarer = [
        routine.faults[code].label
        for code, trend in progress.faults.items()
        if trend.direction == "falling"
    ]
    if rarer:
        yield words.text("report.fault_falling", labels=", ".join(rarer))


def _practise(progress: LearnerProgress, routine: Routine, words: Words) -> Iterator[str]:
    work = progress.work_on
    if work is None:
        yield words.text("report.practise_nothing")
        return
    rule = routine.faults[work.code]
    key = "report.practise_because_one" if work.sessions == 1 else "report.practise_because"
    yield rule.written
    yield words.text(
        key,
        label=capital(rule.label),
        faults=work.faults,
        judged=work.judged,
        sessions=work.sessions,
    )


def _lately(lines: Sequence[SessionLine]) -> int:
    """So many of the newest sessions are set against those before."""
    return min(LATELY, max(1, len(lines) // 2))


def _fault_rows(
    lines: Sequence[SessionLine], progress: LearnerProgress, routine: Routine, words: Words
) -> Iterator[FaultRow]:
    """Faults that came at all, the most important first."""
    if len(lines) < 2:
        return
    lately, before = lines[-_lately(lines) :], lines[: -_lately(lines)]
    for code in IMPORTANCE:
        if code in routine.faults and any(line.faults.get(code) for line in lines):
            trend = progress.faults[code].direction if code in progress.faults else "too_early"
            yield FaultRow(
                label=capital(routine.faults[code].label),
                before=_rate(code, before, words),
                lately=_rate(code, lately, words),
                trend=words.text(f"report.trend_{trend}"),
            )


def _rate(code: str, lines: Sequence[SessionLine], words: Words) -> str:
    judged = sum(line.judged.get(code, 0) for line in lines)
    if not judged:
        return words.text("report.not_judged")
    faults = sum(line.faults.get(code, 0) for line in lines)
    return words.text("report.rate", faults=faults, judged=judged)


def _session_row(line: SessionLine, routine: Routine, words: Words) -> SessionRow:
    strokes = words.text("report.counts", count=line.count, attempts=line.attempts)
    kind = words.text("report.live" if line.kind == "live" else "report.recorded")
    return SessionRow(
        day=words.day(line.started.astimezone().date()),
        name=line.name if line.kind == "recorded" else kind,
        strokes=strokes,
        clean=str(line.clean),
        evenness="–" if line.evenness is None else words.percent(line.evenness),
        most=_most(line, routine, words),
    )


def _most(line: SessionLine, routine: Routine, words: Words) -> str:
    """The fault that came most often."""
    codes = [code for code in IMPORTANCE if line.faults.get(code) and code in routine.faults]
    if not codes:
        return words.text("report.never")
    return routine.faults[max(codes, key=lambda code: line.faults[code])].label


def _learner_row(
    name: str,
    lines: Sequence[SessionLine],
    progress: LearnerProgress,
    routine: Routine,
    words: Words,
) -> LearnerRow:
    attempts = sum(line.attempts for line in lines)
    clean = sum(line.clean for line in lines)
    even = [line.evenness for line in lines if line.evenness is not None]
    work = progress.work_on
    count = sum(line.count for line in lines)
    return LearnerRow(
        name=name,
        sessions=len(lines),
        strokes=words.text("report.counts", count=count, attempts=attempts),
        clean=words.percent(clean / attempts) if attempts else "–",
        evenness=words.percent(even[-1]) if even else "–",
        practise=words.text("report.never") if work is None else routine.faults[work.code].label,
        newest=words.day(lines[-1].started.astimezone().date()),
    )
