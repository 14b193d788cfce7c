"""The quiet hold before the strokes: one hand on the nape, the other on the waist.

Two still hands in the whole picture, one behind the other as the fingers point, tell where the
spine lies, which way the head is, and how large the back is.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.arrays import Floats, readonly
from vision.region import Region
from vision.sightings import TICK_S, Trace

HOLD_S: Final = 1.5
"""Hands that rest for so long are meant to rest."""

STILL_LENGTHS: Final = 0.15
"""A resting palm strays no further than this from its middle, in hand's lengths."""

APART_LENGTHS: Final = (1.0, 3.5)
"""How far apart the palms rest, in hand's lengths as seen: a hand measures 18 cm from wrist to
tip, and nape and waist palms lie 25 to 40 cm apart; tilted cameras shorten both. At the start of
a stroke, side by side, palms are 0.8 apart."""

AHEAD_COS: Final = 0.5
"""The fingers' mean direction runs within 60 degrees of the line from waist to nape: each hand may
point across, but not both to the same side. Hands on both shoulders fail this."""

NAPE_PALM_V: Final = (0.73, 0.06)
WAIST_PALM_V: Final = (0.03, 0.06)
"""v of the palms' middles, mean and spread: the fingertips lie on the nape, not the palm. Over
seven rendered clips of three bodies the means were 0.73 and 0.03, the spreads half of these."""

PALM_U_SD: Final = 0.06
"""The palms rest on the spine, this far beside it at most."""

LOOKS_AHEAD: Final = (1.5, 1.0, 0.0)
"""Where the other hand of a hold is looked for: squares whose middles lie so many hand's lengths
behind or before the hand that was found, along the spine."""
LOOK_SIDES: Final = (3.0, 4.5, 4.5)
"""Sides of those squares, in hand's lengths."""


@dataclass(frozen=True, slots=True, eq=False)
class Rest:
    """One hand that rests in the picture."""

    start_s: float
    end_s: float
    palm_px: Floats
    """(2,)"""
    pointing: Floats
    """(2,) unit vector along the hand."""
    length_px: float

    def __post_init__(self) -> None:
        object.__setattr__(self, "palm_px", readonly(self.palm_px))
        object.__setattr__(self, "pointing", readonly(self.pointing))


@dataclass(frozen=True, slots=True, eq=False)
class Hold:
    """Two hands at rest, one on the nape and one on the waist."""

    nape: Rest
    waist: Rest

    @property
    def span_s(self) -> tuple[float, float]:
        """Start and end of the time in which both rest."""
        return max(self.nape.start_s, self.waist.start_s), min(self.nape.end_s, self.waist.end_s)


def rests_in(traces: Sequence[Trace]) -> tuple[Rest, ...]:
    """Every stretch of at least `HOLD_S` in which a hand rests."""
    return tuple(rest for trace in traces for rest in _rests(trace))


def find_hold(rests: Sequence[Rest]) -> Hold | None:
    """The first pair of rests that are a settle hold; None where there is none."""
    holds = [_hold(one, other) for one, other in itertools.combinations(rests, 2)]
    known = [hold for hold in holds if hold is not None]
    return min(known, key=lambda hold: hold.span_s[0], default=None)


def looks_around(rest: Rest) -> tuple[Region, ...]:
    """Squares of the picture in which the other hand of a hold may be found.

    A hand of a hold lies slantwise on the spine, some 40 degrees to either side. MediaPipe misses
    it in the whole picture on half of the clips, skin on skin, and sees it in one of these.
    """
    looks = []
    for side, sign in itertools.product((-1.0, 1.0), (-1.0, 1.0)):
        spine = _turned(rest.pointing, np.radians(40.0 * side))
        for ahead, size in zip(LOOKS_AHEAD, LOOK_SIDES, strict=True):
            centre = rest.palm_px + sign * ahead * rest.length_px * spine
            looks.append(Region(centre, spine, size * rest.length_px))
    return tuple(looks)


def _rests(trace: Trace) -> list[Rest]:
    found: list[Rest] = []
    count, first = len(trace.time_s), 0
    least = round(HOLD_S / TICK_S)
    while first + least <= count:
        last = first + least
        if not _is_still(trace, first, last):
            first += 1
            continue
        while last < count and _is_still(trace, first, last + 1):
            last += 1
        found.append(_rest(trace, first, last))
        first = last
    return found


def _is_still(trace: Trace, first: int, last: int) -> bool:
    palms = trace.palm_px[first:last]
    strayed = np.linalg.norm(palms - np.median(palms, axis=0), axis=1).max()
    return bool(strayed < STILL_LENGTHS * np.median(trace.length_px[first:last]))


def _rest(trace: Trace, first: int, last: int) -> Rest:
    pointing = trace.pointing[first:last].mean(axis=0)
    return Rest(
        start_s=float(trace.time_s[first]),
        end_s=float(trace.time_s[last - 1]),
        palm_px=np.median(trace.palm_px[first:last], axis=0),
        pointing=pointing / np.linalg.norm(pointing),
        length_px=float(np.median(trace.length_px[first:last])),
    )


def _hold(one: Rest, other: Rest) -> Hold | None:
    if min(one.end_s, other.end_s) - max(one.start_s, other.start_s) < HOLD_S - 2 * TICK_S:
        return None
    across = other.palm_px - one.palm_px
    apart_px = float(np.linalg.norm(across))
    length_px = (one.length_px + other.length_px) / 2
    if not APART_LENGTHS[0] <= apart_px / length_px <= APART_LENGTHS[1]:
        return None
    ahead = one.pointing + other.pointing
    norm = float(np.linalg.norm(ahead))
    cos = float(across @ ahead) / max(apart_px * norm, 1e-9)
    # Hands that point against each other do not say where the head is.
    if norm < 0.5 or abs(cos) < AHEAD_COS:
        return None
    return Hold(nape=other, waist=one) if cos > 0 else Hold(nape=one, waist=other)


def _turned(direction: Floats, angle: float) -> Floats:
    cos, sin = np.cos(angle), np.sin(angle)
    turned: Floats = np.array([[cos, -sin], [sin, cos]]) @ direction
    return turned
