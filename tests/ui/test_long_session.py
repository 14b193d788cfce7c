"""Long practice and many sessions: nothing grows but the record of the strokes themselves."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from benchmarks.live_feed import SAMPLES, STROKES_S
from tests.ui.long_practice import LongPractice, blocks, lengths, memory_mb
from tests.ui.short_sessions import Held

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

ROOT: Final = Path(__file__).resolve().parents[2]
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


def test_fifty_sessions_opened_and_closed_leave_nothing_behind() -> None:
    command = [sys.executable, "-m", "tests.ui.short_sessions", "50"]
    told = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, check=True).stdout
    before, after = (Held(*held) for held in json.loads(told.splitlines()[-1]))
    assert after.threads <= before.threads + FEW, "a hand model that is left behind has three"
    assert after.descriptors <= before.descriptors + FEW
    assert after.blocks - before.blocks < 0.02 * before.blocks
    assert after.memory_mb - before.memory_mb < 10, "a single hand model holds more"
