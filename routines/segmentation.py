"""When each leg of a stroke began: the likeliest split of an attempt into legs in a known order.

A segmental model (hidden semi-Markov with explicit durations, Rabiner 1989, section IV D): every
moment says how well it fits each leg, every leg has a usual share of the stroke's time. Where the
hands were seen, what was seen decides; in a gap the usual shares do.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from vision.arrays import Floats

SHARE_SD: Final = 0.45
"""Standard deviation of a leg's share of the time, as a logarithm: legs may well take half as long
or twice as long as usual."""


def split(fits: Floats, legs: Sequence[int], shares: Sequence[float]) -> list[int]:
    """First moment of each of `legs` in `fits` (N, L), the log-likelihood of every leg.

    `shares` (L,) are the legs' usual shares of the time. The first of the K numbers is 0; needs
    N >= K.
    """
    moments = len(fits)
    sums = np.vstack([np.zeros(fits.shape[1]), np.cumsum(fits, axis=0)])
    usual = np.array([shares[leg] for leg in legs])
    usual *= moments / usual.sum()
    best = np.full(moments + 1, -np.inf)
    best[1:] = sums[1:, legs[0]] + _log_duration(np.arange(1, moments + 1), usual[0])
    origins = []
    for leg, usual_length in zip(legs[1:], usual[1:], strict=True):
        best, origin = _append(best, sums[:, leg], usual_length)
        origins.append(origin)
    starts = [moments]
    for origin in reversed(origins):
        starts.append(int(origin[starts[-1]]))
    return [0, *reversed(starts[1:])]


def _append(
    before: Floats, sums: Floats, usual_length: float
) -> tuple[Floats, np.ndarray[tuple[int], np.dtype[np.intp]]]:
    """Best score of one leg more that ends before each moment, and where that leg began."""
    best = np.full_like(before, -np.inf)
    origin = np.zeros(len(before), dtype=np.intp)
    lengths = _log_duration(np.arange(1, len(before)), usual_length)
    for end in range(1, len(before)):
        scores = before[:end] + sums[end] - sums[:end] + lengths[end - 1 :: -1]
        origin[end] = scores.argmax()
        best[end] = scores[origin[end]]
    return best, origin


def _log_duration(length: np.ndarray[tuple[int], np.dtype[np.intp]], usual: float) -> Floats:
    logs: Floats = np.log(length)
    density: Floats = -0.5 * ((logs - np.log(usual)) / SHARE_SD) ** 2 - logs
    return density
