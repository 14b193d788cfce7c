"""Marks lie where the hand was when the fault happened, or nowhere."""

import numpy as np

from routines.reps import Check, Hand
from sessions.record import HandPath
from ui.chart_marks import chart_marks
from vision.hands import Side

TIMES = np.arange(0.0, 10.0, 0.1, dtype=np.float64)
LEFT = HandPath(TIMES, np.column_stack([-TIMES / 10, TIMES / 10]), TIMES < 5.0)
RIGHT = HandPath(TIMES, np.column_stack([TIMES / 10, TIMES / 10]), np.ones(100, dtype=bool))
PATHS: dict[Side, HandPath] = {"left": LEFT, "right": RIGHT}


def fault(start_s: float, end_s: float, hand: Hand | None) -> Check:
    return Check("pause", "fault", start_s, end_s, hand)


def test_the_mark_is_at_the_hand_in_the_middle_of_the_fault() -> None:
    (mark,) = chart_marks([fault(3.0, 5.0, "left")], PATHS)
    assert (mark.number, round(mark.u, 3), round(mark.v, 3)) == ("1", -0.4, 0.4)


def test_a_hand_that_was_not_seen_gets_no_mark_and_numbers_go_on() -> None:
    marks = chart_marks([fault(8.0, 9.0, "left"), fault(8.0, 9.0, "right")], PATHS)
    assert [mark.number for mark in marks] == ["2"]


def test_a_fault_of_both_hands_takes_the_one_that_was_seen() -> None:
    (mark,) = chart_marks([fault(8.0, 9.0, "both")], PATHS)
    assert mark.u > 0


def test_far_from_any_observation_there_is_no_place() -> None:
    assert chart_marks([fault(30.0, 31.0, "right")], PATHS) == []
    assert chart_marks([fault(1.0, 2.0, None)], {}) == []
