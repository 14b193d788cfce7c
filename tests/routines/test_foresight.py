"""What an attempt's end cannot change is known as the hands come home, and is the same later."""

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from routines.coaching import Coaching
from routines.engine import Engine
from routines.foresight import AT_THE_END, RUSHED
from routines.reps import RepEnded, RepEnding
from routines.routine import load_routine
from tests.routines import conftest as studio

LATEST_S = 0.3
"""A cue told 0.3 s after the end has 0.4 s left for its way to the loudspeaker."""


def session(pens, camera):
    drawing = studio.Drawing().settle().hold(0.9)
    ends = []
    for pen in pens:
        drawing.rep(pen)
        ends.append(drawing.now_s - pen.rest_s)
    return ends, studio.look(drawing.hold(1.5), camera)


def listen(routine, samples, **options):
    engine = Engine(routine, studio.SCALE, **options)
    events = [event for sample in samples for event in engine.step(sample)]
    events += engine.finish()
    comings = [event for event in events if isinstance(event, RepEnding)]
    reps = [event.rep for event in events if isinstance(event, RepEnded)]
    return comings, reps


ACROSS = studio.Pen(pointing_deg=70.0)
SLIPS = (ACROSS, studio.Pen(lag_s=0.8), studio.Pen(sideways=-0.25), studio.Pen(3.0))


@pytest.mark.slow
@pytest.mark.parametrize("fps", [12.0, 30.0])
@pytest.mark.parametrize("pen", SLIPS)
def test_a_slip_on_the_way_is_told_by_the_end_of_the_stroke(routine, pen, fps):
    ends, samples = session([pen, replace(pen, rest_s=0.5)], studio.Camera(fps=fps))
    comings, reps = listen(routine, samples)
    assert len(comings) == len(reps) == 2
    for coming, rep, end_s in zip(comings, reps, ends, strict=True):
        assert coming.start_s == rep.start_s
        assert coming.time_s - end_s <= LATEST_S
        assert {check.code for check in coming.faults} == {check.code for check in rep.faults}
        assert coming.faults


@pytest.mark.slow
@pytest.mark.parametrize("pen", [*SLIPS, studio.Pen(sideways=-0.2)])
def test_what_is_found_is_the_same_where_nobody_listens(routine, pen):
    _, samples = session([pen, studio.Pen(), pen], studio.Camera(fps=15.0, noise_cm=0.5))
    _, live = listen(routine, samples)
    comings, reviewed = listen(routine, samples, foresees=False)
    assert comings == []
    assert reviewed == live


def test_who_turns_round_half_way_is_not_coming_home(routine):
    half = studio.Pen(legs=((0.5, [(0.37, 0.6)]), (0.5, [studio.START])))
    _, samples = session([half], studio.Camera())
    comings, _ = listen(routine, samples)
    assert comings == []


pens = st.builds(
    studio.Pen,
    duration_s=st.floats(3.0, 18.0),
    lag_s=st.floats(0.0, 0.9),
    pointing_deg=st.floats(0.0, 80.0),
    sideways=st.floats(-0.25, 0.1),
    rest_s=st.sampled_from([0.0, 0.4, 2.0]),
)
cameras = st.builds(
    studio.Camera,
    fps=st.sampled_from([12.0, 15.0, 30.0]),
    noise_cm=st.floats(0.1, 0.8),
    dropped=st.floats(0.0, 0.2),
    seed=st.integers(0, 99),
)


@pytest.mark.slow
@given(st.lists(pens, min_size=1, max_size=3), cameras)
def test_what_is_told_early_stands_at_the_end(drawn, camera):
    _, samples = session(drawn, camera)
    comings, reps = listen(load_routine(), samples)
    at_end = {rep.start_s: {check.code for check in rep.faults} for rep in reps}
    for coming in comings:
        early = {check.code for check in coming.faults}
        assert not early & AT_THE_END
        final = at_end.get(coming.start_s, early)
        # Hands that rest may be seen to do so a second late: then the whole stroke took its time.
        assert early <= final or (early - RUSHED <= final and final & RUSHED)
    for before, later in itertools.pairwise(comings):
        assert before.start_s < later.start_s


def test_one_cue_for_a_stroke_that_was_told_early(routine):
    _, samples = session([ACROSS, ACROSS, ACROSS], studio.Camera())
    engine, coaching = Engine(routine, studio.SCALE), Coaching(routine, "every", least_gap_s=2.0)
    cues = [coaching.step(each.time_s, engine.step(each)) for each in samples]
    assert [cue.code for cue in cues if cue] == ["fingers_not_to_head"] * 3
