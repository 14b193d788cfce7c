"""Every word of reports and captions is there in every language, and none in vain."""

import re
from datetime import date
from pathlib import Path
from typing import get_args

import pytest

import sessions
from sessions.store.values import Word
from sessions.summary import WentWell
from sessions.wording import ENGLISH, Words, languages, messages, own_messages
from tests.stored import ROUTINE, attempts, verdict

ROOM = Path(sessions.__file__).parent
FILES = (
    ROOM / "wording.py",
    *(ROOM / "exports").glob("*.py"),
    *(ROOM / "reports").glob("*.py"),
    *(ROOM / "reports" / "templates").glob("*.html"),
)
SOURCE = "\n".join(path.read_text("utf-8") for path in sorted(FILES))

FAMILIES = {
    "unit.{}": ("v", "u", "of_up", "of_the_path", "of_the_other_s_path"),
    "hand.{}": ("left", "right"),
    "phase.{}": tuple(phase.name for phase in ROUTINE.phases),
    "word.{}": (*get_args(Word), "missed_rep", "corrected"),
    "well.{}": get_args(WentWell),
    "report.felt_{}": (1, 2, 3, 4, 5),
    "report.trend_{}": ("rising", "falling", "none_seen", "too_early"),
}
"""Keys that the code builds from a name."""

PLURAL = ("report.sessions", "report.strokes", "report.lately", "report.practise_because")

OTHERS = tuple(code for code in languages() if code != ENGLISH)


def used_keys() -> set[str]:
    plain = set(re.findall(r"[\"']([a-z]+\.[a-z_]+)[\"']", SOURCE)) & set(messages(ENGLISH))
    built = {family.format(name) for family, names in FAMILIES.items() for name in names}
    return plain | built | {f"{key}_one" for key in PLURAL}


def test_every_text_is_used_and_there() -> None:
    assert used_keys() == set(messages(ENGLISH))


@pytest.mark.parametrize("code", OTHERS)
def test_a_language_has_the_same_keys_and_names(code: str) -> None:
    own = own_messages(code)
    assert set(own) == set(own_messages(ENGLISH))
    for key, words in own.items():
        english = messages(ENGLISH)[key]
        assert set(re.findall(r"{(\w+)}", words)) == set(re.findall(r"{(\w+)}", english)), key
        assert words.strip() == words != "", key


@pytest.mark.parametrize("code", languages())
def test_texts_are_plain(code: str) -> None:
    for key, words in own_messages(code).items():
        assert all(ord(sign) < 0x2190 for sign in words), key
        assert "!" not in words, key


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
