"""Samples at a camera's own rate turned into an even clock, so that no later step sees the rate.

A tick is both hands at one moment, folded onto one side: x is the distance from the spine outward,
so that the same path is meant for both hands. Row 0 is the giver's left hand, row 1 the right one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from routines.path import OUTWARD
from vision.arrays import Floats
from vision.hands import SIDES, Side
from vision.samples import BackHand, BackSample

TICK_S: Final = 0.05
"""Twenty ticks a second: a stroke's legs take a second or more, a lag that matters 0.3 s."""

HOLD_S: Final = 0.12
"""A hand stands for its neighbouring ticks this long when the next sample lacks it."""

LONGEST_STEP_S: Final = 0.4
"""Between two samples no further apart a hand goes straight: a slow machine sees 3 a second."""

LONGEST_GAP_S: Final = 60.0
"""Of a longer time without a sample only the first and the last half of this are ticked: by then
all is decided, and a damaged file's clock may leap by years."""

CROSSED_X: Final = -0.35
"""Hands may meet over the spine, but do not change sides."""

_PALM, _TIPS, _THUMB, _POINTING, _TRUSTED = slice(0, 2), slice(2, 4), 4, 5, 6
_WIDTH: Final = 7


@dataclass(frozen=True, slots=True, eq=False)
class Tick:
    """Both hands at one moment of the even clock; NaN where a hand was not seen."""

    time_s: float
    values: Floats
    """(2, 7): palm x and v, fingertips x and v, thumb edge x, pointing angle in degrees, and
    trusted as 0 or 1."""


@dataclass(frozen=True, slots=True, eq=False)
class Ticks:
    """A stretch of ticks as arrays: N moments, two hands."""

    time_s: Floats
    """(N,)"""
    values: Floats
    """(N, 2, 7), as in `Tick`."""

    @property
    def palm(self) -> Floats:
        """(N, 2, 2) palm centres as (x, v), NaN where a hand was not seen."""
        return self.values[:, :, _PALM]

    @property
    def tips(self) -> Floats:
        """(N, 2, 2) fingertips as (x, v)."""
        return self.values[:, :, _TIPS]

    @property
    def thumb_x(self) -> Floats:
        """(N, 2) distance of the palm's thumb-side edge from the spine."""
        return self.values[:, :, _THUMB]

    @property
    def pointing_deg(self) -> Floats:
        """(N, 2) angle of the fingers from the spine toward the head."""
        return self.values[:, :, _POINTING]

    @property
    def observed(self) -> NDArray[np.bool_]:
        """(N, 2) where the hand was seen."""
        return ~np.isnan(self.values[:, :, 0])

    @property
    def trusted(self) -> NDArray[np.bool_]:
        """(N, 2) where it was seen at a place that this camera can tell."""
        return self.observed & (np.nan_to_num(self.values[:, :, _TRUSTED]) > 0.5)

    def is_between(self, start_s: float, end_s: float) -> NDArray[np.bool_]:
        """(N,) which ticks lie from `start_s` to `end_s`."""
        return np.asarray((self.time_s >= start_s - 1e-9) & (self.time_s <= end_s + 1e-9))

    def between(self, start_s: float, end_s: float) -> "Ticks":
        """The ticks from `start_s` to `end_s`."""
        inside = self.is_between(start_s, end_s)
        return Ticks(self.time_s[inside], self.values[inside])


def stack(ticks: list[Tick]) -> Ticks:
    """Ticks as arrays."""
    values = np.array([tick.values for tick in ticks]).reshape(-1, 2, _WIDTH)
    return Ticks(np.array([tick.time_s for tick in ticks]), values)


def joined(first: Ticks, second: Ticks) -> Ticks:
    """One stretch after the other."""
    return Ticks(
        np.concatenate([first.time_s, second.time_s]),
        np.concatenate([first.values, second.values]),
    )


class EvenClock:
    """Turns samples at any rate into ticks every `TICK_S` seconds of media time."""

    def __init__(self) -> None:
        self._next = 0
        self._last: tuple[float, Floats] | None = None

    def step(self, sample: BackSample) -> list[Tick]:
        """The ticks that can be told now; none for a time that stands still or goes back."""
        now = (sample.time_s, _values(sample))
        if self._last is None:
            self._next = int(np.ceil(sample.time_s / TICK_S - 1e-9))
            self._last = (sample.time_s - 1e-6, now[1])
        if sample.time_s <= self._last[0]:
            return []
        ticks = list(self._until(now))
        self._last = now
        return ticks

    def _until(self, now: tuple[float, Floats]) -> Iterator[Tick]:
        assert self._last is not None
        if now[0] - self._last[0] > LONGEST_GAP_S:
            yield from self._told(self._last[0] + LONGEST_GAP_S / 2, self._last, now)
            self._next = max(self._next, int((now[0] - LONGEST_GAP_S / 2) / TICK_S))
        yield from self._told(now[0], self._last, now)

    def _told(
        self, until_s: float, before: tuple[float, Floats], now: tuple[float, Floats]
    ) -> Iterator[Tick]:
        while (time_s := self._next * TICK_S) <= until_s + 1e-9:
            self._next += 1
            yield Tick(time_s, _blend(before, now, time_s))


def _values(sample: BackSample) -> Floats:
    rows = np.full((2, _WIDTH), np.nan)
    for row, side in zip(rows, SIDES, strict=True):
        hand = sample.side(side)
        if hand is not None and _bears_witness(hand, side):
            row[:] = _folded(hand, OUTWARD[side])
    return rows


def _bears_witness(hand: BackHand, side: Side) -> bool:
    """Not one that was bridged over a gap, and not one well on the other hand's side of the spine.

    The latter is mistaken for the other hand, or is no hand at all.
    """
    return hand.observed and OUTWARD[side] * float(hand.palm_back[0]) > CROSSED_X


def _folded(hand: BackHand, outward: float) -> list[float]:
    (palm_u, palm_v), (tips_u, tips_v) = hand.palm_back, hand.tips_back
    return [
        outward * float(palm_u),
        float(palm_v),
        outward * float(tips_u),
        float(tips_v),
        outward * float(hand.thumb_edge_back[0]),
        hand.pointing_deg,
        float(hand.trusted),
    ]


def _blend(before: tuple[float, Floats], after: tuple[float, Floats], time_s: float) -> Floats:
    """Between two samples where both know the hand; else the one that does, if it is near."""
    gap = after[0] - before[0]
    share = (time_s - before[0]) / gap
    if gap > LONGEST_STEP_S:
        mixed = np.full_like(after[1], np.nan)
    else:
        mixed = (1 - share) * before[1] + share * after[1]
        mixed[:, _TRUSTED] = np.minimum(before[1][:, _TRUSTED], after[1][:, _TRUSTED])
    for moment, values in (before, after):
        if abs(time_s - moment) <= HOLD_S:
            lacking = np.isnan(mixed).any(axis=1) & ~np.isnan(values).any(axis=1)
            mixed[lacking] = values[lacking]
    return mixed
