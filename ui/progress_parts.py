"""The parts of the page Progress, from top to bottom."""

from collections.abc import Sequence
from html import escape
from typing import Final

import streamlit as st

from routines.routine import Routine, load_routine
from sessions.analysis.progress import Figures, LearnerProgress, progress_of
from sessions.store.values import SessionFilter, SessionLine
from sessions.summary import EVEN_CV
from ui.choices import begin_with
from ui.progress_bars import bar_legend_html, evenness_html, fault_rows_html, strokes_html
from ui.progress_words import capital, clean_trend, evenness_trend
from ui.routine_words import in_words
from ui.session_links import COMPARE_PAGE, ways_to_begin
from ui.session_people import person_choice
from ui.store_handle import store
from ui.texts import PARAMETER, language, text
from ui.words import percent

NEWEST: Final = 26
"""So many bars are shown: half a year of weeks."""

LOOKED_AT: Final = 100
"""So many of the newest sessions are looked through for somebody's."""

BY_SESSION: Final = "session"
BY_WEEK: Final = "week"


def progress() -> None:
    """The learner, what to work on next, and their sessions over time."""
    learner_id = person_choice("learner", key="progress-learner", begin_with=practised_last)
    lines = sessions_of(learner_id)
    if not lines:
        _nothing_yet(learner_id)
        return
    routine = in_words(load_routine())
    found = progress_of(lines, routine)
    _work_on(found, lines, routine)
    figures = _figures(found)
    st.subheader(text("progress.strokes_title"))
    st.html(strokes_html(figures) + bar_legend_html())
    st.caption(clean_trend(found.clean))
    _evenness(found, figures)
    _faults(found, figures, routine)
    if len(lines) > 1:
        _compare(lines[-1], lines[0])


def practised_last() -> str | None:
    """The learner of the newest session that is anybody's; None where none is."""
    newest = (line.learner_id for line in store().sessions(limit=LOOKED_AT))
    return next((learner_id for learner_id in newest if learner_id is not None), None)


def sessions_of(learner_id: str | None) -> tuple[SessionLine, ...]:
    """A learner's sessions, newest first; of nobody those that are nobody's."""
    if learner_id is not None:
        return store().sessions(SessionFilter(learner_id=learner_id))
    return tuple(line for line in store().sessions() if line.learner_id is None)


def _compare(first: SessionLine, last: SessionLine) -> None:
    st.page_link(
        COMPARE_PAGE,
        label=text("progress.compare"),
        query_params={"a": first.id, "b": last.id, PARAMETER: language()},
    )


def _nothing_yet(learner_id: str | None) -> None:
    st.write(text("progress.empty" if learner_id else "progress.empty_nobody"))
    ways_to_begin()


def _work_on(found: LearnerProgress, lines: Sequence[SessionLine], routine: Routine) -> None:
    st.subheader(text("progress.next_title"))
    chosen = found.work_on
    if chosen is None:
        strokes = any(line.attempts for line in lines)
        st.write(text("progress.next_none" if strokes else "progress.next_no_strokes"))
        return
    rule = routine.faults[chosen.code]
    one = chosen.sessions == 1
    why = text(
        "progress.next_why_one" if one else "progress.next_why",
        label=capital(rule.label),
        faults=chosen.faults,
        judged=chosen.judged,
        sessions=chosen.sessions,
    )
    st.html(
        f'<p class="next" data-testid="next">{escape(rule.written)}</p>'
        f'<p class="next-why">{escape(why)}</p>'
    )


def _figures(found: LearnerProgress) -> Sequence[Figures]:
    """By session or by week, as chosen."""
    begin_with("progress-by", BY_SESSION)
    by = st.segmented_control(
        text("progress.by"),
        [BY_SESSION, BY_WEEK],
        format_func=lambda each: text(
            "progress.by_session" if each == BY_SESSION else "progress.by_week"
        ),
        required=True,
        key="progress-by",
    )
    shown = found.by_session if by == BY_SESSION else found.by_week
    if len(shown) > NEWEST:
        st.caption(text("progress.newest", shown=NEWEST, all=len(shown)))
    return shown[-NEWEST:]


def _evenness(found: LearnerProgress, figures: Sequence[Figures]) -> None:
    st.subheader(text("progress.even_title"))
    if not any(each.evenness is not None for each in figures):
        st.caption(text("progress.even_none"))
        return
    st.html(evenness_html(figures))
    st.caption(text("progress.even_help", limit=percent(EVEN_CV)))
    st.caption(evenness_trend(found.evenness))


def _faults(found: LearnerProgress, figures: Sequence[Figures], routine: Routine) -> None:
    st.subheader(text("progress.faults_title"))
    came = [code for code in found.faults if any(each.rates.get(code) for each in figures)]
    if came:
        st.html(fault_rows_html({code: found.faults[code] for code in came}, figures, routine))
        st.caption(text("progress.faults_help"))
    never = [code for code in found.faults if code not in came]
    if never:
        st.caption(text("progress.faults_never", labels=_labels(never, routine)))
    unseen = [code for code in routine.faults if code not in found.faults]
    if unseen:
        st.caption(text("progress.faults_unseen", labels=_labels(unseen, routine)))


def _labels(codes: Sequence[str], routine: Routine) -> str:
    return ", ".join(routine.faults[code].label for code in codes)
