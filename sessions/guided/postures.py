"""Where two hands lie to each other in a picture whose back is not known yet.

"Up" is the picture's direction toward the receiver's head. The giver is at the waist and faces the
head, so the giver's right hand is the one to the right of up; pictures are not mirrored.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from sessions.guided.ring import lengths_px
from vision.arrays import Floats
from vision.hands import TrackedHand, palm_centre
from vision.settle import Hold as SettleHold
from vision.settle import Rest, find_hold
from vision.sightings import MIDDLE_KNUCKLE, WRIST
from vision.touch import Place

AGREE: Final = 0.5
"""Length of the mean of both hands' directions from which on they say where the head is."""

BESIDE_LENGTHS: Final = (0.25, 2.4)
LEVEL_LENGTHS: Final = 0.8
"""Hands side by side: how far apart across, and at most how far along, in hand's lengths. On the
lower back palms are 0.75 apart; a low camera shortens the hand's length to a third of that."""

ALIKE: Final = 1.7
"""Hands side by side look as long as each other but for so many times: one is no more turned away
than the other, and 17 cm nearer at most. What is shorter is a phantom beside a hand."""

NECK_LENGTHS: Final = 0.7
"""From the lower back to the neck is 1.8 hand's lengths; tilted cameras shorten it."""

WIDER: Final = 1.35
"""On the shoulders the palms are 2.5 times as far apart as beside the neck, seen from above."""

NEAR_NECK: Final = 0.5
"""The shoulders' middle lies no further from the neck than this share of neck to lower back."""


HOLD_LENGTHS: Final = 1.3
HOLD_COS: Final = 0.82
"""A settle hold that is to tell the back by itself: palms further apart, and more nearly one behind
the other as the fingers point (35 degrees), than one that is only looked for in a film."""


@dataclass(frozen=True, slots=True, eq=False)
class Rested:
    """Both hands as they rested on one place."""

    marks_px: Floats
    """(2, 21, 2), the giver's left hand first."""
    up: Floats
    """(2,) unit vector as it was taken to be."""

    @property
    def palms_px(self) -> tuple[Floats, Floats]:
        """(2,) left and right palm centre."""
        left, right = map(palm_centre, self.marks_px)
        return left, right

    @property
    def middle_px(self) -> Floats:
        """(2,) between the palms."""
        middle: Floats = np.mean(self.palms_px, axis=0)
        return middle

    @property
    def apart_px(self) -> float:
        """Distance of the palms."""
        left, right = self.palms_px
        return float(np.linalg.norm(right - left))

    @property
    def hand_px(self) -> float:
        """Length of the longer hand as seen."""
        return float(lengths_px(self.marks_px).max())


def in_place(
    place: Place, hands: tuple[TrackedHand, ...], before: dict[Place, Rested]
) -> Rested | None:
    """Both hands, named, where they can lie on that place; None where they can't.

    `before` holds the places that were touched already; they come in the order of PLACES_BACK.
    """
    if len(hands) != 2:
        return None
    marks = np.array([hand.landmarks_px for hand in hands])
    up = _up(marks, before)
    if up is None:
        return None
    rested = _named(marks, up)
    low, neck = before.get("lower_back"), before.get("neck")
    if place == "shoulders" and low is not None and neck is not None:
        return rested if _on_shoulders(rested, low, neck) else None
    if not _side_by_side(rested, low.hand_px if low is not None else rested.hand_px):
        return None
    if place == "neck" and low is not None and not _ahead(rested, low):
        return None
    return rested


def settle_hold(hands: tuple[TrackedHand, ...]) -> SettleHold | None:
    """The settle hold that two hands would be if they rested."""
    if len(hands) != 2:
        return None
    return hold_of(np.array([hand.landmarks_px for hand in hands]))


def hold_of(marks_px: Floats) -> SettleHold | None:
    """The settle hold of two resting hands (2, 21, 2)."""
    rests = [_rest(marks) for marks in marks_px]
    hold = find_hold(rests)
    if hold is None:
        return None
    line = hold.nape.palm_px - hold.waist.palm_px
    apart_px = float(np.linalg.norm(line))
    hand_px = float(np.mean([rest.length_px for rest in rests]))
    ahead = _unit(hold.nape.pointing + hold.waist.pointing)
    clear = apart_px > HOLD_LENGTHS * hand_px and float(line @ ahead) > HOLD_COS * apart_px
    return hold if clear else None


def _rest(marks_px: Floats) -> Rest:
    pointing = marks_px[MIDDLE_KNUCKLE] - marks_px[WRIST]
    pointing = pointing / max(float(np.linalg.norm(pointing)), 1e-9)
    length_px = float(lengths_px(marks_px[None])[0])
    # Any stretch will do that is longer than the shortest hold: the ring has timed the rest.
    return Rest(0.0, 60.0, palm_centre(marks_px), pointing, length_px)


def _up(marks_px: Floats, before: dict[Place, Rested]) -> Floats | None:
    """From the lower back to the neck where both are known, else as the fingers point."""
    if "neck" in before and "lower_back" in before:
        return _unit(before["neck"].middle_px - before["lower_back"].middle_px)
    if "lower_back" in before:
        return before["lower_back"].up
    pointing = marks_px[:, MIDDLE_KNUCKLE] - marks_px[:, WRIST]
    mean = np.mean([_unit(one) for one in pointing], axis=0)
    return _unit(mean) if np.linalg.norm(mean) >= AGREE else None


def _named(marks_px: Floats, up: Floats) -> Rested:
    across = [float(palm_centre(marks) @ _right(up)) for marks in marks_px]
    return Rested(marks_px[np.argsort(across)], up)


def _side_by_side(rested: Rested, hand_px: float) -> bool:
    shorter_px, longer_px = sorted(lengths_px(rested.marks_px))
    if longer_px > ALIKE * shorter_px:
        return False
    left, right = rested.palms_px
    across = float((right - left) @ _right(rested.up)) / hand_px
    along = float((right - left) @ rested.up) / hand_px
    return BESIDE_LENGTHS[0] < across < BESIDE_LENGTHS[1] and abs(along) < LEVEL_LENGTHS


def _ahead(rested: Rested, low: Rested) -> bool:
    step = (rested.middle_px - low.middle_px) / low.hand_px
    along, across = float(step @ low.up), float(step @ _right(low.up))
    return along > NECK_LENGTHS and abs(across) < along


def _on_shoulders(rested: Rested, low: Rested, neck: Rested) -> bool:
    spine_px = float(np.linalg.norm(neck.middle_px - low.middle_px))
    off_px = float(np.linalg.norm(rested.middle_px - neck.middle_px))
    return rested.apart_px > WIDER * neck.apart_px and off_px < NEAR_NECK * spine_px


def _right(up: Floats) -> Floats:
    return np.array([-up[1], up[0]])


def _unit(vector: Floats) -> Floats:
    unit: Floats = vector / max(float(np.linalg.norm(vector)), 1e-9)
    return unit
