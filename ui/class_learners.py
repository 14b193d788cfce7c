"""The learners: how many sessions, how many wait, how the last one went."""

from html import escape
from typing import Final

import streamlit as st

from ui.class_state import LearnerRow, learner_rows
from ui.session_browser import choose
from ui.session_people import add_person
from ui.session_words import day, plain
from ui.store_handle import store
from ui.texts import text
from ui.words import percent

PROGRESS_PAGE: Final = "ui/progress.py"


def learners_view() -> None:
    """Each learner with a way to their progress."""
    kept = store()
    rows = learner_rows(kept.people("learner"), kept.sessions())
    if not rows:
        st.write(text("class.no_learners"))
        add_person("learner", key="class-first")
        return
    for row in rows:
        with st.container(
            horizontal=True, vertical_alignment="center", key=f"class-learner-{row.person.id}"
        ):
            if st.button(plain(row.person.name), key=f"class-go-{row.person.id}", type="tertiary"):
                choose("learner", row.person.id)
                st.switch_page(PROGRESS_PAGE)
            st.html(_facts_html(row))


def _facts_html(row: LearnerRow) -> str:
    one = row.sessions == 1
    facts = [text("class.sessions_one" if one else "class.sessions", count=row.sessions)]
    if row.last is not None:
        facts.append(text("class.last", day=day(row.last)))
    if row.clean_share is not None:
        facts.append(text("class.clean", share=percent(row.clean_share)))
    waits = text("class.waits_one" if row.waiting == 1 else "class.waits", count=row.waiting)
    waiting = f'<b class="waiting">{escape(waits)}</b>' if row.waiting else ""
    spans = "".join(f"<span>{escape(fact)}</span>" for fact in facts)
    return f'<div class="session-line">{spans}{waiting}</div>'
