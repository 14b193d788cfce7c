"""No recording crashes or hangs the app: each of the corpus, sent by a browser, ends well there."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from routines.routine import load_routine
from sessions.review import review_recording
from sessions.store.store import Store, open_store
from tests.ui.test_review_work import StubReport
from tests.vision.corpus import CASES, Case, ends_soon
from ui import review_work
from ui.review_files import passing_folder
from ui.review_queue import Outcome
from ui.review_uploads import Recording, Uploads
from ui.review_work import ReviewWork, Wish
from ui.samples import FOLDER
from vision.calibration import Calibration, load_calibration
from vision.errors import CoachError
from vision.frames import Frame
from vision.hands import DetectedHand
from vision.recording import frame_at

CALIBRATION = load_calibration(FOLDER / "wide.calibration.json")

pytestmark = pytest.mark.slow


class Blind:
    """Sees no hands: it is decoding and drawing that is tried here."""

    def __enter__(self) -> "Blind":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def detect(self, frame: Frame) -> tuple[DetectedHand, ...]:
        return ()


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    with open_store(folder=tmp_path / "store") as opened:
        yield opened


@pytest.fixture
def uploads(store: Store, monkeypatch: pytest.MonkeyPatch) -> Uploads:
    uploads = Uploads()
    monkeypatch.setattr(review_work, "UPLOADS", uploads)
    return uploads


def sent(uploads: Uploads, path: Path) -> Recording:
    uploads.of("anna")
    incoming = uploads.receive("anna", path.name)
    assert incoming is not None
    incoming.write(path.read_bytes())
    incoming.keep()
    (recording,) = uploads.of("anna")
    taken = uploads.take("anna", recording.id)
    assert taken is not None
    return taken


def points_on(frame: Frame) -> Calibration:
    """The sample's points, clicked on this picture."""
    scale = [new / old for new, old in zip(frame.full_size, CALIBRATION.image_size, strict=True)]
    points = {name: (x * scale[0], y * scale[1]) for name, (x, y) in CALIBRATION.points_px.items()}
    return Calibration(frame.full_size, points)


def reviewed(recording: Recording, store: Store) -> tuple[Outcome | None, str]:
    """What comes of it when somebody clicks points on a picture and queues it, or why nothing."""
    try:
        work = ReviewWork(
            recording,
            points_on(frame_at(recording.path, 0.5)),
            load_routine(),
            Wish(),
            lambda: store,
            owner="anna",
            reviewer=partial(review_recording, detector=Blind()),
        )
        outcome = work.run(StubReport())
    except CoachError as error:
        recording.folder.remove()
        return None, str(error)
    work.close()
    return outcome, ""


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name[:30])
def test_an_upload(case: Case, tmp_path: Path, store: Store, uploads: Uploads) -> None:
    path = case.written(tmp_path)
    with ends_soon():
        outcome, sentence = reviewed(sent(uploads, path), store)
    if outcome is None:
        # No back has room in a point or in a line.
        assert case.outcome != "read" or case.name.startswith(("1x1.", "a_line.")), sentence
        assert sentence.endswith(".")
    else:
        assert case.outcome != "refused"
        assert outcome.problem is None
        assert case.share[0] <= outcome.review.video.readable_share <= case.share[1]
        assert outcome.session_id is not None
        assert store.session(outcome.session_id).review.video == outcome.review.video
    assert list(passing_folder().glob("*")) == []
