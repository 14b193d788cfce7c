"""Two hands over time: who is left and right, through gaps, wrong labels and phantoms."""

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final, Protocol

import numpy as np

from vision.arrays import Floats
from vision.back_frame import BackFrame
from vision.cuts import CutWatch
from vision.frames import Frame
from vision.gate import HandGate
from vision.hands import SIDES, DetectedHand, HandPair, Side, TrackedHand
from vision.identity import CueReader, HandCues, pair_cue
from vision.region import Region
from vision.second_look import CloseDetector, SecondLook
from vision.tracks import BRIDGED_S, HandTrack, Trail

CUT_S: Final = 1.0
"""Times that jump farther than this, or go back, begin a new film, as a cut does."""

CONFIRM_S: Final = 0.1
"""A new hand is believed when it was seen for so long, and for most of it: phantoms flicker."""

FORGET_S: Final = 0.25
"""A hand not yet believed is forgotten when it was unseen for so long."""

NEW_NEAR: Final = 0.5
"""Palms of a new hand in two pictures are no farther apart than this, in hand's lengths."""

MOVED: Final = 0.2
"""A new hand off the back, or on the wrong side, must have moved so far (hand's lengths) within
half a second. Phantoms only creep, as light and shade pass over them."""

OUTLINE_V: Final = (-0.25, -0.25, 0.85, 1.0, 1.15, 1.2)
OUTLINE_U: Final = (0.0, 1.25, 1.25, 0.65, 0.45, 0.0)
"""Where a hand may turn up and lie still: abs(u) under this at this v. Beyond are the face, the
arms and the table."""

FACE_V: Final = 0.9
"""Off the back beyond this lies the receiver's head."""

HEAD_V: Final = 1.05
"""Close looks are not believed beyond this: ears and necks look like hands, and palms turn back at
0.9."""

WRONG_SIDE: Final = -0.6
"""Cue below which a new hand is not believed to be the one that is missing."""

RIGHT_SHAPE: Final = 0.3
"""Cue of the shape that a new hand needs which was seen by close looks alone."""

SURE: Final = 0.25
"""Seconds of full contrary evidence (of -1) that swap the hands, and the credit they can earn."""


class Detector(Protocol):
    """Finds hands in frames, as `vision.landmarker.HandLandmarker` does."""

    def detect(self, frame: Frame, /) -> Sequence[DetectedHand]:
        """The hands in a frame, full-size px."""
        ...


class _Newcomer:
    """A hand that was just found and is not believed yet."""

    def __init__(self, hand: DetectedHand, time_s: float, *, guessed: bool) -> None:
        self.hand = hand
        self.guessed = guessed
        """Whether it was seen by close looks alone."""
        self.since_s = time_s
        self.last_s = time_s
        self.missed_s = 0.0
        self.moved_px = 0.0
        self._trail = Trail(hand.palm_px, time_s)

    def see(self, hand: DetectedHand, time_s: float, dt_s: float, *, guessed: bool) -> None:
        self.guessed &= guessed
        self.missed_s += time_s - self.last_s - dt_s
        self.hand, self.last_s = hand, time_s
        self._trail.add(hand.palm_px, time_s)
        self.moved_px = max(self.moved_px, self._trail.moved_px())


class HandTracker:
    """Follows the giver's two hands; one tracker serves one film.

    >>> with HandLandmarker(region=region) as detector:
    ...     tracker = HandTracker(detector, back_frame)
    ...     pairs = [tracker.step(frame) for frame in reader]
    """

    def __init__(self, detector: Detector, back_frame: BackFrame) -> None:
        self._detector = detector
        self._close = detector if isinstance(detector, CloseDetector) else None
        self._gate = HandGate(back_frame)
        self._cues = CueReader(back_frame)
        self._second_look = SecondLook(back_frame, self._gate.hand_px)
        self._cuts = CutWatch()
        self._last_s: float | None = None
        self._forget_all()

    def step(self, frame: Frame) -> HandPair:
        """The giver's hands in the next frame."""
        time_s = frame.time_s
        jumped = self._last_s is not None and not 0 <= time_s - self._last_s <= CUT_S
        if self._cuts.step(frame.image_rgb, time_s) or jumped:
            self._forget_all()
        dt_s = time_s - (time_s if self._last_s is None else self._last_s)
        self._last_s = time_s
        self._drop_old(frame)
        hands: Sequence[DetectedHand] = self._gate.pass_on(self._detector.detect(frame))
        chosen = self._match(hands, time_s)
        again = self._look_again(frame, hands, chosen)
        if again is not hands:
            hands, chosen = again, self._match(again, time_s)
        strangers = self._follow(hands, chosen, time_s)
        self._welcome(strangers, time_s, dt_s)
        self._weigh_identity(max(dt_s, 0.0))
        return HandPair(time_s, *(self._hand(side, time_s) for side in SIDES))

    def _forget_all(self) -> None:
        self._tracks: dict[Side, HandTrack] = {}
        self._seen: dict[Side, HandCues] = {}
        self._newcomers: list[_Newcomer] = []
        self._credit_s = 0.0
        self._glimpsed: tuple[DetectedHand, ...] = ()
        self._second_look.forget()

    def _drop_old(self, frame: Frame) -> None:
        time_s = frame.time_s
        self._tracks = {
            side: track
            for side, track in self._tracks.items()
            if not track.is_lost(time_s) and _inside(track.palm_at(time_s), frame)
        }
        self._newcomers = [
            newcomer for newcomer in self._newcomers if time_s - newcomer.last_s <= FORGET_S
        ]

    def _look_again(
        self, frame: Frame, hands: Sequence[DetectedHand], chosen: Mapping[Side, int]
    ) -> Sequence[DetectedHand]:
        """Adds what a close look finds where a hand that is missing may be."""
        self._glimpsed = ()
        time_s = frame.time_s
        if self._close is None or len(chosen) == len(SIDES):
            return hands
        if not self._second_look.may_look(time_s):
            return hands
        square = self._where_to_look(hands, chosen, time_s)
        if square is None:
            return hands
        known_px = [hand.landmarks_px for hand in hands]
        glimpsed = self._close.detect_close(frame, square, known_px)
        self._glimpsed = tuple(one for one in glimpsed if self._near_back(one))
        again = self._gate.pass_on([*hands, *self._glimpsed])
        self._second_look.report(time_s, found=len(again) > len(hands))
        return again

    def _where_to_look(
        self, hands: Sequence[DetectedHand], chosen: Mapping[Side, int], time_s: float
    ) -> Region | None:
        for side, track in self._tracks.items():
            if side not in chosen:
                return self._second_look.near(track.palm_at(time_s))
        for newcomer in self._newcomers:
            if all(self._apart(newcomer.hand, hand) > NEW_NEAR for hand in hands):
                return self._second_look.near(newcomer.hand.palm_px)
        seen = {side: hands[index].palm_px for side, index in chosen.items()}
        return self._second_look.guess(time_s, seen)

    def _near_back(self, hand: DetectedHand) -> bool:
        cues = self._cues.read(hand)
        return cues.v < HEAD_V and not _in_face(cues)

    def _match(self, hands: Sequence[DetectedHand], time_s: float) -> dict[Side, int]:
        """Which hand each track gets."""
        misfit = {
            (side, index): self._misfit(side, hand, time_s)
            for side in self._tracks
            for index, hand in enumerate(hands)
        }
        return _best_match({key: cost for key, cost in misfit.items() if cost < 1})

    def _follow(
        self, hands: Sequence[DetectedHand], chosen: Mapping[Side, int], time_s: float
    ) -> list[DetectedHand]:
        """Gives each track the hand that was chosen for it; what is left over comes back."""
        for side, index in chosen.items():
            self._tracks[side].see(hands[index], time_s)
            self._second_look.remember(side, hands[index].palm_px, time_s)
        self._seen = {side: self._cues.read(hands[index]) for side, index in chosen.items()}
        self._drop_stranded()
        return [hand for index, hand in enumerate(hands) if index not in chosen.values()]

    def _drop_stranded(self) -> None:
        """Takes back the belief in a hand that slid onto the face: givers rest elsewhere."""
        for side, cues in list(self._seen.items()):
            if _in_face(cues) and self._tracks[side].rests():
                del self._tracks[side], self._seen[side]

    def _misfit(self, side: Side, hand: DetectedHand, time_s: float) -> float:
        """How badly a hand fits a track: over 1 is another hand. The longer the track was unseen,
        the more it counts whether the hand looks like that one."""
        track = self._tracks[side]
        against = max(0.0, -_agreement(self._cues.read(hand), side))
        doubt = track.unseen_s(time_s) / BRIDGED_S * against
        return track.distance(hand, time_s) ** 2 + doubt

    def _welcome(self, strangers: Sequence[DetectedHand], time_s: float, dt_s: float) -> None:
        """Watches hands that belong to no track until one may become a track."""
        for hand in strangers:
            near = [
                newcomer
                for newcomer in self._newcomers
                if self._apart(newcomer.hand, hand) < NEW_NEAR and newcomer.last_s < time_s
            ]
            if near:
                near[0].see(hand, time_s, dt_s, guessed=hand in self._glimpsed)
            else:
                self._newcomers.append(_Newcomer(hand, time_s, guessed=hand in self._glimpsed))
        ready = [n for n in self._newcomers if n.last_s == time_s]
        for newcomer in sorted(ready, key=lambda n: n.since_s):
            self._admit(newcomer, time_s)

    def _apart(self, one: DetectedHand, other: DetectedHand) -> float:
        """Distance of two palms in hand's lengths."""
        return float(np.linalg.norm(one.palm_px - other.palm_px)) / self._gate.hand_px

    def _admit(self, newcomer: _Newcomer, time_s: float) -> None:
        free = [
            side
            for side in SIDES
            if side not in self._tracks or self._tracks[side].unseen_s(time_s) > 0
        ]
        known_s = time_s - newcomer.since_s
        if not free or known_s < CONFIRM_S or newcomer.missed_s > known_s / 2:
            return
        cues = self._cues.read(newcomer.hand)
        side = max(free, key=lambda side: _agreement(cues, side))
        still = newcomer.moved_px < MOVED * self._gate.hand_px
        if still and not (_on_back(cues) and self._fits(cues, side)):
            return
        if newcomer.guessed and _shaped(cues, side) < RIGHT_SHAPE:
            return
        self._tracks[side] = HandTrack(newcomer.hand, newcomer.since_s, time_s, self._gate.hand_px)
        self._seen[side] = cues
        self._newcomers.remove(newcomer)

    def _fits(self, cues: HandCues, side: Side) -> bool:
        """Whether a still hand can be that one, given the other where it is seen."""
        other: Side = "right" if side == "left" else "left"
        if other not in self._seen:
            return _agreement(cues, side) > WRONG_SIDE
        pair = (cues, self._seen[other]) if side == "left" else (self._seen[other], cues)
        return pair_cue(*pair) > WRONG_SIDE

    def _weigh_identity(self, dt_s: float) -> None:
        """Lets cues speak against the names over time, and swaps them when they insist."""
        if "left" in self._seen and "right" in self._seen:
            cue = pair_cue(self._seen["left"], self._seen["right"])
        else:
            cue = sum(_agreement(cues, side) for side, cues in self._seen.items())
        if not self._tracks:
            self._credit_s = 0.0
        self._credit_s = min(self._credit_s + cue * dt_s, SURE)
        if self._credit_s < -SURE:
            self._swap()

    def _swap(self) -> None:
        other: dict[Side, Side] = {"left": "right", "right": "left"}
        self._tracks = {other[side]: track for side, track in self._tracks.items()}
        self._seen = {other[side]: cues for side, cues in self._seen.items()}
        self._credit_s = 0.0

    def _hand(self, side: Side, time_s: float) -> TrackedHand | None:
        track = self._tracks.get(side)
        return None if track is None else track.at(time_s)


def _best_match(misfit: Mapping[tuple[Side, int], float]) -> dict[Side, int]:
    """Which hand each track gets: the choice that leaves the least misfit, 1 for going without."""
    options: dict[Side, list[int | None]] = {
        side: [None, *(index for owner, index in misfit if owner == side)] for side in SIDES
    }
    best, least = dict[Side, int](), 0.0
    for left, right in product(options["left"], options["right"]):
        if left is not None and left == right:
            continue
        couple = zip(SIDES, (left, right), strict=True)
        given = {side: index for side, index in couple if index is not None}
        cost = sum(misfit[side, index] - 1 for side, index in given.items())
        if cost < least:
            best, least = given, cost
    return best


def _agreement(cues: HandCues, side: Side) -> float:
    return cues.alone if side == "right" else -cues.alone


def _shaped(cues: HandCues, side: Side) -> float:
    return cues.shape if side == "right" else -cues.shape


def _on_back(cues: HandCues) -> bool:
    return bool(abs(cues.u) < np.interp(cues.v, OUTLINE_V, OUTLINE_U, left=0.0, right=0.0))


def _in_face(cues: HandCues) -> bool:
    return cues.v > FACE_V and not _on_back(cues)


def _inside(palm_px: Floats, frame: Frame) -> bool:
    return bool(((palm_px >= 0) & (palm_px <= frame.full_size)).all())
