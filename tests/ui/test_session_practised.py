"""A practised session goes into the store by itself, once, and out again with one press."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from routines.coaching import Cue
from routines.routine import load_routine
from sessions.guided import GuidedSession, Plan, Say
from sessions.practised import cues_of
from sessions.store.values import SessionDraft
from tests.stored import NOON, attempts, review
from ui import session_practised
from ui.session_practised import Practised
from ui.store_handle import store

ROUTINE = load_routine()
GUIDE = cast(GuidedSession, SimpleNamespace(recorder=object(), plan=Plan(goal=3)))
SAYS = (
    Say(3.0, "cue", "rushed", {"hand": "both"}),
    Say(4.0, "count", "count", {"count": 1, "goal": 3}),
)


@pytest.fixture(autouse=True)
def draft(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))

    def made(recorder: object, routine: object, **more: Any) -> SessionDraft:
        return SessionDraft("live", more.pop("started"), review(attempts([()])), None, None, **more)

    monkeypatch.setattr(session_practised, "draft_of_practice", made)


def test_it_is_kept_once_with_cues_goal_learner_and_feeling() -> None:
    anna = store().add_person("Anna", "learner")
    practised = Practised(NOON, learner_id=anna.id)
    for _ in range(2):
        practised.keep(GUIDE, ROUTINE, SAYS, None)
    practised.say_felt(4)
    (line,) = store().sessions()
    assert (line.kind, line.goal, line.learner, line.started) == ("live", 3, "Anna", NOON)
    kept = store().session(line.id)
    assert kept.cues == (Cue(3.0, "rushed", "both"),)
    assert kept.felt_evenness == 4


def test_it_is_not_kept_when_that_is_not_wanted() -> None:
    practised = Practised(NOON)
    practised.keep(GUIDE, ROUTINE, (), 3)
    practised.forget()
    practised.keep(GUIDE, ROUTINE, (), 3)
    assert practised.fate == "forgotten"
    assert store().count_sessions() == 0


def test_a_session_that_never_began_is_nothing_to_keep() -> None:
    practised = Practised(NOON)
    practised.keep(None, ROUTINE, (), None)
    assert practised.fate == "open"
    assert store().count_sessions() == 0


def test_what_cannot_be_kept_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TSTROKE_DATABASE_URL", "nonsense")
    practised = Practised(NOON)
    practised.keep(GUIDE, ROUTINE, (), None)
    assert practised.fate == "lost"
    assert practised.problem


def test_cues_are_told_from_all_that_was_said() -> None:
    assert cues_of(SAYS) == (Cue(3.0, "rushed", "both"),)
