"""The filters of the page Sessions; kept for the tab."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time
from typing import Final, Literal

import streamlit as st

from routines.routine import load_routine
from sessions.store.store import Store
from sessions.store.values import SessionFilter
from ui.routine_words import in_words
from ui.session_people import names
from ui.texts import text

ANY: Final = ""

_KINDS: Final[Mapping[str, str]] = {
    ANY: "sessions.any_kind",
    "live": "sessions.live",
    "recorded": "sessions.recorded",
}
_WAITING: Final[Mapping[str, str]] = {
    ANY: "sessions.any_state",
    "waiting": "sessions.is_waiting",
    "looked_at": "sessions.is_looked_at",
}
_KEYS: Final = ("text", "learner", "kind", "state", "since", "fault")


def session_filter(store: Store) -> SessionFilter:
    """Name and learner at once, the rest behind a button."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        words = st.text_input(
            text("sessions.search"), key=_key("text"), max_chars=80, persist_state="session"
        )
        learner = _learner(store)
        with st.popover(text("sessions.more_filters")):
            kind = _one_of("sessions.kind", "kind", _KINDS)
            state = _one_of("sessions.state", "state", _WAITING)
            fault = _fault()
            since = st.date_input(
                text("sessions.since"),
                value=None,
                max_value=date.today(),
                format="DD.MM.YYYY",
                key=_key("since"),
                persist_state="session",
            )
    return SessionFilter(
        learner_id=learner or None,
        kind=_kind(kind),
        waiting=None if state == ANY else state == "waiting",
        since=_begin(since) if isinstance(since, date) else None,
        fault=fault or None,
        text=words.strip() or None,
    )


def clear_filters() -> None:
    """Let all sessions pass."""
    for name in _KEYS:
        st.session_state[_key(name)] = None if name == "since" else ANY


def _key(name: str) -> str:
    return f"sessions-{name}"


def _learner(store: Store) -> str:
    known = names(store.people("learner"))
    # Somebody may have been deleted since.
    if st.session_state.get(_key("learner"), ANY) not in known:
        st.session_state[_key("learner")] = ANY
    return st.selectbox(
        text("people.learner"),
        [ANY, *known],
        format_func=lambda person: known.get(person, text("sessions.any_learner")),
        key=_key("learner"),
        persist_state="session",
    )


def _one_of(label: str, name: str, options: Mapping[str, str]) -> str:
    return st.selectbox(
        text(label),
        list(options),
        format_func=lambda option: text(options[option]),
        key=_key(name),
        persist_state="session",
    )


def _fault() -> str:
    rules = in_words(load_routine()).faults
    return st.selectbox(
        text("sessions.fault"),
        [ANY, *rules],
        format_func=lambda code: rules[code].label if code in rules else text("sessions.any_fault"),
        key=_key("fault"),
        persist_state="session",
    )


def _kind(kind: str) -> Literal["live", "recorded"] | None:
    if kind == "live":
        return "live"
    return "recorded" if kind == "recorded" else None


def _begin(day: date) -> datetime:
    """The first moment of a day in this machine's own zone."""
    return datetime.combine(day, time()).astimezone(UTC)
