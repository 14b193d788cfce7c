"""What a killed server had in its hands is there again: once, and not for ever."""

import os
import shutil
import signal
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from sessions.store.store import Store, open_store
from tests.ui.test_review_work import CALIBRATION, StubReport, judged, work
from ui import review_restart, review_work
from ui.review_files import NEW, TemporaryFolder, passing_folder, remove_own
from ui.review_queue import ReviewQueue
from ui.review_records import read_record, recording_path, remove_passing
from ui.review_restart import MOST_BEGUN, take_over
from ui.review_uploads import Recording, Uploads
from ui.review_work import ReviewWork, Wish
from vision.calibration import Calibration

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 3, 2, tzinfo=UTC)
FORGET_ON = date(2026, 4, 1)


class HeldQueue(ReviewQueue):
    """Takes work and leaves it alone."""

    def __init__(self) -> None:
        super().__init__()
        self.works: list[tuple[str, ReviewWork]] = []

    def add(self, owner: str, work: Any) -> str:
        self.works.append((owner, work))
        return "job"


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> Uploads:
    made = Uploads()
    monkeypatch.setattr(review_work, "UPLOADS", made)
    monkeypatch.setattr(review_restart, "UPLOADS", made)
    return made


@pytest.fixture(autouse=True)
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    monkeypatch.setattr(Calibration, "fitted_to", lambda self, width, height: self)
    with open_store(folder=tmp_path / "store", now=lambda: NOW) as opened:
        monkeypatch.setattr(review_restart, "store", lambda: opened)
        yield opened


def sent(uploads: Uploads, name: str = "clip.mp4") -> Recording:
    uploads.of("me")
    incoming = uploads.receive("me", name, NOW)
    assert incoming is not None
    incoming.write(b"pictures")
    return incoming.keep()


def killed(*folders: TemporaryFolder) -> None:
    """Let go of them without a word, as the system does."""
    for folder in folders:
        arguments = folder._remove.detach()
        assert arguments is not None
        os.close(arguments[2][1])


def folders() -> list[Path]:
    return list(passing_folder().glob("*"))


def test_a_recording_that_was_sent_is_offered_again(uploads: Uploads) -> None:
    before = sent(uploads, "Rücken 1.mov")
    uploads.take("me", before.id)
    take_over(HeldQueue())
    assert uploads.of("me") == (), "its program still runs"
    killed(before.folder)
    take_over(HeldQueue())
    (again,) = uploads.of("me")
    assert (again.id, again.name, again.made) == (before.id, "Rücken 1.mov", NOW)
    assert again.path.read_bytes() == b"pictures"
    assert uploads.of("somebody else") == ()
    uploads.drop("me", again.id)
    assert folders() == []


@pytest.mark.parametrize("name", ["recording.json", "recording", ".recording.json.1.part"])
def test_a_recording_may_be_called_like_what_is_written_of_it(uploads: Uploads, name: str) -> None:
    before = sent(uploads, name)
    uploads.take("me", before.id)
    killed(before.folder)
    take_over(HeldQueue())
    assert uploads.of("me")[0].path.read_bytes() == b"pictures"


def test_half_a_recording_is_gone(uploads: Uploads) -> None:
    uploads.of("me")
    incoming = uploads.receive("me", "clip.mp4")
    assert incoming is not None
    incoming.write(b"pict")
    incoming._file.close()
    killed(incoming._recording.folder)
    (passing_folder() / f"{NEW}old").mkdir()
    os.utime(passing_folder() / f"{NEW}old", (0, 0))
    take_over(HeldQueue())
    assert uploads.of("me") == ()
    assert folders() == []


def test_a_queued_recording_is_queued_again_with_all_that_was_wished(
    uploads: Uploads, store: Store
) -> None:
    recording = sent(uploads)
    uploads.take("me", recording.id)
    anna = store.add_person("Anna", "learner")
    wish = Wish(anna.id, annotate=False, forget_on=FORGET_ON)
    work(store, recording, wish, language="de")
    killed(recording.folder)
    queue = HeldQueue()
    take_over(queue)
    ((owner, again),) = queue.works
    assert owner == "me"
    again._reviewer = judged
    outcome = again.run(StubReport())
    assert outcome.session_id is not None
    kept = store.session(outcome.session_id)
    assert (kept.line.learner, kept.line.started) == ("Anna", NOW)
    assert kept.calibration is not None
    assert kept.calibration.points_px == CALIBRATION.points_px
    assert kept.pictures is not None
    assert kept.pictures.forget_on == FORGET_ON
    assert again._job.language == "de"
    assert folders() == []


def test_a_review_that_was_kept_is_not_done_again(uploads: Uploads, store: Store) -> None:
    recording = sent(uploads)
    uploads.take("me", recording.id)
    wish = Wish(annotate=False, forget_on=FORGET_ON)
    first = work(store, recording, wish)
    with pytest.MonkeyPatch.context() as patch:
        # Killed after it was kept, and before its pictures were.
        patch.setattr(Store, "keep_pictures", lambda *_, **__: None)
        patch.setattr(first, "_let_go", lambda _: None)
        first.run(StubReport())
    killed(recording.folder)
    queue = HeldQueue()
    take_over(queue)

    def never(*_: object, **__: object) -> Any:
        pytest.fail("it was judged already")

    again = queue.works[0][1]
    again._reviewer = never
    outcome = again.run(StubReport())
    assert (outcome.problem, outcome.review.count) == (None, 1)
    (line,) = store.sessions()
    assert line.id == outcome.session_id
    assert line.has_pictures
    assert folders() == []


def test_a_recording_that_kills_its_server_is_not_begun_for_ever(
    uploads: Uploads, store: Store
) -> None:
    recording = sent(uploads)
    uploads.take("me", recording.id)
    work(store, recording, Wish(annotate=False))
    queue = HeldQueue()
    for begun in range(MOST_BEGUN):
        killed(recording.folder)
        take_over(queue)
        again = queue.works[begun][1]
        assert again._upload is not None
        recording = again._upload

        def dies(*_: object, **__: object) -> Any:
            raise SystemExit

        again._reviewer = dies
        with pytest.raises(SystemExit):
            again.run(StubReport())
    killed(recording.folder)
    take_over(queue)
    assert len(queue.works) == MOST_BEGUN
    assert [one.name for one in uploads.of("me")] == ["clip.mp4"]
    uploads.drop("me", uploads.of("me")[0].id)


def test_what_cannot_be_kept_stays_until_it_can(uploads: Uploads, store: Store) -> None:
    recording = sent(uploads)
    uploads.take("me", recording.id)
    one = work(store, recording, Wish(annotate=False, forget_on=FORGET_ON))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("TSTROKE_DATABASE_URL", "nonsense")
        patch.setattr(one, "_open_store", open_store)
        outcome = one.run(StubReport())
    assert (outcome.session_id, outcome.unkept) == (None, True)
    assert outcome.review.count == 1
    assert recording.path.exists()
    again = one.keep_again(outcome)
    assert (again.problem, again.unkept) == (None, False)
    assert again.session_id is not None
    assert store.session(again.session_id).pictures is not None
    assert folders() == []


def test_a_clean_end_leaves_only_what_is_queued(uploads: Uploads, store: Store) -> None:
    sent(uploads, "sent.mp4")
    queued = sent(uploads, "queued.mp4")
    uploads.take("me", queued.id)
    work(store, queued, Wish(annotate=False))
    TemporaryFolder()
    remove_passing()
    assert folders() == [queued.folder.path]
    remove_own()


KILLED = """
import os, signal
from datetime import datetime, UTC
from routines.routine import load_routine
from ui.review_uploads import UPLOADS
from ui.review_work import ReviewWork, Wish
UPLOADS.of("me")
for name in ("sent.mp4", "queued.mp4"):
    incoming = UPLOADS.receive("me", name)
    incoming.write(b"pictures")
    recording = incoming.keep()
UPLOADS.take("me", recording.id)
ReviewWork(recording, None, load_routine(), Wish(), lambda: None, owner="me")
half = UPLOADS.receive("me", "half.mp4")
half.write(b"pict")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.slow
def test_a_real_process_that_is_killed(uploads: Uploads) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED], cwd=ROOT, check=False)
    assert done.returncode == -signal.SIGKILL
    assert len(folders()) == 3
    queue = HeldQueue()
    take_over(queue)
    assert [one.name for one in uploads.of("me")] == ["sent.mp4"]
    assert [one.name for _, one in queue.works] == ["queued.mp4"]
    assert len(folders()) == 2
    shutil.rmtree(passing_folder())


def test_what_is_written_of_a_recording_leads_nowhere_else(tmp_path: Path) -> None:
    assert recording_path(tmp_path, "../../etc/passwd") == tmp_path / "recording" / "passwd"
    assert read_record(tmp_path) is None
    (tmp_path / "recording.json").write_text("[]")
    assert read_record(tmp_path) is None
