"""Which frames are looked at: all where it matters, and never too few."""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.pace import (
    CHANGED_S,
    RAREST_S,
    SPEED_S,
    STEP_LENGTHS,
    ByMotion,
    EveryFrame,
    Pace,
)
from vision.hands import DetectedHand

HAND_PX = 100.0

Path = Sequence[Sequence[tuple[float, float]]]
"""Where the palms are, in hand's lengths, frame by frame."""


def hands_at(palms: Sequence[tuple[float, float]]) -> tuple[DetectedHand, ...]:
    return tuple(
        DetectedHand(np.tile(np.multiply(palm, HAND_PX), (21, 1)).astype(float), 0.9)
        for palm in palms
    )


def looked(pace: Pace, times_s: Sequence[float], path: Path) -> list[float]:
    chosen = []
    for time_s, palms in zip(times_s, path, strict=True):
        if pace.looks_at(time_s):
            chosen.append(time_s)
            pace.report(time_s, hands_at(palms))
    return chosen


def steady(fps: float, duration_s: float) -> list[float]:
    return [index / fps for index in range(round(fps * duration_s))]


def gaps(times_s: Sequence[float]) -> list[float]:
    return [after - before for before, after in pairwise(times_s)]


def moving(times_s: Sequence[float], lengths_s: float) -> Path:
    return [((lengths_s * time_s, 0.0), (0.0, 5.0)) for time_s in times_s]


steps = st.lists(st.floats(0.002, 0.3), min_size=2, max_size=80)
palms = st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), max_size=2)


@given(steps, st.data())
def test_no_gap_is_longer_than_the_rarest_unless_the_frames_are_rarer(
    steps_s: list[float], data: st.DataObject
) -> None:
    times_s = np.cumsum(steps_s).tolist()
    path = [data.draw(palms) for _ in times_s]
    chosen = looked(ByMotion(HAND_PX), times_s, path)
    assert chosen[0] == times_s[0]
    for before, after in pairwise(chosen):
        left_out = [time_s for time_s in times_s if before < time_s < after]
        # The next frame is guessed to come as soon as the last one did.
        uneven_s = max(steps_s)
        assert not left_out or after - before <= RAREST_S + uneven_s


@pytest.mark.parametrize("fps", [24.0, 25.0, 29.97, 30.0, 50.0, 60.0, 120.0])
@pytest.mark.parametrize("lengths_s", [0.0, 0.3, 0.9, 1.5, 2.5])
def test_hands_never_go_far_between_two_looks(fps: float, lengths_s: float) -> None:
    times_s = steady(fps, 4.0)
    chosen = looked(ByMotion(HAND_PX), times_s, moving(times_s, lengths_s))
    later = [time_s for time_s in chosen if time_s > CHANGED_S + SPEED_S]
    allowed_s = min(RAREST_S, STEP_LENGTHS / max(lengths_s, 1e-9))
    assert max(gaps(later)) <= max(allowed_s, 1 / fps) + 5e-3


def test_slow_hands_get_ten_looks_a_second_and_fast_ones_every_frame() -> None:
    times_s = steady(30.0, 4.0)
    slow = looked(ByMotion(HAND_PX), times_s, moving(times_s, 0.5))
    fast = looked(ByMotion(HAND_PX), times_s, moving(times_s, 4.0))
    assert fast == times_s
    assert len([time_s for time_s in slow if 1 <= time_s < 3]) == pytest.approx(20, abs=1)


@given(st.floats(1.0, 2.0), st.booleans())
def test_a_hand_that_comes_or_goes_gets_more_looks(at_s: float, comes: bool) -> None:
    times_s = steady(30.0, 5.0)
    pair = ((0.0, 0.0), (3.0, 0.0))
    path = [pair if (time_s >= at_s) == comes else pair[:1] for time_s in times_s]
    chosen = looked(ByMotion(HAND_PX), times_s, path)
    noticed_s = min(time_s for time_s in chosen if time_s >= at_s)
    assert noticed_s - at_s <= RAREST_S + 1e-9
    after = [time_s for time_s in chosen if noticed_s <= time_s < noticed_s + CHANGED_S]
    assert max(gaps(after)) <= 1 / 30 + 1e-9
    later = [time_s for time_s in chosen if time_s > noticed_s + CHANGED_S + RAREST_S]
    if comes:
        assert min(gaps(later)) > 2 / 30 - 1e-9
    else:  # Of a hand alone every frame is looked at.
        assert max(gaps(later)) <= 1 / 30 + 1e-9


@pytest.mark.parametrize("fps", [3.0, 10.0, 12.0, 15.0])
def test_a_recording_with_few_frames_is_looked_at_whole(fps: float) -> None:
    times_s = steady(fps, 5.0)
    assert looked(ByMotion(HAND_PX), times_s, moving(times_s, 0.0)) == times_s


def test_the_pace_of_one_stroke_is_the_same_in_any_resolution() -> None:
    times_s = steady(30.0, 4.0)
    path = [((math.sin(3 * time_s), 0.0), (0.0, 5.0)) for time_s in times_s]
    larger = [tuple((2 * x, 2 * y) for x, y in palms) for palms in path]
    one = looked(ByMotion(HAND_PX), times_s, path)
    assert looked(ByMotion(2 * HAND_PX), times_s, larger) == one
    assert len(one) < len(times_s)


def test_where_nothing_is_judged_the_rarest_looks_are_enough() -> None:
    times_s = steady(30.0, 3.0)
    chosen = looked(ByMotion(None), times_s, moving(times_s, 5.0))
    assert len(chosen) == pytest.approx(30, abs=1)


def test_every_frame_is_every_frame() -> None:
    times_s = steady(120.0, 1.0)
    assert looked(EveryFrame(), times_s, moving(times_s, 0.0)) == times_s
