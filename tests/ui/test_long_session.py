"""Long practice and many sessions: nothing grows but the record of the strokes themselves."""

import threading
import time
from pathlib import Path
from typing import Final

import av
import pytest

from benchmarks.live_feed import SAMPLES, STROKES_S, beginner, strokes
from tests.ui.long_practice import HERTZ, TIME_BASE, LongPractice, blocks, lengths, memory_mb
from ui.camera_wires import Arrival
from ui.live_session import LiveSession
from ui.places import Places

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

LOOP_S: Final = STROKES_S[1] - STROKES_S[0]

FEW: Final = 3
"""Threads of pools come and go."""

KEPT: Final = (".reps", ".spoken", "._paths", "._gaps", "._keeper", "._was_open", "._passages")
"""What a session keeps by design: its strokes, what it said, and the way of both hands; the pace
keeps ten seconds by the clock on the wall, however many pictures went through in them."""

MOST_MB_AN_HOUR: Final = 60.0


def strokes_without_end(time_s: float) -> float:
    """Four clean strokes over and over."""
    return STROKES_S[0] + time_s % LOOP_S


ORDER: Final = SAMPLES / "order.mp4"
FAULTY_S: Final = (25.268, 37.767)
"""Two strokes that do not count: without the shoulders, and too short."""


def faulty_strokes(time_s: float) -> float:
    """These two over and over, so that the goal is never reached."""
    begin_s, end_s = FAULTY_S
    return begin_s + time_s % (end_s - begin_s)


def grown(before: dict[str, int], after: dict[str, int]) -> dict[str, tuple[int, int]]:
    """What holds clearly more than before, and is not kept by design."""
    more = {way: (before.get(way, 0), most) for way, most in after.items()}
    return {
        way: (was, most)
        for way, (was, most) in more.items()
        if most > 1.5 * was + 20 and not any(name in way for name in KEPT)
    }


def test_a_session_that_never_ends_holds_its_record_and_nothing_else() -> None:
    practice = LongPractice(faulty_strokes, ORDER)
    practice.practise(120)
    before, held_mb = lengths(practice.live), memory_mb()
    practice.practise(600)
    assert (practice.sessions, practice.live.view.stage) == (1, "running")
    assert len(practice.live.view.reps) > 50
    assert grown(before, lengths(practice.live)) == {}
    assert 6 * (memory_mb() - held_mb) < MOST_MB_AN_HOUR


def test_one_session_after_the_other_leaves_nothing_behind() -> None:
    practice = LongPractice(strokes_without_end)
    two_sessions_s = 5 * LOOP_S
    practice.practise(two_sessions_s)
    before, held, held_mb = lengths(practice.live), blocks(), memory_mb()
    for _ in range(2):
        practice.practise(two_sessions_s)
    assert practice.sessions >= 6
    assert practice.counted >= 50
    assert grown(before, lengths(practice.live)) == {}
    assert blocks() - held < 0.02 * held
    assert (memory_mb() - held_mb) * 3600 / (2 * two_sessions_s) < MOST_MB_AN_HOUR


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def live_threads() -> int:
    """All of the process, also those that Python did not start."""
    return len(list(Path("/proc/self/task").iterdir()))


def at_rest() -> tuple[int, int, int, float]:
    """Threads, descriptors, pieces and MB of memory, once all is tidied up."""
    for thread in threading.enumerate():
        if isinstance(thread, threading.Timer):
            thread.join(10)
    return live_threads(), descriptors(), blocks(), memory_mb()


def practise_shortly(pictures: list[av.VideoFrame]) -> None:
    """A session with the real hand model, from the first picture to the closed connection."""
    live = LiveSession(Places(1))
    beginner()(live)
    stream = live.open_stream()
    for picture in pictures:
        stream.show(Arrival(picture, time.monotonic()))
    assert live.view.stage == "running", live.view.problem
    assert live.view.scene is not None
    assert live.view.scene.pair.left is not None
    live.clear()


def test_fifty_sessions_opened_and_closed_leave_nothing_behind() -> None:
    pictures = list[av.VideoFrame]()
    for number, image in zip(range(4), strokes(HERTZ), strict=False):
        picture = av.VideoFrame.from_ndarray(image, format="rgb24")
        picture.pts, picture.time_base = round(number / HERTZ / TIME_BASE), TIME_BASE
        pictures.append(picture)
    for _ in range(10):  # pools and caches fill
        practise_shortly(pictures)
    threads, open_files, held, held_mb = at_rest()
    for _ in range(50):
        practise_shortly(pictures)
    now_threads, now_open, now_held, now_mb = at_rest()
    assert now_threads <= threads + FEW, "a hand model that is left behind has three"
    assert now_open <= open_files + FEW
    assert now_held - held < 0.02 * held
    assert now_mb - held_mb < 10, "a single hand model holds more"
