"""The plain counters on made-up heights."""

import numpy as np
import pytest

from sessions.baselines import AutocorrelationCounter, Counting, ThresholdCounter, height
from vision.samples import BackHand, BackSample

COUNTERS = (ThresholdCounter, AutocorrelationCounter)


def _hand(v: float) -> BackHand:
    place = np.array([0.4, v])
    return BackHand(place, place, place, 0.0, observed=True, trusted=True)


def _count(kind: type[Counting], heights: list[float | None], fps: float = 30.0) -> int:
    counter = kind()
    for index, v in enumerate(heights):
        hand = None if v is None else _hand(v)
        counter.step(BackSample(index / fps, hand, hand))
    return counter.count


def _waves(number: int, period_s: float = 8.0, fps: float = 30.0) -> list[float | None]:
    times_s = np.arange(0, number * period_s, 1 / fps)
    return list(0.48 - 0.42 * np.cos(2 * np.pi * times_s / period_s))


@pytest.mark.parametrize("kind", COUNTERS)
@pytest.mark.parametrize("number", [3, 6])
def test_waves_are_counted(kind: type[Counting], number: int) -> None:
    assert _count(kind, _waves(number)) == number


@pytest.mark.parametrize("kind", COUNTERS)
def test_nothing_is_counted_where_nothing_moves_or_nothing_is_seen(kind: type[Counting]) -> None:
    assert _count(kind, [0.1] * 900) == 0
    assert _count(kind, [None] * 90) == 0
    assert _count(kind, []) == 0


@pytest.mark.parametrize("kind", COUNTERS)
def test_short_gaps_change_nothing(kind: type[Counting]) -> None:
    waves = _waves(4)
    waves[200:215] = [None] * 15
    assert _count(kind, waves) == 4


def test_the_threshold_counter_waits_for_the_way_back() -> None:
    assert _count(ThresholdCounter, [0.1, 0.9, 0.4, 0.9]) == 0
    assert _count(ThresholdCounter, [0.1, 0.9, 0.4, 0.9, 0.1]) == 1


def test_the_autocorrelation_counter_stops_where_the_waves_stop() -> None:
    assert _count(AutocorrelationCounter, _waves(6) + [0.06] * 900) in (6, 7)


def test_height_is_the_mean_of_the_known_hands() -> None:
    assert height(BackSample(0.0, _hand(0.2), _hand(0.6))) == pytest.approx(0.4)
    assert height(BackSample(0.0, None, _hand(0.6))) == pytest.approx(0.6)
    assert height(BackSample(0.0, None, None)) is None
