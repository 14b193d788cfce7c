"""All strokes of a session side by side as SVG, for paper and pages: colour is never alone.

A bar is as high as its stroke took long; its phases carry their numbers, a stroke that does not
count has a dashed ring around its own, and faults are numbered triangles as on the chart.
"""

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Final

from routines.reps import Check, PhaseSpan, Rep
from routines.routine import Routine
from sessions.drawing.palette import FAULT, PHASE

COLUMNS: Final = 14
"""Strokes in a row; more go on below."""

_STEP: Final = 50.0
_BAR: Final = 26.0
_TALLEST: Final = 84.0
_FOOT: Final = 88.0
_MARKS: Final = 2
_MARK: Final = 17.0
_ROW: Final = 168.0
_DIGIT_ROOM: Final = 10.5
_INK: Final = "#161412"
_PAPER: Final = "#fff"


def rep_strip_svg(
    reps: Sequence[Rep],
    routine: Routine,
    title: str,
    seconds: Sequence[str],
    numbers: Sequence[Check] = (),
) -> str:
    """The strip as an SVG element.

    `seconds` says in words how long each stroke took; `numbers` are faults in the order of their
    marks on a chart, and those that are no part of it are counted.
    """
    rows = max(1, -(-len(reps) // COLUMNS))
    longest_s = max((rep.end_s - rep.start_s for rep in reps), default=1.0)
    order = {phase.name: at for at, phase in enumerate(routine.phases, start=1)}
    parts = []
    for at, rep in enumerate(reps):
        x, y = at % COLUMNS * _STEP, at // COLUMNS * _ROW
        inner = "".join(_column(rep, order, seconds[at], longest_s, numbers))
        parts.append(f'<g transform="translate({x:.0f},{y:.0f})">{inner}</g>')
    return (
        f'<svg class="rep-strip" viewBox="0 0 {COLUMNS * _STEP:.0f} {rows * _ROW:.0f}" role="img" '
        f'aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg" font-family="inherit" '
        f'text-anchor="middle">{"".join(parts)}</svg>'
    )


def _column(
    rep: Rep, order: Mapping[str, int], seconds: str, longest_s: float, numbers: Sequence[Check]
) -> Iterator[str]:
    middle = _STEP / 2
    scale = _TALLEST / max(longest_s, 1e-9)
    foot = _FOOT
    for phase in rep.phases:
        tall = max(phase.end_s - phase.start_s, 0.0) * scale
        foot -= tall
        yield from _phase(phase, order, middle, foot, tall)
    yield (
        f'<text x="{middle}" y="{_FOOT + 15:.0f}" font-size="11" fill="currentColor">'
        f"{escape(seconds)}</text>"
    )
    dashes = "" if rep.counted else ' stroke-dasharray="3 2.5"'
    fill, ink = ("currentColor", _PAPER) if rep.counted else ("none", "currentColor")
    yield (
        f'<circle cx="{middle}" cy="{_FOOT + 33:.0f}" r="11" fill="{fill}" stroke="currentColor" '
        f'stroke-width="1.5"{dashes}/><text x="{middle}" y="{_FOOT + 37:.0f}" font-size="12" '
        f'font-weight="700" fill="{ink}">{rep.index}</text>'
    )
    yield from _triangles(rep, numbers)


def _phase(
    phase: PhaseSpan, order: Mapping[str, int], middle: float, top: float, tall: float
) -> Iterator[str]:
    colour = PHASE.get(phase.name, "currentColor")
    yield (
        f'<rect x="{middle - _BAR / 2:.1f}" y="{top:.1f}" width="{_BAR}" '
        f'height="{max(tall - 1.5, 0.5):.1f}" rx="2" fill="{colour}" stroke="{_INK}" '
        'stroke-width="0.4"/>'
    )
    if tall >= _DIGIT_ROOM:
        yield (
            f'<text x="{middle}" y="{top + tall / 2 + 3:.1f}" font-size="10" fill="{_INK}">'
            f"{order.get(phase.name, '')}</text>"
        )


def _triangles(rep: Rep, numbers: Sequence[Check]) -> Iterator[str]:
    """Up to two numbered triangles, and how many more faults there are."""
    own = {id(check) for check in rep.faults}
    found = [at for at, check in enumerate(numbers, start=1) if id(check) in own]
    y = _FOOT + 62
    shown = found[:_MARKS]
    left = _STEP / 2 - _MARK * (len(shown) - 1) * 0.62
    for at, number in enumerate(shown):
        x = left + at * _MARK * 1.24
        yield (
            f'<path d="M{x:.1f},{y - 13:.0f}l{_MARK / 1.7:.1f},18h{-_MARK / 0.85:.1f}Z" '
            f'fill="{FAULT}"/><text x="{x:.1f}" y="{y + 3:.0f}" font-size="9" font-weight="700" '
            f'fill="{_PAPER}">{number}</text>'
        )
    if len(own) > len(shown):
        yield (
            f'<text x="{_STEP / 2}" y="{y + (15 if shown else 3):.0f}" font-size="9" '
            f'fill="currentColor">+{len(own) - len(shown)}</text>'
        )
