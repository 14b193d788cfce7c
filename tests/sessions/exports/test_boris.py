"""A project that BORIS opens: paired states, known behaviours, times in order.

The checks are those that BORIS 8.27.4 makes itself when it opens a project.
"""

import json
from collections import Counter
from dataclasses import replace

import pytest

from sessions.exports import export_session
from tests.stored import ROUTINE, session


def project(stored=None):
    return json.loads(export_session(stored or session(), None, ROUTINE, "boris").data)


def events_of(made):
    (observation,) = made["observations"].values()
    return observation["events"]


def test_every_event_is_in_the_ethogram_and_of_a_known_subject() -> None:
    made = project()
    codes = {each["code"]: each for each in made["behaviors_conf"].values()}
    subjects = {each["name"] for each in made["subjects_conf"].values()}
    assert subjects == {"left hand", "right hand", "both hands"}
    assert set(ROUTINE.faults) < set(codes)
    assert {phase.name for phase in ROUTINE.phases} < set(codes)
    for time_s, subject, code, modifier, comment in events_of(made):
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
    found = Counter((subject, code, mod) for _, subject, code, mod, _ in events_of(made))
    for (_, code, _), often in found.items():
        assert code not in states or often % 2 == 0, code
    times = [event[0] for event in events_of(made)]
    assert times == sorted(times)


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
    (observation,) = project()["observations"].values()
    assert observation["type"] == "MEDIA"
    assert observation["file"]["1"] == ["clip.mp4"]
    assert observation["media_info"]["length"]["clip.mp4"] > 30
    assert observation["media_info"]["fps"]["clip.mp4"] == pytest.approx(30, abs=0.1)


def test_a_live_session_has_no_recording() -> None:
    stored = session()
    live = replace(stored, line=replace(stored.line, kind="live", learner=None))
    made = project(live)
    (observation,) = made["observations"].values()
    assert observation["type"] == "LIVE"
    assert observation["file"] == {}
    assert made["project_format_version"] == "7.0"
