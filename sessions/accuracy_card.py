"""Accuracy scores as JSON values."""

from collections.abc import Sequence
from typing import Any

from routines.reps import Span
from sessions.accuracy import ClipScore
from sessions.hand_errors import HandErrors, longest, quantile
from sessions.matching import FaultTally


def card(scores: Sequence[ClipScore], whole: ClipScore) -> dict[str, Any]:
    """All figures, per clip and in all; null where there was nothing to measure."""
    return {
        "schema": "tstroke.accuracy/2",
        "clips": {one.name: clip_values(one) for one in scores},
        "all": clip_values(whole),
    }


def clip_values(one: ClipScore) -> dict[str, Any]:
    """All figures of one clip."""
    hands = one.hands
    return {
        "camera": one.camera,
        "count": one.count,
        "count_range": list(one.count_range),
        "count_off": one.count_off,
        "baselines": dict(one.baselines),
        "reps": {
            "true": one.reps_true,
            "found": one.reps_found,
            "matched": one.reps_matched,
            "false": one.reps_found - one.reps_matched,
        },
        "phase_frame_accuracy": _round(one.phase_share),
        "boundary_error_s": {
            "median": _round(quantile(one.boundaries_s, 0.5)),
            "p90": _round(quantile(one.boundaries_s, 0.9)),
        },
        "faults": {code: _tally(tally) for code, tally in one.faults.items()},
        "faults_all": _tally(one.fault_total),
        "clean_reps_faulted": one.clean_faulted,
        "live": {
            "count": one.live.count,
            "count_off": one.live_count_off,
            "phase_frame_accuracy": _round(one.live.phase_share),
            "decision_delay_s": {
                "median": _round(quantile(one.live.delays_s, 0.5)),
                "max": _round(max(one.live.delays_s, default=None)),
            },
        },
        "both_hands_share": _round(hands.both_share),
        "both_hands_share_where_visible": _round(hands.visible_both_share),
        "swapped_share": _round(hands.swapped_share),
        "tracking": _tracking(hands),
        "bare": None if one.bare is None else _tracking(one.bare),
        "regained": None if one.bare is None else _round(hands.regained(one.bare)),
    }


def _tracking(hands: HandErrors) -> dict[str, Any]:
    """Figures that bare MediaPipe has as well."""
    return {
        "both_found_share": _round(hands.visible_right_share),
        "frames_visible": hands.visible,
        "identity_errors": _spans(hands.misnamed),
        "phantoms": _spans(hands.phantoms),
        "landmark_error_px": _quantiles(hands.errors_px),
        "landmark_error_hand_lengths": _quantiles(hands.errors_lengths),
    }


def _spans(spans: Sequence[Span]) -> dict[str, float]:
    worst = longest(spans)
    return {
        "number": len(spans),
        "longest_s": 0.0 if worst is None else round(worst.end_s - worst.start_s, 3),
    }


def _tally(tally: FaultTally) -> dict[str, Any]:
    return {
        "right": tally.right,
        "false": tally.false,
        "missed": tally.missed,
        "precision": _round(tally.precision),
        "recall": _round(tally.recall),
        "f1": _round(tally.f1),
    }


def _quantiles(values: Sequence[float]) -> dict[str, float | None]:
    return {"median": _round(quantile(values, 0.5)), "p95": _round(quantile(values, 0.95))}


def _round(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
