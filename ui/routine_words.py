"""A routine's names and cues in the tab's language."""

from routines.routine import Routine
from routines.words import in_language
from ui import texts


def in_words(routine: Routine) -> Routine:
    """The routine as the tab's language names it; what the language leaves out stays English."""
    return in_language(routine, texts.language())
