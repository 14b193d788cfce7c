"""Matching attempts and tallying faults, on examples worked out by hand."""

import numpy as np
import pytest

from routines.reps import Check, PhaseSpan, Rep
from sessions.hand_errors import HandErrors
from sessions.matching import (
    FaultTally,
    boundary_errors_s,
    fault_tallies,
    matched,
    overlap,
    phase_at,
    right_frames,
)
from sessions.truth import TrueHand, TrueRep, Truth


def _found(start_s: float, end_s: float, *codes: str, phases: tuple[PhaseSpan, ...] = ()) -> Rep:
    checks = tuple(Check(code, "fault", start_s, end_s) for code in codes)
    return Rep(1, start_s, end_s, not codes, phases, checks, 0.0, 100.0)


def _true(
    start_s: float,
    end_s: float,
    fault: str | None = None,
    *,
    seeable: bool = True,
    phases: tuple[PhaseSpan, ...] = (),
) -> TrueRep:
    return TrueRep(start_s, end_s, fault is None, phases, fault, None, seeable)


def _phases(*ends_s: float) -> tuple[PhaseSpan, ...]:
    """up, out, down, pull_in with these boundaries; the first is the beginning."""
    names = ("up", "out", "down", "pull_in")
    return tuple(
        PhaseSpan(name, start_s, end_s)
        for name, start_s, end_s in zip(names, ends_s, ends_s[1:], strict=False)
    )


def test_overlap_is_shared_time_over_common_time() -> None:
    assert overlap(_true(0, 10), _found(5, 15)) == pytest.approx(5 / 15)
    assert overlap(_true(0, 10), _found(10, 15)) == 0
    assert overlap(_true(0, 10), _found(0, 10)) == 1


def test_attempts_match_from_half_of_their_common_time_on() -> None:
    assert matched([_true(0, 10)], [_found(0, 5)]) == ((0, 0),)
    assert matched([_true(0, 10)], [_found(0, 4.9)]) == ()


def test_each_attempt_is_matched_once_with_its_best() -> None:
    true = [_true(0, 10), _true(10, 20)]
    found = [_found(0, 6), _found(1, 10), _found(10.5, 20), _found(30, 40)]
    assert matched(true, found) == ((0, 1), (1, 2))


def test_phase_at_is_half_open() -> None:
    reps = [_found(0, 4, phases=_phases(0, 1, 2, 3, 4))]
    assert phase_at(reps, 0.0) == "up"
    assert phase_at(reps, 1.0) == "out"
    assert phase_at(reps, 3.99) == "pull_in"
    assert phase_at(reps, 4.0) is None


def test_right_frames_counts_frames_outside_strokes_too() -> None:
    hand = TrueHand(np.zeros((50, 21, 2)), np.ones(50, dtype=bool))
    true = _true(0, 4, phases=_phases(0, 1, 2, 3, 4))
    hands = {"left": hand, "right": hand}
    truth = Truth(10.0, 50, 1, (1, 1), (true,), (), hands)  # type: ignore[arg-type]
    found = _found(0, 4, phases=_phases(0, 1.5, 2, 3, 4))
    assert right_frames(truth, [found]) == 45
    assert right_frames(truth, []) == 10


def test_boundary_errors_are_of_the_beginning_and_of_each_phase_end() -> None:
    true = _true(0, 4, phases=_phases(0, 1, 2, 3, 4))
    found = _found(0, 4, phases=_phases(0.25, 1, 2.5, 3))
    assert sorted(boundary_errors_s(true, found)) == pytest.approx([0, 0, 0.25, 0.5])


def test_a_phase_that_comes_twice_is_compared_in_turn() -> None:
    twice = (PhaseSpan("up", 0, 1), PhaseSpan("down", 1, 2), PhaseSpan("up", 2, 3))
    later = (PhaseSpan("up", 0, 1), PhaseSpan("down", 1, 2), PhaseSpan("up", 2, 3.5))
    errors = boundary_errors_s(_true(0, 3, phases=twice), _found(0, 3.5, phases=later))
    assert sorted(errors) == pytest.approx([0, 0, 0, 0.5])


def test_faults_are_right_false_or_missed() -> None:
    true = [_true(0, 10, "pause"), _true(10, 20, "rushed"), _true(20, 30)]
    found = [_found(0, 10, "pause", "on_spine"), _found(10, 20), _found(20, 30, "pause")]
    tallies = fault_tallies(true, found, matched(true, found))
    assert tallies == {
        "on_spine": FaultTally(false=1),
        "pause": FaultTally(right=1, false=1),
        "rushed": FaultTally(missed=1),
    }


def test_a_fault_that_nobody_could_see_is_not_owed_and_not_held_against() -> None:
    true = [_true(0, 10, "one_hand", seeable=False)]
    for codes in ((), ("one_hand",)):
        found = [_found(0, 10, *codes)]
        assert fault_tallies(true, found, matched(true, found)) == {}
    found = [_found(0, 10, "pause")]
    assert fault_tallies(true, found, matched(true, found)) == {"pause": FaultTally(false=1)}


def test_a_fault_of_an_attempt_not_found_is_missed_and_of_an_extra_one_false() -> None:
    true, found = [_true(0, 10, "pause")], [_found(50, 60, "rushed")]
    tallies = fault_tallies(true, found, matched(true, found))
    assert tallies == {"pause": FaultTally(missed=1), "rushed": FaultTally(false=1)}


def test_precision_recall_and_f1() -> None:
    tally = FaultTally(right=3, false=1, missed=2)
    assert tally.precision == 0.75
    assert tally.recall == 0.6
    assert tally.f1 == pytest.approx(2 * 0.75 * 0.6 / (0.75 + 0.6))


def test_nothing_owed_and_nothing_found_has_no_figure() -> None:
    assert FaultTally().precision is None
    assert FaultTally().recall is None
    assert FaultTally().f1 is None
    assert FaultTally(missed=1).f1 == 0
    assert HandErrors().both_share is None
