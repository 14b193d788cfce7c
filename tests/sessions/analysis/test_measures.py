"""Figures of reps that were drawn: what was drawn comes out, and what was hidden does not."""

import pytest

from routines.path import phase_path_back
from sessions.analysis.measures import Choice, measure_rep, measure_session
from sessions.summary import summarise


def test_a_clean_rep_measures_what_was_drawn(studio):
    rep = studio.rep(1)
    found = measure_rep(rep, studio.review(rep), studio.routine)
    assert found.duration_s == 8.0
    assert found.phases_s == pytest.approx({"up": 2.56, "out": 2.4, "down": 1.92, "pull_in": 1.12})
    top_v = phase_path_back(studio.routine.phases[1], "right")[:, 1].max()
    for hand in found.hands.values():
        assert hand.reach_v == pytest.approx(top_v, abs=0.01)
        assert hand.widest_x == pytest.approx(1.08, abs=0.04)
        assert hand.spine_cm == pytest.approx(0.36 * 20.0, abs=0.1)
    assert found.reach_gap_v == pytest.approx(0.0, abs=0.005)
    assert found.lag_s == pytest.approx(0.0, abs=0.051)


@pytest.mark.parametrize("lag_s", [0.4, 0.8])
def test_a_right_hand_that_lags_is_behind_by_so_much(studio, lag_s):
    rep = studio.rep(1)
    found = measure_rep(rep, studio.review(rep, lag_s=lag_s), studio.routine)
    assert found.lag_s == pytest.approx(lag_s, abs=0.11)


def test_what_was_hidden_is_not_measured_though_it_was_bridged(studio):
    rep = studio.rep(1)
    up_to = rep.phases[0].end_s
    review = studio.review(rep, hidden={"left": (up_to - 0.4, up_to + 1.5)})
    left, right = (
        measure_rep(rep, review, studio.routine).hands[side] for side in ("left", "right")
    )
    assert left.reach_v is None
    assert left.widest_x is None
    assert left.spine_cm is not None, "the way up was seen"
    assert right.reach_v is not None
    found = measure_rep(rep, review, studio.routine)
    assert found.reach_gap_v is None
    assert found.widest_gap_u is None


def test_without_a_chart_there_are_times_and_no_places(studio):
    rep = studio.rep(1)
    review = studio.review(rep)
    bare = type(review)(
        review.video, review.routine, review.calibration, review.tracking, None, (rep,), (), (), {}
    )
    found = measure_session(bare, studio.routine)
    assert found.duration_s == 8.0
    assert found.cm_known is None
    assert all(
        (hand.reach_v, hand.widest_x, hand.spine_cm) == (None, None, None)
        for hand in found.hands.values()
    )
    assert found.lag_s is None


def test_a_session_tells_medians_and_the_summarys_own_evenness(studio):
    reps = [studio.rep(1, length_s=7.0), studio.rep(2), studio.rep(3, length_s=9.5)]
    found = measure_session(studio.review(*reps, assumed=False), studio.routine)
    assert found.duration_s == 8.0
    assert found.phases_s["up"] == pytest.approx(0.32 * 8.0)
    assert found.evenness == summarise(reps, studio.routine).evenness
    assert found.cm_known == "measured"


def test_a_session_without_reps_has_no_figures(studio):
    found = measure_session(studio.review(), studio.routine)
    assert (found.duration_s, found.evenness, found.choice, found.phases_s) == (
        None,
        None,
        None,
        {},
    )


def test_best_and_weakest_are_told_by_their_faults(studio):
    reps = [
        studio.rep(1, "short_reach", score=60.0),
        studio.rep(2, "pause", score=85.0),
        studio.rep(3),
    ]
    found = measure_session(studio.review(*reps), studio.routine)
    assert found.choice == Choice(best=3, weakest=1, why="fewest_faults")


def test_equal_reps_are_told_apart_by_their_tempo(studio):
    reps = [studio.rep(1), studio.rep(2, length_s=6.0), studio.rep(3, length_s=8.3)]
    found = measure_session(studio.review(*reps), studio.routine)
    assert found.choice == Choice(best=1, weakest=2, why="nearest_tempo")


def test_a_rep_that_was_hardly_seen_is_neither_best_nor_weakest(studio):
    reps = [studio.rep(1), studio.rep(2, "pause", score=None), studio.rep(3, length_s=7.5)]
    assert measure_session(studio.review(*reps), studio.routine).choice == Choice(
        best=1, weakest=3, why="nearest_tempo"
    )
    assert measure_session(studio.review(*reps[:2]), studio.routine).choice is None
