"""A page with nothing but the player, for its browser story. What it shows stands in the address:
`show` is a word of `SHOWN` or "two", `speak` a language, `at` where
it begins."""

import os
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path

import numpy as np
import streamlit as st

from routines.routine import load_routine
from sessions.store.values import LandmarkTrack
from tests.ui.player.played import FIRST_S, SECOND_S, clip, landmarks_of, session_of
from ui.player import Payload, payload_of, player, two_players
from vision.hands import SIDES

FOLDER = Path(os.environ.get("PLAYER_DEMO_FOLDER", "."))
"""Where recordings lie that a test made."""


def _of(name: str, pictures: Path | None, **more: bool) -> Payload:
    session = session_of(name, pictures, **more)
    return payload_of(session, landmarks_of(name), load_routine())


def _hour() -> Payload:
    repeats = 100
    short = landmarks_of("wide")
    length_s = len(short.time_s) / 30
    times = np.concatenate([short.time_s + i * length_s for i in range(repeats)])
    track = LandmarkTrack(
        short.image_size,
        times,
        {side: np.tile(short.landmarks_px[side], (repeats, 1, 1)) for side in SIDES},
        {side: np.tile(short.observed[side], repeats) for side in SIDES},
        np.zeros((len(times), 2)),
    )
    return payload_of(session_of("wide", repeats=repeats), track, load_routine())


def _tall() -> Payload:
    """The middle of the picture, as `made_films` cuts it out."""
    session, track = session_of("wide", FOLDER / "tall.mp4"), landmarks_of("wide")
    hands = {side: track.landmarks_px[side] - (200, 0) for side in SIDES}
    tall = replace(track, image_size=(240, 480), landmarks_px=hands)
    return payload_of(replace(session, calibration=None), tall, load_routine())


SHOWN: Mapping[str, Callable[[], Payload]] = {
    "video": lambda: _of("wide", clip("wide")),
    "side": lambda: _of("side", clip("side")),
    "chart": lambda: _of("wide", None),
    "old": lambda: _of("wide", FOLDER / "old.mp4"),
    "turned": lambda: _of("wide", FOLDER / "turned.mp4"),
    "uncalibrated": lambda: _of("wide", clip("wide"), calibrated=False),
    "tall": _tall,
    "hour": _hour,
}

st.set_page_config(layout="wide")
state = st.session_state
state["runs"] = state.get("runs", 0) + 1
show = st.query_params.get("show", "video")
state["language"] = st.query_params.get("speak", "en")

if show == "two":
    if "payloads" not in state:
        state["payloads"] = SHOWN["video"](), SHOWN["side"]()
    event = two_players(*state["payloads"], key="both", first_s=FIRST_S, second_s=SECOND_S)
else:
    if "payload" not in state:
        state["payload"] = SHOWN[show]()
    begin_s = float(st.query_params.get("at", "0")) if state["runs"] == 1 else 0.0
    seek_s = 12.0 if st.button("Go to twelve") else begin_s or None
    event = player(state["payload"], key="one", correcting=True, drawing=True, seek_s=seek_s)

events = state.setdefault("events", [])
if event is not None:
    events.append(repr(event))
st.text(f"runs {state['runs']}")
for number, words in enumerate(events):
    st.text(f"event {number}: {words}")
