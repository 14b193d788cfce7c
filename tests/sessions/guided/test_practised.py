"""What is kept of a practised session: strokes, ways and hands, judged again as they were live."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from routines.coaching import Cue
from sessions.guided import GuidedSession, Plan
from sessions.practised import draft_of_practice
from sessions.store.store import open_store

START = ((-0.35, 0.07), (0.35, 0.07))
SIZE = (640, 480)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
PLAN = Plan(goal=2, settle_s=0.0)


@pytest.fixture(scope="module")
def practised(new_giver, routine, known) -> SimpleNamespace:
    """A session of two strokes on a back that is known."""
    giver = new_giver()
    giver.rest(START, 7.5).strokes(2).rest(START, 1.0)
    session = GuidedSession(routine, PLAN, SIZE, calibration=known, detector=giver)
    with session:
        for frame in giver.frames():
            session.step(frame)
        session.finish()
    cue = Cue(9.0, "rushed", "both")
    draft = draft_of_practice(
        session.recorder, routine, started=NOON, goal=2, cues=[cue], felt_evenness=4
    )
    return SimpleNamespace(session=session, draft=draft)


def test_the_strokes_are_kept_with_both_hands(practised) -> None:
    draft = practised.draft
    assert (draft.kind, draft.goal, draft.felt_evenness) == ("live", 2, 4)
    assert [rep.counted for rep in draft.review.reps] == [True, True]
    assert draft.landmarks.image_size == SIZE
    assert draft.landmarks.observed["left"].mean() > 0.9
    assert draft.landmarks.time_s[0] >= draft.review.reps[0].start_s - 2.0, "strokes alone"
    assert len(draft.review.paths["right"].time_s) > 100


def test_it_goes_into_the_store_and_is_judged_again_alike(practised, routine, tmp_path) -> None:
    with open_store(folder=tmp_path, now=lambda: NOON) as store:
        session_id = store.add_session(practised.draft)
        kept = store.session(session_id)
        assert (kept.line.kind, kept.line.count, kept.felt_evenness) == ("live", 2, 4)
        assert kept.cues == (Cue(9.0, "rushed", "both"),)
        changes = store.judge_again(session_id, routine)
    assert changes.count == (2, 2)
    assert (changes.gone, changes.new) == ((), ())


def test_without_a_stroke_there_is_nothing_to_keep(new_giver, routine, known) -> None:
    session = GuidedSession(routine, PLAN, SIZE, calibration=known, detector=new_giver())
    assert draft_of_practice(session.recorder, routine, started=NOON, goal=2) is None


def test_hands_of_two_calibrations_are_not_kept_as_one(practised, routine, known) -> None:
    recorder = practised.session.recorder
    recorder.know(known)
    assert recorder.landmarks() is not None, "the same back"
    moved = type(known)(
        known.image_size,
        {name: (x + 9.0, y) for name, (x, y) in known.points_px.items()},
    )
    recorder.know(moved)
    assert recorder.landmarks() is None
