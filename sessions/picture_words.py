"""What is written into an annotated video, in a language."""

from messages import filled_messages
from routines.routine import Routine
from routines.words import in_language
from sessions.annotate import PictureWords
from vision.hands import SIDES


def picture_words(routine: Routine, language: str) -> PictureWords:
    """The words of a language, in English where it lacks them."""
    words = filled_messages(language)
    return PictureWords(
        between=words["picture.between"],
        settling=words["picture.settling"],
        phases={phase.name: phase.label for phase in in_language(routine, language).phases},
        hands={side: words[f"chart.letter_{side}"] for side in SIDES},
    )
