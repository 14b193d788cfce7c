"""The words of an annotated video follow the tab's language."""

import pytest

from routines.routine import load_routine
from sessions.annotate import PictureWords
from ui import texts
from ui.picture_words import picture_words


def test_in_english_they_are_what_the_command_line_writes() -> None:
    routine = load_routine()
    labels = {phase.name: phase.label for phase in routine.phases}
    assert picture_words(routine) == PictureWords(phases=labels)


def test_in_german_they_are_german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texts, "language", lambda: "de")
    words = picture_words(load_routine())
    assert words.between == "zwischen den Streichungen"
    assert words.phases["out"] == "über die Schultern hinaus"
