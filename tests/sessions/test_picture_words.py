"""The words of an annotated video follow a language."""

from routines.routine import load_routine
from sessions.annotate import PictureWords
from sessions.picture_words import picture_words

ROUTINE = load_routine()


def test_in_english_they_are_what_is_written_without_any() -> None:
    labels = {phase.name: phase.label for phase in ROUTINE.phases}
    assert picture_words(ROUTINE, "en") == PictureWords(phases=labels)


def test_in_german_they_are_german() -> None:
    words = picture_words(ROUTINE, "de")
    assert words.between == "zwischen den Streichungen"
    assert words.phases["out"] == "über die Schultern hinaus"
