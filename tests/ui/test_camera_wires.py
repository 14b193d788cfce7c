"""The newest picture wins, one waits at most, and a connection's end gives everything back."""

import asyncio
import selectors
import threading
from collections.abc import Callable, Coroutine, Sequence
from typing import Any

import av
import numpy as np
import pytest
from aiortc import MediaStreamTrack
from aiortc.mediastreams import MediaStreamError

from ui import camera_wires, live_session, memory
from ui.camera_wires import Arrival, CameraWires, Newest
from ui.practice_parts import REFRESH_S


def picture(number: int) -> av.VideoFrame:
    made = av.VideoFrame.from_ndarray(np.zeros((48, 64, 3), dtype=np.uint8), format="rgb24")
    made.pts = number
    return made


class StubTrack(MediaStreamTrack):
    """Gives what the test puts in; None ends it."""

    kind = "video"

    def __init__(self) -> None:
        super().__init__()
        self.pictures: asyncio.Queue[av.VideoFrame | None] = asyncio.Queue()

    async def recv(self) -> av.VideoFrame:
        made = await self.pictures.get()
        if made is None:
            raise MediaStreamError
        return made


class StubStream:
    """Works on each picture until the test lets it go on."""

    def __init__(self) -> None:
        self.seen: list[tuple[int | None, int]] = []
        self.inside = threading.Semaphore(0)
        self.gate = threading.Semaphore(0)
        self.silences = self.ends = 0
        self.threads: set[int] = set()

    def show(self, arrival: Arrival) -> av.VideoFrame:
        self.threads.add(threading.get_ident())
        self.seen.append((arrival.picture.pts, arrival.dropped))
        self.inside.release()
        assert self.gate.acquire(timeout=10)
        return arrival.picture

    def silent(self) -> None:
        self.silences += 1

    def ended(self) -> None:
        self.threads.add(threading.get_ident())
        self.ends += 1


class Line:
    """A camera, wires, and what is sent back."""

    def __init__(self) -> None:
        self.track, self.stream = StubTrack(), StubStream()
        self.wires = CameraWires(lambda: self.stream)
        self.wires.addTrack(self.track)
        self.wires.start()

    async def send(self, *numbers: int) -> None:
        for number in numbers:
            self.track.pictures.put_nowait(picture(number))
        while not self.track.pictures.empty():
            await asyncio.sleep(0)
        await asyncio.sleep(0.01)

    async def work_begins(self) -> None:
        await asyncio.to_thread(self.stream.inside.acquire, timeout=10)

    async def finish_one(self) -> int | None:
        self.stream.gate.release()
        return (await asyncio.wait_for(self.wires.drawn.recv(), 10)).pts

    async def over(self) -> None:
        for _ in range(500):
            if self.stream.ends:
                return
            await asyncio.sleep(0.01)
        pytest.fail("the stream was never told that it ended")


def play(scene: Callable[[Line], Coroutine[Any, Any, None]]) -> Line:
    async def run() -> Line:
        line = Line()
        await scene(line)
        line.wires.stop()
        line.stream.gate.release(9)
        await line.over()
        return line

    return asyncio.run(run())


def test_while_one_is_worked_on_only_the_newest_waits() -> None:
    async def scene(line: Line) -> None:
        await line.send(1)
        await line.work_begins()
        await line.send(2, 3, 4)
        assert await line.finish_one() == 1
        assert await line.finish_one() == 4

    assert play(scene).stream.seen == [(1, 0), (4, 2)]


def test_a_drawn_picture_leaves_without_another_one_arriving() -> None:
    async def scene(line: Line) -> None:
        await line.send(7)
        assert await line.finish_one() == 7

    line = play(scene)
    assert line.stream.seen == [(7, 0)]
    assert len(line.stream.threads) == 1, "a stream is called in one thread"


def test_the_end_of_the_camera_is_told_once_and_ends_what_is_sent() -> None:
    async def scene(line: Line) -> None:
        line.track.pictures.put_nowait(None)
        await line.over()
        with pytest.raises(MediaStreamError):
            await line.wires.drawn.recv()

    assert play(scene).stream.ends == 1


def test_stop_from_another_thread_waits_for_the_picture_in_hand() -> None:
    async def scene(line: Line) -> None:
        await line.send(1)
        await line.work_begins()
        await asyncio.to_thread(line.wires.stop)
        await asyncio.sleep(0.05)
        assert line.stream.ends == 0
        line.stream.gate.release()
        await line.over()

    line = play(scene)
    assert line.stream.ends == 1
    assert len(line.stream.threads) == 1


def test_a_silent_camera_is_told_and_may_come_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(camera_wires, "SILENT_S", 0.02)

    async def scene(line: Line) -> None:
        for _ in range(200):
            if line.stream.silences:
                break
            await asyncio.sleep(0.01)
        await line.send(5)
        assert await line.finish_one() == 5

    assert play(scene).stream.silences >= 1


NOTICED_S = 3.0


class VirtualClock(asyncio.SelectorEventLoop):
    """A loop in which nobody waits: when nothing is left to do, its clock jumps to what is next."""

    def __init__(self) -> None:
        self.now_s = 0.0
        super().__init__(Jumping(self))

    def time(self) -> float:
        return self.now_s


class Jumping(selectors.SelectSelector):
    def __init__(self, clock: VirtualClock) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        self._clock.now_s += timeout or 0.0
        return super().select(0)


def silences_s(pictures_s: Sequence[float]) -> list[float]:
    """When a camera is said to be silent that sends pictures at these times, and then ends."""
    clock, track, told_s = VirtualClock(), StubTrack(), []

    async def scene() -> None:
        reading = camera_wires._read(track, Newest(), lambda: told_s.append(clock.time()))
        reader = clock.create_task(reading)
        for number, at_s in enumerate(pictures_s):
            await asyncio.sleep(at_s - clock.time())
            track.pictures.put_nowait(picture(number))
        track.pictures.put_nowait(None)
        await reader

    try:
        clock.run_until_complete(scene())
    finally:
        clock.close()
    return told_s


def test_a_camera_that_blocks_is_noticed_within_three_seconds_and_said_once() -> None:
    live = [number / 15 for number in range(30)]
    for blocked_s in (3.0, 8.0, 600.0):
        back_s = [live[-1] + blocked_s + number / 15 for number in range(30)]
        (told_s,) = silences_s([*live, *back_s])
        # A page looks so often at what is new.
        assert told_s - live[-1] + REFRESH_S <= NOTICED_S
    assert len(silences_s([*live, 10.0, 20.0])) == 2, "each time anew"
    assert silences_s([*live, *(2.0 * number for number in range(2, 20))]) == [], "only slow"


def test_wires_that_were_never_used_stop_without_a_word() -> None:
    stream = StubStream()
    wires = CameraWires(lambda: stream)
    assert not wires.hasTrack()
    wires.stop()
    assert stream.ends == 0


def test_no_thread_is_left_after_ten_connections() -> None:
    def cameras() -> int:
        return sum(thread.name.startswith("camera") for thread in threading.enumerate())

    async def scene(line: Line) -> None:
        await line.send(1)
        assert await line.finish_one() == 1

    before = cameras()
    for _ in range(10):
        play(scene)
    for thread in threading.enumerate():
        if thread.name.startswith("camera"):
            thread.join(5)
    assert cameras() == before


def test_what_a_connection_leaves_behind_is_searched_for(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = threading.Event()
    monkeypatch.setattr(memory, "LEFT_S", 0.01)
    monkeypatch.setattr("gc.collect", searched.set)
    live_session.LiveSession().open_stream().ended()
    assert searched.wait(5.0)
