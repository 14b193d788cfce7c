"""The benchmark's store is one that the pages can show."""

import pytest

from benchmarks.store_load import fill, questions
from routines.routine import load_routine
from sessions.store.store import open_store


@pytest.mark.slow
def test_a_small_school_year_answers_all_questions(tmp_path):
    with open_store("", folder=tmp_path) as store:
        fill(store, sessions=22, learners=3, landmarks_every=20)
        assert len(store.people("learner")) == 3
        lines = store.sessions()
        assert len(lines) == 22
        assert sum(line.has_landmarks for line in lines) == 2
        assert {line.waiting for line in lines} == {True, False}
        for ask in questions(store).values():
            assert ask()


@pytest.mark.slow
def test_its_sessions_can_be_judged_again(tmp_path):
    with open_store("", folder=tmp_path) as store:
        fill(store, sessions=1, learners=1)
        found = store.judge_again(store.sessions()[0].id, load_routine())
        assert found.attempts[1] > 0
