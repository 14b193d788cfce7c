"""Two small drawings that say why: the value against its limit, and its course over the stroke."""

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routines.reps import Check, Rep
from sessions.why import Course
from ui.palette import FAULT, HAND, PHASE, UNSEEN
from ui.texts import text
from ui.words import clock, quantity
from vision.arrays import Floats
from vision.hands import SIDES, Side

WIDTH: Final = 480.0
HEIGHT: Final = 240.0
_LEFT: Final = 72.0
_RIGHT: Final = 26.0
_TOP: Final = 16.0
_BOTTOM: Final = 46.0
_STRIP: Final = 10.0
"""Height of the phases' strip under the curves."""

_LETTER: Final = 15.0
"""Height of a letter."""
_HEADROOM: Final = 0.08
_DASH: Final = {"left": "", "right": ' stroke-dasharray="7 4"'}
"""Colour is not the only carrier."""


@dataclass(frozen=True, slots=True)
class _Plane:
    """Where times and values lie on the drawing."""

    start_s: float
    end_s: float
    low: float
    high: float

    def x(self, time_s: float) -> float:
        share = (time_s - self.start_s) / max(self.end_s - self.start_s, 1e-9)
        return _LEFT + min(max(share, 0.0), 1.0) * (WIDTH - _LEFT - _RIGHT)

    def y(self, value: float) -> float:
        share = (value - self.low) / max(self.high - self.low, 1e-9)
        return HEIGHT - _BOTTOM - share * (HEIGHT - _TOP - _BOTTOM)


def course_svg(course: Course, check: Check, rep: Rep, *, name: str) -> str:
    """The course of a measure: both hands, the limit, the fault's moment, the stroke's phases.

    `name` must be unique in a page: ids hang on it.
    """
    plane = _plane(course)
    parts = [
        f'<defs><pattern id="{name}-unseen" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="3" height="7" fill="{UNSEEN}"/></pattern>'
        "</defs>",
        *_moment(plane, check),
        *_unseen(plane, course, name),
        *_axes(plane, course),
        *_limit(plane, course),
        *(piece for side in SIDES for piece in _curve(plane, course, side)),
        *_letters(plane, course),
        *_phases(plane, rep),
    ]
    title = escape(text(f"why.course_{course.quantity}"))
    return (
        f'<svg class="why-course" viewBox="0 0 {WIDTH:.0f} {HEIGHT:.0f}" role="img" '
        f'aria-label="{title}" xmlns="http://www.w3.org/2000/svg" fill="none" '
        f'font-family="inherit" font-size="14" stroke-linejoin="round">{"".join(parts)}</svg>'
    )


def _plane(course: Course) -> _Plane:
    values = np.concatenate([course.values[side] for side in SIDES])
    values = values[~np.isnan(values)]
    seen = [float(values.min()), float(values.max())]
    if course.limit is not None:
        seen.append(course.limit)
    if course.quantity in ("speed", "angle"):
        seen.append(0.0)
    room = _HEADROOM * max(max(seen) - min(seen), 0.1)
    start_s, end_s = float(course.time_s[0]), float(course.time_s[-1])
    return _Plane(start_s, end_s, min(seen) - room, max(seen) + room)


def _axes(plane: _Plane, course: Course) -> Iterator[str]:
    foot = HEIGHT - _BOTTOM
    thin = 'stroke="currentColor" stroke-opacity="0.35"'
    yield f'<path d="M{_LEFT},{_TOP}V{foot}H{WIDTH - _RIGHT}" {thin}/>'
    limit_y = None if course.limit is None else plane.y(course.limit)
    for value in (plane.low, plane.high):
        y = plane.y(value)
        if limit_y is None or abs(y - limit_y) > 16:
            yield _label(_LEFT - 8, y + 5, _short(value, course.unit), "end")
    for time_s, anchor in ((plane.start_s, "start"), (plane.end_s, "end")):
        yield _label(plane.x(time_s), HEIGHT - 6, clock(time_s), anchor)


def _limit(plane: _Plane, course: Course) -> Iterator[str]:
    if course.limit is None:
        return
    y = plane.y(course.limit)
    yield (
        f'<path d="M{_LEFT},{y:.1f}H{WIDTH - _RIGHT}" stroke="{FAULT}" stroke-width="2" '
        'stroke-dasharray="2 4"/>'
    )
    yield _label(_LEFT - 8, y + 5, _short(course.limit, course.unit), "end", weight=600)


def _moment(plane: _Plane, check: Check) -> Iterator[str]:
    left, right = plane.x(check.start_s), plane.x(check.end_s)
    width = max(right - left, 3.0)
    yield (
        f'<rect x="{left:.1f}" y="{_TOP}" width="{width:.1f}" '
        f'height="{HEIGHT - _TOP - _BOTTOM}" fill="{FAULT}" fill-opacity="0.16"/>'
    )


def _unseen(plane: _Plane, course: Course, name: str) -> Iterator[str]:
    """Where no hand was seen, the chart is hatched, and not empty."""
    lost = np.array(np.isnan([course.values[side] for side in SIDES]).all(axis=0))
    for first, last in _runs(lost):
        left, right = plane.x(float(course.time_s[first])), plane.x(float(course.time_s[last]))
        if right - left >= 2.0:
            yield (
                f'<rect x="{left:.1f}" y="{_TOP}" width="{right - left:.1f}" '
                f'height="{HEIGHT - _TOP - _BOTTOM}" fill="url(#{name}-unseen)" opacity="0.5"/>'
            )


def _curve(plane: _Plane, course: Course, side: Side) -> Iterator[str]:
    values = course.values[side]
    known = ~np.isnan(values)
    for first, last in _runs(known):
        points = _points(plane, course.time_s[first : last + 1], values[first : last + 1])
        yield (f'<polyline points="{points}" stroke="{HAND[side]}" stroke-width="3"{_DASH[side]}/>')


def _letters(plane: _Plane, course: Course) -> Iterator[str]:
    """Each hand's letter where its curve ends; letters that would lie on each other step aside."""
    ends: dict[Side, tuple[float, float]] = {}
    for side in SIDES:
        known = np.flatnonzero(~np.isnan(course.values[side]))
        if len(known):
            end = int(known[-1])
            at_s, value = float(course.time_s[end]), float(course.values[side][end])
            ends[side] = min(plane.x(at_s) + 6, WIDTH - 16), plane.y(value) + 5
    left, right = ends.get("left"), ends.get("right")
    if left is not None and right is not None and abs(left[1] - right[1]) < _LETTER:
        middle = (left[1] + right[1]) / 2
        way = 0.5 if left[1] >= right[1] else -0.5
        ends = {
            "left": (left[0], middle + way * _LETTER),
            "right": (right[0], middle - way * _LETTER),
        }
    for side, (x, y) in ends.items():
        letter = text(f"chart.letter_{side}")
        yield _label(x, y, letter, "start", weight=700, fill=HAND[side])


def _points(plane: _Plane, times: Floats, values: Floats) -> str:
    places = zip(times.tolist(), values.tolist(), strict=True)
    return " ".join(f"{plane.x(time_s):.1f},{plane.y(value):.1f}" for time_s, value in places)


def _phases(plane: _Plane, rep: Rep) -> Iterator[str]:
    y = HEIGHT - _BOTTOM + 4
    for phase in rep.phases:
        left, right = plane.x(phase.start_s), plane.x(phase.end_s)
        colour = PHASE.get(phase.name, "currentColor")
        word = text(f"phase.{phase.name}") if phase.name in PHASE else phase.name
        yield (
            f'<rect x="{left:.1f}" y="{y}" width="{max(right - left - 1, 1):.1f}" '
            f'height="{_STRIP}" fill="{colour}"><title>{escape(word)}</title></rect>'
        )


def _runs(mask: NDArray[np.bool_]) -> Iterator[tuple[int, int]]:
    """First and last place of each run of True."""
    edges = np.flatnonzero(np.diff(np.concatenate([[0], np.asarray(mask, int), [0]])))
    for first, after in zip(edges[::2].tolist(), edges[1::2].tolist(), strict=True):
        yield first, after - 1


def _label(
    x: float, y: float, words: str, anchor: str, *, weight: int = 400, fill: str = "currentColor"
) -> str:
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}" font-weight="{weight}" '
        f'fill="{fill}">{escape(words)}</text>'
    )


def _short(value: float, unit: str) -> str:
    """A number for an axis: shares of the back in per cent, the rest as it is."""
    if unit in ("u", "v"):
        return f"{100 * value:.0f} %"
    return quantity(value, unit).removeprefix("≈ ")


def limit_bar_html(check: Check) -> str:
    """The measured value and its limit on one scale; empty where nothing was measured."""
    if check.measured is None or check.limit is None:
        return ""
    most = 1.25 * max(abs(check.measured), abs(check.limit), 1e-9)
    value, limit = (_share(each, most) for each in (check.measured, check.limit))
    marks = (
        f'<i class="value" style="width:{value:.1f}%"></i>'
        f'<i class="limit" style="left:{limit:.1f}%"></i>'
    )
    measured = text("why.measured", value=quantity(check.measured, check.unit))
    allowed = text("why.limit", value=quantity(check.limit, check.unit))
    return (
        f'<div class="limit-bar"><div class="track" aria-hidden="true">{marks}</div>'
        f"<p><b>{escape(measured)}</b> <span>{escape(allowed)}</span></p></div>"
    )


def _share(value: float, most: float) -> float:
    return 100.0 * min(max(value, 0.0) / most, 1.0)
