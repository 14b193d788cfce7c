"""The parts of the page Session, from top to bottom: the player first, the rest in tabs."""

from collections.abc import Callable, Mapping
from html import escape
from typing import Final

import streamlit as st

from sessions.store.store import Store
from sessions.store.values import Person
from ui.player.component import player
from ui.session_browser import chosen
from ui.session_exports import exports
from ui.session_figures import figures, strokes
from ui.session_keeping import keeping
from ui.session_links import SESSIONS_PAGE, session_asked_for
from ui.session_people import person_choice
from ui.session_state import OpenSession, close_session, open_session
from ui.session_teaching import comment_form, heard, looked_at, said, verdicts
from ui.session_words import moment_words, plain, title_of
from ui.store_handle import store
from ui.texts import text
from ui.why import why
from ui.words import duration

TABS: Final = ("why", "strokes", "figures", "words", "exports", "keeping")

_TITLES: Final[Mapping[str, str]] = {
    "why": "session.tab_why",
    "strokes": "session.tab_strokes",
    "figures": "session.tab_figures",
    "words": "session.tab_words",
    "exports": "session.tab_exports",
    "keeping": "session.tab_keeping",
}


def title_of_tab(name: str) -> str:
    """What a tab of the page is called."""
    return text(_TITLES[name])


def session_page() -> None:
    """The session that the address names."""
    session_id = session_asked_for()
    if session_id is None:
        close_session()
        st.title(text("sessions.title"))
        st.write(text("session.which"))
        st.page_link(SESSIONS_PAGE, label=text("session.to_list"))
        return
    kept = store()
    with st.spinner(text("session.opening")):
        opened = open_session(kept, session_id)
        opened.payload()
    _head(opened)
    teacher = _person(kept, "instructor")
    writer = teacher or _person(kept, "learner")
    _played(opened, kept, teacher)
    comment_form(opened, kept, writer)
    if teacher is not None:
        with st.container(border=True, key="teaching"):
            verdicts(opened, kept, teacher)
            looked_at(opened, kept, teacher)
    _tabs(opened, kept, writer)


def _person(kept: Store, role: str) -> Person | None:
    """Who was chosen in this browser, if they still exist."""
    role_id = chosen("instructor" if role == "instructor" else "learner")
    return next((person for person in kept.people() if person.id == role_id), None)


def _head(opened: OpenSession) -> None:
    line = opened.stored.line
    st.page_link(SESSIONS_PAGE, label=text("session.to_list"))
    st.title(plain(title_of(line)))
    who = line.learner or text("people.no_learner")
    count = text("sessions.count", count=line.count, attempts=line.attempts)
    facts = (who, moment_words(line.started), duration(line.duration_s), count)
    st.html(
        '<p class="session-head">'
        + "".join(f"<span>{escape(fact)}</span>" for fact in facts)
        + "</p>"
    )


def _played(opened: OpenSession, kept: Store, teacher: Person | None) -> None:
    """The player; what is done in it is taken at once."""
    event = player(
        opened.payload(),
        key=f"player-{opened.id}",
        correcting=teacher is not None,
        drawing=True,
        seek_s=opened.seek_s,
        loop=opened.loop,
    )
    # Asked for once: the same place can then be asked for again.
    opened.seek_s = opened.loop = None
    if heard(opened, event, kept, teacher):
        st.rerun()
    if opened.told is not None:
        st.caption(opened.told)
        opened.told = None


def _tabs(opened: OpenSession, kept: Store, writer: Person | None) -> None:
    parts: Mapping[str, Callable[[], None]] = {
        "why": lambda: why(opened),
        "strokes": lambda: strokes(opened),
        "figures": lambda: figures(opened),
        "words": lambda: _words(opened, kept, writer),
        "exports": lambda: exports(opened),
        "keeping": lambda: keeping(opened, kept),
    }
    # Only what is looked at is made.
    tabs = st.tabs([title_of_tab(name) for name in TABS], on_change="rerun", key="session-tabs")
    for name, tab in zip(TABS, tabs, strict=True):
        if tab.open:
            with tab:
                parts[name]()


def _words(opened: OpenSession, kept: Store, writer: Person | None) -> None:
    said(opened, kept, writer)
    st.divider()
    st.caption(text("teach.who"))
    person_choice("instructor", key="session-instructor")
    felt = opened.stored.felt_evenness
    if felt is not None:
        st.write(text("summary.you_felt", felt=text(f"summary.felt_{felt}")))
