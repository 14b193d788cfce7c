"""Finds the giver's hands in frame after frame, as far as no stroke need be known for it."""

from dataclasses import dataclass

import numpy as np

from sessions.loose_hands import LooseHands
from sessions.pace import EveryFrame, Pace
from vision.arrays import Floats
from vision.back_frame import BackFrame
from vision.frames import Frame
from vision.hands import HandPair
from vision.steady import Steady, shifted_back
from vision.told import told_beside
from vision.tracker import Detector, HandTracker


@dataclass(frozen=True, slots=True, eq=False)
class Looked:
    """The hands of one frame. Holds no picture."""

    pair: HandPair
    """Where they would be had the camera not drifted, full-size px: a calibration holds for the
    picture as it was at first."""
    drift_px: Floats
    """(2,) how far the picture had shifted since the first one, full-size px."""


class HandWatch:
    """Takes the camera's drift off, looks for hands, and follows two of them."""

    def __init__(
        self,
        detector: Detector,
        back_frame: BackFrame | None,
        *,
        pace: Pace | None = None,
        first: Frame | None = None,
    ) -> None:
        """Without a `back_frame` the whole picture is watched as it is.

        Without a `pace` every frame is looked at. `first` is the film's first frame, for who begins
        in the middle of it.
        """
        self._detector = detector
        self._told = told_beside(detector)
        self._pace: Pace = pace or EveryFrame()
        self._steady = None if back_frame is None else Steady(first)
        self._hands: HandTracker | LooseHands = (
            LooseHands(self._told) if back_frame is None else HandTracker(self._told, back_frame)
        )

    def look(self, frame: Frame) -> Looked | None:
        """The hands of the next frame; None where it was left out. Times must rise."""
        drift_px = np.zeros(2) if self._steady is None else self._steady.watch(frame)
        if not self._pace.looks_at(frame.time_s):
            return None
        steadied = shifted_back(frame, drift_px)
        hands = self._detector.detect(steadied)
        self._pace.report(frame.time_s, hands)
        self._told.tell(hands)
        return Looked(self._hands.step(steadied), drift_px)
