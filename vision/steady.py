"""Takes the camera's own drift out of places: a slow shift of the picture moves no hand.

Edges are compared, not light: a lamp that flickers moves nothing. Hands, arms and towels cover
some edges and bring others; the shift that brings most of the first picture's edges to their places
again is the camera's.
"""

from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from vision.arrays import Floats, ImageGrey
from vision.camera_shift import WIDTH, CameraShift, small_of
from vision.frames import Frame
from vision.hands import HandPair

CLEARLY: Final = 0.2
LEAST_MATCH: Final = 0.4
"""Places are changed only on good evidence: arms that come and go must not pull at the back."""

LOOK_S: Final = 0.5
DEAD_STEPS: Final = 1.5
"""Less is a tremble, which is no drift, or the grain of the comparison."""

AGREEING_STEPS: Final = 1.5
"""Two looks that differ by more are not believed: something passed before the camera."""


FORGET_LOOKS: Final = 4
"""So many looks that know too little of the picture compared with again, and the one of now takes
its place: a towel was drawn back, or the light was changed."""


def shifted(pair: HandPair, by_px: Floats) -> HandPair:
    """The same hands, moved by (2,) full-size px."""
    if not by_px.any():
        return pair
    left, right = (
        None if hand is None else replace(hand, landmarks_px=hand.landmarks_px + by_px)
        for hand in (pair.left, pair.right)
    )
    return HandPair(pair.time_s, left, right)


def shifted_back(frame: Frame, by_px: Floats) -> Frame:
    """The same frame, its picture moved back by (2,) full-size px; black from beyond its edge."""
    if not by_px.any():
        return frame
    height, width = frame.image_rgb.shape[:2]
    matrix = np.column_stack([np.eye(2), -by_px / frame.scale])
    image = cv2.warpAffine(frame.image_rgb, matrix, (width, height))
    return replace(frame, image_rgb=np.asarray(image, dtype=np.uint8))


class Steady:
    """Tells how far the camera has drifted since the first picture."""

    def __init__(self, first: Frame | None = None) -> None:
        """`first` is the film's first frame, for who begins in the middle of it."""
        self.shift_px: Floats = np.zeros(2)
        """(2,) how far the last picture had shifted since the first one, full-size px."""
        self.compared: ImageGrey | None = None
        """What was compared of the last picture, which is not done with each of them."""
        self._shift = CameraShift(CLEARLY, LEAST_MATCH)
        self._begun = np.zeros(2)
        self._strange = 0
        self._last: Floats | None = None
        self._goal = np.zeros(2)
        self._now = np.zeros(2)
        self._looked_s: float | None = None
        self._stepped_s = 0.0
        self._in_the_middle = first is not None
        if first is not None:
            self._shift.step(first.image_rgb)

    def watch(self, frame: Frame) -> Floats:
        """(2,) full-size px: how far the next picture has shifted."""
        due = self._looked_s is None or not 0 <= frame.time_s - self._looked_s < LOOK_S
        self.compared = small_of(frame.image_rgb) if due else None
        return self.follow(frame.time_s, self.compared, frame.full_size[0])

    def follow(self, time_s: float, small: ImageGrey | None, width_px: int) -> Floats:
        """`watch` for who has what another one `compared` of the next picture, or None.

        `width_px` is that of the full-size picture.
        """
        if small is not None:
            self._looked_s = time_s
            self._look(small)
        # Taken back no faster than a drift goes: a leap would look like a hand's.
        most = max(time_s - self._stepped_s, 0.0) / LOOK_S
        self._stepped_s = time_s
        self._now = self._now + np.clip(self._goal - self._now, -most, most)
        self.shift_px = self._now * width_px / WIDTH
        return self.shift_px

    def _look(self, small: ImageGrey) -> None:
        told, before = self._shift.step(small), self._last
        found = self._last = None if told is None else self._begun + told * WIDTH
        self._strange = self._strange + 1 if self._shift.match < LEAST_MATCH else 0
        if self._strange >= FORGET_LOOKS:
            self._begin_anew(small)
            return
        if found is None or before is None or np.abs(found - before).max() > AGREEING_STEPS:
            return
        seen = (found + before) / 2
        self._goal = seen if np.abs(seen).max() > DEAD_STEPS else np.zeros(2)
        if self._in_the_middle:  # What came before, nobody saw.
            self._now, self._in_the_middle = self._goal, False

    def _begin_anew(self, small: ImageGrey) -> None:
        """Compare with this picture from now on, taken to have shifted as far as was told last."""
        self._shift = CameraShift(CLEARLY, LEAST_MATCH)
        self._shift.step(small)
        self._begun, self._strange, self._last = self._goal.copy(), 0, None
