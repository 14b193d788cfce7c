"""Gathers a session's moments into figures that stay small however long it lasts."""

import itertools
from array import array
from collections.abc import Iterable, Mapping
from typing import Final, NamedTuple

import numpy as np

from routines.reps import Event, Rep, RepEnded, SettleEnded, Span
from sessions.coach import Moment
from sessions.record import HandPath, TrackingFacts, Unseen
from vision.hands import SIDES, Side
from vision.samples import BackHand

PATH_STEP_S: Final = 0.1
"""Time between two points of a hand's path."""

UNSEEN_MIN_S: Final = 0.5
"""Shorter stretches without a hand are not listed: they are the tracker's daily bread."""

GLIMPSE_MAX_S: Final = 0.2
"""A hand that shows up for less than this does not break a stretch in two."""


class Gaps:
    """Stretches in which one hand was not observed."""

    def __init__(self) -> None:
        self._spans: list[Span] = []
        self._open_s: float | None = None

    def step(self, time_s: float, *, observed: bool) -> None:
        """Take the next frame's verdict."""
        if not observed and self._open_s is None:
            self._open_s = time_s
        elif observed and self._open_s is not None:
            self._close(time_s)

    def finish(self, end_s: float) -> tuple[Span, ...]:
        """All stretches of at least `UNSEEN_MIN_S` up to the session's end."""
        if self._open_s is not None:
            self._close(end_s)
        return tuple(span for span in self._spans if _is_long(span))

    def _close(self, end_s: float) -> None:
        start_s = end_s if self._open_s is None else self._open_s
        self._open_s = None
        if self._spans and start_s - self._spans[-1].end_s < GLIMPSE_MAX_S:
            start_s = self._spans.pop().start_s
        elif self._spans and not _is_long(self._spans[-1]):
            self._spans.pop()
        self._spans.append(Span(start_s, end_s))


def _is_long(span: Span) -> bool:
    return span.end_s - span.start_s >= UNSEEN_MIN_S - 1e-9


def unseen_of(left: Iterable[Span], right: Iterable[Span]) -> tuple[Unseen, ...]:
    """One list in time order: where the stretches of both hands overlap, the hand is "both"."""
    left, right = tuple(left), tuple(right)
    cuts = sorted({time for span in left + right for time in (span.start_s, span.end_s)})
    pieces: list[Unseen] = []
    for start_s, end_s in itertools.pairwise(cuts):
        middle_s = (start_s + end_s) / 2
        no_left, no_right = _covers(left, middle_s), _covers(right, middle_s)
        if no_left and no_right:
            pieces.append(Unseen(start_s, end_s, "both"))
        elif no_left or no_right:
            pieces.append(Unseen(start_s, end_s, "left" if no_left else "right"))
    return tuple(pieces)


def _covers(spans: tuple[Span, ...], time_s: float) -> bool:
    return any(span.start_s <= time_s < span.end_s for span in spans)


class _PathBuffer:
    """Arrays, which take a tenth of lists: a session may last an hour."""

    def __init__(self) -> None:
        self.time_s = array("d")
        self.palm_back = array("d")
        self.observed = array("b")

    def step(self, time_s: float, hand: BackHand | None) -> None:
        if hand is None or (self.time_s and time_s - self.time_s[-1] < PATH_STEP_S - 1e-6):
            return
        self.time_s.append(time_s)
        self.palm_back.extend((float(hand.palm_back[0]), float(hand.palm_back[1])))
        self.observed.append(hand.observed)

    def path(self) -> HandPath:
        return HandPath(
            np.array(self.time_s),
            np.array(self.palm_back).reshape(-1, 2),
            np.array(self.observed, np.bool_),
        )


class _HandCounts(NamedTuple):
    """Frames, and hand-frames, of each kind."""

    frames: int = 0
    both: int = 0
    any: int = 0
    known: int = 0
    observed: int = 0

    def plus(self, other: "_HandCounts") -> "_HandCounts":
        return _HandCounts(*map(sum, zip(self, other, strict=True)))


class Recorder:
    """Steps moments; afterwards holds what the record of the session needs."""

    def __init__(self) -> None:
        self.reps: list[Rep] = []
        self.settle: Span | None = None
        self.frames = 0
        self.last_s = 0.0
        self._looks = 0
        self._hands = _HandCounts()
        self._sums = _HandCounts()
        self._gaps: Mapping[Side, Gaps] = {side: Gaps() for side in SIDES}
        self._paths: Mapping[Side, _PathBuffer] = {side: _PathBuffer() for side in SIDES}

    def step(self, moment: Moment) -> None:
        """Take the next moment."""
        hands = [moment.pair.side(side) for side in SIDES]
        observed = [hand is not None and hand.observed for hand in hands]
        self._looks += 1
        self._hands = _HandCounts(
            1, all(observed), any(observed), len(hands) - hands.count(None), sum(observed)
        )
        self.skip(moment.time_s)
        for side, seen in zip(SIDES, observed, strict=True):
            self._gaps[side].step(moment.time_s, observed=seen)
            self._paths[side].step(moment.time_s, moment.sample.side(side))
        self.take(moment.events)

    def skip(self, time_s: float) -> None:
        """A frame that hands were not looked for in: they count as in the one before, because
        hands that are hard to see are looked for more often."""
        self.frames += 1
        self.last_s = time_s
        self._sums = self._sums.plus(self._hands)

    def take(self, events: Iterable[Event]) -> None:
        """Take events that came without a frame, from the session's end."""
        for event in events:
            if isinstance(event, RepEnded):
                self.reps.append(event.rep)
            elif isinstance(event, SettleEnded) and self.settle is None:
                self.settle = event.span

    def tracking(self) -> TrackingFacts:
        """Shares of frames and hand-frames; all 0 where there was no frame."""
        sums = self._sums
        return TrackingFacts(
            both_hands_share=sums.both / max(sums.frames, 1),
            any_hand_share=sums.any / max(sums.frames, 1),
            inferred_share=(sums.known - sums.observed) / max(sums.known, 1),
            looked_share=self._looks / max(self.frames, 1),
        )

    def unseen(self) -> tuple[Unseen, ...]:
        """Stretches without a hand; call once, at the end."""
        left, right = (self._gaps[side].finish(self.last_s) for side in SIDES)
        return unseen_of(left, right)

    def paths(self) -> Mapping[Side, HandPath]:
        """Both hands' ways over the chart."""
        return {side: self._paths[side].path() for side in SIDES}
