"""Deleting sessions: asked first, with what goes."""

from collections.abc import Sequence
from typing import Final

import streamlit as st

from sessions.store.values import SessionLine
from ui.session_words import day, plain, title_of
from ui.shell import notice
from ui.store_handle import delete_session
from ui.texts import text
from vision.errors import CoachError

_PROBLEM: Final = "delete-problem"


def ask_to_delete(lines: Sequence[SessionLine], *, back_to: str | None = None) -> None:
    """Ask in a window of its own; afterwards go to the page `back_to`, or stay."""
    st.dialog(text("sessions.delete_title"))(_ask)(tuple(lines), back_to)


def _ask(lines: Sequence[SessionLine], back_to: str | None) -> None:
    for line in lines:
        who = line.learner or text("people.no_learner")
        st.write(f"**{plain(title_of(line))}**, {day(line.started)}, {plain(who)}")
    st.write(text("sessions.delete_what"))
    if any(line.has_pictures for line in lines):
        st.write(text("sessions.delete_pictures"))
    with st.container(horizontal=True):
        sure = st.button(
            text("sessions.delete_sure"), type="primary", on_click=_delete, args=(lines,)
        )
        if st.button(text("sessions.delete_not")):
            st.rerun()
    problem = st.session_state.pop(_PROBLEM, None)
    if problem is not None:
        notice(problem)
    elif sure:
        if back_to is not None:
            st.switch_page(back_to)
        st.rerun()


def _delete(lines: Sequence[SessionLine]) -> None:
    try:
        for line in lines:
            delete_session(line.id)
    except CoachError as error:
        st.session_state[_PROBLEM] = error.sentence
