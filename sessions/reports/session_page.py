"""What a report says of one session, as words and drawings."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from markupsafe import Markup

from routines.reps import Check
from routines.routine import Routine
from sessions.analysis.measures import SessionMeasures, measure_session
from sessions.drawing.back_chart import ChartWords, back_chart_svg
from sessions.drawing.chart_marks import chart_marks
from sessions.drawing.palette import UNSEEN
from sessions.drawing.rep_strip import rep_strip_svg
from sessions.store.values import StoredSession
from sessions.summary import Summary, summarise
from sessions.wording import Words, clock
from vision.hands import SIDES

MOST_FAULTS: Final = 10
"""So many have room on the page and on the chart; the rest is counted."""

TYPEFACES: Final = "Liberation Sans,DejaVu Sans,Noto Sans,Arial,Helvetica,sans-serif"
"""Whichever of these the system has is embedded; all have umlauts."""

_HATCHED: Final = re.compile(r'stroke="url\(#[\w-]+-unseen\)"')
_DASHES: Final = f'stroke="{UNSEEN}" stroke-dasharray="2.5 4" stroke-linecap="butt"'


@dataclass(frozen=True, slots=True)
class Point:
    """A short text under a heading."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FaultLine:
    """A fault with the number of its mark."""

    number: int
    what: str
    detail: str


@dataclass(frozen=True, slots=True)
class Said:
    """An instructor's words at a moment."""

    time: str
    author: str
    words: str


@dataclass(frozen=True, slots=True)
class SessionPage:
    """One session on one page."""

    day: str
    about: str
    count: str
    chart: Markup
    strip: Markup
    """Empty without a stroke."""
    legs: str
    """What the numbers in the strip stand for."""
    points: tuple[Point, ...]
    faults: tuple[FaultLine, ...]
    more_faults: int
    said: tuple[Said, ...]


def session_page(session: StoredSession, routine: Routine, words: Words, name: str) -> SessionPage:
    """The page of a session; `routine` speaks the language of `words`.

    `name` must be unique in the report: ids of its drawings hang on it.
    """
    review = session.review
    every = [check for rep in review.reps for check in rep.faults]
    found = every[:MOST_FAULTS]
    chart = back_chart_svg(
        routine,
        chart_words(words),
        scale=review.scale,
        paths=review.paths,
        marks=chart_marks(found, review.paths),
        name=name,
        legend_px=18.0,
    )
    return SessionPage(
        day=words.day(session.line.started.astimezone().date()),
        about=_about(session, words),
        count=words.text("report.counts", count=review.count, attempts=len(review.reps)),
        chart=drawing(chart),
        strip=_strip(session, routine, found, words),
        legs=_legs(routine, words),
        points=tuple(_points(session, routine, words)),
        faults=tuple(_faults(found, routine, words)),
        more_faults=len(every) - len(found),
        said=tuple(_said(session, routine, words)),
    )


def chart_words(words: Words) -> ChartWords:
    """What is written on the chart."""
    return ChartWords(
        title=words.text("chart.title"),
        left=words.text("chart.left"),
        right=words.text("chart.right"),
        unseen=words.text("chart.unseen"),
        fault=words.text("chart.fault"),
        letter_left=words.text("chart.letter_left"),
        letter_right=words.text("chart.letter_right"),
    )


def drawing(svg: str) -> Markup:
    """A drawing of the project's own, which escapes the words in it, as the printer can take it.

    It hands no typeface down to drawings, and draws no pattern along a line: dashes across the line
    stand for the hatching there.
    """
    typed = svg.replace('font-family="inherit"', f'font-family="{TYPEFACES}"')
    return Markup(_HATCHED.sub(_DASHES, typed))


def _about(session: StoredSession, words: Words) -> str:
    kind = words.text("report.live" if session.line.kind == "live" else "report.recorded")
    length = words.duration(session.line.duration_s)
    name = f", {session.line.name}" if session.line.kind == "recorded" else ""
    return f"{kind}{name}, {length}"


def _strip(
    session: StoredSession, routine: Routine, numbers: Sequence[Check], words: Words
) -> Markup:
    reps = session.review.reps
    if not reps:
        return Markup()
    seconds = [words.duration(rep.end_s - rep.start_s) for rep in reps]
    title = words.text("strip.title")
    return drawing(rep_strip_svg(reps, routine, title, seconds, numbers))


def _legs(routine: Routine, words: Words) -> str:
    named = [
        f"{number} {words.text(f'phase.{phase.name}')}"
        for number, phase in enumerate(routine.phases, start=1)
    ]
    return words.text("report.legs", legs=", ".join(named))


def _points(session: StoredSession, routine: Routine, words: Words) -> Iterator[Point]:
    review = session.review
    if not review.reps:
        yield Point(words.text("report.unseen"), (words.text("report.no_strokes"),))
        return
    found = summarise(review.reps, routine)
    measured = measure_session(review, routine)
    if found.went_well is not None:
        label = "" if found.mended is None else capital(routine.faults[found.mended].label)
        well = words.text(f"well.{found.went_well}", label=label)
        yield Point(words.text("report.went_well"), (well,))
    yield Point(words.text("report.practise"), tuple(_practise(found, routine, words)))
    tempo = [*_tempo(found, measured, routine, words), _evenness(session, found, words)]
    yield Point(words.text("report.tempo"), tuple(tempo))
    if where := tuple(_where(measured, words)):
        yield Point(words.text("report.where"), where)
    yield Point(words.text("report.unseen"), tuple(_unseen(session, found, routine, words)))


def _practise(found: Summary, routine: Routine, words: Words) -> Iterator[str]:
    if found.work_on is None:
        yield words.text("report.practise_nothing")
        return
    rule = routine.faults[found.work_on.code]
    yield rule.written
    yield words.text(
        "report.practise_in",
        label=capital(rule.label),
        faults=found.work_on_reps,
        attempts=found.attempts,
    )


def _tempo(
    found: Summary, measured: SessionMeasures, routine: Routine, words: Words
) -> Iterator[str]:
    shortest, longest = words.duration(min(found.tempo_s)), words.duration(max(found.tempo_s))
    key = "report.tempo_one" if shortest == longest else "report.tempo_range"
    yield words.text(key, shortest=shortest, longest=longest)
    usual = [
        f"{words.text(f'phase.{phase.name}')} {words.duration(measured.phases_s[phase.name])}"
        for phase in routine.phases
        if phase.name in measured.phases_s
    ]
    if usual:
        yield words.text("report.phases", phases=", ".join(usual))


def _evenness(session: StoredSession, found: Summary, words: Words) -> str:
    """What was seen, and then what was felt."""
    told = words.text("report.evenness_unknown")
    if found.evenness is not None:
        told = words.text("report.evenness_seen", share=words.percent(found.evenness))
    if session.felt_evenness is None:
        return told
    felt = words.text(f"report.felt_{session.felt_evenness}")
    return f"{told} {words.text('report.felt', word=felt)}"


def _where(measured: SessionMeasures, words: Words) -> Iterator[str]:
    """How far up and how far beside the spine, where both hands were seen."""
    reach = [measured.hands[side].reach_v for side in SIDES]
    if None not in reach:
        left, right = (words.percent(value) for value in reach if value is not None)
        hands = words.text("report.both_sides", left=left, right=right)
        yield words.text("report.reach", hands=hands)
    spine = [measured.hands[side].spine_cm for side in SIDES]
    if None not in spine:
        about = "≈\N{NO-BREAK SPACE}" if measured.cm_known == "assumed" else ""
        left, right = (
            f"{about}{words.number(cm, 0)}\N{NO-BREAK SPACE}cm" for cm in spine if cm is not None
        )
        hands = words.text("report.both_sides", left=left, right=right)
        yield words.text("report.spine", hands=hands)


def _unseen(
    session: StoredSession, found: Summary, routine: Routine, words: Words
) -> Iterator[str]:
    share = words.percent(session.review.tracking.both_hands_share)
    yield words.text("report.unseen_share", share=share)
    if found.never_seen:
        checks = ", ".join(routine.faults[code].label for code in found.never_seen)
        yield words.text("report.unseen_checks", checks=checks)
    else:
        yield words.text("report.unseen_nothing")


def _faults(found: Sequence[Check], routine: Routine, words: Words) -> Iterator[FaultLine]:
    for number, check in enumerate(found, start=1):
        measure = words.measure(check)
        detail = f"{clock(check.start_s)}; {measure}" if measure else clock(check.start_s)
        yield FaultLine(number, words.fault(check, routine), detail)


def _said(session: StoredSession, routine: Routine, words: Words) -> Iterator[Said]:
    """Comments, verdicts and corrections together, in the session's time order."""
    told = [(each.time_s, each.author, each.text) for each in session.comments if each.text]
    told += [(each.start_s, "", words.verdict(each, routine)) for each in session.verdicts]
    for each in session.corrections:
        told.append((each.of_start_s, "", words.text("word.corrected", author=each.author)))
    for time_s, author, text in sorted(told, key=lambda each: each[0]):
        yield Said(clock(time_s), author, text)


def capital(words: str) -> str:
    """The same words with a capital in front."""
    return words[:1].upper() + words[1:]
