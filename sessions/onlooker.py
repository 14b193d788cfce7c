"""Watches a recording when nobody knows where the back is: hands are seen, nothing is judged."""

from contextlib import ExitStack
from types import TracebackType
from typing import Final, Self

from routines.reps import Event, Progress
from sessions.coach import Moment
from sessions.guided.loose_hands import LooseHands
from vision.frames import Frame
from vision.landmarker import HandLandmarker
from vision.samples import BackSample
from vision.tracker import Detector

NOTHING: Final = Progress(count=0, attempts=0, phase=None, settling=False)


class Onlooker:
    """Steps frames as a `Coach` does, but without a chart: no stroke is ever found.

    Holds the hand model while it is open.
    """

    def __init__(self, detector: Detector | None = None) -> None:
        """A `detector` that is given stays the caller's to close."""
        self.back_frame: None = None
        self._detector = detector
        self._held = ExitStack()
        self._hands: LooseHands | None = None

    def __enter__(self) -> Self:
        """Load the hand model. Raises `HandModelError` where it is missing or another one."""
        detector = self._detector or self._held.enter_context(HandLandmarker())
        self._hands = LooseHands(detector)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.__exit__(kind, error, trace)

    def step(self, frame: Frame) -> Moment:
        """Take the next frame; times must rise."""
        if self._hands is None:
            raise RuntimeError("Onlooker.step needs an entered context manager")
        pair = self._hands.step(frame)
        return Moment(frame.time_s, pair, BackSample(frame.time_s, None, None), NOTHING, ())

    def finish(self) -> tuple[Event, ...]:
        """End the session: nothing was open."""
        return ()
