"""Smoothing in seconds: the same motion gives the same curve at any frame rate."""

import math
from typing import Final

import numpy as np

from vision.arrays import Floats

REST_CUTOFF_HZ: Final = 3.0
"""Cutoff for points at rest: a lag of about 50 ms, and a third less tremble."""

CUTOFF_PER_SPEED: Final = 3.0
"""Hz more for each hand's length per second, so that a moving hand lags less than a still one."""

SPEED_CUTOFF_HZ: Final = 2.0


def blend(cutoff_hz: Floats | float, dt_s: float) -> Floats:
    """Share of a new value that a first-order low pass takes after `dt_s`, 0 to 1."""
    share: Floats = -np.expm1(-2 * math.pi * np.asarray(cutoff_hz) * dt_s)
    return share


class OneEuroFilter:
    """Smooths points that move together, hard when they rest and lightly when they move.

    The one-euro filter of Casiez, Roussel and Vogel (CHI 2012), with the speed of each point
    taken in hand's lengths per second, so that the size of the picture changes nothing.
    """

    def __init__(
        self,
        rest_cutoff_hz: float = REST_CUTOFF_HZ,
        cutoff_per_speed: float = CUTOFF_PER_SPEED,
        speed_cutoff_hz: float = SPEED_CUTOFF_HZ,
    ) -> None:
        self._rest_hz = rest_cutoff_hz
        self._per_speed = cutoff_per_speed
        self._speed_hz = speed_cutoff_hz
        self._points: Floats | None = None
        self._velocity: Floats | None = None

    def step(self, points_px: Floats, dt_s: float, hand_px: float) -> Floats:
        """(N, 2) smoothed points, `dt_s` after the step before; `hand_px` is a hand's length."""
        if self._points is None or self._velocity is None or dt_s <= 0:
            self._points = np.array(points_px, dtype=np.float64)
            self._velocity = np.zeros_like(self._points)
            return self._points
        velocity = (points_px - self._points) / dt_s
        self._velocity = self._velocity + blend(self._speed_hz, dt_s) * (velocity - self._velocity)
        speed = np.hypot(self._velocity[:, 0], self._velocity[:, 1]) / hand_px
        share = blend(self._rest_hz + self._per_speed * speed, dt_s)
        self._points = self._points + share[:, None] * (points_px - self._points)
        return self._points
