"""Faults near their limits, and the chart's own errors: a fault that is named is really there."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

UP, OUT, DOWN, IN = range(4)
SIDE_OF_WAIST = (0.58, 0.08)


def reps_of(studio, *pens, camera=None, shift=(0.0, 0.0), apart=(0.0, 0.0)):
    """A session told after the chart was shifted, both hands alike and one against the other."""
    drawing = studio.Drawing().settle().hold(0.9)
    for pen in pens:
        drawing.rep(pen)
    samples = studio.look(drawing.hold(1.5), camera or studio.Camera())
    return studio.tell([shifted(sample, shift, apart) for sample in samples])


def shifted(sample, shift, apart):
    def moved(hand, sign):
        if hand is None:
            return None
        by = np.array(shift) + sign * np.array(apart)
        return replace(
            hand,
            palm_back=hand.palm_back + by,
            tips_back=hand.tips_back + by,
            thumb_edge_back=hand.thumb_edge_back + by,
        )

    return replace(sample, left=moved(sample.left, -0.5), right=moved(sample.right, 0.5))


def glide_with(studio, index, share=None, through=None):
    legs = list(studio.clean)
    legs[index] = (share or legs[index][0], through or legs[index][1])
    return legs


@pytest.mark.slow
@settings(max_examples=8, deadline=None)
@given(
    duration_s=st.floats(4.6, 22.0),
    shift_u=st.floats(-0.08, 0.08),
    shift_v=st.floats(-0.05, 0.05),
    apart_v=st.floats(-0.08, 0.08),
    fps=st.sampled_from([10.0, 15.0, 30.0, 60.0]),
    seed=st.integers(0, 9999),
)
def test_a_chart_that_is_off_makes_no_fault(
    studio, duration_s, shift_u, shift_v, apart_v, fps, seed
):
    """A hand behind another and a chart that shifts them look alike in a slow stroke."""
    camera = studio.Camera(fps=fps, noise_cm=0.35, seed=seed)
    told = reps_of(
        studio,
        studio.Pen(duration_s),
        camera=camera,
        shift=(shift_u, shift_v),
        apart=(0.0, apart_v),
    )
    assert told.faults == [[]]


@pytest.mark.slow
@settings(max_examples=6, deadline=None)
@given(
    duration_s=st.floats(5.0, 12.0),
    lag_s=st.floats(0.55, 0.9),
    apart_v=st.floats(-0.04, 0.04),
    seed=st.integers(0, 9999),
)
def test_a_clear_lag_is_found_though_the_chart_is_off(studio, duration_s, lag_s, apart_v, seed):
    camera = studio.Camera(seed=seed)
    pen = studio.Pen(duration_s, lag_s=lag_s)
    told = reps_of(studio, pen, camera=camera, apart=(0.0, apart_v))
    (rep,) = told.reps
    outcome = {check.code: check for check in rep.checks}["asymmetric"]
    assert outcome.outcome != "fine"
    assert outcome.hand in (None, "right")


def hop(studio, stop_s, hop_s, hidden=()):
    """A rep whose hands stop at the waist's side and are put back through the air."""
    drawing = studio.Drawing().settle().hold(0.9)
    legs = glide_with(studio, DOWN, through=[*studio.clean[DOWN][1][:-1], SIDE_OF_WAIST])[:IN]
    took_s = 8.0 * sum(share for share, _ in legs)
    drawing.rep(studio.Pen(took_s, legs=[(8.0 * share / took_s, to) for share, to in legs]))
    drawing.hold(stop_s, SIDE_OF_WAIST, SIDE_OF_WAIST)
    start = np.array((0.37, 0.07))
    steps = round(hop_s / drawing.step_s)
    for part in np.linspace(0.0, 1.0, steps):
        eased = 10 * part**3 - 15 * part**4 + 6 * part**5
        place = tuple(np.array(SIDE_OF_WAIST) + eased * (start - SIDE_OF_WAIST))
        drawing.hold(drawing.step_s, place, place)
    drawing.rep(studio.Pen()).hold(1.5)
    return studio.tell(studio.look(drawing, studio.Camera(unseen=hidden)))


@pytest.mark.parametrize(("stop_s", "hop_s"), [(0.5, 0.5), (0.4, 0.3), (0.7, 0.4)])
def test_hands_that_stop_and_are_put_back_did_not_pull_in(studio, stop_s, hop_s):
    told = hop(studio, stop_s, hop_s)
    assert told.faults == [["missing_pull_in"], []]
    (fault,) = told.reps[0].faults
    assert fault.unit == "s"
    assert fault.measured == pytest.approx(stop_s, abs=0.35)
    assert told.count == 2


def test_a_lift_that_nobody_saw_is_not_seen(studio):
    hidden = [(side, 10.6, 12.4) for side in ("left", "right")]
    told = hop(studio, 0.5, 0.5, hidden)
    outcome = {check.code: check.outcome for check in told.reps[0].checks}
    assert outcome["missing_pull_in"] == "not_seen"


@pytest.mark.slow
@pytest.mark.parametrize("duration_s", [5.0, 8.0, 14.0, 22.0])
@pytest.mark.parametrize("fps", [12.0, 30.0])
def test_gliding_in_along_the_waist_is_fine_at_any_tempo(studio, duration_s, fps):
    told = reps_of(studio, studio.Pen(duration_s), camera=studio.Camera(fps=fps))
    outcome = {check.code: check.outcome for check in told.reps[0].checks}
    assert outcome["missing_pull_in"] == "fine"


def test_shoulders_gone_round_quickly_are_not_left_out(studio):
    """The corner's curve was followed, however short the time."""
    told = reps_of(studio, studio.Pen(9.0, legs=glide_with(studio, OUT, share=0.16)))
    assert told.faults == [[]]


@pytest.mark.parametrize("shift_u", [-0.08, 0.0, 0.08])
def test_a_corner_cut_straight_is_left_out_wherever_the_chart_lies(studio, shift_u):
    straight = [(0.66, 0.80), (0.90, 0.71), (1.14, 0.63)]
    told = reps_of(
        studio,
        studio.Pen(8.0, legs=glide_with(studio, OUT, share=0.1, through=straight)),
        shift=(shift_u, 0.0),
    )
    assert told.faults == [["skipped_shoulders"]]
    assert told.count == 0


def test_a_reach_just_under_the_limit_is_not_called_short(studio):
    low = [(0.60, 0.78), (0.85, 0.78), (1.05, 0.76), (1.15, 0.72), (1.14, 0.63)]
    legs = [(0.32, [(0.37, 0.785)]), (0.30, low), *studio.clean[DOWN:]]
    told = reps_of(studio, studio.Pen(legs=legs))
    outcome = {check.code: check.outcome for check in told.reps[0].checks}
    assert outcome["short_reach"] == "not_seen"
    assert told.count == 1


def leaving(studio, towards):
    """A recording that ends a moment after the hands have left the shoulders for `towards`."""
    drawing = studio.Drawing().settle().hold(0.9)
    drawing.rep(studio.Pen(5.0, legs=studio.clean[:DOWN]))
    here = np.array(studio.clean[OUT][1][-1])
    for part in np.linspace(0.0, 1.0, 30):
        place = tuple(here + part * (np.array(towards) - here))
        drawing.hold(drawing.step_s, place, place)
    gone_s = drawing.now_s
    drawing.hold(3.0, towards, towards)
    hidden = [(side, gone_s, 99.0) for side in ("left", "right")]
    told = studio.tell(studio.look(drawing, studio.Camera(noise_cm=0.2, unseen=hidden)))
    return {check.code: check.outcome for check in told.reps[0].checks}["incomplete"]


def test_both_hands_seen_to_head_off_the_path_broke_off(studio):
    assert leaving(studio, (1.30, 0.45)) == "fault"


def test_hands_that_went_on_along_the_path_and_vanished_are_not_seen(studio):
    assert leaving(studio, (1.00, 0.50)) == "not_seen"
