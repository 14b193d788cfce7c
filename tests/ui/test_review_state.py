"""Preparing a review: stills and points, and what is wrong is said before any work."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from ui import review_state
from ui.review_files import passing_folder
from ui.review_state import ReviewState, read_calibration
from ui.review_uploads import Recording, Uploads
from ui.review_work import ReviewWork, Wish
from ui.samples import FOLDER, SAMPLES, sample_paths
from ui.session_browser import browser
from vision.errors import CalibrationError, VideoError
from vision.recording import frame_at

SIDE = FOLDER / "side.mp4"
WISH = Wish()
UPLOADS = Uploads()


class StubQueue:
    """Takes work, and does none."""

    def __init__(self) -> None:
        self.works: list[ReviewWork] = []

    def add(self, owner: str, work: ReviewWork) -> str:
        self.works.append(work)
        return str(len(self.works))


@dataclass
class StubUpload:
    """A small file as Streamlit hands it over."""

    name: str
    content: bytes

    def getbuffer(self) -> memoryview:
        return memoryview(self.content)


@pytest.fixture(autouse=True)
def queue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> StubQueue:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(review_state, "browser", lambda: "me")
    monkeypatch.setattr(UPLOADS, "_places", {})
    monkeypatch.setattr(review_state, "UPLOADS", UPLOADS)
    stub = StubQueue()
    monkeypatch.setattr(review_state, "QUEUE", stub)
    return stub


@pytest.fixture
def recording() -> Iterator[Recording]:
    kept = sent("side.mp4", SIDE.read_bytes())
    yield kept
    kept.folder.remove()


def sent(name: str, content: bytes) -> Recording:
    UPLOADS.of("me")
    incoming = UPLOADS.receive("me", name)
    assert incoming is not None
    incoming.write(content)
    return incoming.keep()


def test_frame_at_a_time() -> None:
    assert frame_at(SIDE, 0.0).time_s == 0.0
    assert frame_at(SIDE, 0.5).time_s == pytest.approx(0.5, abs=0.04)


def test_a_time_behind_the_end_gives_the_last_frame() -> None:
    assert frame_at(SIDE, 1e9).time_s > 30.0


def test_a_still_is_read_once(recording: Recording) -> None:
    state = ReviewState()
    still = state.still_at(recording, 0.0)
    assert still.frame.full_size == (640, 480)
    assert state.still_at(recording, 0.0) is still


def test_text_that_is_called_mp4_is_refused() -> None:
    trap = sent("x.mp4", b"ffconcat version 1.0\nfile other/victim.mp4\n")
    with pytest.raises(VideoError):
        ReviewState().still_at(trap, 0.0)


def test_a_recording_is_queued_once_and_removed_when_asked(
    recording: Recording, queue: StubQueue
) -> None:
    state = ReviewState()
    state.queue_found((recording,), WISH)
    state.queue_found((recording,), WISH)
    assert [work.name for work in queue.works] == ["side.mp4"]
    assert state.shown == "1"
    other = sent("other.mp4", b"abc")
    state.drop(other)
    assert [folder.name for folder in passing_folder().iterdir()] == [recording.folder.path.name]


def test_points_that_make_no_back_are_refused_and_the_recording_stays(
    recording: Recording, queue: StubQueue
) -> None:
    state = ReviewState()
    still = state.still_at(recording, 0.0)
    line = {
        "nape": (10.0, 10.0),
        "waist": (400.0, 10.0),
        "left_shoulder": (100.0, 10.0),
        "right_shoulder": (200.0, 11.0),
    }
    state.queue_clicked(recording, still, line, WISH)
    assert queue.works == []
    assert state.message is not None
    assert "line" in state.message
    assert UPLOADS.of("me") == (recording,)


@pytest.mark.parametrize("content", [b"no json", b"\xff\xfe", b"[]", json.dumps({"a": 1}).encode()])
def test_a_file_that_is_no_calibration_is_refused(
    content: bytes, recording: Recording, queue: StubQueue
) -> None:
    state = ReviewState()
    state.queue_with_file(recording, StubUpload("points.json", content), WISH)
    assert queue.works == []
    assert state.message


def test_samples_and_calibration_files_are_queued(recording: Recording, queue: StubQueue) -> None:
    state = ReviewState()
    calibration = FOLDER / "side.calibration.json"
    state.queue_sample(SIDE, calibration, WISH)
    state.queue_with_file(recording, StubUpload("c.json", calibration.read_bytes()), WISH)
    assert len(queue.works) == 2
    assert state.message is None


def test_a_calibration_file_is_read() -> None:
    path = FOLDER / "side.calibration.json"
    assert read_calibration(StubUpload(path.name, path.read_bytes())).image_size == (640, 480)
    with pytest.raises(CalibrationError, match=r"points\.txt"):
        read_calibration(StubUpload("points.txt", b"{"))


def test_samples_are_offered_where_they_are_there(tmp_path: Path) -> None:
    assert tuple(sample_paths()) == SAMPLES
    assert sample_paths(tmp_path) == {}


def test_a_browser_has_a_secret_of_its_own() -> None:
    assert len(browser()) > 30
