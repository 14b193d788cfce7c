"""Finding hands that the hand model misses in a whole picture, before the back is known.

The palm detector sees what it is given at 192 x 192. So the eyes look at other parts of the picture
in turn while hands are missing, at the square where the back must be once one place of it is known,
and closely where a hand must be, with the hands that are known painted over.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Protocol, runtime_checkable

import numpy as np

from sessions.loose_hands import is_same, single
from vision.arrays import Floats
from vision.frames import Frame
from vision.hands import SIDES, DetectedHand
from vision.region import Region
from vision.second_look import AT_ONCE, CloseDetector
from vision.sightings import MIDDLE_KNUCKLE, WRIST, hand_length_px
from vision.tracker import Detector

PATIENCE_S: Final = 0.7
"""While hands are missing, the eyes look elsewhere after so long (as in `vision.region`)."""

AROUND_LENGTHS: Final = 4.0
"""Side of a square around a hand that was seen, in its lengths: room for the other one."""

GLIMPSE_S: Final = 0.4
"""A hand that was seen closely is thought to be there for so long: one is looked for at a time."""

SIZES: Final = (2.2, 1.6, 3.0)
"""Sides of close squares, in hand's lengths: a hand that is missed in one is found in another."""

BESIDE: Final = ((-0.5, 1.6), (0.5, 1.6), (-0.75, 3.0), (0.75, 3.0))
"""Where a second hand may lie beside one that is seen: to the right of where its fingers point, and
the side of the square to look at, in its lengths."""

TOO_LONG: Final = 0.43
"""A hand longer than this share of the picture's shorter side is a phantom, or so near that no back
fits into the picture (as in `sessions.preflight`)."""

NEAR_SPOT: Final = 0.7
"""A hand whose palm lies no further from where it must be, in hand's lengths, is the one."""


@runtime_checkable
class Steered(Protocol):
    """Looks at a part of the pictures, as `vision.landmarker.HandLandmarker` does."""

    def look_at(self, region: Region | None) -> None:
        """From the next picture on; None for the whole of it."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """Where a hand must be."""

    palm_px: Floats
    """(2,)"""
    up_px: Floats
    """(2,) toward the head."""
    hand_px: float


@dataclass(frozen=True, slots=True, eq=False)
class Aim:
    """What a stage knows of where hands are."""

    found: bool
    """The hands lie where they should: the eyes stay where they look."""
    square: Region | None = None
    """Where the back must be; None while nobody knows."""
    spots: tuple[Spot, ...] = ()
    """Where both hands must be, where that is known."""


NO_AIM: Final = Aim(found=False)


class Search:
    """Finds hands with a detector that can be turned to parts of the picture; is one itself."""

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._steered = detector if isinstance(detector, Steered) else None
        self._close = detector if isinstance(detector, CloseDetector) else None
        self._aim = NO_AIM
        self._turn = 0
        self._since_s: float | None = None
        self._seen: list[DetectedHand] = []
        self._glimpses: list[_Glimpse] = [_Glimpse()]

    def aim(self, aim: Aim) -> None:
        """Takes what the stage knows, for the pictures to come."""
        if aim.square is not self._aim.square:
            self._turn, self._since_s = 0, None
            self._look_at(aim.square)
        if len(aim.spots) != len(self._aim.spots):
            self._glimpses = [_Glimpse() for _ in aim.spots or (None,)]
        self._aim = aim

    def detect(self, frame: Frame) -> Sequence[DetectedHand]:
        """The hands in a frame, each once, full-size px; those that must be there first."""
        self._look_elsewhere(frame)
        seen = self._seen = single(self._detector.detect(frame))
        if self._close is None:
            return seen
        wanted = self._wanted(seen)
        if wanted:
            oldest = min(wanted, key=lambda glimpse: glimpse.looked_s)
            oldest.step(self._close, frame, wanted[oldest], self._known(seen, oldest, frame))
        both = single([*seen, *(one.hand for one in wanted if one.hand is not None)])
        return sorted(both, key=self._is_elsewhere)[: len(SIDES)]

    def _is_elsewhere(self, hand: DetectedHand) -> bool:
        return not any(_is_at(hand, spot) for spot in self._aim.spots)

    def _look_elsewhere(self, frame: Frame) -> None:
        time_s = frame.time_s
        found = self._aim.found and not any(_is_too_long(hand, frame) for hand in self._seen)
        if self._since_s is None or found:
            self._since_s = time_s
        elif time_s - self._since_s >= PATIENCE_S:
            self._since_s = time_s
            self._turn += 1
            views = self._views(frame)
            self._look_at(views[self._turn % len(views)])

    def _views(self, frame: Frame) -> list[Region | None]:
        """What may be looked at, in turn."""
        if self._aim.square is not None:
            return [self._aim.square, None]
        size = np.array(frame.full_size, dtype=np.float64)
        views: list[Region | None] = [None, Region(size / 2, np.array([0.0, -1.0]), size.min())]
        if self._seen:
            middle = np.mean([hand.palm_px for hand in self._seen], axis=0)
            longest = max(self._seen, key=hand_length_px)
            side_px = min(AROUND_LENGTHS * hand_length_px(longest), float(size.max()))
            views.append(Region(middle, _ahead(longest), side_px))
        return views

    def _look_at(self, region: Region | None) -> None:
        if self._steered is not None:
            self._steered.look_at(region)

    def _wanted(self, seen: Sequence[DetectedHand]) -> "dict[_Glimpse, list[Region]]":
        """The hands that are missing, and the squares in which each may be."""
        if self._aim.spots:
            return {
                glimpse: [Region(spot.palm_px, spot.up_px, size * spot.hand_px) for size in SIZES]
                for glimpse, spot in zip(self._glimpses, self._aim.spots, strict=True)
                if not any(_is_at(hand, spot) for hand in seen)
            }
        if len(seen) != 1 or self._aim.found:
            return {}
        hand, length_px = seen[0], hand_length_px(seen[0])
        ahead = _ahead(hand)
        right = np.array([-ahead[1], ahead[0]])
        squares = [
            Region(hand.palm_px + aside * length_px * right, ahead, size * length_px)
            for aside, size in BESIDE
        ]
        return {self._glimpses[0]: squares}

    def _known(
        self, seen: Sequence[DetectedHand], wanted: "_Glimpse", frame: Frame
    ) -> list[DetectedHand]:
        """The hands that are not looked for."""
        others = [one for one in self._glimpses if one is not wanted]
        for one in others:
            one.forget_before(frame.time_s - GLIMPSE_S)
        return [*seen, *(one.hand for one in others if one.hand is not None)]


class _Glimpse:
    """One hand that is looked for closely; where it was found it is looked for again."""

    def __init__(self) -> None:
        self.hand: DetectedHand | None = None
        self.looked_s = float("-inf")
        self._seen_s = float("-inf")
        self._square: Region | None = None
        self._at = 0

    def step(
        self,
        close: CloseDetector,
        frame: Frame,
        squares: Sequence[Region],
        known: Sequence[DetectedHand],
    ) -> None:
        self.looked_s = frame.time_s
        square = self._square or squares[self._at % len(squares)]
        painted = [hand.landmarks_px for hand in known]
        for _ in range(AT_ONCE):
            for hand in close.detect_close(frame, square, painted):
                if not any(is_same(hand, other) for other in known):
                    self.hand, self._seen_s = hand, frame.time_s
                    self._square = replace(square, centre_px=hand.palm_px)
                    return
        self._square = None
        self._at += 1
        self.forget_before(frame.time_s - GLIMPSE_S)

    def forget_before(self, time_s: float) -> None:
        if self._seen_s < time_s:
            self.hand = None


def _is_at(hand: DetectedHand, spot: Spot) -> bool:
    off_px = float(np.linalg.norm(hand.palm_px - spot.palm_px))
    return off_px < NEAR_SPOT * spot.hand_px


def _is_too_long(hand: DetectedHand, frame: Frame) -> bool:
    return hand_length_px(hand) > TOO_LONG * min(frame.full_size)


def _ahead(hand: DetectedHand) -> Floats:
    ahead = hand.landmarks_px[MIDDLE_KNUCKLE] - hand.landmarks_px[WRIST]
    unit: Floats = ahead / max(float(np.linalg.norm(ahead)), 1e-9)
    return unit
