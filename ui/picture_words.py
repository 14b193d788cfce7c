"""What is written into an annotated video, in the tab's language."""

from routines.routine import Routine
from sessions.annotate import PictureWords
from ui.routine_words import in_words
from ui.texts import text
from vision.hands import SIDES


def picture_words(routine: Routine) -> PictureWords:
    """The words of this tab, for a thread that has none."""
    return PictureWords(
        between=text("picture.between"),
        settling=text("picture.settling"),
        phases={phase.name: phase.label for phase in in_words(routine).phases},
        hands={side: text(f"chart.letter_{side}") for side in SIDES},
    )
