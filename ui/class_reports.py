"""Reports to print, and truth files for scoring the engine, of a learner or of the class."""

from collections.abc import Sequence
from datetime import date
from typing import Final

import streamlit as st

from routines.routine import load_routine
from sessions.analysis.truth_files import truth_zip
from sessions.reports import LearnerSessions, class_report, learner_report
from sessions.store.store import Store
from sessions.store.values import Person, SessionFilter
from ui.choices import begin_with
from ui.report_files import report_buttons
from ui.session_links import SESSIONS_PAGE, ways_to_begin
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
    if not any(kept.count_sessions(SessionFilter(learner_id=each)) for each in people):
        _nobodys(kept)
        return
    chosen = _whom(people)
    newest = _how_many()
    _reports(kept, chosen, newest)
    st.subheader(text("class.truth_title"))
    st.write(text("class.truth_text"))
    _truth(kept, chosen)


def _nobodys(kept: Store) -> None:
    """What to do first: a report is about somebody."""
    st.write(text("class.reports_empty"))
    if kept.count_sessions():
        st.page_link(SESSIONS_PAGE, label=text("session.to_list"))
    else:
        ways_to_begin()


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
    made, spoken = now().astimezone().date(), language()

    def html() -> str:
        return report_html(kept, chosen, newest, made, spoken)

    report_buttons(html, f"tstroke-{made.isoformat()}", key="class-report")
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
