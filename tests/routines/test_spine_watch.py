"""A touched spine is told while it lasts, and only where the whole attempt is judged so too."""

from dataclasses import replace

import pytest

from routines.engine import Engine
from routines.reps import RepEnded, SpineTouched

CONTACT_S = 0.3
LATEST_S = 0.3
SETTLED_S = 3.9
"""When a session's first stroke begins."""


def listen(studio, routine, samples):
    """Events with the time of the sample at which they came."""
    engine = Engine(routine, studio.scale)
    heard = [(sample.time_s, event) for sample in samples for event in engine.step(sample)]
    return heard + [(samples[-1].time_s, event) for event in engine.finish()]


def drawn(studio, *pens, camera=None):
    drawing = studio.Drawing().settle().hold(0.9)
    for pen in pens:
        drawing.rep(pen)
    return drawing, studio.look(drawing.hold(1.5), camera or studio.Camera())


def contact_told_s(studio, drawing):
    """When the left thumb side has been within 1 cm of the spine for 0.3 s on the way up."""
    since = None
    for time_s, (left, _) in zip(drawing.times_s, drawing.places, strict=True):
        gap_cm = left[0] * studio.scale.u_cm - 4.0
        near = gap_cm < 1.0 and 0.15 < left[1] < 0.85 and time_s > SETTLED_S
        since = (time_s if since is None else since) if near else None
        if since is not None and time_s - since >= CONTACT_S:
            return time_s
    return None


def distrusted(sample):
    left, right = (replace(hand, trusted=False) for hand in (sample.left, sample.right))
    return replace(sample, left=left, right=right)


def warnings(heard):
    return [(at_s, event) for at_s, event in heard if isinstance(event, SpineTouched)]


@pytest.mark.slow
@pytest.mark.parametrize("duration_s", [5.0, 8.0, 14.0, 20.0])
@pytest.mark.parametrize("fps", [10.0, 15.0, 30.0])
def test_the_warning_comes_while_the_hand_still_lies_there(studio, routine, duration_s, fps):
    camera = studio.Camera(fps=fps, noise_cm=0.1)
    drawing, samples = drawn(studio, studio.Pen(duration_s, sideways=-0.2), camera=camera)
    ((at_s, event),) = warnings(listen(studio, routine, samples))
    told_s = contact_told_s(studio, drawing)
    assert told_s is not None
    assert event.hand == "both"
    assert event.time_s == at_s
    assert told_s - 0.1 <= at_s <= told_s + LATEST_S


@pytest.mark.slow
def test_one_warning_in_each_attempt_that_has_the_fault_and_none_in_the_others(studio, routine):
    on, off = studio.Pen(sideways=-0.2), studio.Pen()
    _, samples = drawn(studio, off, on, off, on, on)
    heard = listen(studio, routine, samples)
    reps = [event.rep for _, event in heard if isinstance(event, RepEnded)]
    warned = [sum(rep.start_s <= at_s <= rep.end_s for at_s, _ in warnings(heard)) for rep in reps]
    assert warned == [0, 1, 0, 1, 1]
    assert [[fault.code for fault in rep.faults] for rep in reps] == [
        ["on_spine"] * count for count in warned
    ]


@pytest.mark.slow
@pytest.mark.parametrize("sideways", [-0.25, -0.16, -0.13, -0.10, -0.05, 0.0, 0.1])
@pytest.mark.parametrize("seed", range(3))
def test_a_warned_attempt_is_judged_so_at_its_end(studio, routine, sideways, seed):
    """Also at the very limit, where noise decides."""
    camera = studio.Camera(seed=seed, noise_cm=0.5, dropped=0.1, jitter=0.4)
    _, samples = drawn(studio, studio.Pen(sideways=sideways), camera=camera)
    heard = listen(studio, routine, samples)
    (rep,) = [event.rep for _, event in heard if isinstance(event, RepEnded)]
    judged = [fault.code for fault in rep.faults if fault.code == "on_spine"]
    assert len(warnings(heard)) == len(judged)


def test_hands_that_nobody_saw_on_the_way_up_are_not_warned(studio, routine):
    camera = studio.Camera(unseen=[("left", 4.0, 7.0), ("right", 4.0, 7.0)])
    _, samples = drawn(studio, studio.Pen(sideways=-0.2), camera=camera)
    assert warnings(listen(studio, routine, samples)) == []


def test_a_place_that_the_camera_cannot_tell_is_not_warned(studio, routine):
    _, samples = drawn(studio, studio.Pen(sideways=-0.2))
    doubtful = [distrusted(sample) if sample.time_s > SETTLED_S else sample for sample in samples]
    assert warnings(listen(studio, routine, doubtful)) == []


@pytest.mark.parametrize(
    ("centre", "radius"),
    [((0.75, 0.65), 0.2), ((0.40, 0.15), 0.15), ((0.2, -0.05), 0.1), ((0.40, 0.6), 0.15)],
)
def test_kneading_and_lying_still_are_not_warned(studio, routine, centre, radius):
    drawing = studio.Drawing().settle().hold(0.9).circles(centre, radius, 8.0).away(2.0)
    drawing.hold(3.0, (0.1, 0.4), (0.1, 0.4)).hold(3.0, (0.1, 0.1), (0.1, 0.1))
    heard = listen(studio, routine, studio.look(drawing, studio.Camera()))
    assert warnings(heard) == []


def test_the_warning_falls_into_the_attempt_that_it_is_about(studio, routine):
    _, samples = drawn(studio, *[studio.Pen(sideways=-0.2)] * 3)
    kinds = [
        type(event)
        for _, event in listen(studio, routine, samples)
        if isinstance(event, RepEnded | SpineTouched)
    ]
    assert kinds == [SpineTouched, RepEnded] * 3
