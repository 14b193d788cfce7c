"""Looking ahead: order kept, never far ahead, stopped at once, errors passed on."""

import threading
import time
from collections.abc import Iterator, Sequence

import numpy as np
import pytest

from sessions.coach import Readied
from sessions.lookout import HELD, Lookout, sights_in_turn
from sessions.pace import EveryFrame
from vision.errors import VideoError
from vision.frames import Frame
from vision.hands import DetectedHand


def _frame(index: int) -> Frame:
    return Frame(index, index / 30, np.zeros((2, 2, 3), np.uint8), (2, 2))


def _frames(count: int, read: list[int] | None = None) -> Iterator[Frame]:
    for index in range(count):
        if read is not None:
            read.append(index)
        yield _frame(index)


def _ready(frame: Frame) -> Readied:
    return Readied(frame, np.zeros(2))


class _Tells:
    """Finds one hand whose score tells how often it was asked, and tires now and then."""

    def __init__(self, broken_at: int | None = None) -> None:
        self.asked = 0
        self._broken_at = broken_at

    def detect(self, frame: Frame, /) -> Sequence[DetectedHand]:
        if frame.index == self._broken_at:
            raise VideoError("broken here")
        time.sleep(0.002 * (frame.index % 3))
        self.asked += 1
        return (DetectedHand(np.full((21, 2), frame.index), self.asked),)


def _lookout(frames: Iterator[Frame]) -> Lookout:
    return Lookout(frames, _ready, _Tells(), EveryFrame())


def _threads() -> list[str]:
    return [one.name for one in threading.enumerate() if one.name.startswith("lookout")]


def test_all_frames_come_in_order_with_their_own_hands() -> None:
    with _lookout(_frames(50)) as lookout:
        sights = list(lookout)
    assert [sight.readied.frame.index for sight in sights] == list(range(50))
    assert [sight.hands[0].palm_px[0] for sight in sights] == list(range(50))
    assert [sight.hands[0].score for sight in sights] == [1 + index for index in range(50)]
    assert _threads() == []


def test_it_finds_the_same_in_the_callers_thread() -> None:
    with _lookout(_frames(20)) as lookout:
        ahead = [sight.hands[0].score for sight in lookout]
    here = sights_in_turn(_frames(20), _ready, _Tells(), EveryFrame())
    assert [sight.hands[0].score for sight in here] == ahead


def test_it_does_not_read_far_ahead() -> None:
    read: list[int] = []
    with _lookout(_frames(500, read)) as lookout:
        next(iter(lookout))
        time.sleep(0.2)
        assert len(read) <= HELD + 2


def test_leaving_early_stops_the_threads() -> None:
    read: list[int] = []
    with _lookout(_frames(10_000, read)) as lookout:
        next(iter(lookout))
    assert _threads() == []
    assert len(read) <= HELD + 2


def test_an_error_of_the_source_comes_after_its_frames() -> None:
    def broken() -> Iterator[Frame]:
        yield from _frames(2)
        raise VideoError("broken here")

    seen: list[int] = []
    with _lookout(broken()) as lookout, pytest.raises(VideoError, match="broken here"):
        seen.extend(sight.readied.frame.index for sight in lookout)
    assert seen == [0, 1]
    assert _threads() == []


def test_an_error_of_a_detector_comes_where_its_frame_would_have_come() -> None:
    seen: list[int] = []
    with (
        Lookout(_frames(1000), _ready, _Tells(broken_at=3), EveryFrame()) as lookout,
        pytest.raises(VideoError, match="broken here"),
    ):
        seen.extend(sight.readied.frame.index for sight in lookout)
    assert seen == [0, 1, 2]
    assert _threads() == []


def test_an_error_inside_the_block_stops_the_threads() -> None:
    with pytest.raises(KeyboardInterrupt), _lookout(_frames(10_000)):
        raise KeyboardInterrupt
    assert _threads() == []
