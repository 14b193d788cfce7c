"""Figures and verdicts in words."""

import pytest

from routines.reps import Check, Rep
from routines.routine import load_routine
from sessions.words import clock, fault_words, left, verdict_words


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
    assert fault_words(Check("out_of_order", "fault", 1, 2), routine) == (
        routine.faults["out_of_order"].label
    )


def test_a_rep_that_did_not_count_says_why() -> None:
    routine = load_routine()
    checks = (Check("pause", "fault", 1, 2), Check("short_reach", "fault", 1, 2))
    words = verdict_words(Rep(1, 0, 9, False, (), checks, 0.0, 50.0), routine)
    assert words == f"not counted: {routine.faults['short_reach'].label}"
    assert verdict_words(Rep(1, 0, 9, True, (), (), 0.0, 100.0), routine) == "counted"
