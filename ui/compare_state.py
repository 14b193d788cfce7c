"""Two sessions that are compared: which ones, and how they go together."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

import streamlit as st

from routines.reps import Rep, Span
from routines.routine import Routine
from sessions.analysis.in_step import TimeMap, in_step, map_of_pairs
from sessions.analysis.measures import SessionMeasures, measure_session
from sessions.store.store import Store
from sessions.store.values import LandmarkTrack, StoredSession
from ui.player.payload import Payload, payload_of

Pairing = Literal["strokes", "best"]

PAIRINGS: Final[Sequence[Pairing]] = ("strokes", "best")

PLACES: Final = ("a", "b")
"""Names of the two in the page's address."""

_KEY: Final = "compare"


@dataclass(slots=True)
class Compared:
    """One of the two. What is large is read once, the rest at every run."""

    stored: StoredSession
    landmarks: LandmarkTrack | None
    measures: SessionMeasures
    _payload: Payload | None = None

    @property
    def id(self) -> str:
        """Of the session."""
        return self.stored.line.id

    @property
    def reps(self) -> Sequence[Rep]:
        """As they are judged now."""
        return self.stored.review.reps

    def payload(self, routine: Routine) -> Payload:
        """What the player shows."""
        self._payload = payload_of(self.stored, self.landmarks, routine, self._payload)
        return self._payload

    def best(self) -> Rep | None:
        """The best of the strokes; the first that counts where nobody can say."""
        choice = self.measures.choice
        if choice is None:
            return next((rep for rep in self.reps if rep.counted), next(iter(self.reps), None))
        return next(rep for rep in self.reps if rep.index == choice.best)


def compared(store: Store, session_id: str, routine: Routine) -> Compared:
    """A session, read anew; its hands are kept while it is one of the two. Raises StoreError."""
    held: dict[str, Compared] = st.session_state.setdefault(_KEY, {})
    stored = store.session(session_id)
    measures = measure_session(stored.review, routine)
    if session_id not in held:
        held[session_id] = Compared(stored, store.landmarks(session_id), measures)
    one = held[session_id]
    one.stored, one.measures = stored, measures
    return one


def forget_others(*session_ids: str) -> None:
    """Let go of sessions that are compared no longer."""
    held: dict[str, Compared] = st.session_state.get(_KEY, {})
    for session_id in [each for each in held if each not in session_ids]:
        del held[session_id]


@dataclass(frozen=True, slots=True, eq=False)
class Together:
    """How two sessions go together."""

    times: TimeMap
    loop: Span | None
    """A stretch of the first to play again and again."""
    begin_s: float
    """Of the first."""
    pairs: int
    """Strokes that are kept in step."""


def together(one: Compared, other: Compared, pairing: Pairing) -> Together:
    """All strokes in their order, or the best of each; by the clock where one has no stroke."""
    mine, theirs = one.best(), other.best()
    lasts = one.stored.line.duration_s, other.stored.line.duration_s
    if mine is None or theirs is None:
        return Together(in_step((), ()).spanning(*lasts), None, 0.0, 0)
    if pairing == "best":
        times = map_of_pairs([(mine, theirs)]).spanning(*lasts)
        return Together(times, Span(mine.start_s, mine.end_s), mine.start_s, 1)
    times = in_step(one.reps, other.reps).spanning(*lasts)
    return Together(times, None, one.reps[0].start_s, min(len(one.reps), len(other.reps)))
