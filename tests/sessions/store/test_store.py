"""What goes into the store comes out, on both databases; what is deleted is gone."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings

from routines.reps import PhaseSpan
from sessions.store.engine_version import engine_name
from sessions.store.errors import StoreError
from sessions.store.values import DrawnMark, SessionFilter
from tests.sessions.store.conftest import BEGIN
from tests.sessions.store.drafts import (
    DRAFTS,
    STARTED,
    check,
    draft,
    rep,
    same_reviews,
    same_tracks,
)

ODD_NAMES = ("Änne\u00a0 Ødegård ", "名前", "O'Brien; DROP TABLE people --", "50 %_\\", "\0x\ud800")


def test_people_are_listed_by_name_and_role(store):
    zoe = store.add_person("Zoe", "learner")
    anna = store.add_person(" anna ", "instructor")
    assert store.people() == (anna, zoe)
    assert store.people("learner") == (zoe,)
    assert (anna.name, anna.created) == ("anna", BEGIN)
    assert store.rename_person(zoe.id, "Abel").name == "Abel"
    assert [one.name for one in store.people()] == ["Abel", "anna"]


@pytest.mark.parametrize("name", ODD_NAMES)
def test_odd_names_are_kept_and_found(store, name):
    person = store.add_person(name, "learner")
    assert store.people() == (person,)
    store.add_session(draft(learner_id=person.id))
    assert store.count_sessions(SessionFilter(text=person.name.upper())) == 1


@pytest.mark.parametrize("name", ["", "  \n", "\0", "x" * 121])
def test_a_name_that_is_none_is_refused(store, name):
    with pytest.raises(StoreError, match="letters"):
        store.add_person(name, "learner")


@settings(max_examples=15, suppress_health_check=list(HealthCheck))
@given(one=DRAFTS)
def test_what_goes_in_comes_out_equal(store, one):
    session_id = store.add_session(one)
    found = store.session(session_id)
    assert same_reviews(found.review, one.review)
    assert same_tracks(store.landmarks(session_id), one.landmarks)
    assert found.calibration == one.calibration
    assert (found.cues, found.felt_evenness) == (one.cues, one.felt_evenness)
    line = found.line
    assert (line.kind, line.started, line.goal) == (one.kind, one.started, one.goal)
    assert (line.count, line.attempts) == (one.review.count, len(one.review.reps))
    assert line.has_landmarks == (one.landmarks is not None)
    assert line in store.sessions()
    store.delete_session(session_id)


def test_a_session_outlives_the_program(opened):
    with opened() as first:
        session_id = first.add_session(draft())
        before = first.session(session_id)
    after = opened().session(session_id)
    assert after.line == before.line
    assert same_reviews(after.review, before.review)


def test_a_line_has_the_figures_of_its_reps(store):
    slow = rep(4, check("pause", "not_seen"), lasts_s=8)
    reps = (rep(1, check("pause", "fault"), check("rushed")), rep(2), rep(3, counted=False), slow)
    (line,) = store.add_session(draft(*reps)) and store.sessions()
    assert (line.count, line.attempts, line.clean) == (3, 4, 1)
    assert line.evenness == pytest.approx(0.1732, abs=1e-4)
    assert line.faults == {"pause": 1}
    assert line.judged == {"pause": 3, "rushed": 1}
    assert line.waiting
    assert (line.comments, line.verdicts, line.has_pictures) == (0, 0, False)


def test_who_judged_is_on_the_record(store):
    judged = store.session(store.add_session(draft())).judged
    assert judged.engine == engine_name()
    assert (judged.routine_id, judged.routine_version, judged.at) == ("t_stroke", 1, BEGIN)


def test_sessions_come_newest_first_and_in_pages(store):
    ids = []
    for day in range(5):
        one = draft(name=f"{day}.mp4")
        object.__setattr__(one, "started", STARTED + timedelta(days=day))
        ids.append(store.add_session(one))
    newest_first = ids[::-1]
    assert [line.id for line in store.sessions()] == newest_first
    assert [line.id for line in store.sessions(limit=2, offset=1)] == newest_first[1:3]
    assert [line.id for line in store.sessions(offset=3)] == newest_first[3:]
    assert store.sessions(limit=0) == ()
    assert store.count_sessions() == 5


def test_filters_take_what_they_say(store):
    anna, ben = (store.add_person(name, "learner") for name in ("Anna", "Ben"))
    hers = store.add_session(draft(learner_id=anna.id, name="Morning_1.mp4"))
    his = store.add_session(draft(rep(1), learner_id=ben.id, name="Evening%.mp4"))
    store.set_looked_at(his, True)

    def ids(**chosen: Any) -> set[str]:
        found = {line.id for line in store.sessions(SessionFilter(**chosen))}
        assert store.count_sessions(SessionFilter(**chosen)) == len(found)
        return found

    assert ids() == {hers, his}
    assert ids(learner_id=anna.id) == {hers}
    assert ids(kind="live") == set()
    assert ids(waiting=True) == {hers}
    assert ids(waiting=False) == {his}
    assert ids(fault="pause") == {hers}
    assert ids(fault="rushed") == set()
    assert ids(text="MORNING_") == {hers}
    assert ids(text="g%") == {his}
    assert ids(text="_") == {hers}
    assert ids(text="bEn") == {his}
    assert ids(since=STARTED, until=STARTED) == {hers, his}
    assert ids(since=STARTED + timedelta(seconds=1)) == set()


def test_a_comment_with_a_mark_stays(store):
    teacher = store.add_person("Tea", "instructor")
    session_id = store.add_session(draft())
    ring = DrawnMark("chart", "ring", ((0.25, 0.5), (0.3, 0.55)))
    later = store.comment(session_id, teacher.id, 20.5, "Slower here.", [ring])
    sooner = store.comment(session_id, teacher.id, 3.25, " Well begun. ")
    assert store.session(session_id).comments == (sooner, later)
    assert (later.marks, later.author, sooner.text) == ((ring,), "Tea", "Well begun.")
    assert store.sessions()[0].comments == 2
    store.delete_comment(sooner.id)
    assert store.session(session_id).comments == (later,)


def test_verdicts_and_corrections_stay(store):
    teacher = store.add_person("Tea", "instructor")
    session_id = store.add_session(draft())
    wrong = store.verdict(session_id, teacher.id, "wrong", 11.0, 11.4, "pause", "left")
    counts = store.verdict(session_id, teacher.id, "counts", 10.0, 16.0)
    phases = (PhaseSpan("up", 9.5, 13.0), PhaseSpan("down", 13.0, 16.5))
    moved = store.correct(session_id, teacher.id, 10.0, 16.0, phases)
    found = store.session(session_id)
    assert found.verdicts == (counts, wrong)
    assert found.corrections == (moved,)
    assert (found.line.verdicts, moved.phases) == (2, phases)
    store.delete_verdict(wrong.id)
    store.delete_correction(moved.id)
    assert (store.session(session_id).verdicts, store.session(session_id).corrections) == (
        (counts,),
        (),
    )


def test_what_can_not_be_is_refused(store):
    teacher = store.add_person("Tea", "instructor")
    session_id = store.add_session(draft())
    backwards = (PhaseSpan("up", 3.0, 5.0), PhaseSpan("down", 4.0, 6.0))
    attempts: tuple[Callable[[], object], ...] = (
        lambda: store.comment(session_id, teacher.id, 1.0, "  "),
        lambda: store.comment(session_id, teacher.id, float("nan"), "Here."),
        lambda: store.verdict(session_id, teacher.id, "wrong", 1.0, 2.0),
        lambda: store.verdict(session_id, teacher.id, "counts", 1.0, 2.0, "pause"),
        lambda: store.verdict(session_id, teacher.id, "missed", 2.0, 1.0),
        lambda: store.correct(session_id, teacher.id, 1.0, 2.0, ()),
        lambda: store.correct(session_id, teacher.id, 1.0, 2.0, backwards),
        lambda: store.set_felt_evenness(session_id, 6),
    )
    for attempt in attempts:
        with pytest.raises(StoreError):
            attempt()
    found = store.session(session_id)
    assert (found.comments, found.verdicts, found.corrections) == ((), (), ())


def test_what_is_not_there_is_said_to_be_gone(store):
    session_id = store.add_session(draft())
    teacher = store.add_person("Tea", "instructor")
    attempts: tuple[Callable[[], object], ...] = (
        lambda: store.session("none"),
        lambda: store.landmarks("none"),
        lambda: store.delete_session("none"),
        lambda: store.delete_person("none"),
        lambda: store.rename_person("none", "x"),
        lambda: store.set_learner("none", None),
        lambda: store.set_learner(session_id, "none"),
        lambda: store.comment("none", teacher.id, 1.0, "Here."),
        lambda: store.comment(session_id, "none", 1.0, "Here."),
        lambda: store.delete_comment("none"),
        lambda: store.forget_pictures("none"),
        lambda: store.add_session(draft(learner_id="none")),
    )
    for attempt in attempts:
        with pytest.raises(StoreError, match="deleted"):
            attempt()


def test_small_things_of_a_session_change(store):
    anna = store.add_person("Anna", "learner")
    session_id = store.add_session(draft())
    store.set_learner(session_id, anna.id)
    store.set_felt_evenness(session_id, 2)
    store.set_looked_at(session_id, True)
    found = store.session(session_id)
    assert (found.line.learner, found.felt_evenness, found.line.waiting) == ("Anna", 2, False)
    store.set_learner(session_id, None)
    assert store.session(session_id).line.learner is None


def test_a_live_session_is_named_by_its_time(store):
    one = draft()
    object.__setattr__(one, "kind", "live")
    store.add_session(one)
    assert store.sessions()[0].name == "2026-02-03 18:30"


def test_deleting_a_person_takes_all_of_theirs_along(store):
    anna, ben = (store.add_person(name, "learner") for name in ("Anna", "Ben"))
    teacher = store.add_person("Tea", "instructor")
    hers = store.add_session(draft(learner_id=anna.id))
    his = store.add_session(draft(learner_id=ben.id))
    store.comment(his, teacher.id, 1.0, "Good.")
    store.verdict(his, teacher.id, "missed", 1.0, 2.0, "pause")
    store.delete_person(anna.id)
    store.delete_person(teacher.id)
    assert [line.id for line in store.sessions()] == [his]
    assert store.session(his).comments == store.session(his).verdicts == ()
    assert store.people() == (ben,)
    with pytest.raises(StoreError):
        store.landmarks(hers)


def test_threads_share_one_store(store):
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(8) as pool:
        ids = list(pool.map(lambda _: store.add_session(draft()), range(16)))
        found = list(pool.map(lambda one: store.session(one).line.id, ids))
    assert found == ids
    assert store.count_sessions() == 16
