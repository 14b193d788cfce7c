"""The parts of the page Compare, from top to bottom."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from routines.routine import Routine, load_routine
from sessions.analysis.measures import measure_rep
from sessions.store.store import Store
from sessions.store.values import SessionLine
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
    chosen = []
    for place, column in zip(PLACES, columns, strict=True):
        with column:
            chosen.append(_choice(place, kept))
    first, second = chosen
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
    if st.session_state.get(person_key, NOBODY) not in (NOBODY, *people):
        del st.session_state[person_key]
    person = st.selectbox(
        text(_WHICH[place]),
        [NOBODY, *people],
        format_func=lambda each: people.get(each, text("people.no_learner")),
        key=person_key,
    )
    lines = {line.id: line for line in sessions_of(person or None)[:MOST]}
    if st.session_state.get(session_key) not in lines:
        st.session_state.pop(session_key, None)
    if not lines:
        st.caption(text("compare.none_of_them"))
        return None
    return st.selectbox(
        text("compare.session"),
        list(lines),
        index=None,
        placeholder=text("compare.choose_session"),
        format_func=lambda each: _told(lines[each]) if each in lines else each,
        key=session_key,
        label_visibility="collapsed",
    )


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
    mine, theirs = (_side(each, pairing, routine) for each in (one, other))
    st.html(compare_table_html(mine, theirs, named))
    helped = "compare.figures_help" if pairing == "strokes" else "compare.figures_best"
    st.caption(text(helped, about=ABOUT))
    with st.container(horizontal=True):
        for each in (one, other):
            session_link(each.id, plain(_title(each)))


def _pairing() -> Pairing:
    begin_with("compare-pairing", PAIRINGS[0])
    chosen = st.segmented_control(
        text("compare.pairing"),
        PAIRINGS,
        format_func=lambda each: text(_PAIRINGS[each]),
        required=True,
        key="compare-pairing",
    )
    return chosen or PAIRINGS[0]


def _in_step_words(one: Compared, other: Compared, going: Together, pairing: Pairing) -> str:
    if not going.pairs:
        return text("compare.by_clock")
    mine, theirs = one.best(), other.best()
    if pairing == "best" and mine is not None and theirs is not None:
        return text("compare.in_step_best", one=mine.index, other=theirs.index)
    return text("compare.in_step", pairs=going.pairs, one=len(one.reps), other=len(other.reps))


def _side(each: Compared, pairing: Pairing, routine: Routine) -> Side:
    best = each.best()
    if pairing == "best" and best is not None:
        title = text("compare.stroke_of", number=best.index, title=_title(each))
        measures = measure_rep(best, each.stored.review, routine)
        return Side(title, measures, each.measures.cm_known)
    return Side(_title(each), each.measures, each.measures.cm_known)


def _title(each: Compared) -> str:
    line = each.stored.line
    return f"{line.learner or title_of(line)}, {moment_words(line.started)}"
