"""Figures of the live picture: rate, latency, what was left out, hands."""

import pytest

from ui.pace import STAGES, WINDOW_S, Pace, Passage


def passage(
    arrived_s: float, latency_s: float = 0.05, hands: int | None = None, dropped: int = 0
) -> Passage:
    step_s = latency_s / len(STAGES)
    ends_s = tuple(arrived_s + step_s * (place + 1) for place in range(len(STAGES)))
    return Passage(arrived_s, ends_s, hands, dropped, (640, 480))


def test_before_the_first_picture_nothing_is_claimed() -> None:
    figures = Pace().figures
    assert (figures.rate_hz, figures.latency_ms, figures.both_hands) == (0.0, None, None)


def test_rate_latency_and_drops() -> None:
    pace = Pace()
    for index in range(100):
        pace.step(passage(index / 10, 0.2 if index % 10 == 0 else 0.05, dropped=1))
    figures = pace.figures
    assert figures.rate_hz == pytest.approx(10, rel=0.05)
    assert figures.arrived_hz == pytest.approx(20, rel=0.05)
    assert figures.latency_ms == pytest.approx(50)
    assert figures.latency_p95_ms == pytest.approx(200)
    assert figures.stages_ms["coach"] == pytest.approx(10)
    assert figures.dropped == figures.shown
    assert figures.size == (640, 480)


def test_what_is_long_past_is_forgotten() -> None:
    pace = Pace()
    pace.step(passage(0.0, latency_s=5.0))
    for index in range(50):
        pace.step(passage(WINDOW_S + 6 + index / 10))
    assert pace.figures.latency_p95_ms == pytest.approx(50)


def test_hands_are_counted_in_coached_pictures_only() -> None:
    pace = Pace()
    for index, hands in enumerate([None, None, 2, 2, 1, 0, None]):
        pace.step(passage(float(index), hands=hands))
    figures = pace.figures
    assert (figures.no_hands, figures.one_hand, figures.both_hands) == (0.25, 0.25, 0.5)
