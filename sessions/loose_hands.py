"""The giver's hands in the whole picture, before anybody knows where the back is."""

from collections.abc import Sequence
from typing import Final

import numpy as np

from vision.arrays import Floats
from vision.frames import Frame
from vision.hands import SIDES, DetectedHand, HandPair, Side, TrackedHand
from vision.sightings import (
    GAP_S,
    MIDDLE_KNUCKLE,
    MIDDLE_TIP,
    STEP_LENGTHS,
    WRIST,
    hand_length_px,
)
from vision.tracker import Detector

SAME_LENGTHS: Final = 0.22
"""Two hands whose axes lie nearer than this, in hand's lengths, are one hand found twice (as in
`vision.gate`)."""

_AXIS: Final = [WRIST, MIDDLE_KNUCKLE, MIDDLE_TIP]


class LooseHands:
    """Names the hands that are found, by where they were and by where the fingers point.

    The giver faces the receiver's head and pictures are not mirrored, so of two hands the right one
    lies to the right of where the fingers point. The names are for drawing: who measures by these
    hands names them by their place (see `postures`).
    """

    def __init__(self, detector: Detector) -> None:
        self._detector = detector
        self._last: dict[Side, DetectedHand] = {}
        self._last_s = float("-inf")

    def step(self, frame: Frame) -> HandPair:
        """The hands of the next picture."""
        hands = single(self._detector.detect(frame))[: len(SIDES)]
        if frame.time_s - self._last_s > GAP_S:
            self._last = {}
        named = _named_pair(hands) if len(hands) == len(SIDES) else self._named_one(hands)
        if named:
            self._last, self._last_s = named, frame.time_s
        tracked = {side: TrackedHand(hand.landmarks_px, True) for side, hand in named.items()}
        return HandPair(frame.time_s, tracked.get("left"), tracked.get("right"))

    def _named_one(self, hands: Sequence[DetectedHand]) -> dict[Side, DetectedHand]:
        if not hands:
            return {}
        hand = hands[0]
        near = [side for side, last in self._last.items() if _near(hand, last)]
        return {near[0] if near else hand.label or "right": hand}


def _near(hand: DetectedHand, last: DetectedHand) -> bool:
    moved_px = float(np.linalg.norm(hand.palm_px - last.palm_px))
    return moved_px < STEP_LENGTHS * hand_length_px(last)


def _named_pair(hands: Sequence[DetectedHand]) -> dict[Side, DetectedHand]:
    ahead: Floats = np.sum(
        [hand.landmarks_px[MIDDLE_KNUCKLE] - hand.landmarks_px[WRIST] for hand in hands], axis=0
    )
    right = np.array([-ahead[1], ahead[0]])
    left_hand, right_hand = sorted(hands, key=lambda hand: float(hand.palm_px @ right))
    return {"left": left_hand, "right": right_hand}


def single(hands: Sequence[DetectedHand]) -> list[DetectedHand]:
    """Each hand once, best score first."""
    kept: list[DetectedHand] = []
    for hand in sorted(hands, key=lambda hand: -hand.score):
        if not any(is_same(hand, other) for other in kept):
            kept.append(hand)
    return kept


def is_same(hand: DetectedHand, other: DetectedHand) -> bool:
    """Whether one hand was found twice."""
    apart = hand.landmarks_px[_AXIS] - other.landmarks_px[_AXIS]
    longer_px = max(hand_length_px(hand), hand_length_px(other))
    return bool(np.linalg.norm(apart, axis=1).mean() < SAME_LENGTHS * longer_px)
