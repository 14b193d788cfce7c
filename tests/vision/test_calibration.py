"""A calibration is what it says, or the error names the flaw and the remedy."""

import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from contract import schema
from vision.calibration import Calibration, calibration_from_json, load_calibration
from vision.errors import CalibrationError

POINTS: dict[str, tuple[float, float]] = {
    "nape": (320, 120),
    "waist": (320, 359),
    "left_shoulder": (214, 173),
    "right_shoulder": (426, 173),
    "left_waist": (226, 353),
    "right_waist": (414, 353),
}
SAMPLES = Path(__file__).parents[2] / "sample_videos"


def as_json(**changes: Any) -> dict[str, Any]:
    points = {name: list(point) for name, point in POINTS.items()}
    obj = {"schema": "tstroke.calibration/1", "image_size": [640, 480], "points_px": points}
    return {**obj, **changes}


def with_points(**points: tuple[float, float]) -> Calibration:
    return Calibration((640, 480), {**POINTS, **points})


def exchanged(*pairs: tuple[str, str]) -> dict[str, tuple[float, float]]:
    points = dict(POINTS)
    for one, other in pairs:
        points[one], points[other] = points[other], points[one]
    return points


LEFT_RIGHT = (("left_shoulder", "right_shoulder"), ("left_waist", "right_waist"))


def test_json_comes_back_as_it_was() -> None:
    calibration = Calibration((640, 480), POINTS, shoulder_width_cm=39.2, source="touch")
    obj = calibration.to_json()
    Draft202012Validator(schema("calibration")).validate(obj)
    assert calibration_from_json(json.loads(json.dumps(obj))) == calibration


def test_can_be_sent_to_another_process() -> None:
    calibration = with_points()
    assert pickle.loads(pickle.dumps(calibration)) == calibration


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.calibration.json")), ids=lambda p: p.name)
def test_samples_load(path: Path) -> None:
    calibration = load_calibration(path)
    assert len(calibration.points_px) == 6
    assert calibration.shoulder_width_cm is not None


def test_waist_sides_may_be_unknown() -> None:
    four = {name: point for name, point in POINTS.items() if not name.endswith("_waist")}
    assert set(Calibration((640, 480), four).points_px) == set(four)


def test_scales_with_the_picture() -> None:
    fitted = with_points().fitted_to(1280, 960)
    assert fitted.image_size == (1280, 960)
    assert fitted.points_px["nape"] == (640, 240)


def test_a_size_rounded_by_a_codec_is_the_same_shape() -> None:
    assert with_points().fitted_to(638, 482).image_size == (638, 482)


def test_another_shape_is_refused_with_both_sizes() -> None:
    with pytest.raises(CalibrationError, match=r"640 x 480.*1280 x 720"):
        with_points().fitted_to(1280, 720)


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"schema": "other/1"}, "schema"),
        ({"image_size": [640]}, "image_size"),
        ({"image_size": [640, 0]}, "image_size.1"),
        ({"points_px": {}}, "points_px"),
        ({"points_px": {**POINTS, "elbow": [1, 2]}}, "points_px"),
        ({"points_px": {**as_json()["points_px"], "nape": [1]}}, "points_px.nape"),
        ({"points_px": {**as_json()["points_px"], "nape": [1, None]}}, "points_px.nape"),
        ({"points_px": {**as_json()["points_px"], "nape": [True, 2]}}, "points_px.nape"),
        ({"points_px": {**as_json()["points_px"], "nape": [10**400, 2]}}, "points_px.nape"),
        ({"shoulder_width_cm": 3}, "shoulder_width_cm"),
        ({"source": "guess"}, "source"),
    ],
)
def test_what_is_not_valid_is_named(changes: dict[str, Any], named: str) -> None:
    with pytest.raises(CalibrationError, match=f"not valid at {named} "):
        calibration_from_json(as_json(**changes))


@pytest.mark.parametrize("obj", [None, [], 3, "text"])
def test_json_that_is_no_object_is_refused(obj: object) -> None:
    with pytest.raises(CalibrationError, match="the whole object"):
        calibration_from_json(obj)


@pytest.mark.parametrize("place", [(-1.0, 100.0), (320.0, 481.0), (float("nan"), 100.0)])
def test_points_outside_the_picture_are_refused(place: tuple[float, float]) -> None:
    with pytest.raises(CalibrationError, match=r"nape at .* outside its picture of 640 x 480"):
        with_points(nape=place)


def test_a_missing_point_is_named() -> None:
    with pytest.raises(CalibrationError, match="lacks waist"):
        Calibration((640, 480), {k: v for k, v in POINTS.items() if k != "waist"})


def test_points_on_one_spot_are_refused() -> None:
    with pytest.raises(CalibrationError, match=r"nape and waist lie on the same spot"):
        with_points(waist=(321, 121))


def test_a_low_camera_may_see_the_waist_and_its_side_on_one_spot() -> None:
    assert with_points(left_waist=(319, 358)).points_px["left_waist"] == (319, 358)


def test_points_in_one_line_are_refused() -> None:
    with pytest.raises(CalibrationError, match="in one line"):
        with_points(left_shoulder=(318, 170), right_shoulder=(322, 180))


def mirrored(pairs: tuple[tuple[str, str], ...] = ()) -> dict[str, tuple[float, float]]:
    """The points as a selfie camera's picture shows them, some of them exchanged."""
    return {name: (640 - x, y) for name, (x, y) in exchanged(*pairs).items()}


@pytest.mark.parametrize(
    ("points", "said", "named"),
    [
        (exchanged(*LEFT_RIGHT), False, "swapped: left and right shoulder"),
        (exchanged(*LEFT_RIGHT[:1]), False, "swapped: left and right shoulder"),
        (exchanged(("nape", "waist")), None, "swapped: nape and waist;"),
        (exchanged(("nape", "waist")), False, "swapped: nape and waist;"),
        (exchanged(("nape", "waist"), *LEFT_RIGHT), None, "swapped: nape and waist;"),
        (
            exchanged(("nape", "waist"), *LEFT_RIGHT),
            False,
            "swapped: nape and waist, and also left and right",
        ),
        (exchanged(*LEFT_RIGHT[1:]), None, "left and right waist are swapped"),
        (mirrored(), False, "swapped: left and right shoulder.*turn off the picture's mirroring"),
        (mirrored(LEFT_RIGHT), True, "swapped: left and right shoulder.*not mirrored"),
        (mirrored((("nape", "waist"),)), True, "swapped: nape and waist;"),
        (mirrored(LEFT_RIGHT[1:]), True, "left and right waist are swapped"),
    ],
)
def test_swapped_points_are_named(
    points: dict[str, tuple[float, float]], said: bool | None, named: str
) -> None:
    with pytest.raises(CalibrationError, match=named):
        Calibration((640, 480), points, mirrored_said=said)


@pytest.mark.parametrize("said", [None, True])
def test_a_mirrored_picture_is_known_by_its_points(said: bool | None) -> None:
    calibration = Calibration((640, 480), mirrored(), mirrored_said=said)
    assert calibration.mirrored
    assert not with_points().mirrored
    for other in (
        calibration_from_json(json.loads(json.dumps(calibration.to_json()))),
        pickle.loads(pickle.dumps(calibration)),
        calibration.fitted_to(1280, 960).fitted_to(640, 480),
    ):
        assert other == calibration


def test_whether_it_is_mirrored_is_yes_or_no() -> None:
    with pytest.raises(CalibrationError, match="not valid at mirrored "):
        calibration_from_json(as_json(mirrored="left"))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match=r"no calibration file .*none\.json"):
        load_calibration(tmp_path / "none.json")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[" * 100_000])
def test_a_file_that_is_not_json_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(CalibrationError, match=r"bad\.json is not JSON"):
        load_calibration(path)


def test_a_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CalibrationError, match="can't be read"):
        load_calibration(tmp_path)


def test_an_invalid_file_is_named_with_its_flaw(tmp_path: Path) -> None:
    path = tmp_path / "clip.calibration.json"
    path.write_text(json.dumps(as_json(image_size=[640, 100])))
    with pytest.raises(CalibrationError, match=r"clip\.calibration\.json: .*outside its picture"):
        load_calibration(path)


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b'{"schema": ' + b"[" * 900 + b"]" * 900 + b"}", "nested deeper"),
        (b'{"schema": 1, "schema": 2}', "'schema' stands there twice"),
        (json.dumps(as_json()).encode().replace(b"640", b"NaN", 1), "NaN is no number"),
        (json.dumps(as_json(shoulder_width_cm=1)).encode().replace(b"1}", b"1e999}"), "1e999"),
        (b" " * 70_000, "larger than 64 kB"),
    ],
)
def test_a_file_outside_of_the_limits_is_refused(
    tmp_path: Path, content: bytes, reason: str
) -> None:
    path = tmp_path / "bad.json"
    path.write_bytes(content)
    with pytest.raises(CalibrationError, match=rf"bad\.json is not JSON \({reason}|{reason}"):
        load_calibration(path)


def test_a_picture_larger_than_any_is_refused() -> None:
    with pytest.raises(CalibrationError, match="not valid at image_size "):
        calibration_from_json(as_json(image_size=[10**9, 480]))
