"""What instructors said of many sessions is what they said of each, on both databases."""

from dataclasses import replace

import pytest

from routines.reps import PhaseSpan
from sessions.analysis.instructors import taught
from sessions.store.errors import StoreError
from sessions.store.values import SessionFilter
from tests.sessions.store.drafts import check, draft, rep


@pytest.fixture
def people(store):
    return [store.add_person(name, "instructor").id for name in ("Ida", "Otto")]


def test_who_looked_is_noted_once_and_taken_back_with_the_look(store, people):
    session_id = store.add_session(draft())
    assert store.session(session_id).looked_at_by == ()
    for _ in range(2):
        store.set_looked_at(session_id, True, by=people[0])
    store.set_looked_at(session_id, True, by=people[1])
    assert store.session(session_id).looked_at_by == tuple(sorted(people))
    store.set_looked_at(session_id, False)
    assert store.session(session_id).looked_at_by == ()
    assert store.session(session_id).line.waiting


def test_nobody_looked_whom_nobody_knows(store):
    session_id = store.add_session(draft())
    with pytest.raises(StoreError):
        store.set_looked_at(session_id, True, by="gone")
    assert store.session(session_id).line.waiting


def test_a_look_goes_with_the_instructor_and_the_session_stays_looked_at(store, people):
    session_id = store.add_session(draft())
    store.set_looked_at(session_id, True, by=people[0])
    store.delete_person(people[0])
    assert store.session(session_id).looked_at_by == ()
    assert not store.session(session_id).line.waiting


def test_many_sessions_say_what_each_says(store, people):
    one = rep(1, check("pause", "fault"), check("rushed"), check("on_spine", "not_seen"))
    ids = [store.add_session(draft(one, rep(2))) for _ in range(4)]
    for session_id in ids[:3]:
        store.set_looked_at(session_id, True, by=people[0])
    store.verdict(ids[0], people[0], "wrong", one.start_s, one.end_s, "pause", "left")
    phases = (PhaseSpan("up", 10.2, 13.0), PhaseSpan("down", 13.0, 15.5))
    store.correct(ids[1], people[1], one.start_s, one.end_s, phases)
    store.verdict(ids[3], people[0], "right", one.start_s, one.end_s, "pause")
    found = {each.line.id: each for each in store.taught()}
    assert set(found) == set(ids[:3]), "the last one waits"
    worded, corrected, quiet = (found[session_id] for session_id in ids[:3])
    every = taught(store.session(ids[1]))
    assert corrected.corrections == every.corrections
    assert corrected.reps[0] == every.reps[0]
    assert corrected.reps[1] == replace(every.reps[1], phases=()), "nobody corrected it"
    whole = taught(store.session(ids[0]))
    assert worded.verdicts == whole.verdicts
    assert [each.found for each in worded.reps] == [each.found for each in whole.reps]
    assert worded.reps[0].found == {"pause": True, "rushed": False}
    assert (quiet.reps, quiet.looked_at_by) == ((), (people[0],))


def test_the_filter_holds_for_what_was_said_too(store, people):
    anna = store.add_person("Anna", "learner").id
    ids = [store.add_session(draft(learner_id=learner)) for learner in (anna, None)]
    for session_id in ids:
        store.set_looked_at(session_id, True)
        store.verdict(session_id, people[0], "counts", 10.0, 16.0)
    (found,) = store.taught(SessionFilter(learner_id=anna))
    assert (found.line.id, len(found.verdicts), len(found.reps)) == (ids[0], 1, 2)


def test_nothing_is_taught_in_an_empty_store(store):
    assert store.taught() == ()
