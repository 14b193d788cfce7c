"""Finds the giver's hands in frame after frame, as far as no stroke need be known for it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from sessions.loose_hands import LooseHands
from vision.arrays import Floats, ImageGrey
from vision.back_frame import BackFrame
from vision.frames import Frame
from vision.hands import DetectedHand, HandPair
from vision.steady import Steady, shifted, shifted_back
from vision.told import told_beside
from vision.tracker import Detector, HandTracker


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """The hands of one frame; now and then with the small picture that tells a drift."""

    pair: HandPair
    """Where they would be had the camera not drifted, full-size px: a calibration holds for the
    picture as it was at first."""
    drift_px: Floats
    """(2,) how far the picture had shifted since the first one, full-size px."""
    compared: ImageGrey | None = None
    """What tells the drift, in some frames: too small to know anybody."""


class WholeDrift:
    """The camera's drift over a whole recording, of which each lane knows a part alone."""

    def __init__(self) -> None:
        self._steady = Steady()

    def set_right(self, looked: Looked, width_px: int) -> Looked:
        """The same hands, less the drift since the recording's first frame; times must rise."""
        drift_px = self._steady.follow(looked.pair.time_s, looked.compared, width_px)
        return Looked(shifted(looked.pair, looked.drift_px - drift_px), drift_px)


class HandWatch:
    """Takes the camera's drift off, looks for hands, and follows two of them."""

    def __init__(
        self,
        detector: Detector,
        back_frame: BackFrame | None,
        *,
        on_found: Callable[[float, Sequence[DetectedHand]], None] | None = None,
        first: Frame | None = None,
    ) -> None:
        """Without a `back_frame` the whole picture is watched as it is.

        `on_found` is called with each frame's time and the hands that were detected. `first` is the
        film's first frame, for who begins in the middle of it.
        """
        self._detector = detector
        self._told = told_beside(detector)
        self._on_found = on_found
        self._steady = None if back_frame is None else Steady(first)
        self._hands: HandTracker | LooseHands = (
            LooseHands(self._told) if back_frame is None else HandTracker(self._told, back_frame)
        )

    def look(self, frame: Frame) -> Looked:
        """The hands of the next frame. Times must rise."""
        drift_px = np.zeros(2) if self._steady is None else self._steady.watch(frame)
        steadied = shifted_back(frame, drift_px)
        hands = self._detector.detect(steadied)
        if self._on_found is not None:
            self._on_found(frame.time_s, hands)
        self._told.tell(hands)
        compared = None if self._steady is None else self._steady.compared
        return Looked(self._hands.step(steadied), drift_px, compared)
