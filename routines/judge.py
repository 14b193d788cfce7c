"""An attempt judged: every check of the routine, whether it counts, and its score."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np

from routines import path_faults, pull_in, symmetry, technique_faults
from routines.attempts import Attempt
from routines.evidence import Evidence
from routines.reps import Check, Rep
from routines.routine import Routine
from routines.told_phases import told_phases
from vision.samples import BackScale

CHECKS: Final[Mapping[str, Callable[[Evidence], Check]]] = {
    "short_reach": path_faults.short_reach,
    "skipped_shoulders": path_faults.skipped_shoulders,
    "out_of_order": path_faults.out_of_order,
    "one_hand": path_faults.one_hand,
    "incomplete": path_faults.incomplete,
    "on_spine": technique_faults.on_spine,
    "asymmetric": symmetry.asymmetric,
    "rushed": technique_faults.rushed,
    "rushed_sides": technique_faults.rushed_sides,
    "missing_pull_in": pull_in.missing_pull_in,
    "fingers_not_to_head": technique_faults.fingers_not_to_head,
    "hand_lifted": technique_faults.hand_lifted,
    "pause": technique_faults.pause,
}

EXPLAINED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    "skipped_shoulders": ("out_of_order", "short_reach", "one_hand"),
    "asymmetric": ("one_hand", "hand_lifted"),
    "hand_lifted": ("one_hand",),
    "missing_pull_in": ("incomplete", "out_of_order"),
    "rushed_sides": ("rushed",),
    "pause": ("incomplete",),
}
"""A fault that is only another one's shadow is not named beside it: people learn one thing."""

PENALTY: Final = {"path": 40.0, "technique": 15.0}
UNSEEN_LIMIT: Final = 0.6
"""With more of the hands' time unseen there is no score."""


def judge(attempt: Attempt, index: int, routine: Routine, scale: BackScale) -> Rep:
    """The attempt as a rep: its phases, the verdict of every check, and what follows from them."""
    evidence = Evidence(attempt, routine, scale)
    found = {code: CHECKS[code](evidence) for code in routine.faults}
    checks = tuple(_without_shadows(found).values())
    faults = [check for check in checks if check.outcome == "fault"]
    observed = attempt.ticks.observed
    unseen = 1.0 - float(np.mean(observed)) if observed.size else 1.0
    kinds = [routine.faults[check.code].kind for check in faults]
    finished = attempt.ending == "back" or found["incomplete"].outcome == "fine"
    return Rep(
        index=index,
        start_s=attempt.start_s,
        end_s=attempt.end_s,
        counted=finished and "path" not in kinds,
        phases=told_phases(attempt, found, routine),
        checks=checks,
        unseen_share=unseen,
        score=max(0.0, 100.0 - sum(PENALTY[kind] for kind in kinds))
        if finished and unseen <= UNSEEN_LIMIT
        else None,
    )


def _without_shadows(found: Mapping[str, Check]) -> dict[str, Check]:
    is_fault = {code for code, check in found.items() if check.outcome == "fault"}
    kept = dict(found)
    for code, causes in EXPLAINED_BY.items():
        if found[code].outcome != "fine" and is_fault.intersection(causes):
            kept[code] = replace(found[code], outcome="fine", hand=None, measured=None)
    return kept
