"""What people say of a session: comments at a moment, an instructor's verdicts, corrections."""

from collections.abc import Mapping
from typing import Final

import streamlit as st

from routines.reps import Check, Hand, Rep, Span
from sessions.store.store import Store
from sessions.store.values import Person, Word
from ui.player import (
    BoundariesMoved,
    CommentHere,
    FaultPicked,
    Moment,
    PlayerEvent,
    RangePicked,
    RepPicked,
)
from ui.session_people import person_choice
from ui.session_state import CommentDraft, OpenSession, Picked
from ui.session_words import plain
from ui.texts import text
from ui.words import clock, fault_label, fault_measure, verdict

_HANDS: Final[Mapping[str, str]] = {
    "both": "teach.both_hands",
    "left": "hand.left",
    "right": "hand.right",
}
_WORDS: Final[Mapping[Word, str]] = {
    "right": "teach.said_right",
    "wrong": "teach.said_wrong",
    "missed": "teach.said_missed",
    "counts": "teach.said_counts",
    "does_not_count": "teach.said_does_not_count",
}

_OF_REP: Final[Mapping[Word, str]] = {
    "counts": "teach.counts",
    "does_not_count": "teach.counts_not",
}
_OF_FAULT: Final[Mapping[Word, str]] = {"right": "teach.right", "wrong": "teach.wrong"}

AROUND_S: Final = 0.5
"""A fault that was missed lies so much around the moment, where no stretch was dragged out."""


def heard(opened: OpenSession, event: PlayerEvent | None, store: Store, me: Person | None) -> bool:
    """Take what was done in the player; True where the page is to be drawn anew."""
    match event:
        case None:
            return False
        case Moment(time_s):
            opened.at_s = time_s
        case CommentHere(time_s, marks):
            opened.at_s = time_s
            opened.draft = CommentDraft(time_s, marks)
        case FaultPicked(rep_index, code):
            opened.picked = Picked(rep_index, code)
        case RepPicked(index):
            opened.picked = Picked(index)
        case RangePicked(start_s, end_s):
            opened.stretch = Span(start_s, end_s)
        case BoundariesMoved(of_start_s, of_end_s, phases) if me is not None:
            store.correct(opened.id, me.id, of_start_s, of_end_s, phases)
            opened.told = text("teach.corrected")
            return True
        case _:
            return False
    return False


def comment_form(opened: OpenSession, store: Store, me: Person | None) -> None:
    """Words for the moment that was marked in the player."""
    draft = opened.draft
    if draft is None:
        return
    if me is None:
        st.write(text("teach.who_first"))
        person_choice("instructor", key="comment-author")
        person_choice("learner", key="comment-learner")
        return
    with st.form("comment", clear_on_submit=True):
        said = st.text_area(
            text("teach.comment_at", time=clock(draft.time_s)), max_chars=2000, key="comment-words"
        )
        if draft.marks:
            st.caption(text("teach.with_marks"))
        with st.container(horizontal=True):
            keep = st.form_submit_button(text("teach.keep"), type="primary")
            drop = st.form_submit_button(text("teach.drop"))
    if keep and (said.strip() or draft.marks):
        store.comment(opened.id, me.id, draft.time_s, said.strip(), draft.marks)
        opened.told = text("teach.commented")
    if keep or drop:
        opened.draft = None
        st.rerun()


def verdicts(opened: OpenSession, store: Store, me: Person) -> None:
    """An instructor's word on what was picked in the player, or on what the machine missed."""
    rep, check = opened.rep(), opened.check()
    if rep is None:
        st.caption(text("teach.pick_first"))
    else:
        _on_rep(opened, store, me, rep)
    if rep is not None and check is not None:
        _on_fault(opened, store, me, check)
    _missed(opened, store, me)


def _on_rep(opened: OpenSession, store: Store, me: Person, rep: Rep) -> None:
    st.write(text("teach.rep", rep=rep.index, verdict=plain(verdict(rep, opened.named()))))
    with st.container(horizontal=True):
        for word, key in _OF_REP.items():
            if st.button(text(key), key=f"verdict-{word}"):
                _say(opened, store, me, word, rep.start_s, rep.end_s)


def _on_fault(opened: OpenSession, store: Store, me: Person, check: Check) -> None:
    label = fault_label(check, opened.named())
    measured = fault_measure(check)
    st.write(plain(f"{label}. {measured}" if measured else f"{label}."))
    with st.container(horizontal=True):
        for word, key in _OF_FAULT.items():
            if st.button(text(key), key=f"verdict-{word}"):
                where = (check.start_s, check.end_s, check.code, check.hand)
                _say(opened, store, me, word, *where)


def _missed(opened: OpenSession, store: Store, me: Person) -> None:
    """Something that the machine did not see: at the player's moment, or in the stretch."""
    rules = opened.named().faults
    span = opened.stretch or Span(max(0.0, opened.at_s - AROUND_S), opened.at_s + AROUND_S)
    with st.popover(text("teach.missed")), st.form("missed", border=False):
        st.write(text("teach.missed_at", start=clock(span.start_s), end=clock(span.end_s)))
        code = st.selectbox(
            text("sessions.fault"), [*rules], format_func=lambda each: rules[each].label
        )
        hand = st.selectbox(
            text("teach.hand"), [*_HANDS], format_func=lambda each: text(_HANDS[each])
        )
        if st.form_submit_button(text("teach.keep")):
            _say(opened, store, me, "missed", span.start_s, span.end_s, code, _hand(hand))


def _hand(hand: str) -> Hand:
    if hand == "left":
        return "left"
    return "right" if hand == "right" else "both"


def _say(
    opened: OpenSession,
    store: Store,
    me: Person,
    word: Word,
    start_s: float,
    end_s: float,
    code: str | None = None,
    hand: Hand | None = None,
) -> None:
    store.verdict(opened.id, me.id, word, start_s, end_s, code, hand)
    opened.told = text("teach.said", word=text(_WORDS[word]))
    st.rerun()


def said(opened: OpenSession, store: Store, me: Person | None) -> None:
    """All that people said, in the session's time order; one's own can be taken back."""
    stored = opened.stored
    if not (stored.comments or stored.verdicts or stored.corrections):
        st.write(text("teach.nothing_said"))
        return
    for comment in stored.comments:
        words = comment.text or text("teach.with_marks")
        if _entry(opened, comment.id, comment.time_s, comment.author, words, me, comment.author_id):
            store.delete_comment(comment.id)
            st.rerun()
    rules = opened.named().faults
    for one in stored.verdicts:
        title = rules[one.code].label if one.code and one.code in rules else text("teach.a_rep")
        words = f"{title}: {text(_WORDS[one.word])}"
        if _entry(opened, one.id, one.start_s, one.author, words, me, one.author_id):
            store.delete_verdict(one.id)
            st.rerun()
    for fix in stored.corrections:
        words = text("teach.said_corrected")
        if _entry(opened, fix.id, fix.of_start_s, fix.author, words, me, fix.author_id):
            store.delete_correction(fix.id)
            st.rerun()


def _entry(
    opened: OpenSession,
    said_id: str,
    time_s: float,
    author: str,
    words: str,
    me: Person | None,
    author_id: str,
) -> bool:
    """One line of what was said; True where it is to be taken back."""
    with st.container(horizontal=True, vertical_alignment="center", key=f"said-{said_id}"):
        st.button(clock(time_s), key=f"go-{said_id}", on_click=opened.go_to, args=(time_s,))
        st.write(f"{plain(words)}  \n:small[{plain(author)}]")
        if me is not None and me.id == author_id:
            return st.button(text("teach.take_back"), key=f"back-{said_id}", type="tertiary")
    return False


def looked_at(opened: OpenSession, store: Store, me: Person) -> None:
    """Whether this instructor has looked at the session: it waits until somebody has."""
    done = not opened.stored.line.waiting
    key = f"looked-{opened.id}"
    ticked = st.checkbox(text("teach.looked_at"), value=done, key=key)
    if ticked != done:
        store.set_looked_at(opened.id, ticked, me.id)
        st.rerun()
