"""A recording without a calibration is understood from the hands alone."""

import math
import shutil
from pathlib import Path

import numpy as np
import pytest

from routines.routine import load_routine
from sessions import self_calibration
from sessions.batch import Job, Refusal, run
from sessions.calibration_error import calibration_error
from sessions.review import Progress
from sessions.self_calibration import search_recording
from sessions.true_touch import calibrate_by_true_touch
from tests.once import truth_of
from tests.vision.corpus import write_video
from vision.calibration import Calibration, load_calibration
from vision.frames import Frame
from vision.hands import DetectedHand

SAMPLES = Path(__file__).parents[2] / "sample_videos"


def given(name: str) -> Calibration:
    return load_calibration(SAMPLES / f"{name}.calibration.json")


def test_the_same_calibration_has_no_error_at_any_size() -> None:
    wide = given("wide")
    assert calibration_error(wide.fitted_to(1280, 960), wide).worst == pytest.approx(0)


def test_errors_are_in_shoulder_widths_and_name_their_point() -> None:
    wide = given("wide")
    points = dict(wide.points_px)
    width_px = math.dist(points["left_shoulder"], points["right_shoulder"])
    points["nape"] = (points["nape"][0] + 0.1 * width_px, points["nape"][1])
    miss = calibration_error(Calibration(wide.image_size, points, None, "settle", 3.0), wide)
    assert miss.source == "settle"
    assert miss.points["nape"] == pytest.approx(0.1)
    assert miss.worst == pytest.approx(0.1)
    assert miss.mean == pytest.approx(0.1 / len(miss.points))


@pytest.mark.parametrize("name", ["wide", "speed", "hands"])
def test_touching_the_places_of_a_stroke_tells_the_back(name: str) -> None:
    calibration = given(name)
    touched = calibrate_by_true_touch(truth_of(name), load_routine(), calibration.image_size)
    assert touched is not None
    assert calibration_error(touched, calibration).mean < 0.1


def test_a_clip_without_strokes_touches_nothing() -> None:
    assert calibrate_by_true_touch(truth_of("distractors"), load_routine(), (640, 480)) is None


class Hands:
    """Found in the pictures from some time on."""

    from_s = 1.0

    def __init__(self, **_: object) -> None: ...
    def __enter__(self) -> "Hands":
        return self

    def __exit__(self, *_: object) -> None: ...

    def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
        hand = DetectedHand(np.arange(42.0).reshape(21, 2), 0.9, "left")
        return (hand,) if frame.time_s > self.from_s else ()


@pytest.mark.parametrize("sample_s", [60.0, 0.5], ids=["short", "long"])
def test_the_search_tells_what_share_of_it_is_done(
    sample_s: float, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(self_calibration, "HandLandmarker", Hands)
    monkeypatch.setattr(self_calibration, "SAMPLE_S", sample_s)
    write_video(tmp_path / "a.mp4", fps=15.0, count=30)
    told: list[Progress] = []
    search_recording(tmp_path / "a.mp4", load_routine(), told.append, with_share=True)
    shares = [each.share or 0.0 for each in told]
    assert shares == sorted(shares)
    assert 0.0 <= shares[0] < 0.1
    assert shares[-1] > 0.9, "by the end of the recording, or of what is looked at"
    assert told[-1].time_s < 1.8 if sample_s < 1.0 else told[-1].time_s > 1.9
    told.clear()
    search_recording(tmp_path / "a.mp4", load_routine(), told.append)
    assert {each.share for each in told} == {None}, "one bar stands for the whole review"


@pytest.mark.slow
def test_a_clip_is_counted_without_its_calibration(tmp_path: Path) -> None:
    """By its strokes; what a settle hold tells is measured for all samples in the accuracy card."""
    video = shutil.copy(SAMPLES / "side.mp4", tmp_path)
    review = run(Job(Path(video), tmp_path / "out.json", None), load_routine(), None)
    assert not isinstance(review, Refusal)
    low, high = truth_of("side").count_range
    facts = review.calibration
    assert facts.source == "motion"
    assert facts.rms_px is not None
    assert low - 1 <= review.count <= high + 1
    assert any("Nobody set the points" in warning for warning in review.warnings)
    size = (review.video.width, review.video.height)
    found = Calibration(size, facts.points_px, None, "motion")
    assert calibration_error(found, given("side")).worst < 0.15
    reaches = [c.outcome for rep in review.reps for c in rep.checks if c.code == "short_reach"]
    assert set(reaches) == {"not_seen"}, "the strokes themselves tell how far up the back goes"
