"""A store with a small class in it, for the pages that teach."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from routines.reps import Rep
from sessions.store.store import Store, open_store
from sessions.store.values import SessionDraft
from tests.sessions.analysis.studio import Studio

FAULTS_BY_WEEK: tuple[tuple[str, ...], ...] = (
    ("pause", "pause", "short_reach", "", "asymmetric"),
    ("pause", "short_reach", "", "pause", ""),
    ("pause", "", "", "asymmetric", ""),
    ("", "pause", "", "", ""),
    ("", "", "asymmetric", "", ""),
    ("", "", "", "", ""),
)
"""One session a week, a stroke each; empty is clean."""


@dataclass(frozen=True, slots=True)
class School:
    """Who is in it."""

    anna: str
    ben: str
    ida: str
    otto: str
    sessions: tuple[str, ...]
    """Anna's, the oldest first; the last but one waits, and so does Ben's only one."""


def reps_of(codes: tuple[str, ...], *, slower_s: float = 0.0) -> list[Rep]:
    """Strokes of about eight seconds."""
    return [
        Studio.rep(at, *filter(None, [code]), length_s=8.0 + slower_s + 0.3 * (at % 3))
        for at, code in enumerate(codes, start=1)
    ]


def draft(reps: list[Rep], week: float, learner_id: str | None) -> SessionDraft:
    """A recording of these strokes, so many weeks after the first."""
    started = Studio.noon + timedelta(weeks=week)
    return SessionDraft("recorded", started, Studio.review(*reps), None, None, learner_id)


def make_school(folder: Path) -> School:
    """Fill the store in this folder."""
    with open_store(folder=folder) as store:
        return fill(store)


def fill(store: Store) -> School:
    """Anna with six weeks, Ben with one session, two instructors with different minds."""
    anna = store.add_person("Anna <i>", "learner").id
    ben = store.add_person("Ben", "learner").id
    ida = store.add_person("Ida", "instructor").id
    otto = store.add_person("Otto", "instructor").id
    sessions = [
        store.add_session(draft(reps_of(codes, slower_s=0.2 * week), week, anna))
        for week, codes in enumerate(FAULTS_BY_WEEK)
    ]
    store.add_session(draft(reps_of(("on_spine", "", "")), 6.5, ben))
    store.add_session(draft([], 7, None))
    _teach(store, sessions, ida, otto)
    return School(anna, ben, ida, otto, tuple(sessions))


def _teach(store: Store, sessions: list[str], ida: str, otto: str) -> None:
    for session_id in (*sessions[:4], sessions[5]):
        store.set_looked_at(session_id, True, ida)
    store.set_looked_at(sessions[0], True, otto)
    first, second = store.session(sessions[0]).review.reps[:2]
    store.verdict(sessions[0], ida, "wrong", first.start_s, first.end_s, "pause")
    store.verdict(sessions[0], otto, "right", first.start_s, first.end_s, "pause")
    moved = Studio.phases(second.start_s + 0.2, 2.5, 2.5, 2.0, 1.0)
    store.correct(sessions[0], ida, second.start_s, second.end_s, moved)
