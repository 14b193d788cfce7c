"""How near the hands that were found are to the true ones, frame by frame."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from routines.reps import Span
from sessions.truth import Truth
from vision.arrays import Floats
from vision.hands import SIDES, DetectedHand, HandPair, Side

KNUCKLES: Final = (5, 9, 13, 17)
"""The truth's wrist is another joint than MediaPipe's; the knuckles are the same."""

MIDDLE_FINGER: Final = (0, 9, 10, 11, 12)
"""Along these the hand's length is measured."""

PHANTOM: Final = 0.5
"""A hand farther than this from every true hand (hand's lengths, mean of the knuckles) is none."""

SAME_RUN_S: Final = 0.1
"""Wrong frames no farther apart than this are one error, not two."""


class Spans:
    """Gathers wrong frames into stretches of time."""

    def __init__(self) -> None:
        self.spans: list[Span] = []

    def mark(self, start_s: float, end_s: float) -> None:
        """A frame that lasts from `start_s` to `end_s` is wrong; times must rise."""
        if self.spans and start_s - self.spans[-1].end_s <= SAME_RUN_S:
            start_s = self.spans.pop().start_s
        self.spans.append(Span(start_s, end_s))


def longest(spans: Iterable[Span]) -> Span | None:
    """The longest of them; None of none."""
    return max(spans, key=lambda span: span.end_s - span.start_s, default=None)


@dataclass(slots=True)
class HandErrors:
    """Sums up one clip; several add up with `+`."""

    frames: int = 0
    both: int = 0
    """Frames in which both hands were observed."""
    visible: int = 0
    """Frames in which both hands really could be seen."""
    visible_both: int = 0
    """Of those, frames in which two hands were observed, rightly or not."""
    visible_right: int = 0
    """Of those, frames in which each true hand had an observed one near it (`PHANTOM`)."""
    hands: int = 0
    """Observed hands whose true one, the nearest, could be seen."""
    swapped: int = 0
    """Of those, hands that bear the other one's name."""
    errors_px: list[float] = field(default_factory=list)
    """Distance of every knuckle of those hands from the true one, px of the recording."""
    errors_lengths: list[float] = field(default_factory=list)
    """The same in lengths of the hand."""
    missed: list[Span] = field(default_factory=list)
    """Where both hands could be seen and not both were rightly found."""
    misnamed: list[Span] = field(default_factory=list)
    """Where a hand bore the other one's name, each name for itself."""
    phantoms: list[Span] = field(default_factory=list)
    """Where a hand was observed that is none, each name for itself."""
    farthest: tuple[float, float] = (0.0, 0.0)
    """Largest error of a hand that is no phantom (hand's lengths, mean of its knuckles), and
    when."""

    def __add__(self, other: "HandErrors") -> "HandErrors":
        return HandErrors(
            self.frames + other.frames,
            self.both + other.both,
            self.visible + other.visible,
            self.visible_both + other.visible_both,
            self.visible_right + other.visible_right,
            self.hands + other.hands,
            self.swapped + other.swapped,
            self.errors_px + other.errors_px,
            self.errors_lengths + other.errors_lengths,
            self.missed + other.missed,
            self.misnamed + other.misnamed,
            self.phantoms + other.phantoms,
            max(self.farthest, other.farthest),
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
    def visible_right_share(self) -> float | None:
        """The same, both of them where the hands really were."""
        return self.visible_right / self.visible if self.visible else None

    @property
    def swapped_share(self) -> float | None:
        """Of the observed hands."""
        return self.swapped / self.hands if self.hands else None

    def regained(self, bare: "HandErrors") -> float | None:
        """Share of what `bare` misses that is not missed here; None where it misses nothing.

        Frames that only `bare` has right count against it, so it may be negative.
        """
        missing = bare.visible - bare.visible_right
        still = self.visible - self.visible_right
        return 1 - still / missing if missing else None


class HandJudge:
    """Steps the hands of one clip beside its truth; a truth without hands judges none."""

    def __init__(self, truth: Truth) -> None:
        self._truth = truth
        self._length_px = {side: _hand_length_px(truth, side) for side in truth.hands}
        self._sums = HandErrors()
        self._missed = Spans()
        self._misnamed = {side: Spans() for side in SIDES}
        self._phantoms = {side: Spans() for side in (*SIDES, None)}

    @property
    def errors(self) -> HandErrors:
        """What was summed up so far."""
        self._sums.missed = self._missed.spans
        self._sums.misnamed = [span for one in self._misnamed.values() for span in one.spans]
        self._sums.phantoms = [span for one in self._phantoms.values() for span in one.spans]
        return self._sums

    def step(self, pair: HandPair) -> None:
        """Take the next pair; one beyond the truth's last frame is left out."""
        hands = ((side, pair.side(side)) for side in SIDES)
        seen = [(side, hand.landmarks_px) for side, hand in hands if hand and hand.observed]
        self._take(pair.time_s, seen)

    def step_detected(self, time_s: float, hands: Sequence[DetectedHand]) -> None:
        """Take the next frame's hands as MediaPipe gives them, named by its labels."""
        self._take(time_s, [(hand.label, hand.landmarks_px) for hand in hands])

    def _take(self, time_s: float, hands: Sequence[tuple[Side | None, Floats]]) -> None:
        index = round(time_s * self._truth.fps)
        if not self._truth.hands or not 0 <= index < self._truth.frames:
            return
        both = len(hands) == len(SIDES)
        could = all(self._truth.hands[side].visible[index] for side in SIDES)
        found = {self._judge(name, landmarks, index) for name, landmarks in hands}
        right = found >= set(SIDES)
        self._sums.frames += 1
        self._sums.both += both
        self._sums.visible += could
        self._sums.visible_both += both and could
        self._sums.visible_right += right and could
        if could and not right:
            self._mark(self._missed, index)

    def _judge(self, name: Side | None, landmarks_px: Floats, index: int) -> Side | None:
        """The true hand that this one is; None for a phantom."""
        knuckles = landmarks_px[list(KNUCKLES)]
        errors_px = {side: self._distances(knuckles, side, index) for side in SIDES}
        side = min(SIDES, key=lambda side: float(errors_px[side].mean()))
        lengths = errors_px[side] / self._length_px[side]
        far = float(lengths.mean())
        if self._truth.hands[side].visible[index]:
            self._sums.hands += 1
            self._sums.swapped += name is not None and name != side
            self._sums.errors_px += errors_px[side].tolist()
            self._sums.errors_lengths += lengths.tolist()
        if far > PHANTOM:
            self._mark(self._phantoms[name], index)
            return None
        self._sums.farthest = max(self._sums.farthest, (far, index / self._truth.fps))
        if name is not None and name != side:
            self._mark(self._misnamed[name], index)
        return side

    def _mark(self, spans: Spans, index: int) -> None:
        spans.mark(index / self._truth.fps, (index + 1) / self._truth.fps)

    def _distances(self, knuckles: Floats, side: Side, index: int) -> Floats:
        true = self._truth.hands[side].landmarks_px[index, list(KNUCKLES)]
        distances: Floats = np.linalg.norm(knuckles - true, axis=1)
        return distances


def quantile(values: Sequence[float], share: float) -> float | None:
    """The value below which `share` of them lie; None of none."""
    return float(np.quantile(values, share)) if values else None


def _hand_length_px(truth: Truth, side: Side) -> float:
    """From wrist to middle fingertip, along the finger: the clip's median."""
    finger = truth.hands[side].landmarks_px[:, list(MIDDLE_FINGER)]
    lengths = np.linalg.norm(np.diff(finger, axis=1), axis=2).sum(axis=1)
    return float(np.median(lengths))
