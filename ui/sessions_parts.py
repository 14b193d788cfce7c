"""The parts of the page Sessions, from top to bottom."""

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from sessions.store.values import SessionFilter, SessionLine
from ui.session_delete import ask_to_delete
from ui.session_links import compare_link, session_link, ways_to_begin
from ui.session_words import day, fault_words, plain, title_of
from ui.sessions_filter import clear_filters, session_filter
from ui.store_handle import store
from ui.texts import text
from ui.words import duration

PER_PAGE: Final = 20
_TICKED: Final = "sessions-ticked"


def session_list() -> None:
    """The filters, the sessions that pass them, and what can be done with those that are ticked."""
    kept = store()
    if kept.count_sessions() == 0:
        _nothing_yet()
        return
    chosen = session_filter(kept)
    total = kept.count_sessions(chosen)
    if total == 0:
        st.write(text("sessions.none_fits"))
        st.button(text("sessions.clear"), on_click=clear_filters)
        return
    st.caption(text("sessions.found_one" if total == 1 else "sessions.found", count=total))
    actions = st.container(horizontal=True, vertical_alignment="center", key="session-actions")
    lines = _page(chosen, total)
    with actions:
        _actions(_ticked(lines))


def _nothing_yet() -> None:
    """What to do next, where nothing was kept."""
    st.write(text("sessions.empty"))
    ways_to_begin()


def _page(chosen: SessionFilter, total: int) -> tuple[SessionLine, ...]:
    """Draws the lines of one page; gives them back."""
    pages = -(-total // PER_PAGE)
    place = st.container()
    # Another filter has another number of pages: what was turned to there is nothing here.
    page = st.pagination(pages, key=f"sessions-page-{hash(chosen)}") if pages > 1 else 1
    lines = store().sessions(chosen, limit=PER_PAGE, offset=PER_PAGE * (page - 1))
    with place:
        for line in lines:
            _line(line)
    return lines


def _line(line: SessionLine) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"session-line-{line.id}"):
        label = text("sessions.tick", name=plain(title_of(line)))
        st.checkbox(label, label_visibility="collapsed", key=_tick(line))
        session_link(line.id, plain(title_of(line)))
        st.html(_facts_html(line))


def _tick(line: SessionLine) -> str:
    return f"{_TICKED}-{line.id}"


def _ticked(lines: Sequence[SessionLine]) -> list[SessionLine]:
    return [line for line in lines if st.session_state.get(_tick(line))]


def _actions(ticked: Sequence[SessionLine]) -> None:
    """What can be done with the sessions that are ticked; said while none is."""
    if not ticked:
        st.caption(text("sessions.tick_help"))
        return
    if len(ticked) == 2:
        compare_link(ticked[0].id, ticked[1].id)
    label = "sessions.delete_one" if len(ticked) == 1 else "sessions.delete"
    if st.button(text(label, count=len(ticked))):
        ask_to_delete(ticked)


def _facts_html(line: SessionLine) -> str:
    who = line.learner or text("people.no_learner")
    when = f"{day(line.started)}, {duration(line.duration_s)}"
    count = text("sessions.count", count=line.count, attempts=line.attempts)
    waiting = f'<b class="waiting">{escape(text("sessions.waiting"))}</b>' if line.waiting else ""
    said = line.comments + line.verdicts
    words = [fault_words(line)]
    if said:
        words.append(text("sessions.said_one" if said == 1 else "sessions.said", count=said))
    more = " · ".join(word for word in words if word)
    return (
        f'<div class="session-line"><span>{escape(who)}</span><span>{escape(when)}</span>'
        f"<span>{escape(count)}</span><span>{escape(more)}</span>{waiting}</div>"
    )
