"""The chart of the back: one vector drawing, the project's own, used wherever hands are shown.

Seen from behind, head at the top. A pure function from values to SVG text; lines are in
`currentColor`, so it suits light and dark pages and paper alike.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Final

import numpy as np

from routines.path import path_back, phase_path_back
from routines.routine import Routine
from sessions.drawing.chart_hands import HAND_CM, ChartHand, hand_svg
from sessions.drawing.palette import FAULT, HAND, PHASE, UNSEEN
from sessions.record import HandPath
from vision.arrays import Floats
from vision.hands import SIDES, Side
from vision.samples import BackScale

AVERAGE: Final = BackScale(u_cm=19.5, v_cm=42.8, shoulder_line_v=0.8, assumed=True)
"""The mean of women and men (ANSUR II), for a chart of nobody in particular."""

GAP_S: Final = 0.35
"""Two points of a hand's path further apart in time than this were not seen in between."""

LONGEST_HATCH: Final = 0.9
"""A gap across more of the chart than this (half shoulder widths) has no way worth showing."""

PX_PER_CM: Final = 8.0
_REACH_U: Final = 1.62
_BOTTOM_V: Final = -0.3
_LEGEND_PX: Final = 34.0
_KEY_PX: Final = 40.0
_LETTER_SHARE: Final = 0.5

# The right half of a body seen from behind, from the neck down to the hip, as (u, height): height
# counts from the waist up, 1 at the shoulder line and 1.22 at the nape. The left half is its mirror
# image. Each line is a cubic piece: two control points and an end.
_NECK: Final = (0.22, 1.39)
_NAPE_ABOVE: Final = 0.22
_LEAST_NECK: Final = 0.7
_HEAD_U: Final = 0.4
_HEAD_TALL: Final = 1.26
"""Height of the head over its width."""
_TRUNK: Final = (
    ((0.23, 1.24), (0.34, 1.17), (0.56, 1.12)),
    ((0.80, 1.07), (1.02, 1.07), (1.12, 0.92)),
    ((1.21, 0.78), (1.24, 0.55), (1.25, 0.36)),
    ((1.27, 0.16), (1.30, -0.10), (1.31, -0.36)),
    ((1.24, -0.38), (1.13, -0.38), (1.06, -0.36)),
    ((1.04, -0.05), (1.01, 0.20), (0.99, 0.44)),
    ((0.98, 0.52), (0.93, 0.58), (0.90, 0.60)),
    ((0.86, 0.42), (0.77, 0.25), (0.74, 0.06)),
    ((0.73, -0.08), (0.80, -0.22), (0.87, -0.36)),
)


@dataclass(frozen=True, slots=True)
class ChartWords:
    """What is written on the chart, in the reader's language."""

    title: str
    left: str
    """The left hand in the legend."""
    right: str
    unseen: str
    fault: str
    letter_left: str
    """On the left palm."""
    letter_right: str

    def letter(self, side: Side) -> str:
        """On the palm of that side."""
        return self.letter_left if side == "left" else self.letter_right


@dataclass(frozen=True, slots=True)
class ChartMark:
    """Something to work on, at a place of the chart."""

    number: str
    """Short: what the list beside the chart calls it."""
    u: float
    v: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """Where the chart's places lie on the drawing."""

    scale: BackScale = AVERAGE

    @property
    def width(self) -> float:
        return 2 * _REACH_U * self.scale.u_cm * PX_PER_CM

    @property
    def height(self) -> float:
        return (self.top_v - _BOTTOM_V) * self.scale.v_cm * PX_PER_CM + _LEGEND_PX

    @property
    def head_px(self) -> float:
        """Half the head's width."""
        return _HEAD_U * self.scale.u_cm * PX_PER_CM

    @property
    def top_v(self) -> float:
        """The upper edge, just above the head."""
        head_cm = 2 * _HEAD_TALL * _HEAD_U * self.scale.u_cm
        return self._body_v(_NECK[1]) + head_cm / self.scale.v_cm

    def at(self, u: float, v: float) -> tuple[float, float]:
        x = (u + _REACH_U) * self.scale.u_cm * PX_PER_CM
        return x, (self.top_v - v) * self.scale.v_cm * PX_PER_CM

    def body(self, u: float, height: float) -> tuple[float, float]:
        """A place of the silhouette, which follows this receiver's shoulders and nape."""
        return self.at(u, self._body_v(height))

    def _body_v(self, height: float) -> float:
        shoulder_v = self.scale.shoulder_line_v
        stretch = max((1.0 - shoulder_v) / _NAPE_ABOVE, _LEAST_NECK)
        return height * shoulder_v if height <= 1.0 else shoulder_v + (height - 1.0) * stretch

    def line(self, points_back: Floats) -> str:
        return " ".join("{:.1f},{:.1f}".format(*self.at(u, v)) for u, v in points_back)


def back_chart_svg(
    routine: Routine,
    words: ChartWords,
    *,
    scale: BackScale | None = None,
    paths: Mapping[Side, HandPath] | None = None,
    marks: Sequence[ChartMark] = (),
    hands: Sequence[ChartHand] = (),
    name: str = "chart",
    legend_px: float = 15.0,
) -> str:
    """The chart as an SVG element.

    With `paths` it shows what the hands did over a thin path of the routine; with `hands` alone,
    where they lie; without either, the routine's path in the colours of its phases. `name` must be
    unique in a page: ids hang on it. `legend_px` is the height of the legend's letters, for a chart
    that is shown small.
    """
    sheet = Sheet(scale or AVERAGE)
    parts = [*_defs(name)]
    if paths is not None:
        parts += _route(sheet, routine)
        parts += [piece for side in SIDES for piece in _hand(sheet, paths, side, name)]
    elif not hands:
        parts += phases_svg(sheet, routine)
    parts += [
        hand_svg(hand, *sheet.at(hand.u, hand.v), HAND_CM * PX_PER_CM, words.letter(hand.side))
        for hand in hands
    ]
    if paths is not None:
        parts += _marks(sheet, marks)
        parts += _legend(sheet, words, name, legend_px, with_marks=bool(marks))
    return on_back(sheet, parts, words.title)


def on_back(sheet: Sheet, parts: Iterable[str], title: str, beside_px: float = 0.0) -> str:
    """The bare back with `parts` drawn over it, as an SVG element.

    `beside_px` is free space on the left of the chart.
    """
    box = f"{-beside_px:.0f} 0 {sheet.width + beside_px:.0f} {sheet.height:.0f}"
    return (
        f'<svg class="back-chart" viewBox="{box}" role="img" '
        f'aria-label="{escape(title)}" xmlns="http://www.w3.org/2000/svg" fill="none" '
        f'font-family="inherit" stroke-linecap="round" stroke-linejoin="round">'
        + "".join([*_body(sheet), *_landmarks(sheet), *parts])
        + "</svg>"
    )


def _defs(name: str) -> Iterator[str]:
    yield (
        f'<defs><pattern id="{name}-unseen" width="7" height="7" patternUnits="userSpaceOnUse" '
        f'patternTransform="rotate(45)"><rect width="3" height="7" fill="{UNSEEN}"/></pattern>'
        "</defs>"
    )


def _body(sheet: Sheet) -> Iterator[str]:
    fill = 'fill="currentColor" fill-opacity="0.07"'
    edge = 'stroke="currentColor" stroke-opacity="0.4" stroke-width="1.5"'
    head_x, neck_y = sheet.body(0.0, _NECK[1])
    tall = _HEAD_TALL * sheet.head_px
    head_y = neck_y - 0.95 * tall  # it hides the upper end of the neck
    yield (
        f'<ellipse cx="{head_x:.1f}" cy="{head_y:.1f}" rx="{sheet.head_px:.1f}" ry="{tall:.1f}" '
        f"{fill} {edge}/>"
    )
    # Not closed: the neck runs on under the head.
    yield f'<path d="{_outline(sheet)}" {fill} {edge}/>'


def _outline(sheet: Sheet) -> str:
    """Right half downwards, then the left half back up."""
    corners = [_NECK, *(piece[2] for piece in _TRUNK)]
    words = ["M{:.1f},{:.1f}".format(*sheet.body(*_NECK))]
    words += [_cubic(sheet, piece, 1.0) for piece in _TRUNK]
    words.append("L{:.1f},{:.1f}".format(*sheet.body(-corners[-1][0], corners[-1][1])))
    for piece, start in zip(reversed(_TRUNK), reversed(corners[:-1]), strict=True):
        words.append(_cubic(sheet, (piece[1], piece[0], start), -1.0))
    return " ".join(words)


def _cubic(sheet: Sheet, piece: tuple[tuple[float, float], ...], side: float) -> str:
    points = [sheet.body(side * u, height) for u, height in piece]
    return "C" + " ".join(f"{x:.1f},{y:.1f}" for x, y in points)


def _landmarks(sheet: Sheet) -> Iterator[str]:
    (x, top), (_, bottom) = sheet.at(0, 1), sheet.at(0, 0)
    thin = 'stroke="currentColor" stroke-opacity="0.45"'
    yield (
        f'<path d="M{x:.1f},{top:.1f}V{bottom:.1f}" {thin} stroke-width="3" '
        'stroke-dasharray="1 9"/>'
    )
    shoulder = sheet.scale.shoulder_line_v
    (left, y), (right, _) = sheet.at(-1, shoulder), sheet.at(1, shoulder)
    yield (
        f'<path d="M{left:.1f},{y:.1f}H{right:.1f}" {thin} stroke-width="1" '
        'stroke-dasharray="6 6"/>'
    )
    for y in (top, bottom):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="currentColor" fill-opacity="0.55"/>'


def phases_svg(sheet: Sheet, routine: Routine) -> Iterator[str]:
    """The routine's path in the colours of its phases, numbered in their order."""
    for side in SIDES:
        for number, phase in enumerate(routine.phases, start=1):
            points = smooth(phase_path_back(phase, side))
            colour = PHASE.get(phase.name, "currentColor")
            yield _polyline(sheet, points, colour, 6.0)
            x, y = sheet.at(*points[len(points) // 2])
            yield (
                f'<circle cx="{x:.1f}" cy="{y:.1f}" r="13" fill="{colour}"/>'
                f'<text x="{x:.1f}" y="{y + 5:.1f}" text-anchor="middle" font-size="15" '
                f'font-weight="600" fill="#161412">{number}</text>'
            )


def _route(sheet: Sheet, routine: Routine) -> Iterator[str]:
    for side in SIDES:
        yield _polyline(
            sheet, smooth(path_back(routine, side)), "currentColor", 1.5,
            'stroke-opacity="0.5" stroke-dasharray="2 6"',
        )  # fmt: skip


def _hand(sheet: Sheet, paths: Mapping[Side, HandPath], side: Side, name: str) -> Iterator[str]:
    path = paths.get(side)
    if path is None or len(path.time_s) == 0:
        return
    points = path.palm_back
    for first, last, seen in _stretches(path):
        piece = points[first : last + 1]
        if seen:
            # A halo in the text's colour keeps blue apart from a dark page.
            yield _polyline(sheet, piece, "currentColor", 5.0, 'stroke-opacity="0.22"')
            yield _polyline(sheet, piece, HAND[side], 3.0)
        elif _span(sheet, piece) <= LONGEST_HATCH:
            yield _polyline(sheet, piece, f"url(#{name}-unseen)", 9.0)


def _stretches(path: HandPath) -> Iterator[tuple[int, int, bool]]:
    """Runs of steps between neighbouring points that were all seen, or all not."""
    late = np.diff(path.time_s) > GAP_S
    seen = path.observed[:-1] & path.observed[1:] & ~late
    first = 0
    for step in range(1, len(seen) + 1):
        if step == len(seen) or seen[step] != seen[first]:
            yield first, step, bool(seen[first])
            first = step


def _span(sheet: Sheet, piece: Floats) -> float:
    across, along = np.ptp(piece, axis=0)
    return float(np.hypot(across, along * sheet.scale.v_cm / sheet.scale.u_cm))


def _marks(sheet: Sheet, marks: Sequence[ChartMark]) -> Iterator[str]:
    for mark in marks:
        x, y = sheet.at(
            float(np.clip(mark.u, -_REACH_U + 0.1, _REACH_U - 0.1)),
            float(np.clip(mark.v, _BOTTOM_V + 0.06, sheet.top_v - 0.06)),
        )
        yield (
            f'<path d="M{x:.1f},{y - 15:.1f}l14,25h-28Z" fill="{FAULT}" stroke="#fff" '
            'stroke-width="1.5"/>'
            f'<text x="{x:.1f}" y="{y + 6:.1f}" text-anchor="middle" font-size="13" '
            f'font-weight="700" fill="#fff">{escape(mark.number)}</text>'
        )


def _legend(
    sheet: Sheet, words: ChartWords, name: str, letters_px: float, *, with_marks: bool
) -> Iterator[str]:
    hands = {"left": words.left, "right": words.right}
    keys = [(hands[side], _key_line(HAND[side], 4.0)) for side in SIDES]
    keys.append((words.unseen, _key_line(f"url(#{name}-unseen)", 9.0)))
    if with_marks:
        keys.append((words.fault, f'<path d="M11,-8l8,14h-16Z" fill="{FAULT}"/>'))
    y = sheet.height - _LEGEND_PX / 2
    # Longer words get more room, so that none runs into the next sign.
    rooms = [_KEY_PX + _LETTER_SHARE * letters_px * len(word) for word, _ in keys]
    stretch = (sheet.width - 8) / sum(rooms)
    x = 8.0
    for (word, sign), room in zip(keys, rooms, strict=True):
        yield (
            f'<g transform="translate({x:.1f},{y:.1f})">{sign}'
            f'<text x="28" y="{letters_px / 3:.0f}" font-size="{letters_px:g}" '
            f'fill="currentColor">{escape(word)}</text></g>'
        )
        x += room * stretch


def _key_line(colour: str, width: float) -> str:
    # Not quite level: a pattern paints nothing along a line whose box has no height.
    return f'<path d="M0,0L22,0.01" stroke="{colour}" stroke-width="{width}"/>'


def _polyline(sheet: Sheet, points: Floats, colour: str, width: float, more: str = "") -> str:
    return (
        f'<polyline points="{sheet.line(points)}" stroke="{colour}" stroke-width="{width}" {more}/>'
    )


def smooth(points: Floats, steps: int = 8) -> Floats:
    """Catmull-Rom through the points, so that the routine's corners are drawn round."""
    if len(points) < 3:
        return points
    padded = np.concatenate([points[:1], points, points[-1:]])
    t = np.linspace(0.0, 1.0, steps, endpoint=False)[:, None]
    a, b, c, d = (padded[i : len(padded) - 3 + i, None] for i in range(4))
    curve = 0.5 * (
        2 * b + (c - a) * t + (2 * a - 5 * b + 4 * c - d) * t**2 + (3 * b - a - 3 * c + d) * t**3
    )
    smooth: Floats = np.concatenate([curve.reshape(-1, 2), points[-1:]])
    return smooth
