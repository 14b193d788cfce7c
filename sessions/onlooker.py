"""Watches a recording when nobody knows where the back is: hands are seen, nothing is judged."""

from typing import Final

import numpy as np

from routines.reps import Event, Progress
from sessions.coach import Moment, Readied
from sessions.guided.loose_hands import LooseHands
from vision.arrays import Floats
from vision.frames import Frame
from vision.landmarker import HandLandmarker, LandmarkerHolder
from vision.samples import BackSample
from vision.tracker import Detector

NOTHING: Final = Progress(count=0, attempts=0, phase=None, settling=False)


class Onlooker(LandmarkerHolder):
    """Steps frames as a `Coach` does, but without a chart: no stroke is ever found.

    Holds the hand model while it is open.
    """

    def __init__(self, detector: Detector | None = None) -> None:
        """A `detector` that is given stays the caller's to close."""
        owned: HandLandmarker | None = None
        if detector is None:
            detector = owned = HandLandmarker()
        super().__init__(owned)
        self.back_frame: None = None
        self._hands = LooseHands(detector)

    def step(self, frame: Frame) -> Moment:
        """Take the next frame; times must rise."""
        readied = self.ready(frame)
        return self.follow(readied.frame, readied.drift_px)

    def ready(self, frame: Frame) -> Readied:
        """The first part of `step`."""
        return Readied(frame, np.zeros(2))

    def follow(self, steadied: Frame, _drift_px: Floats) -> Moment:
        """The rest of `step`."""
        pair = self._hands.step(steadied)
        sample = BackSample(steadied.time_s, None, None)
        return Moment(steadied.time_s, pair, sample, NOTHING, ())

    def finish(self) -> tuple[Event, ...]:
        """End the session: nothing was open."""
        return ()
