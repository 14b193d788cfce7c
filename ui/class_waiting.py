"""The sessions that wait for an instructor to look at them."""

from datetime import UTC, date, datetime, time
from html import escape
from typing import Final

import streamlit as st

from routines.routine import load_routine
from sessions.store.store import Store
from sessions.store.values import SessionFilter, SessionLine
from ui.routine_words import in_words
from ui.session_links import session_link, ways_to_begin
from ui.session_people import NOBODY, names
from ui.session_words import day, fault_words, plain, title_of
from ui.store_handle import store
from ui.texts import hold_choice, text
from ui.words import duration

PER_PAGE: Final = 20

_KEYS: Final = ("class-search", "class-learner", "class-fault", "class-since")


def waiting_view() -> None:
    """What waits, by learner, fault, day and name."""
    kept = store()
    if kept.count_sessions() == 0:
        st.write(text("class.no_sessions"))
        ways_to_begin()
        return
    if kept.count_sessions(SessionFilter(waiting=True)) == 0:
        st.write(text("class.none_waits"))
        return
    chosen = _filter(kept)
    total = kept.count_sessions(chosen)
    if total == 0:
        st.write(text("class.none_fits"))
        st.button(text("sessions.clear"), on_click=_clear)
        return
    st.caption(text("class.found_one" if total == 1 else "class.found", count=total))
    _list(kept, chosen, total)


def _filter(kept: Store) -> SessionFilter:
    people = names(kept.people("learner"))
    rules = in_words(load_routine()).faults
    for key in _KEYS:
        hold_choice(key)
    if st.session_state.get("class-learner", NOBODY) not in (NOBODY, *people):
        del st.session_state["class-learner"]
    first, second = st.columns(2)
    with first:
        learner = st.selectbox(
            text("people.learner"),
            [NOBODY, *people],
            format_func=lambda each: people.get(each, text("sessions.any_learner")),
            key="class-learner",
        )
        words = st.text_input(text("sessions.search"), key="class-search", max_chars=80)
    with second:
        fault = st.selectbox(
            text("sessions.fault"),
            [NOBODY, *rules],
            format_func=lambda code: (
                rules[code].label if code in rules else text("sessions.any_fault")
            ),
            key="class-fault",
        )
        since = st.date_input(
            text("sessions.since"), value=None, format="DD.MM.YYYY", key="class-since"
        )
    return SessionFilter(
        learner_id=learner or None,
        waiting=True,
        since=_begin(since) if isinstance(since, date) else None,
        fault=fault or None,
        text=words.strip() or None,
    )


def _begin(of: date) -> datetime:
    """The first moment of a day in this machine's own zone."""
    return datetime.combine(of, time()).astimezone(UTC)


def _clear() -> None:
    """Let all that wait pass."""
    for key in _KEYS:
        st.session_state.pop(key, None)


def _list(kept: Store, chosen: SessionFilter, total: int) -> None:
    pages = -(-total // PER_PAGE)
    place = st.container()
    page = st.pagination(pages, key=f"class-page-{hash(chosen)}") if pages > 1 else 1
    with place:
        for line in kept.sessions(chosen, limit=PER_PAGE, offset=PER_PAGE * (page - 1)):
            with st.container(
                horizontal=True, vertical_alignment="center", key=f"session-line-{line.id}"
            ):
                session_link(line.id, plain(title_of(line)))
                st.html(_facts_html(line))


def _facts_html(line: SessionLine) -> str:
    facts = (
        line.learner or text("people.no_learner"),
        f"{day(line.started)}, {duration(line.duration_s)}",
        text("sessions.count", count=line.count, attempts=line.attempts),
        fault_words(line),
    )
    return (
        '<div class="session-line">'
        + "".join(f"<span>{escape(fact)}</span>" for fact in facts)
        + "</div>"
    )
