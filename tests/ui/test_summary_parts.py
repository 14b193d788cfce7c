"""The moment to look at shows hands where they were seen, and no hand where none was."""

import numpy as np

from routines.reps import Check, PhaseSpan, Rep
from routines.routine import load_routine
from sessions.record import HandPath
from sessions.summary import summarise
from ui.rep_strip import rep_strip_html
from ui.summary_parts import hand_at, tempo_words
from ui.texts import text
from ui.words import duration
from vision.hands import Side

ROUTINE = load_routine()


def path(*, seen: bool = True) -> dict[Side, HandPath]:
    places = np.column_stack([np.full(30, 0.4), np.linspace(0, 1, 30)])
    return {"right": HandPath(np.arange(30) / 10, places, np.full(30, seen))}


def rep(index: int, length_s: float, *faults: str) -> Rep:
    checks = tuple(Check(code, "fault", 1.0, 2.0, "both") for code in faults)
    phases = (PhaseSpan("up", 0.0, length_s / 2), PhaseSpan("down", length_s / 2, length_s))
    return Rep(index, 0.0, length_s, not faults, phases, checks, 0.0, score=80.0)


def test_a_hand_is_drawn_where_it_was_at_that_time() -> None:
    hand = hand_at("right", path(), 1.5)
    assert hand is not None
    assert (hand.u, round(hand.v, 2)) == (0.4, 0.52)
    assert hand.turn_deg is None, "nobody knows where the fingers pointed"


def test_a_hand_that_was_not_seen_then_is_not_drawn() -> None:
    assert hand_at("right", path(seen=False), 1.5) is None
    assert hand_at("left", path(), 1.5) is None
    assert hand_at("right", path(), 60.0) is None


def test_the_strip_has_a_bar_for_each_stroke_as_high_as_it_was_long() -> None:
    html = rep_strip_html((rep(1, 8.0), rep(2, 4.0, "rushed")), ROUTINE)
    assert html.count('<li class="counted"') == 1
    assert html.count('<li class="uncounted"') == 1
    assert "height:7.00rem" in html
    assert "height:3.50rem" in html
    assert ROUTINE.faults["rushed"].label in html


def test_the_tempo_is_told_with_its_evenness_where_that_is_known() -> None:
    assert tempo_words(summarise((), ROUTINE)) == ""
    two = tempo_words(summarise((rep(1, 8.0), rep(2, 9.0)), ROUTINE))
    assert two == text("summary.tempo", shortest=duration(8.0), longest=duration(9.0))
    three = tempo_words(summarise((rep(1, 8.0), rep(2, 9.0), rep(3, 10.0)), ROUTINE))
    assert text("summary.evenness_seen", share="11\N{NO-BREAK SPACE}%") in three
