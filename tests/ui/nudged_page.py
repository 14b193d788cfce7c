"""A page whose fragment nobody asks for: only a nudge from another thread runs it again."""

import threading

import streamlit as st

from ui.fragment_nudge import fragment_nudge

SOON_S = 0.5


@st.fragment
def part() -> None:
    """Counts its runs, and lets each of the first three be followed by another one."""
    runs = st.session_state["runs"] = st.session_state.get("runs", 0) + 1
    word = st.session_state.get("word", "")
    st.write(f"run {runs} at {st.query_params.get('place')} with {word!r}")
    nudge = fragment_nudge()
    if nudge is not None and (runs < 3 or word):
        threading.Timer(SOON_S, nudge).start()


st.text_input("Word", key="word")
part()
