"""Two plain counters to stand beside the engine: what others would make of the same hands.

Both follow one number, the height of the palms on the chart: the mean v of the hands that are
known. Neither knows what a stroke is, so each counts attempts rather than right strokes.
"""

from typing import Final, Protocol

import numpy as np

from vision.arrays import Floats
from vision.hands import SIDES
from vision.samples import BackSample

HIGH_V: Final = 0.7
LOW_V: Final = 0.25
"""A rep of the threshold counter goes over one and then under the other. Clean strokes turn near
v 0.9 and begin near 0.07; the limits lie a fifth inside, as such counters are set by hand."""

RATE_HZ: Final = 10.0
WINDOW_S: Final = 24.0
HOP_S: Final = 1.0
PERIODS_S: Final = (4.0, 12.0)
"""The window holds two of the slowest: with fewer an autocorrelation says nothing."""

PERIODIC: Final = 0.5
"""Least correlation of the signal with itself one period later."""

STILL_V: Final = 0.1
"""A window whose standard deviation is under this holds no stroke."""


class Counting(Protocol):
    """Anything that counts from samples."""

    def step(self, sample: BackSample) -> None:
        """Take the next sample."""

    @property
    def count(self) -> int:
        """Repetitions so far."""


def height(sample: BackSample) -> float | None:
    """Mean v of the palms that are known; None where no hand is."""
    heights = [float(hand.palm_back[1]) for side in SIDES if (hand := sample.side(side))]
    return sum(heights) / len(heights) if heights else None


class ThresholdCounter:
    """Peak and threshold, as popular trainers count curls and squats.

    Over the upper limit the stage is "up"; under the lower one, after "up", it counts one. The
    curl counters that are built on MediaPipe's pose have the same two lines, with the elbow's
    angle at 160 and 30 to 40 degrees.
    """

    def __init__(self) -> None:
        self._count = 0
        self._up = False

    def step(self, sample: BackSample) -> None:
        """Take the next sample."""
        v = height(sample)
        if v is None:
            return
        if v > HIGH_V:
            self._up = True
        elif v < LOW_V and self._up:
            self._up = False
            self._count += 1

    @property
    def count(self) -> int:
        """Repetitions so far."""
        return self._count


class AutocorrelationCounter:
    """Repetitions as time over period, the period from autocorrelation in a sliding window.

    As wearable counters find the period of an exercise (Morris et al., RecoFit, CHI 2014), and as
    counters for any motion add up 1 / period where it is periodic (Dwibedi et al., Counting Out
    Time, CVPR 2020). It looks ahead by half a window, so it is a counter for recordings.
    """

    def __init__(self) -> None:
        self._times_s: list[float] = []
        self._heights: list[float] = []

    def step(self, sample: BackSample) -> None:
        """Take the next sample."""
        v = height(sample)
        if v is not None:
            self._times_s.append(sample.time_s)
            self._heights.append(v)

    @property
    def count(self) -> int:
        """Repetitions so far, rounded."""
        if len(self._times_s) < 2:
            return 0
        first_s, last_s = self._times_s[0], self._times_s[-1]
        even_s = np.arange(first_s, last_s, 1 / RATE_HZ)
        signal = np.interp(even_s, self._times_s, self._heights)
        size, hop = int(WINDOW_S * RATE_HZ), int(HOP_S * RATE_HZ)
        # Each window speaks for one hop around its centre, so both ends are mirrored.
        padded = np.pad(signal, size // 2, mode="symmetric")
        starts = range(0, len(signal), hop)
        periods_s = (_period_s(padded[start : start + size]) for start in starts)
        return round(sum(HOP_S / period_s for period_s in periods_s if period_s is not None))


def _period_s(signal: Floats) -> float | None:
    """Lag of the highest peak of the autocorrelation; None where nothing repeats."""
    if signal.std() < STILL_V:
        return None
    shortest, longest = (int(period_s * RATE_HZ) for period_s in PERIODS_S)
    lags = np.arange(shortest - 1, min(longest + 2, len(signal) - 2))
    likeness = np.array([_likeness(signal[:-lag], signal[lag:]) for lag in lags])
    inner = likeness[1:-1]
    peaks = (inner >= likeness[:-2]) & (inner >= likeness[2:]) & (inner >= PERIODIC)
    if not peaks.any():
        return None
    return float(lags[1:-1][peaks][np.argmax(inner[peaks])] / RATE_HZ)


def _likeness(one: Floats, other: Floats) -> float:
    """Correlation, -1 to 1; 0 where either does not vary."""
    deviations = (one - one.mean()) * (other - other.mean())
    spread = one.std() * other.std()
    return float(deviations.mean() / spread) if spread > 0 else 0.0
