"""A project that BORIS opens: paired states, known behaviours, times in order.

The checks are those that BORIS 8.27.4 makes itself when it opens a project.
"""

import json
from collections import Counter
from dataclasses import replace

import pytest

from sessions.exports import export_session
from sessions.store.values import Correction
from tests.stored import NOON, ROUTINE, session, verdict


def project(stored=None):
    return json.loads(export_session(stored or session(), None, ROUTINE, "boris").data)


def machine_of(made):
    return next(iter(made["observations"].values()))


def events_of(made):
    return machine_of(made)["events"]


def test_every_event_is_in_the_ethogram_and_of_a_known_subject() -> None:
    made = project()
    every = [event for each in made["observations"].values() for event in each["events"]]
    codes = {each["code"]: each for each in made["behaviors_conf"].values()}
    subjects = {each["name"] for each in made["subjects_conf"].values()}
    assert subjects == {"left hand", "right hand", "both hands"}
    assert set(ROUTINE.faults) < set(codes)
    assert {phase.name for phase in ROUTINE.phases} < set(codes)
    for time_s, subject, code, modifier, comment in every:
        assert subject in subjects
        kept = codes[code]["modifiers"]
        assert modifier in (kept["0"]["values"] if kept else [""])
        assert time_s >= 0
        assert isinstance(comment, str)
    for behaviour in codes.values():
        assert behaviour["category"] in made["behavioral_categories"]
        assert behaviour["type"] in ("State event", "Point event")


def test_every_state_ends_and_times_are_in_order() -> None:
    made = project()
    states = {
        each["code"] for each in made["behaviors_conf"].values() if each["type"] == "State event"
    }
    assert len(made["observations"]) == 2
    for observation in made["observations"].values():
        found = Counter((subject, code, mod) for _, subject, code, mod, _ in observation["events"])
        for (_, code, _), often in found.items():
            assert code not in states or often % 2 == 0, code
        times = [event[0] for event in observation["events"]]
        assert times == sorted(times)


def test_an_instructor_is_an_observer_of_their_own() -> None:
    stored = session()
    first, _, third, _ = stored.review.reps
    wrong = replace(verdict(third, "short_reach"), word="wrong", id="v2")
    moved = tuple(
        replace(phase, start_s=phase.start_s + 0.1, end_s=phase.end_s + 0.1)
        for phase in first.phases
    )
    anew = Correction("c", "i1", "Ida Berg", first.start_s, first.end_s, moved, NOON)
    made = project(session(verdicts=(verdict(first), wrong), corrections=(anew,)))
    machine, ida = made["observations"].values()
    assert [key for key in made["observations"] if "Ida Berg" in key]

    def strokes(observation):
        events = [event for event in observation["events"] if event[2] == "stroke"]
        return [(event[0], event[3]) for event in events[::2]]

    assert strokes(machine)[2][1] == "not counted"
    assert strokes(ida)[2][1] == "counted", "the fault was wrong"
    assert strokes(ida)[0][0] == pytest.approx(strokes(machine)[0][0] + 0.1)
    faults = [event for event in ida["events"] if event[2] in ROUTINE.faults]
    assert [(event[1], event[2]) for event in faults] == [
        ("left hand", "on_spine"),
        ("right hand", "asymmetric"),
    ]
    waiting = replace(stored, line=replace(stored.line, waiting=True))
    assert len(project(waiting)["observations"]) == 1


def test_strokes_faults_and_words_are_there() -> None:
    stored = session()
    events = events_of(project(stored))
    strokes = [event for event in events if event[2] == "stroke"]
    assert [event[3] for event in strokes[::2]] == [
        "counted" if rep.counted else "not counted" for rep in stored.review.reps
    ]
    fault = next(event for event in events if event[2] == "asymmetric")
    assert fault[0] == pytest.approx(stored.review.reps[1].faults[0].start_s, abs=1e-3)
    assert fault[1] == "right hand"
    assert {"cue", "verdict", "comment"} < {event[2] for event in events}


def test_stretches_of_a_hand_that_touch_are_one_state() -> None:
    unseen = [event for event in events_of(project()) if event[2] == "not seen"]
    left = [event[0] for event in unseen if event[1] == "left hand"]
    right = [event[0] for event in unseen if event[1] == "right hand"]
    assert left == [4.0, 5.5]
    assert right == [4.8, 5.5, 9.0, 9.7]


def test_the_recording_is_named_with_its_length() -> None:
    observation = machine_of(project())
    assert observation["type"] == "MEDIA"
    assert observation["file"]["1"] == ["clip.mp4"]
    assert observation["media_info"]["length"]["clip.mp4"] > 30
    assert observation["media_info"]["fps"]["clip.mp4"] == pytest.approx(30, abs=0.1)


def test_a_live_session_has_no_recording() -> None:
    stored = session()
    live = replace(stored, line=replace(stored.line, kind="live", learner=None))
    made = project(live)
    observation = machine_of(made)
    assert observation["type"] == "LIVE"
    assert observation["file"] == {}
    assert made["project_format_version"] == "7.0"
