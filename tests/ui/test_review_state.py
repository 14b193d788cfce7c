"""Uploads are on disk only while they are chosen; what is wrong with them is said."""

import json
from dataclasses import dataclass
from pathlib import Path

import pytest

from ui.review_state import ReviewState, frame_at, read_calibration
from ui.samples import FOLDER, SAMPLES, sample_paths
from vision.errors import CalibrationError, VideoError

SIDE = FOLDER / "side.mp4"


@dataclass
class StubUpload:
    """A file as Streamlit hands it over."""

    name: str
    content: bytes
    file_id: str = "1"

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


def test_an_upload_is_written_once_and_removed_with_its_choice() -> None:
    state = ReviewState()
    upload = StubUpload("my clip.mp4", b"abc")
    kept = state.keep(upload)
    assert kept.path.read_bytes() == b"abc"
    assert kept.path.name == "my clip.mp4"
    assert state.keep(upload) is kept
    other = state.keep(StubUpload("other.mp4", b"def", file_id="2"))
    assert not kept.path.exists()
    state.drop_upload()
    assert not other.path.parent.exists()


@pytest.mark.parametrize("name", ["../../evil.mp4", "/etc/evil.mp4", "a/b/evil.mp4"])
def test_an_uploads_name_leads_nowhere_else(name: str) -> None:
    state = ReviewState()
    kept = state.keep(StubUpload(name, b""))
    assert kept.path.parent == kept.folder.path
    assert kept.path.name == "evil.mp4"
    state.drop_upload()


def test_frame_at_a_time() -> None:
    assert frame_at(SIDE, 0.0).time_s == 0.0
    assert frame_at(SIDE, 0.5).time_s == pytest.approx(0.5, abs=0.04)


def test_a_time_behind_the_end_gives_the_last_frame(tmp_path: Path) -> None:
    short = tmp_path / "cut.mp4"
    short.write_bytes(SIDE.read_bytes())
    assert frame_at(short, 1e9).time_s > 30.0


def test_a_still_is_read_once() -> None:
    state = ReviewState()
    kept = state.keep(StubUpload("side.mp4", SIDE.read_bytes()))
    still = state.still_at(kept, 0.0)
    assert still.frame.full_size == (640, 480)
    assert state.still_at(kept, 0.0) is still
    state.drop_upload()
    assert state.still is None


def test_text_that_is_called_mp4_is_refused() -> None:
    state = ReviewState()
    kept = state.keep(StubUpload("x.mp4", b"ffconcat version 1.0\nfile other/victim.mp4\n"))
    with pytest.raises(VideoError):
        state.still_at(kept, 0.0)
    state.drop_upload()


def test_points_that_make_no_back_are_refused_before_any_work() -> None:
    state = ReviewState()
    kept = state.keep(StubUpload("side.mp4", SIDE.read_bytes()))
    still = state.still_at(kept, 0.0)
    line = {
        "nape": (10.0, 10.0),
        "waist": (400.0, 10.0),
        "left_shoulder": (100.0, 10.0),
        "right_shoulder": (200.0, 11.0),
    }
    state.start_clicked(kept, still, line)
    assert state.job is None
    assert state.message is not None
    assert "line" in state.message
    state.drop_upload()


@pytest.mark.parametrize("content", [b"no json", b"\xff\xfe", b"[]", json.dumps({"a": 1}).encode()])
def test_a_file_that_is_no_calibration_is_refused(content: bytes) -> None:
    state = ReviewState()
    kept = state.keep(StubUpload("side.mp4", b""))
    state.start_uploaded(kept, StubUpload("points.json", content))
    assert state.job is None
    assert state.message
    state.drop_upload()


def test_a_calibration_file_is_read() -> None:
    path = FOLDER / "side.calibration.json"
    assert read_calibration(StubUpload(path.name, path.read_bytes())).image_size == (640, 480)
    with pytest.raises(CalibrationError, match=r"points\.txt"):
        read_calibration(StubUpload("points.txt", b"{"))


def test_samples_are_offered_where_they_are_there(tmp_path: Path) -> None:
    assert tuple(sample_paths()) == SAMPLES
    assert sample_paths(tmp_path) == {}
