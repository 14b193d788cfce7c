"""One review in the queue: kept with its hands, its pictures only when asked, and nothing else."""

import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from routines.routine import load_routine
from sessions.review import Progress
from sessions.store.store import Store, open_store
from tests.stored import attempts, review
from ui import review_work
from ui.review_files import TemporaryFolder, passing_folder
from ui.review_queue import Outcome
from ui.review_records import recording_path
from ui.review_uploads import Recording, Uploads
from ui.review_work import ReviewWork, Wish
from ui.samples import FOLDER
from vision.calibration import Calibration, load_calibration
from vision.errors import CalibrationError

UPLOADS = Uploads()
NOW = datetime(2026, 3, 2, tzinfo=UTC)
CALIBRATION = load_calibration(FOLDER / "wide.calibration.json").fitted_to(1280, 960)


class StubReport:
    """Listens."""

    def __init__(self) -> None:
        self.found: list[float] = []
        self.judged: list[float] = []

    def finding(self, progress: Progress) -> None:
        self.found.append(progress.time_s)

    def judging(self, progress: Progress) -> None:
        self.judged.append(progress.time_s)

    def cancelled(self) -> bool:
        return False


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(review_work, "UPLOADS", UPLOADS)
    with open_store(folder=tmp_path / "store", now=lambda: NOW) as opened:
        yield opened


def upload(made: datetime | None = None) -> Recording:
    folder = TemporaryFolder()
    path = recording_path(folder.path, "clip.mp4")
    path.parent.mkdir()
    shutil.copy(FOLDER / "wide.mp4", path)
    return Recording("1", "clip.mp4", path, folder, made)


def judged(path: Path, calibration: Calibration, routine: object, **more: Any) -> Any:
    more["on_progress"](Progress(0.5, 2.0, 60))
    if more["annotate_to"] is not None:
        more["annotate_to"].write_bytes(b"drawn")
    return review(attempts([(), ("short_reach",)]), path.name)


def work(store: Store, recording: Path | Recording, wish: Wish, **more: Any) -> ReviewWork:
    return ReviewWork(
        recording,
        more.pop("calibration", CALIBRATION),
        load_routine(),
        wish,
        lambda: store,
        owner="me",
        now=NOW,
        reviewer=more.pop("reviewer", judged),
        **more,
    )


@pytest.fixture(autouse=True)
def fits(monkeypatch: pytest.MonkeyPatch) -> None:
    # The made-up reviews are of another shape than the sample.
    monkeypatch.setattr(Calibration, "fitted_to", lambda self, width, height: self)


def test_what_was_judged_is_kept_and_the_recording_removed(store: Store) -> None:
    recording = upload(datetime(2026, 2, 1, 18, 30, tzinfo=UTC))
    report = StubReport()
    outcome = work(store, recording, Wish(annotate=False)).run(report)
    assert (outcome.problem, outcome.annotated) == (None, None)
    assert outcome.session_id is not None
    kept = store.session(outcome.session_id)
    assert (kept.line.count, kept.line.attempts) == (1, 2)
    assert kept.line.started == recording.made
    assert kept.pictures is None
    assert not recording.folder.path.exists()
    assert report.judged == [2.0]


def test_pictures_stay_only_when_asked_and_until_their_day(store: Store) -> None:
    wish = Wish(annotate=False, forget_on=date(2026, 4, 1))
    outcome = work(store, upload(), wish).run(StubReport())
    assert outcome.session_id is not None
    pictures = store.session(outcome.session_id).pictures
    assert pictures is not None
    assert pictures.forget_on == date(2026, 4, 1)
    assert pictures.path.stat().st_size == (FOLDER / "wide.mp4").stat().st_size
    store.forget_due(date(2026, 4, 1))
    assert not pictures.path.exists()


def test_the_drawn_copy_lies_on_disk_until_the_job_is_forgotten(store: Store) -> None:
    one = work(store, FOLDER / "wide.mp4", Wish())
    outcome = one.run(StubReport())
    assert outcome.annotated is not None
    assert outcome.annotated.read_bytes() == b"drawn"
    one.close()
    assert not outcome.annotated.exists()
    assert (FOLDER / "wide.mp4").is_file(), "a sample is nobody's to remove"
    assert list(passing_folder().glob("*")) == []


def test_hands_are_asked_where_nobody_set_the_points(store: Store) -> None:
    def found(path: Path, routine: object, on_progress: Any) -> Calibration:
        on_progress(Progress(None, 1.0, 30))
        return CALIBRATION

    report = StubReport()
    one = work(store, upload(), Wish(annotate=False), calibration=None, finder=found)
    assert one.run(report).session_id is not None
    assert report.found == [1.0]


def test_what_came_to_nothing_goes_back_to_where_it_can_be_chosen(store: Store) -> None:
    def lost(*_: object) -> Calibration:
        raise CalibrationError("The hands tell too little: click the points.")

    recording = upload()
    one = work(store, recording, Wish(), calibration=None, finder=lost)
    with pytest.raises(CalibrationError):
        one.run(StubReport())
    one.give_back()
    assert UPLOADS.of("me") == (recording,)
    assert store.count_sessions() == 0
    recording.folder.remove()
    assert list(passing_folder().glob("*")) == []


def test_what_cannot_be_kept_was_judged_all_the_same(store: Store) -> None:
    outcome: Outcome = work(store, upload(), Wish("nobody", annotate=False)).run(StubReport())
    assert outcome.session_id is None
    assert outcome.problem
    assert outcome.review.count == 1
