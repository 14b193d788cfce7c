"""Learners and instructors: added, renamed, removed; what goes with them is said first."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from sessions.store.values import Person, Role, SessionFilter
from ui.session_people import add_person
from ui.session_words import plain
from ui.shell import notice
from ui.store_handle import delete_person, store
from ui.texts import text
from vision.errors import CoachError

_TITLES: Final[Mapping[Role, str]] = {
    "learner": "class.learners",
    "instructor": "class.instructors",
}

NAME_PX: Final = 150
"""So that the buttons stand below each other."""


def people_view() -> None:
    """Both lists."""
    for role, title in _TITLES.items():
        st.subheader(text(title))
        people = store().people(role)
        if not people:
            st.write(text("class.nobody"))
        for person in people:
            _person(person)
        add_person(role, key=f"class-add-{role}")


def _person(person: Person) -> None:
    with st.container(horizontal=True, vertical_alignment="center", key=f"person-{person.id}"):
        st.markdown(plain(person.name), width=NAME_PX)
        with st.popover(text("class.rename")):
            _rename(person)
        if st.button(text("class.remove"), key=f"remove-{person.id}"):
            ask_to_remove(person)


def _rename(person: Person) -> None:
    with st.form(f"rename-{person.id}", border=False):
        name = st.text_input(
            text("people.name"), value=person.name, max_chars=80, key=f"name-{person.id}"
        )
        if not st.form_submit_button(text("class.rename_now")):
            return
        try:
            store().rename_person(person.id, name)
        except CoachError as error:
            notice(error.sentence)
        else:
            st.rerun()


def ask_to_remove(person: Person) -> None:
    """Ask in a window of its own."""
    st.dialog(text("class.remove_title"))(ask)(person)


def ask(person: Person) -> None:
    """Say what goes, and remove once that is sure."""
    st.write(f"**{plain(person.name)}**")
    count = store().count_sessions(SessionFilter(learner_id=person.id))
    if count:
        one = count == 1
        st.write(text("class.remove_sessions_one" if one else "class.remove_sessions", count=count))
    st.write(text("class.remove_words"))
    with st.container(horizontal=True):
        sure = st.button(text("class.remove_sure"), type="primary")
        if st.button(text("sessions.delete_not")):
            st.rerun()
    if not sure:
        return
    try:
        delete_person(person.id)
    except CoachError as error:
        notice(error.sentence)
        return
    st.rerun()
