"""Accuracy scores as JSON values."""

from collections.abc import Sequence
from typing import Any

from sessions.accuracy import ClipScore
from sessions.hand_errors import quantile
from sessions.matching import FaultTally


def card(scores: Sequence[ClipScore], whole: ClipScore) -> dict[str, Any]:
    """All figures, per clip and in all; null where there was nothing to measure."""
    return {
        "schema": "tstroke.accuracy/1",
        "clips": {one.name: _clip(one) for one in scores},
        "all": _clip(whole),
    }


def _clip(one: ClipScore) -> dict[str, Any]:
    hands = one.hands
    return {
        "count": one.count,
        "count_range": list(one.count_range),
        "reps": {"true": one.reps_true, "found": one.reps_found, "matched": one.reps_matched},
        "phase_frame_accuracy": _round(one.phase_share),
        "boundary_error_s": {
            "median": _round(quantile(one.boundaries_s, 0.5)),
            "p90": _round(quantile(one.boundaries_s, 0.9)),
        },
        "faults": {code: _tally(tally) for code, tally in one.faults.items()},
        "faults_all": _tally(one.fault_total),
        "both_hands_share": _round(hands.both_share),
        "both_hands_share_where_visible": _round(hands.visible_both_share),
        "swapped_share": _round(hands.swapped_share),
        "landmark_error_px": _quantiles(hands.errors_px),
        "landmark_error_hand_lengths": _quantiles(hands.errors_lengths),
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
