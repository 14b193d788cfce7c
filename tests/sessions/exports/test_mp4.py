"""The annotated video is drawn from what was kept, or says in one sentence why not."""

import hashlib
from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from sessions.exports import ExportCancelled, ExportError, annotated_mp4
from sessions.exports.mp4 import Retold
from sessions.review import Progress
from sessions.store.values import Pictures
from tests.stored import ROUTINE, landmarks, session
from vision.frames import Frame, VideoReader
from vision.sink import Mp4Sink

FPS = 30.0


@pytest.fixture
def recording(tmp_path):
    """One second of a grey room."""
    path = tmp_path / "clip.mp4"
    with Mp4Sink(path, (1280, 720), FPS) as sink:
        for index in range(30):
            sink.write(np.full((720, 1280, 3), 90, np.uint8), index / FPS)
    return path


@pytest.fixture
def kept(recording):
    """A session with that recording kept."""
    return session(pictures=Pictures(recording, date(2027, 1, 1)))


@pytest.mark.slow
def test_hands_are_drawn_where_they_were(kept, tmp_path) -> None:
    seen: list[Progress] = []
    to = tmp_path / "out.mp4"
    annotated_mp4(kept, landmarks(), ROUTINE, to, on_progress=seen.append)
    with VideoReader(to) as reader:
        pictures = [frame.image_rgb.copy() for frame in reader]
    assert len(pictures) == 30
    assert seen[-1].share == pytest.approx(1.0, abs=0.1)
    assert seen[-1].frames == 30
    changed = np.abs(pictures[5].astype(int) - 90).max(axis=2) > 40
    places = landmarks().landmarks_px
    for side in ("left", "right"):
        x, y = places[side][5].mean(axis=0).astype(int)
        assert changed[y - 40 : y + 40, x - 40 : x + 40].mean() > 0.05, side
    late = np.abs(pictures[25].astype(int) - 90).max(axis=2) > 40
    assert not late[:600, 640:].any(), "the right hand was lost"


def test_the_count_and_the_phase_are_told_again(kept) -> None:
    told = Retold(kept, landmarks())
    reps = kept.review.reps

    def at(time_s: float):
        image = np.zeros((4, 4, 3), np.uint8)
        return told.moment(Frame(0, time_s, image, (1280, 720))).progress

    assert at(1.0).settling
    assert at(1.0).count == 0
    assert at(reps[0].start_s + 0.1).phase == "up"
    assert at(reps[3].start_s - 0.2).phase is None
    assert (at(99.0).count, at(99.0).attempts) == (3, 4)


def test_without_pictures_it_says_so(tmp_path) -> None:
    with pytest.raises(ExportError, match="no pictures to draw on, because none were kept"):
        annotated_mp4(session(), landmarks(), ROUTINE, tmp_path / "out.mp4")
    gone = session(pictures=Pictures(tmp_path / "gone.mp4", date(2027, 1, 1)))
    with pytest.raises(ExportError, match="are gone from"):
        annotated_mp4(gone, landmarks(), ROUTINE, tmp_path / "out.mp4")
    assert list(tmp_path.iterdir()) == []


def test_without_landmarks_it_says_so(kept, tmp_path) -> None:
    with pytest.raises(ExportError, match="where the hands were was not kept"):
        annotated_mp4(kept, None, ROUTINE, tmp_path / "out.mp4")


def test_the_recording_itself_will_do_if_it_is_the_one(recording, tmp_path) -> None:
    to = tmp_path / "out.mp4"
    stored = session()
    with pytest.raises(ExportError, match="is not the recording of"):
        annotated_mp4(stored, landmarks(), ROUTINE, to, recording=recording)
    sha256 = hashlib.sha256(recording.read_bytes()).hexdigest()
    video = replace(stored.review.video, sha256=sha256)
    known = replace(stored, review=replace(stored.review, video=video))
    annotated_mp4(known, landmarks(), ROUTINE, to, recording=recording)
    assert to.is_file()


def test_it_can_be_stopped_and_leaves_nothing(kept, tmp_path) -> None:
    asked = iter([False, False, True])
    with pytest.raises(ExportCancelled):
        annotated_mp4(
            kept, landmarks(), ROUTINE, tmp_path / "out.mp4", cancelled=lambda: next(asked)
        )
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
