"""What is to be forgotten is in no file any more: not in the store, not in what passes through."""

import asyncio
import os
import time
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from routines.routine import load_routine
from sessions.store.values import SessionFilter
from tests.ui.test_review_queue import wait_for
from tests.ui.test_review_work import CALIBRATION, judged
from ui import housekeeping, session_exports, store_handle
from ui.review_files import TemporaryFolder
from ui.review_queue import QUEUE
from ui.review_uploads import KEEP_S, UPLOADS
from ui.review_work import ReviewWork, Wish
from ui.session_exports import DrawWork
from ui.store_handle import (
    delete_person,
    delete_session,
    forget_due,
    forget_pictures,
    holds_copies,
    store,
)
from vision.calibration import Calibration

PICTURES = b"a back that nobody else may see"
NAME = "Zwetschgenknoedel"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FORGET_ON = date(2026, 4, 1)


@pytest.fixture(autouse=True)
def day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, datetime]:
    """The day on which everything happens."""
    now = {"now": NOON}
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    monkeypatch.setattr(store_handle, "now", lambda: now["now"])
    monkeypatch.setattr(Calibration, "fitted_to", lambda self, width, height: self)
    return now


def holding(folder: Path, bytes_: bytes) -> list[Path]:
    """All files that hold these bytes; what is open but has no name is nobody's to find."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return [path for path in files if bytes_ in path.read_bytes()]


def drawn(path: Path, calibration: Calibration, routine: object, **more: Any) -> Any:
    result = judged(path, calibration, routine, **more)
    more["annotate_to"].write_bytes(PICTURES)
    return result


@pytest.fixture
def kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """A session with pictures, of which there are copies wherever the app makes any."""
    learner = store().add_person(NAME, "learner").id
    UPLOADS.of("me")
    incoming = UPLOADS.receive("me", f"{NAME}.mp4")
    assert incoming is not None
    incoming.write(PICTURES)
    recording = UPLOADS.take("me", incoming.keep().id)
    assert recording is not None
    wish = Wish(learner, forget_on=FORGET_ON)
    work = ReviewWork(
        recording, CALIBRATION, load_routine(), wish, store, owner="me", reviewer=drawn
    )
    wait_for(QUEUE, "me", QUEUE.add("me", work), "done")
    session_id = work.session_id

    def draw(*what: object, **_: object) -> None:
        to = what[3]
        assert isinstance(to, Path)
        to.write_bytes(PICTURES)

    monkeypatch.setattr(session_exports, "annotated_mp4", draw)
    drawing = DrawWork(
        store().session(session_id), store().landmarks(session_id), load_routine(), "en"
    )
    wait_for(QUEUE, "me", QUEUE.add("me", drawing), "done")
    archive = TemporaryFolder()
    holds_copies(archive)
    store().export_all(archive.path / "all.zip", with_pictures=True)
    assert len(holding(tmp_path, PICTURES)) == 4, "store, two videos, archive"
    yield session_id
    for view in QUEUE.of("me"):
        QUEUE.forget("me", view.id)
    archive.remove()


def test_pictures_go_on_request_wherever_they_are(kept: str, tmp_path: Path) -> None:
    forget_pictures(kept)
    assert holding(tmp_path, PICTURES) == []
    assert store().session(kept).pictures is None
    assert holding(tmp_path, kept.encode() + b".2026-04-01") == []


def test_pictures_go_on_their_day_though_nobody_asks(
    kept: str, tmp_path: Path, day: dict[str, datetime]
) -> None:
    day["now"] += timedelta(days=29)
    housekeeping.tidy()
    assert len(holding(tmp_path, PICTURES)) == 4
    day["now"] += timedelta(days=1)
    housekeeping.tidy()
    assert holding(tmp_path, PICTURES) == []


@pytest.mark.parametrize("by", ["session", "person"])
def test_a_deleted_session_is_in_no_file(kept: str, tmp_path: Path, by: str) -> None:
    assert holding(tmp_path, f"{NAME}.mp4".encode())
    if by == "person":
        learner = store().sessions(SessionFilter())[0].learner_id
        assert learner is not None
        delete_person(learner)
    else:
        delete_session(kept)
    assert holding(tmp_path, PICTURES) == []
    assert holding(tmp_path, kept.encode()) == []
    left = holding(tmp_path, f"{NAME}.mp4".encode())
    assert left == []
    assert bool(holding(tmp_path, NAME.encode())) == (by == "session"), "Anna's own name"


def test_the_server_reminds_itself(
    monkeypatch: pytest.MonkeyPatch, day: dict[str, datetime]
) -> None:
    """Its timer tidies up again and again, also where one time went wrong."""
    times: list[Callable[[], None]] = []

    def broken(opened: object) -> None:
        times.append(lambda: None)
        raise OSError("The disk is away.")

    monkeypatch.setattr(store_handle, "forget_due", broken)
    monkeypatch.setattr(housekeeping, "FIRST_S", 0.0)
    monkeypatch.setattr(housekeeping, "EVERY_S", 0.01)

    async def serve() -> None:
        beside = asyncio.create_task(housekeeping.keep_house())
        while len(times) < 3:
            await asyncio.sleep(0.01)
        beside.cancel()

    asyncio.run(asyncio.wait_for(serve(), 60))


def test_an_upload_that_nobody_asks_for_goes_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    UPLOADS.of("me")
    incoming = UPLOADS.receive("me", "clip.mp4")
    assert incoming is not None
    incoming.write(PICTURES)
    incoming.keep()
    housekeeping.tidy()
    assert len(holding(tmp_path, PICTURES)) == 1
    monkeypatch.setattr(UPLOADS, "_clock", lambda: time.monotonic() + 2 * KEEP_S)
    housekeeping.tidy()
    assert holding(tmp_path, PICTURES) == []


def test_what_a_killed_copy_left_goes_by_itself(tmp_path: Path) -> None:
    left = store()._pictures._folder / f".{'1' * 32}.2026-05-01.mp4.77.part"
    left.parent.mkdir(parents=True)
    left.write_bytes(PICTURES)
    housekeeping.tidy()
    assert left.exists(), "it may be on its way in"
    os.utime(left, (0, 0))
    forget_due(store())
    assert holding(tmp_path, PICTURES) == []
