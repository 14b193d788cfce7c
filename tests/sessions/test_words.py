"""Figures and verdicts in words."""

import pytest

from routines.reps import Check
from routines.routine import load_routine
from sessions.words import clock, fault_words, left


@pytest.mark.parametrize(
    ("time_s", "words"),
    [(0.0, "0:00.0"), (9.96, "0:10.0"), (59.97, "1:00.0"), (83.42, "1:23.4"), (3601, "60:01.0")],
)
def test_clock_rounds_before_it_splits(time_s: float, words: str) -> None:
    assert clock(time_s) == words


@pytest.mark.parametrize(("seconds", "words"), [(-1, "0 s"), (99.4, "99 s"), (150, "2 min")])
def test_time_left_has_a_unit_that_suits(seconds: float, words: str) -> None:
    assert left(seconds) == words


def test_a_fault_says_hand_measure_limit_and_unit() -> None:
    routine = load_routine()
    words = fault_words(Check("pause", "fault", 1, 2, "left", 1.234, 1.0, "s"), routine)
    assert words == f"{routine.faults['pause'].label}, left hand (1.2 s, limit 1)"
    assert fault_words(Check("rushed", "fault", 1, 2), routine) == routine.faults["rushed"].label


def test_a_fault_of_the_path_is_why_an_attempt_did_not_count() -> None:
    routine = load_routine()
    words = fault_words(Check("short_reach", "fault", 1, 2, "both", 0.614, 0.8, "v"), routine)
    label = routine.faults["short_reach"].label
    assert words == f"not counted: {label}, both hands (0.61 v, limit 0.8)"
