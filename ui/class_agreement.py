"""How far instructors and machine agree, and two instructors with each other."""

from collections.abc import Iterable, Mapping
from html import escape
from typing import Final

import streamlit as st

from routines.coaching import IMPORTANCE
from routines.routine import Routine, load_routine
from sessions.analysis.agreement import Agreement, Table
from ui.class_state import AgreementView, agreement_of
from ui.class_waiting import waiting_view
from ui.progress_words import capital
from ui.routine_words import in_words
from ui.session_links import ways_to_begin
from ui.session_people import names
from ui.store_handle import store
from ui.texts import hold_choice, text
from ui.words import number, percent

ALL: Final = ""
NONE: Final = "–"


def agreement_view() -> None:
    """In all or of one learner: every fault, the count, the boundaries."""
    kept = store()
    routine = in_words(load_routine())
    view = agreement_of(kept.taught(), routine)
    if not view.whole.sessions:
        st.write(text("class.none_looked_at"))
        if kept.count_sessions():
            waiting_view()
        else:
            ways_to_begin()
        return
    people = names(kept.people())
    chosen = _chosen(view, people)
    st.html(_sentences_html(chosen))
    st.html(_faults_html(chosen, routine))
    quiet = [code for code, table in chosen.faults.items() if not was_found(table)]
    if quiet:
        labels = ", ".join(routine.faults[code].label for code in IMPORTANCE if code in quiet)
        st.caption(text("class.neither", labels=labels))
    st.caption(text("class.kappa_help"))
    st.caption(text("class.agreed_help"))
    if len(view.by_learner) > 1:
        st.subheader(text("class.by_learner"))
        rows = {
            people.get(key or "", text("people.no_learner")): each
            for key, each in view.by_learner.items()
        }
        st.html(_rows_html(text("people.learner"), rows))
    if view.pairs:
        st.subheader(text("class.by_instructors"))
        pairs = {
            text("class.pair", one=people.get(one, NONE), other=people.get(other, NONE)): each
            for (one, other), each in view.pairs.items()
        }
        st.html(_rows_html(text("class.instructors"), pairs))
        st.caption(text("class.pairs_help"))


def _chosen(view: AgreementView, people: Mapping[str, str]) -> Agreement:
    known = [key for key in view.by_learner if key]
    hold_choice("class-agreement-of")
    if st.session_state.get("class-agreement-of", ALL) not in (ALL, *known):
        del st.session_state["class-agreement-of"]
    key = st.selectbox(
        text("class.agreement_of"),
        [ALL, *sorted(known, key=lambda each: people.get(each, ""))],
        format_func=lambda each: people.get(each, text("class.whole")),
        key="class-agreement-of",
    )
    return view.by_learner[key] if key else view.whole


def _sentences_html(found: Agreement) -> str:
    whole = found.all_faults
    sentences = [
        text("class.said_sessions", sessions=found.sessions, reps=found.reps),
        text("class.said_kappa", kappa=kappa(whole), share=_share(whole.agreed_share)),
        _count_words(found),
        _boundary_words(found),
    ]
    items = "".join(f"<li>{escape(each)}</li>" for each in sentences)
    return f'<ul class="agreement" data-testid="agreement">{items}</ul>'


def _count_words(found: Agreement) -> str:
    error, right = found.counts.mean_error, found.counts.right_share
    if error is None or right is None:
        return ""
    return text("class.said_count", error=number(error, 1), share=percent(right))


def _boundary_words(found: Agreement) -> str:
    if found.boundary_error_s is None:
        return text("class.said_no_boundaries")
    return text(
        "class.said_boundaries",
        error=number(found.boundary_error_s, 2),
        reps=found.corrected_reps,
    )


def _faults_html(found: Agreement, routine: Routine) -> str:
    """A row for each fault that was found, the most important first, with the cells behind its
    kappa."""
    tables = found.faults
    codes = [code for code in IMPORTANCE if code in tables and was_found(tables[code])]
    rows = [(capital(routine.faults[code].label), tables[code]) for code in codes]
    rows.append((text("class.whole"), found.all_faults))
    return _table_html(
        (
            text("class.head_fault"),
            text("class.head_kappa"),
            text("class.head_both"),
            text("class.head_machine"),
            text("class.head_instructor"),
            text("class.head_units"),
        ),
        [
            (
                label,
                kappa(table),
                str(table.both),
                str(table.one_only),
                str(table.other_only),
                str(table.units),
            )
            for label, table in rows
        ],
    )


def _rows_html(head: str, found: Mapping[str, Agreement]) -> str:
    """A row for each learner or pair."""
    return _table_html(
        (
            head,
            text("class.head_kappa"),
            text("class.head_count"),
            text("class.head_boundary"),
            text("class.head_sessions"),
        ),
        [
            (
                label,
                kappa(each.all_faults),
                NONE if each.counts.mean_error is None else number(each.counts.mean_error, 1),
                NONE if each.boundary_error_s is None else f"{number(each.boundary_error_s, 2)} s",
                str(each.sessions),
            )
            for label, each in sorted(found.items())
        ],
    )


def _table_html(heads: Iterable[str], rows: Iterable[tuple[str, ...]]) -> str:
    head = "".join(f'<th scope="col">{escape(word)}</th>' for word in heads)
    body = "".join(
        f'<tr><th scope="row">{escape(first)}</th>'
        + "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return f'<table class="figures"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'


def was_found(table: Table) -> bool:
    """Whether one of the judges found it anywhere."""
    return table.units > table.neither


def kappa(table: Table) -> str:
    """Two digits; a dash where it is not defined."""
    return NONE if table.kappa is None else number(table.kappa, 2)


def _share(share: float | None) -> str:
    return NONE if share is None else percent(share)
