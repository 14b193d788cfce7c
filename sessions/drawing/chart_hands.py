"""A drawn hand for the chart of the back: seen from behind it, palm down, as vector."""

from dataclasses import dataclass
from html import escape
from typing import Final

from sessions.drawing.palette import FAULT, HAND
from vision.hands import Side

HAND_CM: Final = 18.5
"""Length of an adult's hand (mean of women and men, ANSUR II)."""

# A right hand that points up, its palm's centre at the origin, in hand lengths: (x, y) of knuckle
# and tip of each finger, and its width.
_FINGERS: Final = (
    ((-0.13, -0.12), (-0.16, -0.47), 0.105),
    ((-0.04, -0.14), (-0.04, -0.55), 0.11),
    ((0.05, -0.13), (0.08, -0.50), 0.105),
    ((0.13, -0.09), (0.19, -0.38), 0.09),
    ((-0.12, 0.13), (-0.27, -0.09), 0.115),
)
_PALM: Final = (
    "M-0.19,-0.12C-0.10,-0.20 0.10,-0.19 0.18,-0.10C0.20,0.05 0.18,0.20 0.10,0.31"
    "C0.04,0.35 -0.06,0.35 -0.11,0.31C-0.17,0.22 -0.21,0.05 -0.19,-0.12Z"
)
_RIM: Final = 0.035
_PALM_SHARE: Final = 0.2


@dataclass(frozen=True, slots=True)
class ChartHand:
    """A hand on the chart."""

    side: Side
    u: float
    v: float
    turn_deg: float | None = 0.0
    """Of the fingers away from the head, clockwise; None where only the palm's place is known."""
    marked: bool = False
    """The one that something is to be said of."""
    pale: bool = False
    """Where a hand should be, and not where one is."""


def hand_svg(hand: ChartHand, x: float, y: float, length_px: float, letter: str = "") -> str:
    """The hand as an SVG group, its palm's centre at (x, y).

    `letter` stands on a palm whose fingers' direction is not known.
    """
    if hand.turn_deg is None:
        return _palm(hand, x, y, length_px, letter)
    mirror = -1 if hand.side == "left" else 1
    inner = _shape("currentColor", 2 * _RIM) + _shape(HAND[hand.side], 0.0)
    opacity = ' opacity="0.35"' if hand.pale else ""
    return (
        f'<g transform="translate({x:.1f},{y:.1f}) rotate({hand.turn_deg:.0f}) '
        f'scale({mirror * length_px:.1f},{length_px:.1f})"{opacity} '
        f'data-hand="{hand.side}">{inner}</g>'
    )


def _palm(hand: ChartHand, x: float, y: float, length_px: float, letter: str) -> str:
    """A disc with the hand's letter: nobody knows where its fingers point."""
    radius = _PALM_SHARE * length_px
    ring = f'<circle r="{1.4 * radius:.1f}" stroke="{FAULT}" stroke-width="6"/>'
    return (
        f'<g transform="translate({x:.1f},{y:.1f})" data-hand="{hand.side}">'
        f"{ring if hand.marked else ''}"
        f'<circle r="{radius:.1f}" fill="{HAND[hand.side]}" stroke="currentColor" '
        f'stroke-width="3"/><text y="{0.35 * radius:.1f}" text-anchor="middle" fill="#fff" '
        f'font-size="{radius:.1f}" font-weight="700">{escape(letter)}</text></g>'
    )


def _shape(colour: str, rim: float) -> str:
    fingers = "".join(
        f'<path d="M{a[0]},{a[1]}L{b[0]},{b[1]}" stroke="{colour}" '
        f'stroke-width="{width + rim:.3f}"/>'
        for a, b, width in _FINGERS
    )
    edge = f' stroke="{colour}" stroke-width="{rim:.3f}"' if rim else ""
    return f'<path d="{_PALM}" fill="{colour}"{edge}/>{fingers}'
