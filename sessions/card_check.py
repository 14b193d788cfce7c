"""Compares a fresh run with what the card says, figure by figure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of a clip on the card, and how much worse a run on another machine may be."""

    path: str
    """Keys from the clip down, parted by points."""
    better: Literal["higher", "lower"]
    slack: float


FIGURES: Final = (
    Figure("count_off", "lower", 0),
    Figure("live.count_off", "lower", 0),
    Figure("reps.false", "lower", 0),
    Figure("clean_reps_faulted", "lower", 0),
    Figure("faults_all.f1", "higher", 0.02),
    Figure("phase_frame_accuracy", "higher", 0.02),
    Figure("live.phase_frame_accuracy", "higher", 0.03),
    Figure("live.decision_delay_s.max", "lower", 0.1),
    Figure("boundary_error_s.median", "lower", 0.05),
    Figure("boundary_error_s.p90", "lower", 0.15),
    Figure("tracking.both_found_share", "higher", 0.05),
    Figure("tracking.identity_errors.longest_s", "lower", 0.15),
    Figure("tracking.phantoms.longest_s", "lower", 0.15),
    Figure("tracking.landmark_error_hand_lengths.median", "lower", 0.01),
    Figure("tracking.landmark_error_hand_lengths.p95", "lower", 0.06),
)
"""Processors differ in the last digits of the hand model, which moves a hand found at the edge of
its threshold by a frame or two, and so the frames that are looked at. Hence the slack, none on what
is counted: between two processors (an AMD EPYC of the third generation, and one twice as fast), the
share of both hands differed by up to 0.047 in a clip, the 95th percentile of landmark errors by
0.039, the 90th of boundaries' errors by 0.136 s, and the live phase by 0.020."""

UNCALIBRATED: Final = (
    Figure("count_off", "lower", 0),
    Figure("phase_frame_accuracy", "higher", 0.05),
    Figure("faults_all.false", "lower", 0),
    Figure("faults_all.missed", "lower", 1),
)
"""The same without the calibration file, which hangs on more: hence more slack. A clip plays but a
few faults, so those are counted: one at its limit may be missed, and none may be false."""


def worse(stated: Mapping[str, Any], fresh: Mapping[str, Any]) -> tuple[str, ...]:
    """A line for each figure of `fresh` that is worse than `stated` says, beyond the slack.

    Both are cards (`sessions.accuracy_card`). A clip or a version that is missing is worse, too.
    """
    return (
        *_worse_clips(stated, fresh),
        *_worse_uncalibrated(stated, fresh),
        *_worse_pictures(stated, fresh),
    )


def _worse_clips(stated: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[str]:
    clips = {**stated["clips"], "all": stated["all"]}
    for name, clip in clips.items():
        now = fresh["all"] if name == "all" else fresh["clips"].get(name)
        if now is None:
            yield f"{name}: not scored"
            continue
        for figure in FIGURES:
            before, after = at(clip, figure.path), at(now, figure.path)
            if _is_worse(figure, before, after):
                yield f"{name}: {figure.path} was {before}, is {after}"


def _worse_uncalibrated(stated: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[str]:
    for name, before in stated["uncalibrated"].items():
        after = fresh["uncalibrated"].get(name, {"score": None})
        for figure in UNCALIBRATED:
            was, now = at(before, f"score.{figure.path}"), at(after, f"score.{figure.path}")
            # A clip that is refused has no figures at all.
            if _is_worse(figure, was, now) or (was is not None and after["score"] is None):
                yield f"{name} without calibration: {figure.path} was {was}, is {now}"


def _worse_pictures(stated: Mapping[str, Any], fresh: Mapping[str, Any]) -> Iterator[str]:
    for version, before in stated["harder"].items():
        after = fresh["harder"].get(version)
        if after is None:
            yield f"{version}: not tried"
        elif before["holds"] and not after["holds"]:
            yield f"{version}: counted {before['count']}, now {after['count']}"


def at(values: Mapping[str, Any], path: str) -> float | None:
    """The figure at that path; None where there is none."""
    found: Any = values
    for key in path.split("."):
        found = None if found is None else found.get(key)
    return None if found is None else float(found)


def _is_worse(figure: Figure, before: float | None, after: float | None) -> bool:
    if before is None:
        return False
    if after is None:
        return figure.better == "higher"
    loss = before - after if figure.better == "higher" else after - before
    return loss > figure.slack + 1e-9
