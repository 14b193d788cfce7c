"""The record of a session: what a review found, and its JSON (`contract/review.schema.json`)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from routines.reps import Check, Hand, PhaseSpan, Rep, Span
from sessions.files import written_whole
from vision.arrays import Floats, readonly
from vision.hands import Side
from vision.samples import BackScale

SCHEMA: Final = "tstroke.review/1"

_TIME_DIGITS: Final = 3
_SHARE_DIGITS: Final = 4
_PX_DIGITS: Final = 2
_MEASURE_DIGITS: Final = 3


@dataclass(frozen=True, slots=True)
class VideoFacts:
    """The recording, as it was read."""

    name: str
    """File name without folders."""
    sha256: str
    width: int
    """px, after the rotation that the file's metadata asks for."""
    height: int
    duration_s: float
    frames_read: int
    readable_share: float
    """Share of the container's stated duration that could be decoded, 0 to 1."""


@dataclass(frozen=True, slots=True)
class RoutineRef:
    """Which routine the session was judged by."""

    id: str
    version: int


@dataclass(frozen=True, slots=True)
class CalibrationFacts:
    """The calibration as it was used on this recording."""

    source: str
    """One of points, touch, settle, pose, motion."""
    points_px: Mapping[str, tuple[float, float]]
    """Empty where nobody knows where the back is: `source` then names what was tried last."""
    rms_px: float | None
    """Residual of the chart fitted to the points."""


@dataclass(frozen=True, slots=True)
class TrackingFacts:
    """How much of the hands was seen. All are shares, 0 to 1."""

    both_hands_share: float
    """Of frames that were looked at: both hands observed."""
    any_hand_share: float
    """Of frames that were looked at: at least one hand observed."""
    inferred_share: float
    """Of hand-frames: bridged over a short gap, never counted as observed."""
    looked_share: float = 1.0
    """Of all frames: hands were looked for. The rest was left out where hands were slow."""


@dataclass(frozen=True, slots=True)
class Unseen:
    """A stretch in which a hand was not observed."""

    start_s: float
    end_s: float
    hand: Hand


@dataclass(frozen=True, slots=True, eq=False)
class HandPath:
    """Where one hand went on the chart, at about 10 points a second."""

    time_s: Floats
    """(N,)"""
    palm_back: Floats
    """(N, 2) palm centre as (u, v)."""
    observed: NDArray[np.bool_]
    """(N,) False where a short gap was bridged."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "time_s", readonly(self.time_s))
        object.__setattr__(self, "palm_back", readonly(self.palm_back).reshape(-1, 2))
        observed = np.array(self.observed, dtype=np.bool_)
        observed.setflags(write=False)
        object.__setattr__(self, "observed", observed)


@dataclass(frozen=True, slots=True, eq=False)
class Review:
    """Everything that a review says of one recording."""

    video: VideoFacts
    routine: RoutineRef
    calibration: CalibrationFacts
    tracking: TrackingFacts
    settle: Span | None
    """The first quiet hold, if there was one."""
    reps: tuple[Rep, ...]
    """All attempts, counted or not."""
    unseen: tuple[Unseen, ...]
    warnings: tuple[str, ...]
    """What makes the result less sure: one sentence each."""
    paths: Mapping[Side, HandPath]
    """For drawing on the chart; not part of the JSON."""
    scale: BackScale | None = None
    """Of the receiver's back, for drawing it; not part of the JSON."""

    @property
    def count(self) -> int:
        """Reps without a path fault."""
        return sum(rep.counted for rep in self.reps)

    def to_json(self) -> dict[str, Any]:
        """The review as JSON values, valid against the contract's review schema.

        Beyond what the contract requires it holds `warnings`, the share of frames that were
        looked at, and per rep `checks`: every kind of fault with its outcome (fine, fault,
        not_seen).
        """
        return {
            "schema": SCHEMA,
            "video": _video_json(self.video),
            "routine": {"id": self.routine.id, "version": self.routine.version},
            "calibration": _calibration_json(self.calibration),
            "tracking": {
                "both_hands_share": _share(self.tracking.both_hands_share),
                "any_hand_share": _share(self.tracking.any_hand_share),
                "inferred_share": _share(self.tracking.inferred_share),
                "looked_share": _share(self.tracking.looked_share),
            },
            "settle": None if self.settle is None else _span_json(self.settle),
            "count": self.count,
            "reps": [_rep_json(rep) for rep in self.reps],
            "unseen": [_span_json(gap) | {"hand": gap.hand} for gap in self.unseen],
            "warnings": list(self.warnings),
        }


def review_text(review: Review, made: Mapping[str, Any] | None = None) -> str:
    """The JSON text of a review: the same bytes for the same review.

    `made` says by what it was made, under a key of that name.
    """
    values = review.to_json() | ({} if made is None else {"made": dict(made)})
    return json.dumps(values, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def write_review(review: Review, path: Path, made: Mapping[str, Any] | None = None) -> None:
    """Write the JSON to `path`, whole or not at all. For `made` see `review_text`.

    Raises `OutputError` when the folder can't be written.
    """
    with written_whole(path) as part:
        part.write_text(review_text(review, made), encoding="utf-8")


def _video_json(video: VideoFacts) -> dict[str, Any]:
    return {
        "name": video.name,
        "sha256": video.sha256,
        "width": video.width,
        "height": video.height,
        "duration_s": _time(video.duration_s),
        "frames_read": video.frames_read,
        "readable_share": _share(video.readable_share),
    }


def _calibration_json(calibration: CalibrationFacts) -> dict[str, Any]:
    points = calibration.points_px
    rms_px = calibration.rms_px
    return {
        "source": calibration.source,
        "points_px": {
            name: [round(float(value), _PX_DIGITS) for value in points[name]]
            for name in sorted(points)
        },
        "rms_px": None if rms_px is None else round(float(rms_px), _PX_DIGITS),
    }


def _rep_json(rep: Rep) -> dict[str, Any]:
    return {
        "index": rep.index,
        **_span_json(rep),
        "counted": rep.counted,
        "score": None if rep.score is None else round(float(rep.score), 1),
        "unseen_share": _share(rep.unseen_share),
        "phases": [{"name": phase.name, **_span_json(phase)} for phase in rep.phases],
        "faults": [_check_json(check) for check in rep.faults],
        "checks": [_check_json(check) | {"outcome": check.outcome} for check in rep.checks],
    }


def _check_json(check: Check) -> dict[str, Any]:
    return {
        "code": check.code,
        **_span_json(check),
        "hand": check.hand,
        "measured": _measure(check.measured),
        "limit": _measure(check.limit),
        "unit": check.unit,
    }


def _span_json(span: Span | PhaseSpan | Rep | Check | Unseen) -> dict[str, float]:
    return {"start_s": _time(span.start_s), "end_s": _time(span.end_s)}


def _time(seconds: float) -> float:
    return round(float(seconds), _TIME_DIGITS)


def _share(share: float) -> float:
    return round(float(share), _SHARE_DIGITS)


def _measure(value: float | None) -> float | None:
    return None if value is None else round(float(value), _MEASURE_DIGITS)
