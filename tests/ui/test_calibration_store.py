"""The last points are remembered, and nothing but the points."""

import json
from pathlib import Path

import pytest

from ui.calibration_store import FILE_NAME, data_folder, last, remember
from vision.calibration import Calibration

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
