"""On the samples, with their true hands: the spine is warned of where it was touched, in time."""

from functools import cache
from pathlib import Path

import pytest

from routines.engine import Engine
from routines.reps import RepEnded, RepEnding, SpineTouched
from routines.routine import load_routine
from sessions.truth import Truth
from tests.once import back_of, truth_of
from vision.hands import SIDES, HandPair, TrackedHand

SAMPLES = Path(__file__).parents[2] / "sample_videos"
DECIDED_S = 0.5
WARNED_S = 0.25
"""A cue has to be heard within 0.7 s of its evidence; its way there needs what is left."""


def pair_at(truth: Truth, index: int) -> HandPair:
    left, right = (
        TrackedHand(truth.hands[side].landmarks_px[index], True)
        if truth.hands[side].visible[index]
        else None
        for side in SIDES
    )
    return HandPair(index / truth.fps, left, right)


@cache
def listen(name: str) -> tuple[list[RepEnded], list[SpineTouched], list[RepEnding]]:
    """What the engine says of a sample whose hands are found where they can be seen."""
    truth, back_frame = truth_of(name), back_of(name)
    engine = Engine(load_routine(), back_frame.scale)
    events = [
        event
        for index in range(truth.frames)
        for event in engine.step(back_frame.sample(pair_at(truth, index)))
    ]
    return (
        [event for event in events if isinstance(event, RepEnded)],
        [event for event in events if isinstance(event, SpineTouched)],
        [event for event in events if isinstance(event, RepEnding)],
    )


@pytest.mark.slow
def test_the_spine_is_warned_of_in_time_and_where_it_was_touched():
    ended, warned, _ = listen("place")
    checks = [check for event in ended for check in event.rep.faults if check.code == "on_spine"]
    assert len(checks) == len(warned) == 1
    held_s = load_routine().limit("on_spine", "duration_s")
    assert 0.0 <= warned[0].time_s - (checks[0].start_s + held_s) <= WARNED_S
    assert warned[0].hand == checks[0].hand


@pytest.mark.slow
@pytest.mark.parametrize("name", ["order", "place"])
def test_a_rep_and_its_faults_are_told_soon_after_its_end(name):
    ended, *_ = listen(name)
    assert len(ended) == 5
    for event in ended:
        assert 0.0 <= event.time_s - event.rep.end_s <= DECIDED_S


@pytest.mark.parametrize("name", ["order", "place"])
def test_what_goes_wrong_on_the_way_is_told_by_its_end(name):
    ended, _, coming = listen(name)
    faulty = [event.rep for event in ended if event.rep.faults]
    assert len(coming) == len(faulty) == 3
    for told, rep in zip(coming, faulty, strict=True):
        assert told.start_s == rep.start_s
        assert told.time_s <= rep.end_s
        assert {check.code for check in told.faults} == {check.code for check in rep.faults}


UNTOUCHED = [
    "order",
    *(
        pytest.param(name, marks=pytest.mark.slow)
        for name in ("distractors", "fps15", "hands", "side", "speed", "wide")
    ),
]


@pytest.mark.parametrize("name", UNTOUCHED)
def test_nothing_is_warned_of_where_the_spine_was_not_touched(name):
    assert listen(name)[1] == []
