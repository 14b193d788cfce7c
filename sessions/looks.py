"""What is noted of pictures and hands from time to time, to judge by it whether they are fit."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from routines.path import path_back
from routines.routine import Routine
from vision.arrays import Floats, ImageRGB
from vision.back_frame import BackFrame
from vision.camera_moved import Surround, look_around
from vision.frames import Frame
from vision.gate import hand_length_px
from vision.hands import SIDES, HandPair, TrackedHand
from vision.sightings import WRIST
from vision.sightings import hand_length_px as seen_length_px

LOOK_S: Final = 0.5
"""Light, shift and size change slowly: they are looked at, and judged, so often."""

SURROUND_S: Final = 2.0
"""How often it is noted what stands around."""

HALF_PALM: Final = 0.2
"""In hand's lengths: a palm nearer to the picture's edge than this is cut by it."""

CUT_MARKS: Final = 5
"""So many of 21 landmarks outside the picture and the wrist inside: a hand reaches out of it."""

CUT_S: Final = 0.1
"""Shorter is a slip of the landmarks."""

APART_S: Final = 1.5
"""A hand that reaches out again sooner does so for the same reason."""

_COARSE: Final = 8
"""Every 8th pixel tells the light as well as all."""

_LIGHTEST: Final = 90
"""Percentile that stands for a picture's light: what surrounds the back may be black."""

_OUTLINE: Final = np.array([[-0.9, 0.05], [0.9, 0.05], [-0.9, 0.75], [0.9, 0.75]])
"""Chart places whose box in the picture shows back and little else."""

EDGES: Final = ("left", "top", "right", "bottom")


@dataclass(frozen=True, slots=True, eq=False)
class Noted:
    """What is kept of one frame; no picture can be made from it."""

    time_s: float
    full_size: tuple[int, int]
    scale: float | None = None
    """Full-size px per px of the picture that was looked at; None where none was."""
    light: float | None = None
    """0 to 255; None where this was not looked at, as in most frames."""
    back_light: float | None = None
    surround: Surround | None = None


@dataclass(slots=True)
class Look:
    """What was noted from one look to the next."""

    start_s: float
    end_s: float
    light: float
    """0 to 255."""
    back_light: float | None
    frames: int = 0
    searched: int = 0
    """Frames in which hands were looked for."""
    any_hand: int = 0
    both_hands: int = 0
    hand_px: float | None = None
    """The longest hand, in px of the picture as it was looked at."""

    def count(self, frame: Noted, pair: HandPair | None) -> None:
        """Take a frame into account."""
        self.end_s = frame.time_s
        self.frames += 1
        if pair is None:
            return
        hands = seen_of(pair)
        self.searched += 1
        self.any_hand += bool(hands)
        self.both_hands += len(hands) == len(SIDES)
        if hands and frame.scale is not None:
            longest_px = max(seen_length_px(hand) for hand in hands) / frame.scale
            self.hand_px = max(longest_px, self.hand_px or 0.0)


class KnownBack:
    """What a back whose place is known tells of the picture."""

    def __init__(self, back_frame: BackFrame, routine: Routine) -> None:
        self.hand_px = hand_length_px(back_frame)
        self._path_px = np.concatenate(
            [back_frame.to_image(path_back(routine, side)) for side in SIDES]
        )
        self._outline_px = back_frame.to_image(_OUTLINE)

    def cut_at(self, size: tuple[int, int]) -> str | None:
        """The picture's edge that cuts the hands' way most; None where all of it is inside."""
        margin_px = HALF_PALM * self.hand_px
        return _worst_edge(self._path_px, size, -margin_px)

    def light(self, frame: Frame) -> float:
        """Of the back, 0 to 255."""
        low = np.maximum(self._outline_px.min(axis=0) / frame.scale, 0).astype(int)
        high = np.ceil(self._outline_px.max(axis=0) / frame.scale).astype(int)
        return light_of(frame.image_rgb[low[1] : high[1] + 1, low[0] : high[0] + 1])


class Notes:
    """Looks at pictures from time to time."""

    def __init__(self, back: KnownBack | None = None, *, around: bool = False) -> None:
        """With `around`, what stands around is noted as well."""
        self._back = back
        self._around = around
        self._looked_s: float | None = None
        self._looked_around_s: float | None = None

    def of(self, frame: Frame) -> Noted:
        """What is noted of the next frame."""
        if not _is_due(frame.time_s, self._looked_s, LOOK_S):
            return Noted(frame.time_s, frame.full_size, frame.scale)
        self._looked_s = frame.time_s
        surround: Surround | None = None
        if self._around and _is_due(frame.time_s, self._looked_around_s, SURROUND_S):
            surround, self._looked_around_s = look_around(frame), frame.time_s
        back_light = None if self._back is None else self._back.light(frame)
        light = light_of(frame.image_rgb)
        return Noted(frame.time_s, frame.full_size, frame.scale, light, back_light, surround)


def _is_due(time_s: float, last_s: float | None, every_s: float) -> bool:
    return last_s is None or time_s - last_s >= every_s


class Reaching:
    """Notices hands that reach out of the picture, fingers first, and at which edge."""

    def __init__(self) -> None:
        self.times: list[tuple[float, str]] = []
        """When each of them began, and the edge."""
        self._since_s: float | None = None
        self._last_s = -APART_S

    def step(self, frame: Noted, hands: Sequence[TrackedHand]) -> None:
        """Take the hands seen in the next frame."""
        edges = [edge for hand in hands if (edge := _reached_over(hand, frame.full_size))]
        if not edges:
            self._since_s = None
            return
        if self._since_s is None:
            self._since_s = frame.time_s
        if frame.time_s - self._since_s >= CUT_S - 1e-6:
            if frame.time_s - self._last_s > APART_S:
                self.times.append((self._since_s, edges[0]))
            self._last_s = frame.time_s


def seen_of(pair: HandPair) -> list[TrackedHand]:
    """The hands that were really seen, not bridged."""
    return [hand for hand in (pair.left, pair.right) if hand is not None and hand.observed]


def light_of(image_rgb: ImageRGB) -> float:
    """How light the lighter parts are, 0 to 255."""
    coarse = image_rgb[::_COARSE, ::_COARSE] if min(image_rgb.shape[:2]) > _COARSE else image_rgb
    return float(np.percentile(coarse.mean(axis=2), _LIGHTEST)) if coarse.size else 0.0


def _reached_over(hand: TrackedHand, size: tuple[int, int]) -> str | None:
    marks = hand.landmarks_px
    outside = np.logical_or(marks < 0, marks > size).max(axis=1)
    if outside[WRIST] or outside.sum() < CUT_MARKS:
        return None
    return _worst_edge(marks, size, 0.0)


def _worst_edge(points_px: Floats, size: tuple[int, int], allowed_px: float) -> str | None:
    """The edge that the points pass the farthest, by more than `allowed_px`."""
    over = [*-points_px.min(axis=0), *(points_px.max(axis=0) - size)]
    worst = int(np.argmax(over))
    return EDGES[worst] if over[worst] > allowed_px else None
