"""The drawings of the page Learn: for each step the back, and on it what the hands do.

The ways are the routine's own, so that the page teaches what the coach looks for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from routines.path import OUTWARD, phase_path_back
from routines.routine import Phase, Routine
from sessions.guided import Plan
from ui.back_chart import Sheet, on_back, phases_svg, smooth
from ui.learn_motion import Moving, Pose, along, hand, moving_svg, on_way
from ui.learn_props import LEAN_S, beside_line, dots, drop, giver, heat, ring, towel
from ui.palette import HAND, PHASE
from vision.arrays import Floats, distances_along, places_at
from vision.hands import SIDES, Side

STROKE_S: Final = 10.0
"""A whole stroke in the drawings: a comfortable one takes 8 to 20 s."""

REST_SHARE: Final = 0.25
"""Of a drawing's loop in which hands come and go."""

BESIDE_PX: Final = 200.0
"""Free space beside the back, for whoever stands there."""

_COME: Final = 0.08

TURNS_DEG: Final[Mapping[str, tuple[float, ...]]] = {
    "up": (3.0, 5.0, 5.0, 5.0),
    "out": (5.0, 30.0, 50.0, 50.0),
    "down": (50.0, 63.0, 37.0, 31.0),
    "pull_in": (31.0, 26.0, 12.0, 3.0),
}
"""Where the fingers point on the way, outward from the head, at even steps of each leg: what hands
do by themselves in clean strokes of the samples."""

WIDTH_PX: Final[Mapping[str, float]] = {"up": 18.0, "out": 10.0, "down": 4.0, "pull_in": 9.0}
"""A way is drawn as broad as the touch is firm."""

_RIM: Final = "#161412"
"""Dark enough beside every colour of a way and of a hand."""

_ROUND: Final = 0.62
"""Where on the way out the tops of the arms begin, of its length."""

_TOWEL_HIGH: Final = 0.93
_TOWEL_LOW: Final = -0.04
_OIL_PLACE: Final = (-2.12, 0.45)
_PULL_BACK_V: Final = 0.09
_LEAN_V: Final = 0.13
_FINGERS_V: Final = 0.12


@dataclass(frozen=True, slots=True)
class _Way:
    """One hand's way in a step."""

    points_back: Floats
    """(N, 2)"""
    turns_deg: Floats
    """(M,) clockwise"""
    colour: str
    width: float


def step_svg(step: str, routine: Routine, title: str, *, moving: bool = True) -> str:
    """The drawing of a step; `title` is read out in its place. KeyError for an unknown step."""
    sheet = Sheet()
    inner = "".join(_STEPS[step](sheet, routine, moving))
    beside = BESIDE_PX if step in _BESIDE else 0.0
    return on_back(sheet, [f'<g class="learn-{step}">{inner}</g>'], title, beside)


def _room(sheet: Sheet, _: Routine, moving: bool) -> Iterator[str]:
    low, high = (sheet.at(0.0, v)[1] for v in (_TOWEL_LOW, _TOWEL_HIGH))
    cover = [Pose(0.0, 0.0, low), Pose(0.15, 0.0, low), Pose(0.6, 0.0, high)]
    cover += [Pose(0.95, 0.0, high), Pose(1.0, 0.0, high, shown=0.0)]
    cloth = Moving("learn-towel", towel(sheet, _TOWEL_HIGH), cover, 7.0, Pose(0.0, 0.0, high))
    hands = [
        hand(side, "learn-room", [replace(pose, x=x) for pose in cover], 7.0, Pose(0.0, x, high))
        for side, x in ((side, sheet.at(0.8 * OUTWARD[side], 0.0)[0]) for side in SIDES)
    ]
    yield f'<clipPath id="learn-bed"><rect x="0" y="0" width="{sheet.width:.0f}" '
    yield f'height="{sheet.height:.0f}"/></clipPath>'
    yield f'<g clip-path="url(#learn-bed)">{moving_svg([cloth, *hands], moving=moving)}</g>'
    yield moving_svg(heat(BESIDE_PX, sheet), moving=moving)


def _place(sheet: Sheet, routine: Routine, moving: bool) -> Iterator[str]:
    across, low = routine.start.place
    ends = np.array([(0.0, low), (0.0, low + _LEAN_V)])
    lean = along(sheet, ends, np.zeros(2), 0.0, 0.5)
    lean += along(sheet, ends[::-1], np.zeros(2), 0.5, 1.0)[1:]
    yield moving_svg([giver(lean)], moving=moving)
    for side in SIDES:
        x, _ = sheet.at(OUTWARD[side] * across, low)
        poses = [replace(pose, x=x) for pose in lean]
        yield moving_svg([hand(side, "learn-place", poses, LEAN_S, poses[0])], moving=moving)


def _settle(sheet: Sheet, routine: Routine, moving: bool) -> Iterator[str]:
    plan = Plan()
    yield f'<g transform="translate(0,{sheet.at(0.0, _TOWEL_HIGH)[1]:.1f})">'
    yield towel(sheet, _TOWEL_HIGH) + "</g>"
    places = zip(SIDES, (routine.settle.nape, routine.settle.waist), (90.0, -90.0), strict=True)
    for side, (u, v), turn_deg in places:
        x, y = sheet.at(u, v)
        rings = [ring(f"learn-breath-{side}", x, y, plan.breath_in_s, plan.breath_out_s)]
        rest = Pose(0.0, x, y, turn_deg)
        still = [rest, replace(rest, share=1.0)]
        yield moving_svg([*rings, hand(side, "learn-settle", still, 10.0, rest)], moving=moving)


def _oil(sheet: Sheet, _: Routine, moving: bool) -> Iterator[str]:
    yield f'<g transform="translate(0,{sheet.at(0.0, _TOWEL_LOW)[1]:.1f})">'
    yield towel(sheet, _TOWEL_LOW) + "</g>"
    x, y = sheet.at(*_OIL_PLACE)
    turn = np.linspace(0.0, 2 * np.pi, 13)
    rubs = []
    for side in SIDES:
        sign = OUTWARD[side]
        poses = [
            Pose(float(share), x + 10 * sign * np.sin(at), y + 16 * sign * np.cos(at), 14 * sign)
            for share, at in zip(np.linspace(0.0, 1.0, 13), turn, strict=True)
        ]
        rubs.append(hand(side, "learn-oil", poses, 1.8, Pose(0.0, x + 10 * sign, y, 14 * sign)))
    yield moving_svg([*rubs, drop(x, y)], moving=moving)


def _start(sheet: Sheet, routine: Routine, moving: bool) -> Iterator[str]:
    yield beside_line(sheet)
    across, v = routine.start.place
    for side in SIDES:
        x, y = sheet.at(OUTWARD[side] * across, v)
        rest = Pose(0.0, x, y, OUTWARD[side] * TURNS_DEG["up"][0])
        away = replace(rest, grow=1.25, shown=0.0)
        poses = [away, replace(rest, share=0.3), replace(rest, share=0.85)]
        poses.append(replace(away, share=1.0))
        yield moving_svg([hand(side, "learn-start", poses, 5.0, rest)], moving=moving)


def _neck(sheet: Sheet, routine: Routine, moving: bool) -> Iterator[str]:
    u, v = routine.phases[0].path[-1]
    for side in SIDES:
        x = OUTWARD[side] * u
        way = _Way(
            np.array([(x, v), (x, v - _PULL_BACK_V)]),
            np.full(2, OUTWARD[side] * TURNS_DEG["up"][-1]),
            PHASE["up"],
            WIDTH_PX["up"],
        )
        there = along(sheet, way.points_back, way.turns_deg, 0.25, 0.6)
        back = along(sheet, way.points_back[::-1], way.turns_deg, 0.6, 0.9)
        poses = [replace(there[0], share=0.0), *there, *back[1:], replace(there[0], share=1.0)]
        still = on_way(sheet, way.points_back, way.turns_deg, 1.0)
        yield moving_svg([hand(side, "learn-neck", poses, 4.0, still)], moving=moving)
        at_fingers = way.points_back + np.array([0.0, _FINGERS_V])
        yield _drawn(sheet, replace(way, points_back=at_fingers, width=10.0))


def _leg(name: str, first: float = 0.0, last: float = 1.0) -> Callable[..., Iterator[str]]:
    """The drawing of one leg of the stroke, or of a part of its length."""

    def draw(sheet: Sheet, routine: Routine, moving: bool) -> Iterator[str]:
        phase = next(each for each in routine.phases if each.name == name)
        length_s = max(STROKE_S * phase.share * (last - first), 1.8) / (1 - REST_SHARE)
        kind = f"learn-{name}-{round(100 * first)}"
        ways = {side: _way(phase, side, first, last) for side in SIDES}
        if name == "up":
            yield beside_line(sheet)
        for side, way in ways.items():
            begin = on_way(sheet, way.points_back, way.turns_deg, 0.0)
            end = on_way(sheet, way.points_back, way.turns_deg, 1.0)
            yield f'<g opacity="0.3">{moving_svg([_resting(side, kind, begin)], moving=False)}</g>'
            poses = _there_and_gone(sheet, way)
            yield moving_svg([hand(side, kind, poses, length_s, end)], moving=moving)
        # Over the hands, which would hide where it leads.
        for way in ways.values():
            yield _drawn(sheet, way)

    return draw


def _resting(side: Side, name: str, at: Pose) -> Moving:
    return hand(side, f"{name}-from", (), 1.0, at)


def _there_and_gone(sheet: Sheet, way: _Way) -> list[Pose]:
    """Come, glide, rest a moment, and go: a leg alone is no loop."""
    glide = along(sheet, way.points_back, way.turns_deg, _COME, 1 - REST_SHARE + _COME)
    begin, end = glide[0], glide[-1]
    return [
        replace(begin, share=0.0, shown=0.0),
        *glide,
        replace(end, share=1 - _COME),
        replace(end, share=1.0, shown=0.0),
    ]


def _again(sheet: Sheet, routine: Routine, moving: bool) -> Iterator[str]:
    ways = {side: [_way(phase, side) for phase in routine.phases] for side in SIDES}
    yield from phases_svg(sheet, routine)
    for side, legs in ways.items():
        poses: list[Pose] = []
        ends = np.cumsum([0.0, *(phase.share for phase in routine.phases)])
        for way, first, last in zip(legs, ends[:-1], ends[1:], strict=True):
            glide = along(sheet, way.points_back, way.turns_deg, float(first), float(last))
            poses += glide if not poses else glide[1:]
        yield moving_svg([hand(side, "learn-again", poses, STROKE_S, poses[0])], moving=moving)
    yield moving_svg(dots(sheet, routine.repetitions, STROKE_S), moving=moving)


def _way(phase: Phase, side: Side, first: float = 0.0, last: float = 1.0) -> _Way:
    """A hand's way on a leg, or on a part of its length."""
    points = smooth(phase_path_back(phase, side))
    lengths = distances_along(points)
    shares = lengths / lengths[-1]
    inner = shares[(shares > first) & (shares < last)]
    kept = np.concatenate([[first], inner, [last]])
    cut = places_at(points, shares, kept)
    turns = np.array(TURNS_DEG.get(phase.name, (0.0, 0.0)))
    steps = np.interp(np.linspace(first, last, 5), np.linspace(0, 1, len(turns)), turns)
    colour = PHASE.get(phase.name, HAND[side])
    return _Way(cut, steps * OUTWARD[side], colour, WIDTH_PX.get(phase.name, 6.0))


def _drawn(sheet: Sheet, way: _Way) -> str:
    """The way as a line with an arrow's head, rimmed so that it stands on any hand."""
    (x0, y0), (x1, y1) = (sheet.at(*way.points_back[at]) for at in (-2, -1))
    turn = np.degrees(np.arctan2(y1 - y0, x1 - x0))
    size = 10 + way.width
    back, tip, wide = -0.2 * size, 1.3 * size, 0.8 * size
    head = f"M{back:.0f},{-wide:.0f}L{tip:.0f},0L{back:.0f},{wide:.0f}Z"
    line = sheet.line(way.points_back)
    place = f'transform="translate({x1:.1f},{y1:.1f}) rotate({turn:.0f})"'
    return (
        f'<g stroke="{_RIM}"><polyline points="{line}" stroke-width="{way.width + 5:g}"/>'
        f'<path d="{head}" fill="{way.colour}" stroke-width="5" {place}/></g>'
        f'<polyline points="{line}" stroke="{way.colour}" stroke-width="{way.width:g}"/>'
        f'<path d="{head}" fill="{way.colour}" {place}/>'
    )


_STEPS: Final[Mapping[str, Callable[[Sheet, Routine, bool], Iterator[str]]]] = {
    "room": _room,
    "place": _place,
    "settle": _settle,
    "oil": _oil,
    "start": _start,
    "up": _leg("up"),
    "neck": _neck,
    "out": _leg("out", last=_ROUND),
    "round": _leg("out", first=_ROUND),
    "down": _leg("down"),
    "pull_in": _leg("pull_in"),
    "again": _again,
}

STEPS: Final[Sequence[str]] = tuple(_STEPS)
"""All steps, in their order."""

_BESIDE: Final = ("room", "place", "oil")
