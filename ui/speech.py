"""What is to be heard: the browser's own voice, or tones; numbered, so that nothing comes twice."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any, Final, Literal

import streamlit as st

from sessions.guided import SayKind
from ui.webrtc_compat import WATCH_SELECTORS

Sound = Literal["voice", "tones", "off"]
SOUNDS: Final[tuple[Sound, ...]] = ("voice", "tones", "off")

Tone = Literal[
    "task", "notice", "count", "cue", "urgent", "ring", "breath_in", "breath_out", "pace", "done"
]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One thing to be heard."""

    number: int
    """Rises within a session."""
    kind: SayKind
    words: str
    """Empty for a tone alone."""
    tone: Tone
    """What is heard where no voice speaks the words."""
    urgent: bool = False
    """Goes before everything else, and cuts it short."""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice of the browser that needs no other machine."""

    name: str
    language: str
    """As `en-GB`."""


@dataclass(frozen=True, slots=True)
class SpeechSettings:
    """How it is to be said."""

    sound: Sound = "voice"
    voice: str = ""
    """Name of the voice; empty for the browser's own choice in the language."""
    rate: float = 1.0
    language: str = "en"


def _asset() -> str:
    return resources.files(__package__).joinpath("web", "speech.js").read_text("utf-8")


_speech = st.components.v2.component("tstroke_speech", html="<span></span>", js=_asset())


def speech(
    run: str, says: Sequence[Utterance], settings: SpeechSettings
) -> tuple[Voice, ...] | None:
    """Let the browser say what of `says` is new to it; gives back its voices, None until it told.

    `run` names the session that numbers the says: those of another one begin anew.
    """
    result = _speech(
        key="speech",
        data={
            "run": run,
            "says": [asdict(say) for say in says],
            "settings": asdict(settings),
            "frame": WATCH_SELECTORS["frame"],
        },
        height=1,
        on_voices_change=_nothing,
    )
    return read_voices(result.get("voices"))


def read_voices(state: Mapping[str, Any] | None) -> tuple[Voice, ...] | None:
    """The voices that the component reports; None while it has not."""
    if not state or not state.get("ready"):
        return None
    return tuple(Voice(str(each["name"]), str(each["lang"])) for each in state.get("voices", ()))


def voices_for(voices: Sequence[Voice], language: str) -> tuple[Voice, ...]:
    """Those that speak the language, as `en`."""
    return tuple(
        each for each in voices if each.language.replace("_", "-").split("-")[0].lower() == language
    )


def _nothing() -> None:
    """The component needs a callback to keep a state; the rerun does the rest."""
