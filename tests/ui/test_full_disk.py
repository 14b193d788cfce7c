"""What the pages hold outlives a full disk: it can be taken along, and kept once there is room."""

import errno
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from routines.routine import load_routine
from sessions.store.errors import StoreError
from sessions.store.values import SessionDraft
from tests.small_disk import SmallDisk, small_disk
from tests.stored import NOON, attempts, review
from tests.ui.test_review_uploads import ANNA, send
from tests.ui.test_review_work import CALIBRATION, StubReport, judged
from tests.ui.test_session_practised import GUIDE
from ui import review_uploads, session_practised
from ui.review_files import passing_folder
from ui.review_uploads import Uploads
from ui.review_work import ReviewWork, Wish
from ui.session_practised import Practised
from ui.store_handle import store
from ui.texts import text
from vision.calibration import Calibration
from vision.sink import Mp4Sink

FORGET_ON = date(2999, 1, 1)


@pytest.fixture
def disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SmallDisk]:
    """The user's data lie on it; the store is open."""
    with small_disk(tmp_path / "disk", 5) as mounted:
        monkeypatch.setenv("XDG_DATA_HOME", str(mounted.path))
        monkeypatch.setattr(review_uploads, "SPARE_BYTES", 0)
        monkeypatch.setattr(Calibration, "fitted_to", lambda self, width, height: self)
        store().count_sessions()
        yield mounted
        store().close()


def files() -> list[Path]:
    return [path for path in passing_folder().rglob("*") if path.is_file()]


def test_an_upload_that_finds_no_room_is_told_and_leaves_nothing(disk: SmallDisk) -> None:
    uploads = Uploads()
    uploads.of(ANNA)
    disk.fill(1 << 20)
    assert send(uploads, (bytes(900_000), bytes(900_000)))[0] == 507
    assert files() == []
    disk.fill()
    assert send(uploads, (b"abc",))[0] == 507
    assert uploads.of(ANNA) == ()
    assert files() == []


def drawn_to_the_end(path: Path, calibration: object, routine: object, **more: Any) -> Any:
    if more["annotate_to"] is not None:
        noise = os.urandom(320 * 240 * 3)
        with Mp4Sink(more["annotate_to"], (320, 240), 30.0) as sink:
            for index in range(120):
                shifted = np.roll(np.frombuffer(noise, np.uint8), 7 * index)
                sink.write(shifted.reshape(240, 320, 3), index / 30)
    more["annotate_to"] = None
    return judged(path, CALIBRATION, routine, **more)


def test_a_review_is_there_though_nothing_could_be_written(disk: SmallDisk) -> None:
    uploads = Uploads()
    uploads.of(ANNA)
    send(uploads, (bytes(500_000),))
    (recording,) = uploads.of(ANNA)
    disk.fill(300_000)
    work = ReviewWork(
        recording,
        CALIBRATION,
        load_routine(),
        Wish(forget_on=FORGET_ON),
        store,
        owner=ANNA,
        reviewer=drawn_to_the_end,
    )
    disk.fill()
    outcome = work.run(StubReport())
    assert outcome.review.count == 1
    assert (outcome.session_id, outcome.annotated, outcome.unkept) == (None, None, True)
    assert outcome.problem is not None
    assert "is full" in outcome.problem
    assert recording.path.exists()
    assert not list(passing_folder().rglob("*.partial.mp4"))
    disk.make_room()
    again = work.keep_again(outcome)
    assert again.problem is None
    assert again.session_id is not None
    assert store().session(again.session_id).pictures is not None
    assert files() == []


def page() -> None:
    import streamlit as st

    from ui.session_practised import kept_line

    kept_line(st.session_state["practised"])


def test_a_practised_session_is_there_though_it_could_not_be_kept(
    disk: SmallDisk, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = SessionDraft("live", NOON, review(attempts([()])), None, None)
    monkeypatch.setattr(session_practised, "draft_of_practice", lambda *_, **__: made)
    practised = Practised(NOON)
    disk.fill()
    practised.keep(GUIDE, load_routine(), (), None)
    assert practised.session_id is None
    at = AppTest.from_function(page, default_timeout=20)
    at.session_state["practised"] = practised
    at.run()
    assert "is full" in getattr(at.main.children[0], "value", "")
    assert [getattr(one, "label", "") for one in at.get("download_button")] == [
        text("review.download_json")
    ]
    at.button[0].click().run()
    practised.say_felt(4)
    disk.make_room()
    at.button[0].click().run()
    (line,) = store().sessions()
    assert store().session(line.id).felt_evenness == 4


def test_other_troubles_of_the_disk_are_no_full_one(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    uploads = Uploads()
    uploads.of(ANNA)
    incoming = uploads.receive(ANNA, "clip.mp4")
    assert incoming is not None

    class Broken:
        def write(self, piece: bytes) -> int:
            raise OSError(errno.EIO, "Input/output error")

        def close(self) -> None: ...

    incoming._file.close()
    monkeypatch.setattr(incoming, "_file", Broken())
    with pytest.raises(OSError, match="Input") as error:
        incoming.write(b"abc")
    assert not isinstance(error.value, StoreError | review_uploads.NoRoomError)
    incoming.drop()
    assert files() == []
