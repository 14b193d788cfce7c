"""Who practises and who teaches: chosen once, added where they are missing."""

from collections.abc import Callable, Mapping, Sequence
from typing import Final

import streamlit as st

from sessions.store.values import Person, Role
from ui.session_browser import choose, chosen
from ui.shell import notice
from ui.store_handle import store
from ui.texts import text
from vision.errors import CoachError

NOBODY: Final = ""

_LABELS: Final[Mapping[Role, str]] = {
    "learner": "people.learner",
    "instructor": "people.instructor",
}
_NOBODY: Final[Mapping[Role, str]] = {
    "learner": "people.no_learner",
    "instructor": "people.no_instructor",
}


def person_choice(
    role: Role, *, key: str, begin_with: Callable[[], str | None] = lambda: None
) -> str | None:
    """Choose who practises or teaches here; remembered in this browser.

    It begins with the person of this id where nobody was chosen yet. Gives back the person's id, or
    None for nobody.
    """
    people = store().people(role)
    known = names(people)
    remembered, nobody = chosen(role), f"{key}-nobody"
    if remembered is None and not st.session_state.get(nobody, False):
        remembered = begin_with()
    current = remembered if remembered in known else NOBODY
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.selectbox(
            text(_LABELS[role]),
            [NOBODY, *known],
            index=[NOBODY, *known].index(current),
            format_func=lambda person: known.get(person, text(_NOBODY[role])),
            key=f"{key}-{current}-{len(known)}",
        )
        add_person(role, key=f"{key}-add")
    found = picked or None
    if (found or NOBODY) != current:
        st.session_state[nobody] = found is None
        choose(role, found)
        st.rerun()
    return found


def add_person(role: Role, *, key: str) -> None:
    """A button behind which somebody is added, and chosen."""
    with st.popover(text("people.add")), st.form(f"{key}-form", border=False, clear_on_submit=True):
        name = st.text_input(text("people.name"), max_chars=80, key=f"{key}-name")
        if st.form_submit_button(text("people.add_now")) and name.strip():
            try:
                choose(role, store().add_person(name.strip(), role).id)
            except CoachError as error:
                notice(error.sentence)
            else:
                st.rerun()


def names(people: Sequence[Person]) -> dict[str, str]:
    """Names by id; who shares a name with somebody else is told apart by the date of joining."""
    counted: dict[str, int] = {}
    for person in people:
        counted[person.name] = counted.get(person.name, 0) + 1
    return {
        person.id: person.name
        if counted[person.name] == 1
        else f"{person.name} ({person.created:%d.%m.%Y})"
        for person in people
    }
