"""Settings behind one button: before a session and while it runs."""

from collections.abc import Callable, Sequence
from typing import Final

import streamlit as st

from ui.settings import (
    BREATH_S,
    FACINGS,
    LEVELS,
    MOST_STROKES,
    PACES,
    RATE,
    SETTLE_S,
    TEMPO_S,
    Settings,
)
from ui.speech import SOUNDS, Voice, voices_for
from ui.texts import in_language, text
from ui.turning import Turn

QUARTERS: Final = (0, 1, 2, 3)


def settings_button(
    settings: Settings,
    voices: Sequence[Voice] | None,
    language: str,
    turn: Turn,
    *,
    on_plan: Callable[[], None],
    on_turn: Callable[[Turn], None],
) -> None:
    """The button, and behind it every choice. `on_plan` is called after a change to the session.

    `voices` are the browser's; None while it has not told them.
    """
    before = settings.plan()
    with st.popover(text("settings.title"), icon=":material/tune:"):
        _session(settings)
        _pace(settings)
        _sound(settings, _voice_names(settings, voices, language))
        facing, chosen = settings.facing, _picture(settings, turn)
    if settings.plan() != before:
        on_plan()
    if chosen != turn:
        on_turn(chosen)
    if settings.facing != facing:
        st.rerun()  # the camera stands above, and has been asked for already


def _session(settings: Settings) -> None:
    settings.goal = st.slider(
        text("settings.goal"), 1, MOST_STROKES, settings.goal, key="settings-goal"
    )
    low, high, step = SETTLE_S
    settings.settle_s = st.slider(
        text("settings.settle"), low, high, settings.settle_s, step, key="settings-settle"
    )
    into, out = settings.breath_in_s, settings.breath_out_s
    settings.breath_in_s = _breath("settings-in", text("settings.breath_in"), into)
    settings.breath_out_s = _breath("settings-out", text("settings.breath_out"), out)
    settings.level = st.selectbox(
        text("settings.level"),
        LEVELS,
        LEVELS.index(settings.level),
        format_func=lambda level: text(f"settings.level_{level}"),
        key=in_language("settings-level"),
        help=text("settings.level_help"),
    )


def _breath(key: str, label: str, value_s: float) -> float:
    least, most, step = BREATH_S
    return st.slider(label, least, most, value_s, step, format="localized", key=key)


def _pace(settings: Settings) -> None:
    settings.pace = st.selectbox(
        text("settings.pace"),
        PACES,
        PACES.index(settings.pace),
        format_func=lambda pace: text(f"settings.pace_{pace}"),
        key=in_language("settings-pace"),
    )
    low, high, step = TEMPO_S
    settings.tempo_s = st.slider(
        text("settings.tempo"),
        low,
        high,
        settings.tempo_s,
        step,
        disabled=settings.pace == "off",
        format="localized",
        key="settings-tempo",
    )


def _voice_names(
    settings: Settings, voices: Sequence[Voice] | None, language: str
) -> Sequence[str]:
    """What can be chosen; the voice that was chosen before stays until others are known."""
    if voices is None:
        return [settings.voice] if settings.voice else []
    return [voice.name for voice in voices_for(voices, language)]


def _sound(settings: Settings, voices: Sequence[str]) -> None:
    settings.sound = st.selectbox(
        text("settings.sound"),
        SOUNDS,
        SOUNDS.index(settings.sound),
        format_func=lambda sound: text(f"settings.sound_{sound}"),
        key=in_language("settings-sound"),
    )
    names = ["", *voices]
    settings.voice = st.selectbox(
        text("settings.voice"),
        names,
        names.index(settings.voice) if settings.voice in names else 0,
        format_func=lambda name: name or text("settings.voice_any"),
        disabled=settings.sound != "voice" or not voices,
        key=in_language("settings-voice"),
    )
    low, high, step = RATE
    settings.rate = st.slider(
        text("settings.rate"),
        low,
        high,
        settings.rate,
        step,
        disabled=settings.sound != "voice",
        format="localized",
        key="settings-rate",
    )


def _picture(settings: Settings, turn: Turn) -> Turn:
    settings.facing = st.selectbox(
        text("settings.camera"),
        FACINGS,
        FACINGS.index(settings.facing),
        format_func=lambda facing: text(f"settings.camera_{facing}"),
        key=in_language("settings-camera"),
        help=text("settings.camera_help"),
    )
    quarters = st.selectbox(
        text("settings.turn"),
        QUARTERS,
        turn.quarters,
        format_func=lambda quarters: text(f"settings.turn_{90 * quarters}"),
        key=in_language("settings-turn"),
        help=text("settings.turn_help"),
    )
    mirrored = st.toggle(text("settings.mirror"), turn.mirrored, key="settings-mirror")
    return Turn(quarters, mirrored)
