"""A session's hands as compact bytes for the browser: small enough for an hour.

Little-endian, one array after the other, N samples and hands in the order left, right:

- float32 (N,): seconds of media time
- int16 (2, N, 21, 2): landmarks, in `PX_STEP` of the picture's longer side
- int16 (N, 2): how far the picture had moved since the calibration, in the same unit
- int16 (2, N, 2, 2): palm on the chart, then that point moved by the way from the wrist to the
  middle knuckle, as (u, v) in `BACK_STEP`
- uint8 (2, N): what is known of the hand, see `State`

What is not known is `UNKNOWN`.
"""

from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from sessions.record import HandPath
from sessions.store.values import LandmarkTrack
from vision.arrays import Floats
from vision.back_frame import MIDDLE_KNUCKLE, WRIST, BackFrame
from vision.hands import PALM, SIDES, Side

PX_STEP: Final = 1 / 16_000
"""Of the picture's longer side; the numbers reach to twice that side on both hands of it."""

BACK_STEP: Final = 1 / 8_000
"""Of u and v."""

UNKNOWN: Final = -32_768

MOST_SAMPLES: Final = 60_000
"""33 minutes at 30 pictures a second; of more, every second or third is sent. 12 MB."""


class State(IntEnum):
    """What is known of a hand at a moment."""

    UNSEEN = 0
    BRIDGED = 1
    SEEN = 2


@dataclass(frozen=True, slots=True)
class TrackBytes:
    """The hands of a session, packed."""

    packed: bytes
    count: int
    """N."""
    every: int
    """One of so many samples is there: 1 means that each picture has its own."""


def pack_track(track: LandmarkTrack, frame: BackFrame | None) -> TrackBytes:
    """Pack the track; without a `frame` nothing is known of the chart."""
    every = max(1, -(-len(track.time_s) // MOST_SAMPLES))
    time_s, drift_px = track.time_s[::every], track.drift_px[::every]
    landmarks_px = np.stack([track.landmarks_px[side][::every] for side in SIDES])
    observed = np.stack([track.observed[side][::every] for side in SIDES])
    known: NDArray[np.bool_] = np.asarray(np.isfinite(landmarks_px).all(axis=(2, 3)))
    state = np.where(known, np.where(observed, State.SEEN, State.BRIDGED), State.UNSEEN)
    px_step = PX_STEP * max(track.image_size)
    parts = (
        time_s.astype("<f4"),
        _steps(landmarks_px, px_step),
        _steps(np.nan_to_num(drift_px), px_step),
        _steps(_on_chart(landmarks_px - drift_px[:, None, :], known, frame), BACK_STEP),
        state.astype("u1"),
    )
    return TrackBytes(b"".join(part.tobytes() for part in parts), len(time_s), every)


def pack_paths(paths: dict[Side, HandPath]) -> TrackBytes:
    """Pack what a review knows of the chart, where no landmarks were kept."""
    times = [path.time_s for path in paths.values() if len(path.time_s)]
    time_s = np.unique(np.concatenate(times)) if times else np.zeros(0)
    count = len(time_s)
    chart = np.full((2, count, 2, 2), np.nan)
    state = np.full((2, count), int(State.UNSEEN))
    for row, side in enumerate(SIDES):
        path = paths.get(side)
        if path is not None and len(path.time_s):
            at = np.searchsorted(time_s, path.time_s)
            chart[row, at, 0] = path.palm_back
            state[row, at] = np.where(path.observed, State.SEEN, State.BRIDGED)
    parts = (
        time_s.astype("<f4"),
        np.full((2, count, 21, 2), UNKNOWN, "<i2"),
        np.zeros((count, 2), "<i2"),
        _steps(chart, BACK_STEP),
        state.astype("u1"),
    )
    return TrackBytes(b"".join(part.tobytes() for part in parts), count, 1)


def _on_chart(landmarks_px: Floats, known: NDArray[np.bool_], frame: BackFrame | None) -> Floats:
    """(2, N, 2, 2) palm and pointer as (u, v); NaN where the camera can't tell the place."""
    chart = np.full((*known.shape, 2, 2), np.nan)
    if frame is None or not known.any():
        return chart
    hands = landmarks_px[known]
    palm, trusted = frame.to_back(hands[:, list(PALM)].mean(axis=1))
    wrist, _ = frame.to_back(hands[:, WRIST])
    knuckle, _ = frame.to_back(hands[:, MIDDLE_KNUCKLE])
    places = np.stack([palm, palm + knuckle - wrist], axis=1)
    chart[known] = np.where(trusted[:, None, None], places, np.nan)
    return chart


def _steps(values: Floats, step: float) -> NDArray[np.int16]:
    """Whole steps; UNKNOWN for what is not finite, and the rim for what lies beyond it."""
    whole = np.clip(np.round(np.nan_to_num(values, nan=0.0) / step), UNKNOWN + 1, -UNKNOWN - 1)
    return np.where(np.isfinite(values), whole, UNKNOWN).astype("<i2")
