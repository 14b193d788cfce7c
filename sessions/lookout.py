"""Looks for hands in the frames of a recording, some frames ahead of who judges them.

MediaPipe follows hands from one picture to the next, and finds them anew far less surely: its
pictures have to follow each other closely. So one landmarker sees them all. Of two that take turns,
each with every other frame, the samples' hands were taken for each other three times as long.
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from types import TracebackType
from typing import Final, Self

from sessions.coach import Readied
from sessions.pace import Pace
from vision.frames import Frame
from vision.hands import DetectedHand
from vision.tracker import Detector

HELD: Final = 16
"""Frames that may be held at a time: enough to even out a close look, few enough to stay small."""


@dataclass(frozen=True, slots=True, eq=False)
class Sight:
    """One frame and what was found in it."""

    readied: Readied
    steadied: Frame | None
    """The picture that was looked at; None where the frame was left out."""
    hands: Sequence[DetectedHand] = ()


Ready = Callable[[Frame], Readied]
"""What is done to every frame before hands are looked for, in order."""


def sights_in_turn(
    frames: Iterable[Frame], ready: Ready, detector: Detector, pace: Pace
) -> Iterator[Sight]:
    """The same as a Lookout, one frame after the other in the caller's thread."""
    for frame in frames:
        yield _look(ready(frame), detector, pace)


def _look(readied: Readied, detector: Detector, pace: Pace) -> Sight:
    time_s = readied.frame.time_s
    if not pace.looks_at(time_s):
        return Sight(readied, None)
    steadied = readied.steadied()
    hands = detector.detect(steadied)
    pace.report(time_s, hands)
    return Sight(readied, steadied, hands)


class Lookout:
    """Hands out the frames of a recording in their order, with the hands in them.

    >>> with Lookout(reader, coach.ready, landmarker, EveryFrame()) as lookout:
    ...     for sight in lookout:
    ...         ...

    Frames are read, made ready and looked at in threads. Leaving the block stops them, also in the
    middle of a recording. An error of the source or of a detector is raised where its frame would
    have come.
    """

    def __init__(
        self, frames: Iterable[Frame], ready: Ready, detector: Detector, pace: Pace
    ) -> None:
        self._source = frames
        self._ready = ready
        self._detector, self._pace = detector, pace
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="lookout-read")
        self._looker = ThreadPoolExecutor(1, thread_name_prefix="lookout-look")
        self._sights: queue.SimpleQueue[Future[Sight] | None] = queue.SimpleQueue()
        self._room = threading.Semaphore(HELD)
        self._stop = threading.Event()
        self._read: Future[None] | None = None

    def __enter__(self) -> Self:
        self._read = self._reader.submit(self._feed)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        self._room.release()
        self._reader.shutdown()
        self._looker.shutdown(cancel_futures=True)

    def __iter__(self) -> Iterator[Sight]:
        """What was found; ends with the recording."""
        if self._read is None:
            raise RuntimeError("a Lookout looks inside its with block")
        while (sight := self._sights.get()) is not None:
            yield sight.result()
            self._room.release()
        self._read.result()

    def _feed(self) -> None:
        try:
            for frame in self._source:
                self._room.acquire()
                if self._stop.is_set():
                    return
                readied = self._ready(frame)
                look = self._looker.submit(_look, readied, self._detector, self._pace)
                self._sights.put(look)
        finally:
            self._sights.put(None)
