"""The figures of two sessions, or of two strokes, beside each other, with units."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

from routines.routine import Routine
from sessions.analysis.measures import HandMeasures, Known, RepMeasures, SessionMeasures
from ui.progress_words import capital
from ui.texts import text
from ui.words import number
from vision.hands import SIDES

NO_BREAK: Final = "\N{NO-BREAK SPACE}"

Measured = SessionMeasures | RepMeasures

UNKNOWN: Final = "–"

ABOUT: Final = "≈"
"""Before lengths of which the scale was assumed."""


@dataclass(frozen=True, slots=True)
class Side:
    """One column of figures."""

    title: str
    figures: Measured
    cm_known: Known | None


@dataclass(frozen=True, slots=True)
class _Row:
    label: str
    one: str
    other: str
    difference: str


def compare_table_html(one: Side, other: Side, routine: Routine) -> str:
    """Each figure of both, and how much the second has more; what was not seen says so."""
    rows = "".join(
        f'<tr><th scope="row">{escape(row.label)}</th><td>{escape(row.one)}</td>'
        f'<td>{escape(row.other)}</td><td class="difference">{escape(row.difference)}</td></tr>'
        for row in _rows(one, other, routine)
    )
    heads = (text("compare.figure"), one.title, other.title, text("compare.difference"))
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    return f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'


def _rows(one: Side, other: Side, routine: Routine) -> Iterator[_Row]:
    mine, theirs = one.figures, other.figures
    yield _row(text("compare.duration"), mine.duration_s, theirs.duration_s, seconds)
    for phase in routine.phases:
        times = mine.phases_s.get(phase.name), theirs.phases_s.get(phase.name)
        yield _row(capital(phase.label), *times, seconds)
    if isinstance(mine, SessionMeasures) and isinstance(theirs, SessionMeasures):
        yield _row(text("compare.evenness"), mine.evenness, theirs.evenness, share)
    yield _hands(text("compare.reach"), one, other, lambda hand: hand.reach_v, share)
    yield _hands(text("compare.widest"), one, other, lambda hand: hand.widest_x, share)
    known: Known = "assumed" if "assumed" in (one.cm_known, other.cm_known) else "measured"
    yield _hands(
        text("compare.spine"), one, other, lambda hand: hand.spine_cm, lambda cm: length(cm, known)
    )
    yield _row(text("compare.lag"), mine.lag_s, theirs.lag_s, seconds)


def _row(label: str, one: float | None, other: float | None, words: Callable[[float], str]) -> _Row:
    return _Row(label, _told(one, words), _told(other, words), _difference(one, other, words))


def _hands(
    label: str,
    one: Side,
    other: Side,
    of: Callable[[HandMeasures], float | None],
    words: Callable[[float], str],
) -> _Row:
    """Both hands in one cell, the left one first."""
    mine = [of(one.figures.hands[side]) for side in SIDES]
    theirs = [of(other.figures.hands[side]) for side in SIDES]
    differences = [_difference(*pair, words) for pair in zip(mine, theirs, strict=True)]
    return _Row(
        label,
        _both([_told(value, words) for value in mine]),
        _both([_told(value, words) for value in theirs]),
        _both(differences),
    )


def _both(words: Sequence[str]) -> str:
    """Left and right; one word where the same is to be said of both."""
    left, right = words
    if left == right and left in (text("compare.unseen"), text("compare.same"), UNKNOWN):
        return left
    left, right = (each.replace(" ", NO_BREAK) for each in words)
    return text("compare.both", left=left, right=right)


def _told(value: float | None, words: Callable[[float], str]) -> str:
    return text("compare.unseen") if value is None else words(value)


def _difference(one: float | None, other: float | None, words: Callable[[float], str]) -> str:
    if one is None or other is None:
        return UNKNOWN
    more = words(abs(other - one))
    if not any(sign in "123456789" for sign in more):
        return text("compare.same")
    sign = "+" if other > one else "\N{MINUS SIGN}"
    return f"{sign}{more.removeprefix(f'{ABOUT} ')}"


def seconds(value: float) -> str:
    """Time, to a tenth; nothing is neither more nor less."""
    return text("time.seconds", value=number(round(value, 1) + 0.0, 1))


def share(value: float) -> str:
    """A share as per cent."""
    return f"{number(100 * value, 0)} %"


def length(value: float, known: Known | None) -> str:
    """cm, with a sign that it is about so where the shoulders' width was assumed."""
    about = f"{ABOUT} " if known == "assumed" else ""
    return f"{about}{number(value, 1)} cm"
