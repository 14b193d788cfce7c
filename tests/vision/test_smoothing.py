"""Smoothing in seconds: rest, lag and independence of the frame rate."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.arrays import Floats
from vision.smoothing import OneEuroFilter, blend

HAND_PX = 100.0


def filtered(times_s: Floats, places_px: Floats) -> Floats:
    """(N, 2): the filter's answers for one point at (N, 2) places."""
    smoother = OneEuroFilter()
    gaps_s = np.diff(times_s, prepend=times_s[0])
    steps = zip(places_px, gaps_s, strict=True)
    return np.array([smoother.step(place[None], dt_s, HAND_PX)[0] for place, dt_s in steps])


def moving(times_s: Floats, speed_px: float) -> Floats:
    return np.stack([speed_px * times_s, np.zeros_like(times_s)], axis=1)


@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("lengths_per_s", [0.3, 1.0, 2.0])
def test_lag_of_a_moving_hand_is_under_60_ms(fps: int, lengths_per_s: float) -> None:
    times_s = np.arange(0, 3, 1 / fps)
    places = moving(times_s, lengths_per_s * HAND_PX)
    behind_px = (places - filtered(times_s, places))[-1, 0]
    assert behind_px / (lengths_per_s * HAND_PX) < 0.06


@pytest.mark.parametrize("fps", [15, 30, 60])
def test_the_same_curve_at_any_frame_rate(fps: int) -> None:
    def path(times_s: Floats) -> Floats:
        turns = 2 * np.pi * 0.25 * times_s
        return 150 * np.stack([np.sin(turns), np.cos(turns)], axis=1)

    fine = np.arange(0, 480) / 120
    coarse = fine[:: 120 // fps]
    apart = filtered(fine, path(fine))[:: 120 // fps] - filtered(coarse, path(coarse))
    assert np.abs(apart[fps:]).max() < 0.1 * HAND_PX


def test_tremble_at_rest_is_a_third_less() -> None:
    times_s = np.arange(0, 10, 1 / 30)
    tremble = np.random.default_rng(7).normal(0, 0.02 * HAND_PX, (len(times_s), 2))
    assert filtered(times_s, tremble)[30:].std() < 0.67 * tremble.std()


@given(st.floats(0.1, 20), st.floats(-1e4, 1e4), st.floats(0.5, 4))
def test_scale_and_place_of_the_picture_change_nothing(
    lengths_per_s: float, offset_px: float, zoom: float
) -> None:
    times_s = np.arange(0, 1, 1 / 30)
    places = moving(times_s, lengths_per_s * HAND_PX)
    plain = OneEuroFilter()
    zoomed = OneEuroFilter()
    for place in places:
        once = plain.step(place[None], 1 / 30, HAND_PX)
        again = zoomed.step(zoom * place[None] + offset_px, 1 / 30, zoom * HAND_PX)
        np.testing.assert_allclose(again, zoom * once + offset_px, rtol=1e-6, atol=1e-5)


@given(st.floats(0.01, 100), st.floats(1e-4, 10))
def test_two_half_steps_blend_as_one(cutoff_hz: float, dt_s: float) -> None:
    half = blend(cutoff_hz, dt_s / 2)
    assert 1 - (1 - half) ** 2 == pytest.approx(float(blend(cutoff_hz, dt_s)))
    assert 0 <= half <= 1


def test_the_first_point_and_a_repeated_time_are_taken_as_they_are() -> None:
    smoother = OneEuroFilter()
    for place in ([3.0, 4.0], [9.0, 9.0]):
        assert smoother.step(np.array([place]), 0.0, HAND_PX).tolist() == [place]
