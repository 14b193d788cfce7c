"""The parts of the page Compare, from top to bottom."""

from collections.abc import Collection, Mapping
from typing import Final

import streamlit as st

from routines.routine import Routine, load_routine
from sessions.analysis.measures import measure_rep
from sessions.store.store import Store
from sessions.store.values import SessionFilter, SessionLine
from ui.choices import begin_with
from ui.compare_state import (
    PAIRINGS,
    PLACES,
    Compared,
    Pairing,
    Together,
    compared,
    forget_others,
    together,
)
from ui.compare_table import ABOUT, Side, compare_table_html
from ui.player.component import two_players
from ui.progress_parts import sessions_of
from ui.routine_words import in_words
from ui.session_browser import chosen
from ui.session_links import session_link, ways_to_begin
from ui.session_people import NOBODY, names
from ui.session_words import moment_words, plain, title_of
from ui.store_handle import store
from ui.texts import hold_choice, text

MOST: Final = 200
"""So many sessions of one person are offered, the newest first."""

_WHICH: Final[Mapping[str, str]] = {"a": "compare.first", "b": "compare.second"}
_PAIRINGS: Final[Mapping[Pairing, str]] = {"strokes": "compare.strokes", "best": "compare.best"}


def comparison() -> None:
    """Which two, both of them in step, and their figures."""
    kept = store()
    if kept.count_sessions() < len(PLACES):
        _too_few()
        return
    _take_address(kept)
    columns = st.columns(2, gap="large")
    picked = []
    for place, column in zip(PLACES, columns, strict=True):
        with column:
            picked.append(_choice(place, kept))
    first, second = picked
    if first is None or second is None:
        st.write(text("compare.choose"))
        return
    if first == second:
        st.write(text("compare.same_one"))
        return
    st.query_params.update({"a": first, "b": second})
    _side_by_side(kept, first, second)


def _too_few() -> None:
    st.write(text("compare.empty"))
    ways_to_begin()


def _take_address(kept: Store) -> None:
    """Choose what the address names, once: afterwards the choice is the page's."""
    asked = {place: st.query_params.get(place, "") for place in PLACES}
    if not any(asked.values()) or st.session_state.get("compare-asked") == asked:
        return
    for place, session_id in asked.items():
        if session_id:
            line = kept.session(session_id).line
            st.session_state[f"compare-{place}-person"] = line.learner_id or NOBODY
            st.session_state[f"compare-{place}-session"] = session_id
    # Last, for a run may be broken off in between, and the next one is to take the address then.
    st.session_state["compare-asked"] = asked


def _choice(place: str, kept: Store) -> str | None:
    """Whose session, and which."""
    people = names(kept.people())
    person_key, session_key = f"compare-{place}-person", f"compare-{place}-session"
    for key in (person_key, session_key):
        hold_choice(key)
    choices = [NOBODY, *people]
    if st.session_state.get(person_key, NOBODY) not in choices:
        del st.session_state[person_key]
    # Both boxes are told where to begin: a run that is broken off takes along what it had chosen
    # for them, and the browser would go on showing something else than what is compared.
    person = st.selectbox(
        text(_WHICH[place]),
        choices,
        index=choices.index(st.session_state.get(person_key) or _begins_with(kept, people)),
        format_func=lambda each: people.get(each, text("people.no_learner")),
        key=person_key,
    )
    lines = {line.id: line for line in sessions_of(person or None)[:MOST]}
    if st.session_state.get(session_key) not in lines:
        st.session_state.pop(session_key, None)
    if not lines:
        st.caption(text("compare.none_of_them"))
        return None
    held = st.session_state.get(session_key)
    return st.selectbox(
        text("compare.session"),
        list(lines),
        index=None if held is None else list(lines).index(held),
        placeholder=text("compare.choose_session"),
        format_func=lambda each: _told(lines[each]) if each in lines else each,
        key=session_key,
        label_visibility="collapsed",
    )


def _begins_with(kept: Store, people: Collection[str]) -> str:
    """Whose sessions are offered first: those of who practises here, or of anybody."""
    likely = [each for each in (chosen("learner"), *people) if each in people]
    with_some = (
        each for each in likely if each and kept.count_sessions(SessionFilter(learner_id=each))
    )
    return next(with_some, NOBODY)


def _told(line: SessionLine) -> str:
    count = text("sessions.count", count=line.count, attempts=line.attempts)
    return f"{moment_words(line.started)}, {title_of(line)}, {count}"


def _side_by_side(kept: Store, first: str, second: str) -> None:
    routine = load_routine()
    forget_others(first, second)
    with st.spinner(text("compare.loading")):
        one, other = (compared(kept, each, routine) for each in (first, second))
        payloads = [each.payload(routine) for each in (one, other)]
    pairing = _pairing()
    going = together(one, other, pairing)
    st.caption(_in_step_words(one, other, going, pairing))
    ones, others = going.times.knots_s.T
    two_players(
        *payloads,
        key=f"compare-{first}-{second}-{pairing}",
        first_s=list(map(float, ones)),
        second_s=list(map(float, others)),
        seek_s=going.begin_s,
        loop=going.loop,
    )
    st.subheader(text("compare.figures"))
    named = in_words(routine)
    titles = _titles(one, other)
    mine, theirs = (
        _side(each, title, pairing, routine)
        for each, title in zip((one, other), titles, strict=True)
    )
    st.html(compare_table_html(mine, theirs, named))
    helped = "compare.figures_help" if pairing == "strokes" else "compare.figures_best"
    st.caption(text(helped, about=ABOUT))
    with st.container(horizontal=True):
        for each, title in zip((one, other), titles, strict=True):
            session_link(each.id, plain(title))


def _pairing() -> Pairing:
    begin_with("compare-pairing", PAIRINGS[0])
    pairing = st.segmented_control(
        text("compare.pairing"),
        PAIRINGS,
        format_func=lambda each: text(_PAIRINGS[each]),
        required=True,
        key="compare-pairing",
    )
    return pairing or PAIRINGS[0]


def _in_step_words(one: Compared, other: Compared, going: Together, pairing: Pairing) -> str:
    if not going.pairs:
        return text("compare.by_clock")
    mine, theirs = one.best(), other.best()
    if pairing == "best" and mine is not None and theirs is not None:
        return text("compare.in_step_best", one=mine.index, other=theirs.index)
    key = "compare.in_step_one" if going.pairs == 1 else "compare.in_step"
    return text(key, pairs=going.pairs, one=len(one.reps), other=len(other.reps))


def _side(each: Compared, title: str, pairing: Pairing, routine: Routine) -> Side:
    best = each.best()
    if pairing == "best" and best is not None:
        told = text("compare.stroke_of", number=best.index, title=title)
        measures = measure_rep(best, each.stored.review, routine)
        return Side(told, measures, each.measures.cm_known)
    return Side(title, each.measures, each.measures.cm_known)


def _titles(one: Compared, other: Compared) -> tuple[str, str]:
    """Who and when; where that is the same, which recording."""
    mine, theirs = (each.stored.line for each in (one, other))
    if (mine.learner, moment_words(mine.started)) == (theirs.learner, moment_words(theirs.started)):
        return title_of(mine), title_of(theirs)
    return _title(mine), _title(theirs)


def _title(line: SessionLine) -> str:
    return f"{line.learner or title_of(line)}, {moment_words(line.started)}"
