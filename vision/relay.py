"""Hands in a recording by two landmarkers that take turns, so that two cores share the work.

Each landmarker sees every other picture, and follows hands from one of its own pictures to the
next; what a picture shows therefore never hangs on how fast the other one was.
"""

from collections import deque
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from types import TracebackType
from typing import Final, Self

from vision.arrays import Floats
from vision.frames import Frame
from vision.hands import DetectedHand
from vision.landmarker import HandLandmarker
from vision.region import Region
from vision.second_look import CloseDetector
from vision.tracker import Detector

TURNS: Final = 2
"""Landmarkers, on any machine and with any number of threads: results must not hang on them."""

Hands = tuple[DetectedHand, ...]


class Relay:
    """A detector that is told some frames ahead which ones it will be asked about.

    >>> with Relay(region) as relay:
    ...     relay.submit(frame)
    ...     relay.submit(next_frame)
    ...     hands = relay.detect(frame)

    `detect` gives the hands of the frame that was submitted first and not asked for yet.
    """

    def __init__(self, region: Region | None = None, *, threads: int = TURNS) -> None:
        """`region` as for HandLandmarker. One thread is enough where other work fills the cores;
        the hands are the same."""
        if not 1 <= threads <= TURNS:
            raise ValueError(f"threads must be 1 or {TURNS}, not {threads}")
        self._landmarkers = tuple(HandLandmarker(region=region) for _ in range(TURNS))
        self._thread_count = threads
        self._held = ExitStack()
        self._threads: list[ThreadPoolExecutor] = []
        self._submitted = 0
        self._waiting: deque[tuple[Frame, Future[Hands]]] = deque()

    def __enter__(self) -> Self:
        """Raises HandModelError when the model is missing or not the right one."""
        with ExitStack() as held:
            for landmarker in self._landmarkers:
                held.enter_context(landmarker)
            for number in range(self._thread_count):
                thread = ThreadPoolExecutor(1, thread_name_prefix=f"relay-{number}")
                # First of all the frames that nobody will ask for any more are dropped.
                held.callback(thread.shutdown, cancel_futures=True)
                self._threads.append(thread)
            self._held = held.pop_all()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._held.__exit__(kind, error, trace)
        self._threads.clear()
        self._waiting.clear()

    def submit(self, frame: Frame) -> None:
        """Begin to look for the hands in the next frame."""
        if not self._threads:
            raise RuntimeError("Relay.submit needs an entered context manager")
        turn = self._submitted % TURNS
        self._submitted += 1
        thread = self._threads[turn % len(self._threads)]
        self._waiting.append((frame, thread.submit(self._landmarkers[turn].detect, frame)))

    def detect(self, frame: Frame) -> Hands:
        """The hands in a frame that was submitted, once they are known; full-size px."""
        submitted, hands = self._waiting.popleft()
        if submitted is not frame:
            raise RuntimeError("Relay.detect asks for frames in the order of their submission")
        return hands.result()

    def detect_close(
        self, frame: Frame, square: Region, painted_px: Sequence[Floats] = ()
    ) -> Hands:
        """As HandLandmarker's, in the caller's thread, beside what is under way."""
        return self._landmarkers[0].detect_close(frame, square, painted_px)


class InTurn:
    """A detector that looks only when it is asked, in a relay's place."""

    def __init__(self, detector: Detector) -> None:
        """The detector stays the caller's to close."""
        self._detector = detector
        if isinstance(detector, CloseDetector):
            self.detect_close = detector.detect_close

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return

    def submit(self, frame: Frame) -> None:
        """Nothing is done ahead."""

    def detect(self, frame: Frame) -> Sequence[DetectedHand]:
        """What the detector finds."""
        return self._detector.detect(frame)
