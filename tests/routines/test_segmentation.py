"""The split of a stroke into its legs: by what was seen, and in gaps by the usual shares."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from routines.segmentation import split

SHARES = (0.32, 0.30, 0.24, 0.14)


def fits_of(lengths: list[int], sure: float = 3.0) -> np.ndarray:
    """(N, L) moments that each speak for the leg they are on."""
    legs = np.repeat(np.arange(len(lengths)), lengths)
    return np.where(np.arange(len(lengths)) == legs[:, None], 0.0, -sure)


@given(st.lists(st.integers(4, 60), min_size=4, max_size=4))
def test_what_was_seen_decides(lengths: list[int]) -> None:
    starts = split(fits_of(lengths), range(4), SHARES)
    assert starts == [0, *np.cumsum(lengths[:-1])]


@given(st.integers(8, 300))
def test_without_evidence_the_usual_shares_decide(moments: int) -> None:
    starts = split(np.zeros((moments, 4)), range(4), SHARES)
    usual = np.concatenate([[0], np.cumsum(SHARES)[:-1]]) * moments
    assert starts == sorted(set(starts))
    assert np.abs(starts - usual).max() <= 0.12 * moments + 1


def test_a_gap_is_filled_from_what_stands_around_it() -> None:
    fits = fits_of([40, 40, 30, 20])
    fits[35:100] = 0.0  # unseen from the end of the first leg to well into the third
    starts = split(fits, range(4), SHARES)
    assert 33 <= starts[1] <= 60
    assert starts[1] < starts[2] <= 100
    assert starts[3] == 110


def test_legs_may_be_left_out_or_come_in_another_order() -> None:
    assert split(fits_of([20, 0, 20, 10]), [0, 2, 3], SHARES) == [0, 20, 40]
    lengths = [20, 15, 25]
    legs = [0, 2, 1]
    told = np.repeat(legs, lengths)
    fits = np.where(np.arange(4) == told[:, None], 0.0, -3.0)
    assert split(fits, legs, SHARES) == [0, 20, 35]


@pytest.mark.parametrize("moments", [3, 4, 5])
def test_every_leg_has_a_moment(moments: int) -> None:
    legs = range(min(4, moments))
    assert split(np.zeros((moments, 4)), legs, SHARES) == sorted(
        set(split(np.zeros((moments, 4)), legs, SHARES))
    )
