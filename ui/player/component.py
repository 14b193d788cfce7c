"""The player on the page: what goes to the browser, and what comes back."""

from collections.abc import Mapping, Sequence
from importlib import resources
from itertools import pairwise
from typing import Any, Final

import streamlit as st

from routines.reps import Span
from ui.palette import FAULT, HAND, PHASE, UNSEEN
from ui.player.backdrop import SHEET
from ui.player.events import PlayerEvent, read_event
from ui.player.payload import Payload
from ui.player.track_bytes import BACK_STEP, PX_STEP
from ui.player.words import browser_words
from ui.served import address

# One module in several files, for a component of this kind takes its program as one text.
PARTS: Final = (
    "words",
    "track",
    "clock",
    "marks",
    "picture",
    "chart",
    "stage",
    "timeline",
    "lanes",
    "pointer",
    "boundaries",
    "controls",
    "keys",
    "player",
)


def _asset(name: str, kind: str) -> str:
    return resources.files(__package__).joinpath("web", f"{name}.{kind}").read_text("utf-8")


_player = st.components.v2.component(
    "tstroke_player",
    html=_asset("player", "html"),
    css=_asset("player", "css"),
    js="\n".join(_asset(name, "js") for name in PARTS),
)


def player(
    payload: Payload,
    *,
    key: str,
    correcting: bool = False,
    drawing: bool = False,
    seek_s: float | None = None,
    loop: Span | None = None,
) -> PlayerEvent | None:
    """Show a session, and give back what was done in the player since the last run.

    `seek_s` and `loop` are taken when they change: name them in the run in which a link was
    clicked, or in all. With `drawing` marks can be drawn, with `correcting` a rep's boundaries can
    be dragged. The key must be another one for another place on the page.
    """
    data = {
        "views": [_view(payload, f"{key}-a")],
        "pairs": None,
        "correcting": correcting,
        "drawing": drawing,
        "seek": seek_s,
        "loop": None if loop is None else [loop.start_s, loop.end_s],
        **_shared(),
    }
    return _show(key, data)


def two_players(
    first: Payload,
    second: Payload,
    *,
    key: str,
    first_s: Sequence[float],
    second_s: Sequence[float],
    seek_s: float | None = None,
    loop: Span | None = None,
) -> PlayerEvent | None:
    """Two sessions side by side, kept in step: at `first_s[i]` of one the other is at
    `second_s[i]`, and in between evenly.

    Both rise; there are at least two of each. Times that go in and come out are the first one's,
    and the timeline is the first one's. Raises ValueError where the times are not like that.
    """
    data = {
        "views": [_view(first, f"{key}-a"), _view(second, f"{key}-b")],
        "pairs": [_rising(first_s), _rising(second_s)],
        "correcting": False,
        "drawing": False,
        "seek": seek_s,
        "loop": None if loop is None else [loop.start_s, loop.end_s],
        **_shared(),
    }
    if len(first_s) != len(second_s) or len(first_s) < 2:
        raise ValueError(
            f"{len(first_s)} times of one session and {len(second_s)} of the other: give as many "
            "of each, two at least."
        )
    return _show(key, data)


def _rising(times_s: Sequence[float]) -> list[float]:
    times = [round(float(time_s), 3) for time_s in times_s]
    if any(later < earlier for earlier, later in pairwise(times)):
        raise ValueError("Times that keep two sessions in step must rise: sort the pairs first.")
    return times


def _view(payload: Payload, place: str) -> dict[str, Any]:
    """One session's data, and where its large parts are fetched."""
    hands = payload.ground.hands
    video = payload.video
    sheet = payload.data["sheet"]
    return {
        **payload.data,
        "sheet": sheet | {"svg": sheet["svg"].replace(SHEET, place)},
        "video": None if video is None else address(f"{place}-video", video),
        "packed": address(f"{place}-hands", hands.packed) if hands.count else None,
    }


def _shared() -> dict[str, Any]:
    return {
        "steps": {"px": PX_STEP, "back": BACK_STEP},
        "colours": {**PHASE, **HAND, "fault": FAULT, "unseen": UNSEEN},
        "words": browser_words(),
    }


def _show(key: str, data: Mapping[str, Any]) -> PlayerEvent | None:
    result = _player(key=key, data=dict(data), on_event_change=_nothing)
    return fresh_event(result.get("event"), f"{key}-heard")


def fresh_event(state: Mapping[str, Any] | None, heard: str) -> PlayerEvent | None:
    """The event of the component's state, once: any rerun reads the old state again.

    The number of the last one lies in `st.session_state[heard]`.
    """
    if not state or state.get("number") == st.session_state.get(heard):
        return None
    st.session_state[heard] = state.get("number")
    return read_event(state)


def _nothing() -> None:
    """The component needs a callback to keep a state; the rerun does the rest."""
