"""Reps over each other: the same share of the same phase lies in the same row."""

import numpy as np

from routines.path import phase_path_back
from sessions.analysis.overlay import STEPS, overlay
from vision.arrays import distances_along, places_at


def test_reps_of_any_tempo_lie_on_the_drawn_path(studio):
    found = overlay(studio.review(studio.rep(1), studio.rep(2, length_s=6.0)), studio.routine)
    assert found.reps == (1, 2)
    for number, phase in enumerate(studio.routine.phases):
        path = phase_path_back(phase, "left")
        along = distances_along(path)
        drawn = places_at(path, along, np.linspace(0, along[-1], STEPS))
        middle = slice(3, -3)
        for way in (*found.ways_back["left"][:, number], found.mean_back["left"][number]):
            off = np.linalg.norm(way[middle] - drawn[middle], axis=1)
            assert off.max() < 0.06, phase.name


def test_the_mean_is_of_reps_that_count_and_of_two_at_least(studio):
    reps = [studio.rep(1), studio.rep(2, "short_reach")]
    assert np.isnan(overlay(studio.review(*reps), studio.routine).mean_back["right"]).all()


def test_what_was_hidden_is_no_way(studio):
    rep = studio.rep(1)
    down = rep.phases[2]
    hidden = {"right": (down.start_s - 0.2, down.end_s + 0.3)}
    ways = overlay(studio.review(rep, hidden=hidden), studio.routine).ways_back
    assert np.isnan(ways["right"][0, 2]).all()
    assert not np.isnan(ways["left"][0, 2]).any()


def test_a_phase_that_was_left_out_has_no_way(studio):
    phases = studio.phases(10.0, 3.0, 3.0, names=("up", "down"))
    found = overlay(studio.review(studio.rep(1, phases=phases, length_s=6.0)), studio.routine)
    assert np.isnan(found.ways_back["left"][0, 1]).all()
    assert not np.isnan(found.ways_back["left"][0, 0, 1:-1]).any()


def test_no_rep_is_no_way(studio):
    found = overlay(studio.review(), studio.routine)
    assert found.reps == ()
    assert found.ways_back["left"].shape == (0, 4, STEPS, 2)
