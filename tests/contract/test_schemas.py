"""The schemas are sound, and the samples keep them."""

import copy
import json
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from contract import SchemaName, schema

SAMPLES = Path(__file__).parents[2] / "sample_videos"


@pytest.mark.parametrize("name", get_args(SchemaName))
def test_a_schema_is_valid_itself(name: SchemaName) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    assert schema(name)["$id"] == f"tstroke.{name}/1"


def test_every_sample_has_a_valid_calibration() -> None:
    recordings = sorted(SAMPLES.glob("*.mp4"))
    assert len(recordings) == 8
    validator = jsonschema.Draft202012Validator(schema("calibration"))
    for recording in recordings:
        path = recording.with_name(f"{recording.stem}.calibration.json")
        validator.validate(json.loads(path.read_text("utf-8")))


@pytest.fixture
def review() -> dict[str, Any]:
    """The smallest review that keeps the contract."""
    fault = {"code": "pause", "start_s": 1, "end_s": 2, "hand": None}
    fault |= {"measured": 1.2, "limit": None, "unit": "s"}
    rep: dict[str, Any] = {"index": 1, "start_s": 1.0, "end_s": 9, "counted": True, "score": None}
    rep |= {"unseen_share": 0, "faults": [fault]}
    rep["phases"] = [{"name": "up", "start_s": 1, "end_s": 3}]
    video = {"name": "a.mp4", "sha256": "0" * 64, "width": 640, "height": 480}
    return {
        "schema": "tstroke.review/1",
        "video": video | {"duration_s": 10, "frames_read": 300, "readable_share": 1},
        "routine": {"id": "t_stroke", "version": 1},
        "calibration": {"source": "points", "points_px": {"nape": [1, 2]}, "rms_px": None},
        "tracking": {"both_hands_share": 1, "any_hand_share": 1, "inferred_share": 0},
        "settle": None,
        "count": 1,
        "reps": [rep],
        "unseen": [{"start_s": 0, "end_s": 1, "hand": "both"}],
    }


def test_the_smallest_review_is_valid(review: dict[str, Any]) -> None:
    jsonschema.Draft202012Validator(schema("review")).validate(review)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("schema",), "tstroke.review/2"),
        (("count",), -1),
        (("video", "sha256"), "abc"),
        (("video", "readable_share"), 1.01),
        (("calibration", "source"), "guess"),
        (("reps", 0, "score"), 101),
        (("reps", 0, "index"), 0),
        (("reps", 0, "faults", 0, "hand"), "third"),
        (("unseen", 0, "hand"), None),
    ],
)
def test_what_breaks_the_contract_is_found(
    review: dict[str, Any], place: tuple[str | int, ...], value: object
) -> None:
    broken: Any = copy.deepcopy(review)
    inner = broken
    for key in place[:-1]:
        inner = inner[key]
    inner[place[-1]] = value
    assert not jsonschema.Draft202012Validator(schema("review")).is_valid(broken)


@pytest.mark.parametrize("key", ["schema", "video", "routine", "tracking", "settle", "unseen"])
def test_what_is_required_is_missed(review: dict[str, Any], key: str) -> None:
    del review[key]
    assert not jsonschema.Draft202012Validator(schema("review")).is_valid(review)
