"""How near the tracked hands are to the true ones, frame by frame."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from sessions.truth import Truth
from vision.arrays import Floats
from vision.hands import SIDES, HandPair, Side

KNUCKLES: Final = (5, 9, 13, 17)
"""The truth's wrist is another joint than MediaPipe's; the knuckles are the same."""

MIDDLE_FINGER: Final = (0, 9, 10, 11, 12)
"""Along these the hand's length is measured."""


@dataclass(slots=True)
class HandErrors:
    """Sums up one clip; several add up with `+`."""

    frames: int = 0
    both: int = 0
    """Frames in which both hands were observed."""
    visible: int = 0
    """Frames in which both hands really could be seen."""
    visible_both: int = 0
    """Of those, frames in which both were observed."""
    hands: int = 0
    """Observed hands whose true one could be seen."""
    swapped: int = 0
    """Of those, hands nearer to the other true hand than to their own."""
    errors_px: list[float] = field(default_factory=list)
    """Distance of every knuckle of those hands from the true one, px of the recording."""
    errors_lengths: list[float] = field(default_factory=list)
    """The same in lengths of the hand."""

    def __add__(self, other: "HandErrors") -> "HandErrors":
        return HandErrors(
            self.frames + other.frames,
            self.both + other.both,
            self.visible + other.visible,
            self.visible_both + other.visible_both,
            self.hands + other.hands,
            self.swapped + other.swapped,
            self.errors_px + other.errors_px,
            self.errors_lengths + other.errors_lengths,
        )

    @property
    def both_share(self) -> float | None:
        """Of all frames."""
        return self.both / self.frames if self.frames else None

    @property
    def visible_both_share(self) -> float | None:
        """Of the frames in which both hands really could be seen."""
        return self.visible_both / self.visible if self.visible else None

    @property
    def swapped_share(self) -> float | None:
        """Of the observed hands."""
        return self.swapped / self.hands if self.hands else None


class HandJudge:
    """Steps the pairs of one clip beside its truth."""

    def __init__(self, truth: Truth) -> None:
        self.errors = HandErrors()
        self._truth = truth
        self._length_px = {side: _hand_length_px(truth, side) for side in SIDES}

    def step(self, pair: HandPair) -> None:
        """Take the next pair; one beyond the truth's last frame is left out."""
        index = round(pair.time_s * self._truth.fps)
        if not 0 <= index < self._truth.frames:
            return
        observed = [side for side in SIDES if _observed(pair, side)]
        visible = [side for side in SIDES if self._truth.hands[side].visible[index]]
        both, could = len(observed) == len(SIDES), len(visible) == len(SIDES)
        self.errors.frames += 1
        self.errors.both += both
        self.errors.visible += could
        self.errors.visible_both += both and could
        for side in observed:
            if side in visible:
                self._measure(pair, side, index)

    def _measure(self, pair: HandPair, side: Side, index: int) -> None:
        hand = pair.side(side)
        if hand is None:
            return
        knuckles = hand.landmarks_px[list(KNUCKLES)]
        errors = {one: self._distances(knuckles, one, index) for one in SIDES}
        own = errors[side]
        self.errors.hands += 1
        self.errors.swapped += own.mean() > min(one.mean() for one in errors.values())
        self.errors.errors_px += own.tolist()
        self.errors.errors_lengths += (own / self._length_px[side]).tolist()

    def _distances(self, knuckles: Floats, side: Side, index: int) -> Floats:
        true = self._truth.hands[side].landmarks_px[index, list(KNUCKLES)]
        distances: Floats = np.linalg.norm(knuckles - true, axis=1)
        return distances


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which `share` of them lie; None of none."""
    return float(np.quantile(values, share)) if values else None


def _observed(pair: HandPair, side: Side) -> bool:
    hand = pair.side(side)
    return hand is not None and hand.observed


def _hand_length_px(truth: Truth, side: Side) -> float:
    """From wrist to middle fingertip, along the finger; the upper tenth, where it lies flattest."""
    finger = truth.hands[side].landmarks_px[:, list(MIDDLE_FINGER)]
    lengths = np.linalg.norm(np.diff(finger, axis=1), axis=2).sum(axis=1)
    return float(np.quantile(lengths, 0.9))
