"""Live sessions that were cut off: kept with one press, or thrown away."""

from typing import Final

import streamlit as st

from sessions.data_folder import data_folder
from sessions.store import unfinished
from sessions.store.unfinished import Unfinished
from ui.session_browser import browser_mark
from ui.session_links import session_link
from ui.session_words import moment_words
from ui.shell import notice
from ui.store_handle import store, was_asked_for
from ui.texts import text
from vision.errors import CoachError

_KEPT: Final = "unfinished-kept"
_PROBLEM: Final = "unfinished-problem"


def unfinished_offer(*, own: bool = False) -> None:
    """What was cut off, and what is to become of it; with `own` only what began in this browser.

    Raises StoreError.
    """
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        notice(problem)
    kept: str | None = st.session_state.pop(_KEPT, None)
    if kept is not None:
        session_link(kept, text("review.open_session"))
    if not (unfinished.is_any(data_folder()) or was_asked_for()):
        return  # So that the first page comes before the store; see `ui.first_page`.
    for one in unfinished.unfinished(store(), data_folder()):
        if not own or one.about.browser == browser_mark():
            _offer(one)


def _offer(one: Unfinished) -> None:
    when = moment_words(one.about.started)
    key = "sessions.unfinished_one" if one.strokes == 1 else "sessions.unfinished"
    with st.container(border=True, key=f"unfinished-{one.id}"):
        st.write(text(key, when=when, count=one.strokes))
        with st.container(horizontal=True):
            st.button(
                text("sessions.unfinished_keep"),
                key=f"unfinished-keep-{one.id}",
                on_click=_keep,
                args=(one.id,),
                type="primary",
            )
            st.button(
                text("sessions.unfinished_drop"),
                key=f"unfinished-drop-{one.id}",
                on_click=_drop,
                args=(one.id,),
            )


def _keep(session_id: str) -> None:
    try:
        st.session_state[_KEPT] = unfinished.keep(session_id, store(), data_folder())
    except CoachError as error:
        st.session_state[_PROBLEM] = error.sentence


def _drop(session_id: str) -> None:
    try:
        unfinished.drop(session_id, data_folder())
    except CoachError as error:
        st.session_state[_PROBLEM] = error.sentence
