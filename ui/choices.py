"""Choices that begin with a value, and are kept while a tab turns its pages."""

import streamlit as st


def begin_with(key: str, value: object) -> None:
    """Let a widget of this key begin with a value, and later with what was chosen.

    To be called before the widget, which gets no default of its own.
    """
    st.session_state[key] = st.session_state.get(key, value)
