"""Watches a recording when nobody knows where the back is: hands are seen, nothing is judged."""

from typing import Final

import numpy as np

from routines.reps import Event, Progress
from sessions.coach import Moment, Readied
from sessions.guided.loose_hands import LooseHands
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
        return self.follow(self.ready(frame))

    def ready(self, frame: Frame) -> Readied:
        """The first half of `step`."""
        return Readied(frame, np.zeros(2))

    def follow(self, readied: Readied) -> Moment:
        """The second half of `step`."""
        frame = readied.frame
        pair = self._hands.step(frame)
        return Moment(frame.time_s, pair, BackSample(frame.time_s, None, None), NOTHING, ())

    def finish(self) -> tuple[Event, ...]:
        """End the session: nothing was open."""
        return ()
