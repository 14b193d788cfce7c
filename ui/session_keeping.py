"""Whose a session is, who judged it, how long its pictures stay, and its end."""

from collections.abc import Sequence

import streamlit as st

from routines.routine import Routine
from sessions.store.store import Store
from sessions.store.values import Changes, Judged
from ui.session_delete import ask_to_delete
from ui.session_links import SESSIONS_PAGE
from ui.session_people import add_person, names
from ui.session_state import OpenSession
from ui.session_words import day, moment_words
from ui.store_handle import forget_pictures
from ui.texts import text

NOBODY = ""


def keeping(opened: OpenSession, store: Store) -> None:
    """Learner, judgement, pictures, delete."""
    _learner(opened, store)
    st.divider()
    _judgement(opened, store)
    st.divider()
    _pictures(opened)
    st.divider()
    st.write(text("session.delete_text"))
    if st.button(text("sessions.delete_one")):
        ask_to_delete([opened.stored.line], back_to=SESSIONS_PAGE)


def _learner(opened: OpenSession, store: Store) -> None:
    known = names(store.people("learner"))
    current = opened.stored.line.learner_id or NOBODY
    options = [NOBODY, *known]
    with st.container(horizontal=True, vertical_alignment="bottom"):
        picked = st.selectbox(
            text("session.learner"),
            options,
            index=options.index(current) if current in options else 0,
            format_func=lambda person: known.get(person, text("people.no_learner")),
            key=f"learner-{opened.id}-{current}-{len(known)}",
        )
        add_person("learner", key="session-learner")
    if picked != current:
        store.set_learner(opened.id, picked or None)
        st.rerun()


def _judgement(opened: OpenSession, store: Store) -> None:
    judged = opened.stored.judged
    st.write(text("session.judged", judge=judge_words(judged), when=moment_words(judged.at)))
    if opened.landmarks is None or opened.stored.calibration is None:
        st.caption(text("session.not_again"))
        return
    if st.button(text("session.again"), help=text("session.again_help")):
        with st.spinner(text("session.judging")):
            opened.changes = store.judge_again(opened.id, opened.routine)
        opened.picked = opened.loop = None
        st.rerun()
    if opened.changes is not None:
        for line in change_words(opened.changes, opened.named()):
            st.write(line)


def judge_words(judged: Judged) -> str:
    """Engine and routine with their versions."""
    return text(
        "session.judge",
        engine=judged.engine,
        routine=judged.routine_id,
        version=judged.routine_version,
    )


def change_words(changes: Changes, routine: Routine) -> list[str]:
    """What a new judgement changed, line by line."""
    if changes.count[0] == changes.count[1] and not (changes.gone or changes.new):
        return [text("session.same")]
    lines = []
    if changes.count[0] != changes.count[1]:
        lines.append(text("session.count_changed", old=changes.count[0], new=changes.count[1]))
    if changes.gone:
        lines.append(text("session.faults_gone", faults=_faults(changes.gone, routine)))
    if changes.new:
        lines.append(text("session.faults_new", faults=_faults(changes.new, routine)))
    return lines


def _faults(found: Sequence[tuple[int, str]], routine: Routine) -> str:
    return ", ".join(
        text("session.fault_of", fault=routine.faults[code].label, rep=index)
        for index, code in found
        if code in routine.faults
    )


def _pictures(opened: OpenSession) -> None:
    pictures = opened.stored.pictures
    if pictures is None:
        st.write(text("session.no_pictures"))
        return
    st.write(text("session.pictures", day=day(pictures.forget_on)))
    if st.button(text("session.forget_now")):
        forget_pictures(opened.id)
        opened.told = text("session.forgotten")
        st.rerun()
