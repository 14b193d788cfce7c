"""Another language names everything that a routine says, and changes nothing else."""

import pytest

from messages import ENGLISH, languages, routine_words
from routines.routine import load_routine
from routines.words import in_language

ROUTINE = load_routine()
LANGUAGES = [code for code in languages() if code != ENGLISH]
LONGEST_CUE = 40
LONGEST_SENTENCE = 120
WORDS_OF_A_FAULT = {"label", "spoken", "written"}


def test_there_are_languages() -> None:
    assert "de" in LANGUAGES


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_language_names_all_that_the_routine_says_and_no_more(code: str) -> None:
    words = routine_words(ROUTINE.id, code)
    assert set(words) == {"name", "phases", "faults"}
    assert {name: {"label"} for name in words["phases"]} == {
        phase.name: set(words["phases"][phase.name]) for phase in ROUTINE.phases
    }
    assert {name: set(said) for name, said in words["faults"].items()} == dict.fromkeys(
        ROUTINE.faults, WORDS_OF_A_FAULT
    )


@pytest.mark.parametrize("code", LANGUAGES)
def test_cues_fit_an_ear_and_words_are_plain(code: str) -> None:
    for rule in in_language(ROUTINE, code).faults.values():
        assert len(rule.spoken) <= LONGEST_CUE
        for words in (rule.label, rule.spoken, rule.written):
            assert words.strip() == words != ""
            assert len(words) <= LONGEST_SENTENCE
            assert "!" not in words


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_but_words_changes(code: str) -> None:
    named = in_language(ROUTINE, code)
    assert named.name != ROUTINE.name
    assert [phase.path for phase in named.phases] == [phase.path for phase in ROUTINE.phases]
    assert [phase.label for phase in named.phases] != [phase.label for phase in ROUTINE.phases]
    assert {code: (rule.code, rule.kind, rule.limits) for code, rule in named.faults.items()} == {
        code: (rule.code, rule.kind, rule.limits) for code, rule in ROUTINE.faults.items()
    }


def test_a_language_without_a_file_leaves_it_english() -> None:
    assert in_language(ROUTINE, "xx") == in_language(ROUTINE, "en") == ROUTINE
