"""Two sessions in step: phases meet, and nothing runs backward."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from routines.reps import PhaseSpan, Rep
from sessions.analysis.in_step import TimeMap, in_step, map_of_pairs

NAMES = ("up", "out", "down", "pull_in")


def _rep(index, start_s, *lengths_s, names=NAMES):
    edges = start_s + np.concatenate([[0.0], np.cumsum(lengths_s)])
    phases = tuple(
        PhaseSpan(name, float(begin), float(end))
        for name, begin, end in zip(names, edges, edges[1:], strict=False)
    )
    return Rep(index, float(edges[0]), float(edges[-1]), True, phases, (), 0.0, None)


@st.composite
def sessions(draw):
    """Reps one after the other, with any of the phases in any order, with or without pauses."""
    reps, now = [], draw(st.floats(0, 30))
    for index in range(draw(st.integers(0, 4))):
        names = draw(st.lists(st.sampled_from(NAMES), max_size=5))
        lengths = [draw(st.floats(0.05, 12)) for _ in names] or [0.0]
        rep = _rep(index + 1, now + draw(st.sampled_from([0.0, 2.0])), *lengths, names=names)
        reps.append(rep)
        now = rep.end_s
    return reps


def test_phases_meet():
    one, other = _rep(1, 10.0, 3, 2, 2, 1), _rep(1, 40.0, 6, 1, 4, 2)
    found = in_step([one], [other])
    for mine, theirs in zip(one.phases, other.phases, strict=True):
        assert found.other_s(mine.start_s) == pytest.approx(theirs.start_s)
        middle = (mine.start_s + mine.end_s) / 2
        assert found.other_s(middle) == pytest.approx((theirs.start_s + theirs.end_s) / 2)
    assert found.other_s(18.0) == pytest.approx(53.0)


def test_before_and_after_both_go_by_the_clock():
    found = in_step([_rep(1, 10.0, 3, 2, 2, 1)], [_rep(1, 40.0, 6, 1, 4, 2)])
    assert found.other_s(7.0) == pytest.approx(37.0)
    assert found.other_s(21.0) == pytest.approx(56.0)


def test_who_has_no_such_phase_stands_still():
    one = _rep(1, 0.0, 3, 2, 4, names=("up", "out", "down"))
    other = _rep(1, 0.0, 3, 4, names=("up", "down"))
    found = in_step([one], [other])
    assert [found.other_s(time_s) for time_s in (3.0, 4.0, 4.9)] == pytest.approx([3.0] * 3)
    assert found.other_s(7.0) == pytest.approx(5.0)
    assert found.swapped.other_s(3.0) == pytest.approx(5.0), "past the shoulders at once"


def test_a_pause_of_one_holds_the_other():
    one = [_rep(1, 0.0, 4, names=("up",)), _rep(2, 4.0, 4, names=("up",))]
    other = [_rep(1, 0.0, 4, names=("up",)), _rep(2, 30.0, 4, names=("up",))]
    found = in_step(one, other)
    assert found.other_s(3.9) == pytest.approx(3.9)
    assert found.other_s(4.0) == pytest.approx(30.0)
    assert found.swapped.other_s(17.0) == pytest.approx(4.0)


def test_best_with_best_is_one_pair():
    found = map_of_pairs([(_rep(4, 90.0, 2, 2, 2, 2), _rep(2, 20.0, 4, 4, 4, 4))])
    assert found.other_s(94.0) == pytest.approx(28.0)


def test_nothing_in_common_goes_by_the_clock():
    assert in_step([], []).other_s(12.5) == 12.5


@settings(max_examples=40)
@given(sessions(), sessions())
def test_time_never_runs_backward(ones, others):
    found = in_step(ones, others)
    assert (np.diff(found.knots_s, axis=0) >= 0).all()
    times = np.linspace(-5, 80, 341)
    assert (np.diff([found.other_s(time_s) for time_s in times]) >= -1e-9).all()


@settings(max_examples=40)
@given(sessions(), sessions())
def test_exchanged_sessions_give_the_map_the_other_way_round(ones, others):
    assert np.array_equal(in_step(others, ones).knots_s, in_step(ones, others).swapped.knots_s)


@settings(max_examples=40)
@given(sessions(), sessions(), st.floats(-5, 80))
def test_there_and_back_is_where_it_was_but_for_a_hold(ones, others, time_s):
    found = in_step(ones, others)
    there = found.other_s(time_s)
    back = found.swapped.other_s(there)
    held = [low for low, high in zip(*_edges(found), strict=True) if low <= time_s <= high]
    assert back == pytest.approx(time_s, abs=1e-6) or held or _is_steep(found, time_s)


def _edges(found: TimeMap) -> tuple[list[float], list[float]]:
    """Beginnings and ends of the stretches in which the other stands still."""
    still = np.flatnonzero(np.diff(found.knots_s[:, 1]) < 1e-6)
    return list(found.knots_s[still, 0] - 1e-6), list(found.knots_s[still + 1, 0] + 1e-6)


def _is_steep(found: TimeMap, time_s: float) -> bool:
    """Whether rounding alone can carry a time past a jump."""
    return bool((np.abs(found.knots_s[:, 0] - time_s) < 1e-6).any())


@settings(max_examples=40)
@given(sessions())
def test_a_session_is_in_step_with_itself(reps):
    found = in_step(reps, reps)
    for time_s in np.linspace(-5, 60, 100):
        assert found.other_s(time_s) == pytest.approx(time_s, abs=1e-6)


def test_a_players_map_goes_as_far_as_both_recordings():
    found = in_step([_rep(1, 10.0, 3, 3)], [_rep(1, 40.0, 4, 4)]).spanning(30.0, 50.0)
    assert found.knots_s[0].tolist() == [0.0, 30.0]
    assert found.knots_s[-1].tolist() == [18.0, 50.0]
    assert in_step([], []).spanning(30.0, 20.0).knots_s.tolist() == [[0, 0], [0, 0], [20, 20]]


@settings(max_examples=40)
@given(sessions(), sessions(), st.floats(0, 90), st.floats(0, 90))
def test_a_players_map_rises_and_tells_the_same(ones, others, one_s, other_s):
    plain = in_step(ones, others)
    found = plain.spanning(one_s, other_s)
    assert len(found.knots_s) >= 2
    assert (np.diff(found.knots_s, axis=0) >= 0).all()
    for time_s in np.linspace(0, 60, 61):
        assert found.other_s(time_s) == pytest.approx(plain.other_s(time_s), abs=1e-6)
