"""Figures, limits and verdicts are told as a language tells them."""

from datetime import date

from messages import ENGLISH
from sessions.wording import Words
from tests.stored import ROUTINE, attempts, verdict


def test_an_unknown_language_is_english() -> None:
    assert Words("xx").language == ENGLISH
    assert Words("de").language == "de"


def test_figures_are_written_as_the_language_writes_them() -> None:
    german, english = Words("de"), Words("en")
    assert german.duration(7.25) == "7,2 s"
    assert english.duration(83.4) == "1 min 23 s"
    assert german.quantity(-3.14, "cm") == "≈ \N{MINUS SIGN}3,1 cm"
    assert german.day(date(2026, 3, 2)) == "2. März 2026"
    assert english.day(date(2026, 12, 24)) == "24 December 2026"


def test_a_limit_is_exact_and_a_length_is_about() -> None:
    rep = attempts([["on_spine", "short_reach"]])[0]
    told = {check.code: Words().measure(check) for check in rep.faults}
    assert told["on_spine"] == "≈ 0.40 cm, limit 1 cm"
    assert (
        told["short_reach"]
        == "66\N{NO-BREAK SPACE}% of the way from waist to nape, limit 80\N{NO-BREAK SPACE}%"
    )


def test_verdicts_say_who_and_what() -> None:
    rep = attempts([[]])[0]
    words = Words("en")
    assert words.verdict(verdict(rep), ROUTINE) == "Ida Berg saw here: on the spine, left hand"
    assert words.verdict(verdict(rep, None), ROUTINE) == "Ida Berg saw another stroke here"
