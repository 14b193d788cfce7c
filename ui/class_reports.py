"""Reports to print, and truth files for scoring the engine, of a learner or of the class."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import streamlit as st

from routines.routine import load_routine
from sessions.analysis.truth_files import truth_zip
from sessions.reports import LearnerSessions, class_report, learner_report, pdf_of
from sessions.store.store import Store
from sessions.store.values import Person, SessionFilter
from ui.choices import begin_with
from ui.session_people import NOBODY, names
from ui.store_handle import now, store
from ui.texts import hold_choice, language, text

NEWEST: Final[Sequence[int]] = (1, 5, 10)
"""How many sessions of each learner a report can be about."""

DEFAULT: Final = 5


def reports_view() -> None:
    """Of whom, how much, and the files."""
    kept = store()
    people = {person.id: person for person in kept.people("learner")}
    if not people or kept.count_sessions() == 0:
        st.write(text("class.reports_empty"))
        return
    chosen = _whom(people)
    newest = _how_many()
    _reports(kept, chosen, newest)
    st.subheader(text("class.truth_title"))
    st.write(text("class.truth_text"))
    _truth(kept, chosen)


def _whom(people: dict[str, Person]) -> Sequence[Person]:
    """One learner, or all of them."""
    known = names(list(people.values()))
    hold_choice("class-report-of")
    if st.session_state.get("class-report-of", NOBODY) not in (NOBODY, *known):
        del st.session_state["class-report-of"]
    person = st.selectbox(
        text("class.report_of"),
        [NOBODY, *known],
        format_func=lambda each: known.get(each, text("class.report_class")),
        key="class-report-of",
    )
    return [people[person]] if person else list(people.values())


def _how_many() -> int:
    begin_with("class-newest", DEFAULT)
    chosen = st.segmented_control(
        text("class.newest"),
        NEWEST,
        format_func=lambda count: text(
            "class.newest_one" if count == 1 else "class.newest_many", count=count
        ),
        required=True,
        key="class-newest",
    )
    return chosen or DEFAULT


def _reports(kept: Store, chosen: Sequence[Person], newest: int) -> None:
    """Made when they are asked for: paper takes seconds."""
    made, spoken = now().astimezone().date(), language()
    name = f"tstroke-{made.isoformat()}"

    def html() -> str:
        return report_html(kept, chosen, newest, made, spoken)

    with st.container(horizontal=True):
        st.download_button(
            text("class.report_pdf"),
            lambda: pdf_of(html()),
            file_name=f"{name}.pdf",
            mime="application/pdf",
            on_click="ignore",
            type="primary",
        )
        st.download_button(
            text("class.report_html"),
            html,
            file_name=f"{name}.html",
            mime="text/html",
            on_click="ignore",
        )
    st.caption(text("class.report_help"))


def report_html(kept: Store, chosen: Sequence[Person], newest: int, made: date, spoken: str) -> str:
    """The report of one learner, or of several as a class. Raises StoreError."""
    learners = [
        LearnerSessions(person.name, [kept.session(line.id) for line in lines])
        for person in chosen
        if (lines := kept.sessions(SessionFilter(learner_id=person.id), limit=newest))
    ]
    routine = load_routine()
    if len(chosen) == 1:
        alone = learners[0] if learners else LearnerSessions(chosen[0].name, [])
        return learner_report(alone, routine, made=made, language=spoken)
    return class_report(learners, routine, made=made, language=spoken)


def _truth(kept: Store, chosen: Sequence[Person]) -> None:
    whose = chosen[0].id if len(chosen) == 1 else None
    looked_at = [line.id for line in kept.sessions(SessionFilter(whose, waiting=False))]
    if not looked_at:
        st.caption(text("class.truth_none"))
        return
    st.download_button(
        text("class.truth_one" if len(looked_at) == 1 else "class.truth", count=len(looked_at)),
        lambda: truth_zip(map(kept.session, looked_at), load_routine()),
        file_name="tstroke-truth.zip",
        mime="application/zip",
        on_click="ignore",
    )
