"""Reads frames in a thread of its own, so that decoding and hand finding share the cores."""

import queue
import threading
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Final, Self

from vision.frames import Frame

AHEAD: Final = 3
"""Frames that may wait: enough to ride out an uneven decoder, few enough to stay small."""

_LOOK_AGAIN_S: Final = 0.02


class ReadAhead:
    """Hands out the frames of a source in their order, decoded a few ahead.

    Leaving the block stops the thread, also in the middle of a recording. An error of the source
    is raised where its next frame would have come.
    """

    def __init__(self, frames: Iterable[Frame], ahead: int = AHEAD) -> None:
        self._source = frames
        self._waiting: queue.Queue[Frame | None] = queue.Queue(maxsize=ahead)
        self._stop = threading.Event()
        self._threads = ThreadPoolExecutor(1, thread_name_prefix="read-ahead")
        self._done: Future[None] | None = None

    def __enter__(self) -> Self:
        self._done = self._threads.submit(self._read)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stop.set()
        while self._done is not None and not self._done.done():
            self._make_room()
        self._threads.shutdown()

    def __iter__(self) -> Iterator[Frame]:
        """The frames; ends with the source."""
        if self._done is None:
            raise RuntimeError("ReadAhead reads inside its with block")
        while (frame := self._waiting.get()) is not None:
            yield frame
        self._done.result()

    def _read(self) -> None:
        try:
            for frame in self._source:
                if self._stop.is_set():
                    return
                self._waiting.put(frame)
        finally:
            self._waiting.put(None)

    def _make_room(self) -> None:
        try:
            self._waiting.get(timeout=_LOOK_AGAIN_S)
        except queue.Empty:
            return
