"""The last points are remembered, and nothing but the points."""

import json
from pathlib import Path

import numpy as np
import pytest

from sessions.data_folder import data_folder
from ui.calibration_store import FILE_NAME, SURROUND_NAME, last, remember
from vision.calibration import Calibration
from vision.camera_moved import Surround

POINTS = {
    "nape": (320.0, 120.0),
    "waist": (320.0, 360.0),
    "left_shoulder": (200.0, 180.0),
    "right_shoulder": (440.0, 180.0),
}
CALIBRATION = Calibration((640, 480), POINTS, 39.0)


def test_round_trip(tmp_path: Path) -> None:
    assert last(tmp_path) is None
    assert remember(CALIBRATION, tmp_path)
    remembered = last(tmp_path)
    assert remembered is not None
    assert remembered.calibration == CALIBRATION


def test_only_points_are_kept(tmp_path: Path) -> None:
    remember(CALIBRATION, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [FILE_NAME]
    kept = json.loads((tmp_path / FILE_NAME).read_text("utf-8"))
    assert set(kept) <= {"schema", "image_size", "points_px", "shoulder_width_cm", "source"}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"schema": "other"}'])
def test_a_damaged_file_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    (tmp_path / FILE_NAME).write_text(content, encoding="utf-8")
    assert last(tmp_path) is None


def test_a_folder_that_cannot_be_made_stops_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    assert not remember(CALIBRATION, tmp_path / "file" / "folder")
    assert last(tmp_path / "file" / "folder") is None


def test_the_folder_is_the_users_own(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    assert data_folder().name == "tstroke-coach"


# What stood around the back


def surround(points: list[tuple[float, float]]) -> Surround:
    rng = np.random.default_rng(4)
    return Surround(np.array(points), rng.integers(0, 256, (len(points), 32), np.uint8))


ROOM = [(0.02 + 0.01 * number, 0.03) for number in range(20)]
ON_THE_BACK = [(0.5, 0.4), (0.45, 0.5), (0.55, 0.3), (0.5, 0.1), (0.25, 0.35)]
"""Of the longer side: the back itself, the head, and the left arm."""


def test_what_stood_around_comes_back_without_the_people(tmp_path: Path) -> None:
    remember(CALIBRATION, tmp_path, surround=surround([*ON_THE_BACK, *ROOM]))
    remembered = last(tmp_path)
    assert remembered is not None
    kept = remembered.surround
    assert kept is not None
    assert kept.points == pytest.approx(np.array(ROOM), abs=1e-4)
    assert kept.descriptors.shape == (len(ROOM), 8), "a quarter of what a corner is told by"
    assert {path.name for path in tmp_path.iterdir()} == {FILE_NAME, SURROUND_NAME}
    assert set(json.loads((tmp_path / SURROUND_NAME).read_text("utf-8"))) == {
        "points",
        "descriptors",
    }


def test_only_so_many_corners_are_kept(tmp_path: Path) -> None:
    many = [(0.001 * number, 0.02) for number in range(400)]
    remember(CALIBRATION, tmp_path, surround=surround(many))
    assert (tmp_path / SURROUND_NAME).stat().st_size < 6000


def test_a_calibration_is_never_kept_with_anothers_surround(tmp_path: Path) -> None:
    remember(CALIBRATION, tmp_path, surround=surround(ROOM))
    remember(CALIBRATION, tmp_path)
    remembered = last(tmp_path)
    assert remembered is not None
    assert remembered.surround is None


@pytest.mark.parametrize("content", ["", "[]", '{"points": [[0, 0]], "descriptors": "AAAA"}'])
def test_a_damaged_surround_is_as_good_as_none(tmp_path: Path, content: str) -> None:
    remember(CALIBRATION, tmp_path, surround=surround(ROOM))
    (tmp_path / SURROUND_NAME).write_text(content, encoding="utf-8")
    remembered = last(tmp_path)
    assert remembered is not None
    assert remembered.surround is None
