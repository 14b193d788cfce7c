"""Ways from one page to another that keep the tab, its language, and say which session is meant."""

from typing import Final

import streamlit as st

from ui.texts import PARAMETER, language, text

PRACTICE_PAGE: Final = "ui/practice.py"
REVIEW_PAGE: Final = "ui/review.py"
SESSIONS_PAGE: Final = "ui/sessions.py"
SESSION_PAGE: Final = "ui/session.py"
COMPARE_PAGE: Final = "ui/compare.py"
SESSION_PARAMETER: Final = "id"


def session_link(session_id: str, label: str) -> None:
    """A link to a session's own page."""
    st.page_link(
        SESSION_PAGE,
        label=label,
        query_params={SESSION_PARAMETER: session_id, PARAMETER: language()},
    )


def compare_link(session_id: str, other_id: str) -> None:
    """A link to the page that sets two sessions side by side."""
    st.page_link(
        COMPARE_PAGE,
        label=text("sessions.compare"),
        query_params={"a": session_id, "b": other_id, PARAMETER: language()},
    )


def ways_to_begin() -> None:
    """Where sessions come from, for a page that has none to show yet."""
    with st.container(horizontal=True):
        st.page_link(PRACTICE_PAGE, label=text("sessions.to_practice"))
        st.page_link(REVIEW_PAGE, label=text("sessions.to_review"))


def session_asked_for() -> str | None:
    """The session that the page's address names; None where it names none."""
    return st.query_params.get(SESSION_PARAMETER) or None
