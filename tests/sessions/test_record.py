"""The record's JSON keeps the contract, to the byte."""

import json
from dataclasses import replace
from pathlib import Path

import jsonschema
import numpy as np
import pytest

from contract import schema
from routines.reps import Check, PhaseSpan, Rep, Span
from sessions.files import OutputError
from sessions.record import (
    CalibrationFacts,
    HandPath,
    Review,
    RoutineRef,
    TrackingFacts,
    Unseen,
    VideoFacts,
    review_text,
    write_review,
)


def _rep(index: int, *, counted: bool) -> Rep:
    late = Check("pause", "fault", 6.0, 7.2, "both", 1.23456, 1.0, "s")
    early = Check("short_reach", "fault", 5.0, 5.5, "left", 0.61, 0.8, "v")
    unsure = Check("on_spine", "not_seen", 4.0, 9.0)
    phases = (PhaseSpan("up", 4.0, 6.0), PhaseSpan("out", 6.0, 7.50049))
    return Rep(index, 4.0, 9.0, counted, phases, (late, early, unsure), 0.123456, 71.26)


@pytest.fixture
def review() -> Review:
    path = HandPath(np.array([0.0]), np.array([[0.1, 0.2]]), np.array([True]))
    return Review(
        video=VideoFacts("clip.mp4", "0" * 64, 640, 480, 12.34567, 370, 1.0),
        routine=RoutineRef("t_stroke", 1),
        calibration=CalibrationFacts("points", {"waist": (1.0, 2.0), "nape": (3.0, 4.005)}, 1.239),
        tracking=TrackingFacts(0.5, 0.75, 0.1),
        settle=Span(0.0, 3.0),
        reps=(_rep(1, counted=False), _rep(2, counted=True)),
        unseen=(Unseen(1.0, 2.0, "both"),),
        warnings=("The picture is dark.",),
        paths={"left": path, "right": path},
    )


def test_json_is_valid_against_the_contract(review: Review) -> None:
    jsonschema.Draft202012Validator(schema("review")).validate(review.to_json())
    bare = replace(review, settle=None, reps=(), unseen=(), warnings=())
    jsonschema.Draft202012Validator(schema("review")).validate(bare.to_json())


def test_count_is_the_counted_reps(review: Review) -> None:
    assert review.to_json()["count"] == 1


def test_faults_are_the_checks_that_found_one_in_time_order(review: Review) -> None:
    rep = review.to_json()["reps"][0]
    assert [fault["code"] for fault in rep["faults"]] == ["short_reach", "pause"]
    assert [check["outcome"] for check in rep["checks"]] == ["fault", "fault", "not_seen"]


def test_digits_are_sensible(review: Review) -> None:
    values = review.to_json()
    assert values["video"]["duration_s"] == 12.346
    assert values["calibration"]["rms_px"] == 1.24
    assert values["reps"][0]["unseen_share"] == 0.1235
    assert values["reps"][0]["score"] == 71.3
    assert values["reps"][0]["faults"][1]["measured"] == 1.235


def test_missing_figures_are_null(review: Review) -> None:
    rep = replace(review.reps[0], score=None, checks=(Check("out_of_order", "fault", 4.0, 9.0),))
    facts = replace(review.calibration, rms_px=None)
    values = replace(review, reps=(rep,), calibration=facts).to_json()
    assert values["calibration"]["rms_px"] is None
    assert values["reps"][0]["score"] is None
    assert values["reps"][0]["faults"][0]["measured"] is None


def test_text_is_the_same_for_the_same_review(review: Review) -> None:
    points = dict(reversed([*review.calibration.points_px.items()]))
    other = replace(review, calibration=replace(review.calibration, points_px=points))
    assert review_text(review) == review_text(other)


def test_written_file_is_whole_and_alone(review: Review, tmp_path: Path) -> None:
    write_review(review, tmp_path / "clip.json")
    assert [path.name for path in tmp_path.iterdir()] == ["clip.json"]
    assert json.loads((tmp_path / "clip.json").read_text("utf-8")) == review.to_json()


def test_a_failed_write_leaves_the_old_result(review: Review, tmp_path: Path) -> None:
    target = tmp_path / "clip.json"
    target.mkdir()
    with pytest.raises(OutputError, match=r"clip\.json can't be written"):
        write_review(review, target)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.json"]
