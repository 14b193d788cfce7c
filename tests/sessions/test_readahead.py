"""Reading ahead: order kept, never far ahead, stopped at once, errors passed on."""

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from sessions.readahead import ReadAhead
from vision.errors import VideoError
from vision.frames import Frame


def _frame(index: int) -> Frame:
    return Frame(index, index / 30, np.zeros((2, 2, 3), np.uint8), (2, 2))


def _frames(count: int, read: list[int] | None = None) -> Iterator[Frame]:
    for index in range(count):
        if read is not None:
            read.append(index)
        yield _frame(index)


def _threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("read-ahead")]


def test_all_frames_come_in_order() -> None:
    with ReadAhead(_frames(50)) as frames:
        assert [frame.index for frame in frames] == list(range(50))
    assert _threads() == []


def test_it_does_not_read_far_ahead() -> None:
    read: list[int] = []
    with ReadAhead(_frames(50, read), ahead=2) as frames:
        next(iter(frames))
        time.sleep(0.1)
        # One was handed out, two wait, one is held by the thread.
        assert len(read) <= 4


def test_leaving_early_stops_the_thread() -> None:
    read: list[int] = []
    with ReadAhead(_frames(10_000, read)) as frames:
        next(iter(frames))
    assert _threads() == []
    assert len(read) < 20


def test_an_error_of_the_source_comes_after_its_frames() -> None:
    def broken() -> Iterator[Frame]:
        yield from _frames(2)
        raise VideoError("broken here")

    seen: list[int] = []
    with ReadAhead(broken()) as frames, pytest.raises(VideoError, match="broken here"):
        seen.extend(frame.index for frame in frames)
    assert _threads() == []


def test_an_error_inside_the_block_stops_the_thread() -> None:
    with pytest.raises(KeyboardInterrupt), ReadAhead(_frames(10_000)):
        raise KeyboardInterrupt
    assert _threads() == []
