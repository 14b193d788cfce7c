"""A live session that was cut off is found again, and kept as it would have been."""

from dataclasses import replace
from datetime import UTC, datetime
from types import SimpleNamespace

import numpy as np
import pytest

from routines.coaching import Cue
from sessions.guided import GuidedSession, Plan
from sessions.practised import draft_of_practice
from sessions.store.errors import StoreError
from sessions.store.journal import read_journal
from sessions.store.store import open_store
from sessions.store.unfinished import (
    About,
    draft_of_journal,
    drop,
    follow,
    keep,
    sweep,
    unfinished,
)

START = ((-0.35, 0.07), (0.35, 0.07))
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
ABOUT = About(NOON, "t_stroke", 1, goal=5)
CUE = Cue(9.0, "rushed", "both")
NAME = "0123456789abcdef" * 2


@pytest.fixture(scope="module")
def cut_off(new_giver, routine, known, tmp_path_factory) -> SimpleNamespace:
    """A session that was cut off in its third stroke, and its journal's bytes."""
    folder = tmp_path_factory.mktemp("cut")
    giver = new_giver()
    giver.rest(START, 7.5).strokes(3)
    session = GuidedSession(
        routine, Plan(goal=5, settle_s=0.0), (640, 480), calibration=known, detector=giver
    )
    journal = session.recorder.follower = follow(folder, NAME, ABOUT)
    frames = list(giver.frames())
    with session:
        for frame in frames[: -round(3 * giver.fps)]:
            session.step(frame)
        session.recorder.hear([CUE])
    journal.tell(goal=4)
    journal.close()
    draft = draft_of_practice(session.recorder, routine, started=NOON, goal=4, cues=[CUE])
    path = folder / "live" / f"{NAME}.arrow"
    return SimpleNamespace(content=path.read_bytes(), draft=draft, entries=read_journal(path))


@pytest.fixture
def left(cut_off, tmp_path):
    """A store's folder in which that session was left."""
    path = tmp_path / "live" / f"{NAME}.arrow"
    path.parent.mkdir()
    path.write_bytes(cut_off.content)
    return path


@pytest.fixture
def store(tmp_path):
    with open_store("", folder=tmp_path, now=lambda: NOON) as opened:
        yield opened


def test_it_is_what_would_have_been_kept(cut_off) -> None:
    there, here = cut_off.draft, draft_of_journal(cut_off.entries)
    assert here is not None
    assert len(here.review.reps) == 2
    for part in ("reps", "tracking", "unseen", "calibration", "video", "routine", "settle"):
        assert repr(getattr(here.review, part)) == repr(getattr(there.review, part))
    assert repr(here.calibration) == repr(there.calibration)
    assert (here.started, here.goal, here.cues) == (NOON, 4, (CUE,))
    assert here.landmarks is not None
    for side in ("left", "right"):
        ways = (here.review.paths[side], there.review.paths[side])
        assert np.allclose(ways[0].palm_back, ways[1].palm_back, atol=1e-4)
        assert np.allclose(
            here.landmarks.landmarks_px[side],
            there.landmarks.landmarks_px[side],
            atol=1e-3,
            equal_nan=True,
        )


def test_it_is_offered_and_kept_once(left, store, tmp_path, routine) -> None:
    (found,) = unfinished(store, tmp_path)
    assert (found.id, found.strokes, found.about.goal) == (NAME, 2, 4)
    content = left.read_bytes()
    assert keep(NAME, store, tmp_path) == NAME
    (line,) = store.sessions()
    assert (line.kind, line.attempts, line.has_landmarks) == ("live", 2, True)
    assert store.judge_again(NAME, routine).attempts[0] == 2
    assert not left.exists()
    # Killed right before that file went:
    left.write_bytes(content)
    assert unfinished(store, tmp_path) == ()
    keep(NAME, store, tmp_path)
    assert store.count_sessions() == 1
    assert not left.exists()


def test_it_is_thrown_away_when_that_is_wanted(left, store, tmp_path) -> None:
    drop(NAME, tmp_path)
    assert unfinished(store, tmp_path) == ()
    assert not list((tmp_path / "live").iterdir())
    for act in (lambda: drop(NAME, tmp_path), lambda: keep(NAME, store, tmp_path)):
        with pytest.raises(StoreError, match="not there any more"):
            act()


@pytest.mark.parametrize("name", ["../sessions", "/etc/passwd", "", ".new-x", "a\0b", "*"])
def test_a_name_leads_to_no_other_file(left, store, tmp_path, name) -> None:
    with pytest.raises(StoreError, match="not there any more"):
        drop(name, tmp_path)
    assert left.exists()


def test_a_session_that_goes_on_is_not_offered(store, tmp_path, monkeypatch) -> None:
    monkeypatch.setattr("sessions.store.unfinished.TRIES", 1)
    journal = follow(tmp_path, NAME, ABOUT)
    while not (tmp_path / "live" / f"{NAME}.arrow").exists():
        journal._journal._thread.join(0.01)
    assert unfinished(store, tmp_path) == ()
    sweep(store, tmp_path, NOON)
    with pytest.raises(StoreError, match="goes on elsewhere"):
        drop(NAME, tmp_path)
    journal.close()
    sweep(store, tmp_path, NOON)
    assert not list((tmp_path / "live").iterdir()), "without a stroke there is nothing to keep"


def test_the_next_start_leaves_what_can_be_kept(left, store, tmp_path) -> None:
    sweep(store, tmp_path, NOON)
    assert left.exists()
    keep(NAME, store, tmp_path)
    left.write_bytes(b"")
    sweep(store, tmp_path, NOON)
    assert not left.exists()


def test_whoever_is_forgotten_leaves_nothing_unfinished(store, tmp_path) -> None:
    anna = store.add_person("Anna", "learner")
    follow(tmp_path, NAME, replace(ABOUT, learner_id=anna.id)).close()
    other = follow(tmp_path, "b" * 32, ABOUT)
    other.close()
    store.delete_person(anna.id)
    assert [path.stem for path in (tmp_path / "live").iterdir()] == ["b" * 32]


def test_a_learner_who_is_gone_takes_no_session_along(cut_off, tmp_path, store) -> None:
    journal = follow(tmp_path, NAME, replace(ABOUT, learner_id="gone"))
    for entry in cut_off.entries:
        if not str(entry).startswith('{"about"'):
            journal._journal.add(entry)
    journal.close()
    assert unfinished(store, tmp_path)[0].about.learner_id == "gone"
    keep(NAME, store, tmp_path)
    assert store.sessions()[0].learner_id is None
