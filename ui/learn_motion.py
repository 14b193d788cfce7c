"""Movement for the drawings of the page Learn: poses over time as CSS, still where asked for.

The browser moves them by itself, so nothing runs in Python. Whoever asked their system for less
motion sees the still, which is the drawing's own state without any CSS.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ui.back_chart import PX_PER_CM, Sheet
from ui.chart_hands import HAND_CM, ChartHand, hand_svg
from vision.arrays import Floats, distances_along, places_at
from vision.hands import Side

FRAMES: Final = 24
"""Poses along a way: enough for a round path."""


@dataclass(frozen=True, slots=True)
class Pose:
    """A drawing's place at one moment of a loop."""

    share: float
    """When, 0 to 1."""
    x: float = 0.0
    y: float = 0.0
    turn_deg: float = 0.0
    """Clockwise."""
    grow: float = 1.0
    shown: float = 1.0
    """0 for not at all."""


@dataclass(frozen=True, slots=True)
class Moving:
    """Something drawn that moves in a loop."""

    name: str
    """Unique on the page."""
    svg: str
    """Drawn about the origin."""
    poses: Sequence[Pose]
    """Rising in share, from 0 to 1."""
    loop_s: float
    still: Pose
    """Where it stands when nothing moves."""


def moving_svg(things: Iterable[Moving], *, moving: bool) -> str:
    """All of them as SVG, with the CSS that moves them; without it where not `moving`."""
    held = tuple(things)
    drawn = "".join(
        f'<g class="{each.name}" transform="{_placed(each.still, "")}" '
        f'opacity="{each.still.shown:g}">{each.svg}</g>'
        for each in held
    )
    if not moving:
        return drawn
    css = "".join(_css(each) for each in held)
    return f"<style>@media (prefers-reduced-motion: no-preference) {{{css}}}</style>{drawn}"


def hand(side: Side, name: str, poses: Sequence[Pose], loop_s: float, still: Pose) -> Moving:
    """A hand that moves."""
    flat = hand_svg(ChartHand(side, 0.0, 0.0), 0.0, 0.0, HAND_CM * PX_PER_CM)
    return Moving(f"{name}-{side}", flat, poses, loop_s, still)


def along(
    sheet: Sheet, points_back: Floats, turns_deg: Floats, first: float, last: float
) -> list[Pose]:
    """Poses on a way from share `first` to `last` of a loop, gently begun and gently ended.

    `points_back` (N, 2) is the way, `turns_deg` (M,) the turn at M even steps of its length.
    """
    t = np.linspace(0.0, 1.0, FRAMES)
    return [
        on_way(sheet, points_back, turns_deg, float(gone), first + (last - first) * float(time))
        for time, gone in zip(t, t * t * (3 - 2 * t), strict=True)
    ]


def on_way(
    sheet: Sheet, points_back: Floats, turns_deg: Floats, gone: float, share: float = 0.0
) -> Pose:
    """The pose at a part of a way's length, 0 to 1."""
    pixels = np.array([sheet.at(u, v) for u, v in points_back])
    lengths = distances_along(pixels)
    x, y = places_at(pixels, lengths, gone * lengths[-1:])[0].tolist()
    turn = float(np.interp(gone, np.linspace(0.0, 1.0, len(turns_deg)), turns_deg))
    return Pose(share, x, y, turn)


def _css(each: Moving) -> str:
    frames = "".join(
        f"{100 * pose.share:.2f}%{{transform:{_placed(pose, 'px')};opacity:{pose.shown:g}}}"
        for pose in each.poses
    )
    return (
        f"@keyframes {each.name}{{{frames}}}"
        f".{each.name}{{animation:{each.name} {each.loop_s:g}s linear infinite}}"
    )


def _placed(pose: Pose, unit: str) -> str:
    degrees = "deg" if unit else ""
    return (
        f"translate({pose.x:.1f}{unit},{pose.y:.1f}{unit}) "
        f"rotate({pose.turn_deg:.1f}{degrees}) scale({pose.grow:.3f})"
    )
