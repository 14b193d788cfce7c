"""What one browser tab holds of the session that is open: one object in the session state."""

from dataclasses import dataclass, field
from typing import Final

import streamlit as st

from routines.reps import Check, Rep, Span
from routines.routine import Routine, load_routine
from sessions.store.store import Store
from sessions.store.values import Changes, DrawnMark, LandmarkTrack, StoredSession
from ui.player.payload import Payload, payload_of
from ui.routine_words import in_words

_KEY: Final = "session"

BEFORE_S: Final = 1.0
"""A fault is shown from so much before it."""


@dataclass(frozen=True, slots=True)
class CommentDraft:
    """A moment of which something is to be said."""

    time_s: float
    marks: tuple[DrawnMark, ...]


@dataclass(frozen=True, slots=True)
class Picked:
    """A stroke, or a fault of it, that was picked; faults by their code."""

    rep_index: int
    code: str | None = None


@dataclass(slots=True)
class OpenSession:
    """A session while it is looked at. What is large is read once, the rest at every run."""

    stored: StoredSession
    landmarks: LandmarkTrack | None
    _payload: Payload | None = None
    picked: Picked | None = None
    at_s: float = 0.0
    """Where the player stood when it last told."""
    stretch: Span | None = None
    """What was dragged out on the timeline last."""
    seek_s: float | None = None
    loop: Span | None = None
    draft: CommentDraft | None = None
    told: str | None = None
    """What was just done, in one line."""
    changes: Changes | None = None
    """What judging it again changed, if that was asked for."""
    routine: Routine = field(default_factory=load_routine)

    @property
    def id(self) -> str:
        """Of the session."""
        return self.stored.line.id

    def payload(self) -> Payload:
        """What the player shows, with everything that was said since."""
        self._payload = payload_of(self.stored, self.landmarks, self.routine, self._payload)
        return self._payload

    def named(self) -> Routine:
        """The routine in the tab's words."""
        return in_words(self.routine)

    def rep(self) -> Rep | None:
        """The stroke that was picked."""
        picked = self.picked
        if picked is None:
            return None
        reps = self.stored.review.reps
        return next((rep for rep in reps if rep.index == picked.rep_index), None)

    def check(self) -> Check | None:
        """The fault that was picked."""
        rep, picked = self.rep(), self.picked
        if rep is None or picked is None or picked.code is None:
            return None
        return next((check for check in rep.faults if check.code == picked.code), None)

    def pick(self, rep: Rep, check: Check | None = None) -> None:
        """Look at a stroke or a fault: the player goes there and plays it in a loop."""
        self.picked = Picked(rep.index, None if check is None else check.code)
        if check is None:
            self.loop = Span(rep.start_s, rep.end_s)
        else:
            self.loop = Span(max(0.0, check.start_s - BEFORE_S), check.end_s + BEFORE_S)

    def go_to(self, time_s: float) -> None:
        """Let the player go there."""
        self.seek_s = time_s
        self.loop = None


def open_session(store: Store, session_id: str) -> OpenSession:
    """The session as this tab has it open, read anew. Raises StoreError."""
    stored = store.session(session_id)
    held: OpenSession | None = st.session_state.get(_KEY)
    if held is None or held.id != session_id:
        held = st.session_state[_KEY] = OpenSession(stored, store.landmarks(session_id))
    held.stored = stored
    return held


def close_session() -> None:
    """Let go of the session that was open."""
    st.session_state.pop(_KEY, None)
