"""What a guided session says, in words and tones."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from routines.routine import Routine
from sessions.guided import Say, SayKind
from ui.guide_run import Spoken
from ui.speech import Tone, Utterance
from ui.texts import text

FRESH_S: Final = 5.0
"""What was said longer ago than this is history: a page that comes late keeps it to itself."""

SHOWN_S: Final = 8.0
"""A cue stands on the screen for so long, unless something newer takes its place: about the least
time between two cues."""

CAPTION_S: Final = 1.5
"""A tone's caption stands for so long."""

URGENT: Final = "on_spine"

TONES: Final[Mapping[str, Tone]] = {
    "tone.got_it": "ring",
    "tone.breath_in": "breath_in",
    "tone.breath_out": "breath_out",
    "tone.pace": "pace",
}


def words_of(say: Say, routine: Routine) -> str:
    """The words of a say, the same for ear and eye; empty for a tone."""
    match say.kind:
        case "tone":
            return ""
        case "cue":
            return cue_words(say.key, routine)
        case "count":
            return text("practice.count", **say.values)
        case _:
            return text(say.key, **say.values)


def cue_words(code: str, routine: Routine) -> str:
    """The short cue of a fault."""
    return routine.faults[code].spoken


def utterance(spoken: Spoken, routine: Routine) -> Utterance:
    """What the browser is to say or to sound."""
    say = spoken.say
    urgent = say.kind == "cue" and say.key == URGENT
    return Utterance(
        spoken.number, say.kind, words_of(say, routine), _tone(say, urgent=urgent), urgent
    )


def fresh(spoken: Sequence[Spoken], now_s: float) -> tuple[Spoken, ...]:
    """What was said just now."""
    return tuple(each for each in spoken if now_s - each.say.time_s <= FRESH_S)


def standing_cue(spoken: Sequence[Spoken], now_s: float) -> Say | None:
    """The cue that stands on the screen; None where the task has its place."""
    return next((say for say in _lately(spoken, now_s, "cue", "task") if say.kind == "cue"), None)


def standing_notice(spoken: Sequence[Spoken], now_s: float) -> Say | None:
    """The notice that stands on the screen beside the task."""
    return next(_lately(spoken, now_s, "notice"), None)


def tone_caption(spoken: Sequence[Spoken], now_s: float) -> str:
    """What the newest tone tells, for who can't hear it; empty where nothing sounds.

    The tones of the breath need none: its word stands in the middle.
    """
    tones = (each.say for each in reversed(spoken) if each.say.kind == "tone")
    newest = next(tones, None)
    if newest is None or now_s - newest.time_s > CAPTION_S:
        return ""
    match newest.key:
        case "tone.got_it":
            return text("caption.got_it")
        case "tone.pace":
            return text("caption.pace", phase=text(f"phase.{newest.values['phase']}"))
        case _:
            return ""


def _lately(spoken: Sequence[Spoken], now_s: float, *kinds: SayKind) -> Iterator[Say]:
    """The newest say of these kinds, if it is new enough to stand on the screen."""
    newest = next((each.say for each in reversed(spoken) if each.say.kind in kinds), None)
    if newest is not None and now_s - newest.time_s <= SHOWN_S:
        yield newest


def _tone(say: Say, *, urgent: bool) -> Tone:
    match say.kind:
        case "tone":
            return TONES.get(say.key, "ring")
        case "cue":
            return "urgent" if urgent else "cue"
        case _:
            return say.kind
