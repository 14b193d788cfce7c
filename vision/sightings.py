"""Hands seen in the whole picture, before anybody knows where the back is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from vision.arrays import Floats, readonly
from vision.hands import PALM, DetectedHand, TrackedHand

GAP_S: Final = 0.2
"""A hand unseen for longer begins a new trace."""

STEP_LENGTHS: Final = 0.45
"""From one picture to the next a palm moves at most so many hand's lengths."""

SHORTEST_S: Final = 0.3
"""Shorter traces are flickers, or phantoms."""

TICK_S: Final = 0.1
"""Traces are smoothed and told at this pace, so that a film's own rate does not matter."""

LONGEST_LENGTHS: Final = 1.6
"""A hand that looks longer than this times the usual hand is a forearm: over a back, perspective
makes a hand at most 1.5 times as long as another."""

WRIST, MIDDLE_KNUCKLE, MIDDLE_TIP = 0, 9, 12


@dataclass(frozen=True, slots=True)
class Sighting:
    """All hands found in one picture."""

    time_s: float
    hands: tuple[DetectedHand, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """One hand followed without a gap, smoothed, N moments `TICK_S` apart."""

    time_s: Floats
    """(N,)"""
    palm_px: Floats
    """(N, 2)"""
    velocity_px_s: Floats
    """(N, 2) of the palm."""
    pointing: Floats
    """(N, 2) unit vector from the wrist to the middle knuckle."""
    length_px: Floats
    """(N,) from the wrist to the tip of the middle finger: what of the hand's length is seen."""

    def __post_init__(self) -> None:
        for name in ("time_s", "palm_px", "velocity_px_s", "pointing", "length_px"):
            object.__setattr__(self, name, readonly(getattr(self, name)))


def hand_length_px(hand: DetectedHand | TrackedHand) -> float:
    """From the wrist to the tip of the middle finger, as seen."""
    return float(np.linalg.norm(hand.landmarks_px[MIDDLE_TIP] - hand.landmarks_px[WRIST]))


def traces_of(sightings: Sequence[Sighting]) -> tuple[Trace, ...]:
    """Hands linked from picture to picture by place alone; the names of the hands stay open."""
    open_: list[list[tuple[float, DetectedHand]]] = []
    closed: list[list[tuple[float, DetectedHand]]] = []
    for sighting in sightings:
        hands = list(sighting.hands)
        still_open = []
        for chain in open_:
            if sighting.time_s - chain[-1][0] > GAP_S:
                closed.append(chain)
                continue
            still_open.append(chain)
            nearest = _nearest(chain[-1][1], hands)
            if nearest is not None:
                chain.append((sighting.time_s, hands.pop(nearest)))
        open_ = still_open + [[(sighting.time_s, hand)] for hand in hands]
    chains = (chain for chain in closed + open_ if chain[-1][0] - chain[0][0] >= SHORTEST_S)
    traces = sorted(map(_smoothed, chains), key=lambda trace: float(trace.time_s[0]))
    if not traces:
        return ()
    longest_px = LONGEST_LENGTHS * float(np.median(joined(traces, "length_px")))
    return tuple(trace for trace in traces if np.median(trace.length_px) <= longest_px)


def _nearest(last: DetectedHand, hands: Sequence[DetectedHand]) -> int | None:
    gaps = [float(np.linalg.norm(hand.palm_px - last.palm_px)) for hand in hands]
    limit = STEP_LENGTHS * hand_length_px(last)
    near = [index for index, gap in enumerate(gaps) if gap < limit]
    return min(near, key=lambda index: gaps[index], default=None)


def _smoothed(chain: Sequence[tuple[float, DetectedHand]]) -> Trace:
    """Local lines under a Gaussian window of `TICK_S`."""
    times = np.array([time_s for time_s, _ in chain])
    marks = np.array([hand.landmarks_px for _, hand in chain])
    palms = marks[:, list(PALM)].mean(axis=1)
    ticks = np.arange(times[0], times[-1], TICK_S)
    weights = np.exp(-(((ticks[:, None] - times) / TICK_S) ** 2))
    weights /= weights.sum(axis=1, keepdims=True)
    offsets_s = times - (weights @ times)[:, None]
    spread = (weights * offsets_s**2).sum(axis=1)
    mean = weights @ palms
    velocity = (weights * offsets_s) @ palms / np.maximum(spread, 1e-6)[:, None]
    along = weights @ (marks[:, MIDDLE_KNUCKLE] - marks[:, WRIST])
    length = weights @ np.linalg.norm(marks[:, MIDDLE_TIP] - marks[:, WRIST], axis=1)
    along /= np.maximum(np.linalg.norm(along, axis=1), 1e-9)[:, None]
    return Trace(ticks, mean, velocity, along, length)


def joined(traces: Sequence[Trace], name: str) -> Floats:
    """One field of all traces, end to end."""
    values: Floats = np.concatenate([getattr(trace, name) for trace in traces])
    return values
