"""Times, measures and verdicts in words."""

import pytest

from routines.reps import Check, PhaseSpan, Rep
from routines.routine import load_routine
from ui.rep_table import marked_faults, rep_table_html
from ui.words import (
    clock,
    duration,
    fault_label,
    fault_measure,
    not_seen,
    percent,
    quantity,
    verdict,
)

ROUTINE = load_routine()

LATE = Check("asymmetric", "fault", 4.0, 5.0, "right", measured=0.52, limit=0.3, unit="s")
SHORT = Check("short_reach", "fault", 2.0, 3.0, "both", measured=0.61, limit=0.8)
HIDDEN = Check("on_spine", "not_seen", 0.0, 6.0)


def rep(*checks: Check, counted: bool = True, unseen_share: float = 0.0, index: int = 1) -> Rep:
    phases = (PhaseSpan("up", 1.0, 3.0), PhaseSpan("out", 3.0, 4.2), PhaseSpan("<odd>", 4.2, 6.0))
    score = 85.0 if unseen_share <= 0.6 else None
    return Rep(index, 1.0, 66.0, counted, phases, checks, unseen_share, score)


@pytest.mark.parametrize(("time_s", "words"), [(0.0, "0:00"), (59.99, "0:59"), (61.0, "1:01")])
def test_clock(time_s: float, words: str) -> None:
    assert clock(time_s) == words


@pytest.mark.parametrize(
    ("time_s", "words"),
    [(0.52, "0.5 s"), (12.4, "12 s"), (60.0, "1 min 00 s"), (125.0, "2 min 05 s")],
)
def test_duration(time_s: float, words: str) -> None:
    assert duration(time_s) == words


@pytest.mark.parametrize(
    ("value", "unit", "words"),
    [
        (0.52, "s", "0.52 s"),
        (0.834, "cm", "≈ 0.83 cm"),
        (61.7, "cm/s", "≈ 62 cm/s"),
        (41.2, "°", "41°"),
        (0.663, "v", "66\N{NO-BREAK SPACE}% of the way from waist to nape"),
        (0.19, "of up", "19\N{NO-BREAK SPACE}% of the way up"),
        (0.5, "of the other's path", "50\N{NO-BREAK SPACE}% of the other hand's path"),
        (0.61, "", "0.61"),
    ],
)
def test_quantities_have_units_and_sensible_digits(value: float, unit: str, words: str) -> None:
    assert quantity(value, unit) == words


def test_percent() -> None:
    assert percent(0.478) == "48\N{NO-BREAK SPACE}%"


def test_fault_names_its_hand() -> None:
    label = ROUTINE.faults["asymmetric"].label
    assert fault_label(LATE, ROUTINE) == f"{label}, right hand"
    assert fault_label(SHORT, ROUTINE) == ROUTINE.faults["short_reach"].label


def test_verdict_says_why_not() -> None:
    assert verdict(rep(LATE), ROUTINE) == "Counted"
    short = ROUTINE.faults["short_reach"].label
    assert verdict(rep(LATE, SHORT, counted=False), ROUTINE) == f"Not counted: {short}"
    assert verdict(rep(counted=False), ROUTINE) == "Not counted: too little of it was seen"


def test_a_stroke_seen_in_part_says_so() -> None:
    assert verdict(rep(unseen_share=0.7), ROUTINE) == "Counted, seen in part"
    broke_off = Check("incomplete", "fault", 4.0, 5.0)
    assert rep(unseen_share=0.7).seen_in_part
    assert not rep(broke_off, unseen_share=0.7).seen_in_part


def test_not_seen_is_no_fault_and_no_praise() -> None:
    words = not_seen(rep(HIDDEN), ROUTINE)
    assert words == f"Not seen: {ROUTINE.faults['on_spine'].label}"
    assert rep(HIDDEN).faults == ()


def test_many_unseen_checks_are_counted() -> None:
    checks = [Check(code, "not_seen", 0.0, 1.0) for code in ROUTINE.faults]
    words = not_seen(rep(*checks), ROUTINE)
    assert words == f"{len(checks)} of {len(checks)} checks could not be seen"


def test_a_share_is_explained_once() -> None:
    far = Check("asymmetric", "fault", 0.0, 1.0, "left", measured=0.3, limit=0.08, unit="v")
    words = fault_measure(far)
    assert (
        words == "30\N{NO-BREAK SPACE}% of the way from waist to nape, limit 8\N{NO-BREAK SPACE}%"
    )
    assert quantity(-2.6, "cm") == "≈ −2.6 cm"


def test_table_has_a_row_for_each_attempt() -> None:
    reps = [rep(LATE, HIDDEN), rep(SHORT, counted=False, index=2, unseen_share=0.4)]
    html = rep_table_html(reps, ROUTINE, marked_faults(reps))
    assert html.count("<tr") == 3
    assert "Counted" in html
    assert "Not counted" in html
    assert "at 0:04; 0.52 s, limit 0.3 s" in html
    assert "Hands unseen for 40\N{NO-BREAK SPACE}%" in html
    assert '<span class="mark">1</span>' in html
    assert '<span class="mark">2</span>' in html


def test_table_escapes_words_and_names_every_cell_for_small_screens() -> None:
    html = rep_table_html([rep(LATE)], ROUTINE)
    assert "<odd>" not in html
    assert html.count("data-label=") == 5
