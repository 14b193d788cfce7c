"""Recordings on their way to disk: whole or not at all, each browser's own, and not for ever."""

import asyncio
import json
import os
import shutil
from collections.abc import Mapping, MutableMapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette

from ui import review_uploads
from ui.review_files import TemporaryFolder, passing_folder, remove_left_behind, remove_own
from ui.review_routes import BROWSER_HEADER, RECORDINGS, moment, routes
from ui.review_uploads import KEEP_S, Uploads

ANNA = "a" * 43


class Clock:
    """Stands still until it is moved."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture(autouse=True)
def own_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def uploads(clock: Clock) -> Uploads:
    return Uploads(clock)


def folders() -> list[Path]:
    return list(passing_folder().glob("*"))


def send(
    uploads: Uploads,
    pieces: tuple[bytes, ...],
    *,
    name: str = "clip.mp4",
    owner: str = ANNA,
    breaks_off: bool = False,
) -> tuple[int, Mapping[str, Any]]:
    """What the server answers to a browser that sends these pieces."""
    app = Starlette(routes=routes(uploads))
    messages = [
        {"type": "http.request", "body": piece, "more_body": breaks_off or piece is not pieces[-1]}
        for piece in pieces
    ]
    if breaks_off:
        messages.append({"type": "http.disconnect"})
    queue = iter(messages)
    answers: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return next(queue, {"type": "http.disconnect"})

    async def answer(message: MutableMapping[str, Any]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "method": "PUT",
        "path": RECORDINGS,
        "query_string": f"name={name}&made=1700000000000".encode(),
        "headers": [(BROWSER_HEADER.encode(), owner.encode())],
    }
    asyncio.run(app(scope, receive, answer))
    body = b"".join(message.get("body", b"") for message in answers)
    return answers[0]["status"], json.loads(body) if body else {}


def test_a_recording_arrives_piece_by_piece(uploads: Uploads) -> None:
    assert uploads.of(ANNA) == ()
    status, told = send(uploads, (b"a" * 2_000_000, b"b" * 10))
    (recording,) = uploads.of(ANNA)
    assert (status, told) == (201, {"id": recording.id})
    assert recording.path.read_bytes() == b"a" * 2_000_000 + b"b" * 10
    assert recording.name == "clip.mp4"
    assert recording.made == datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)
    assert passing_folder() in recording.path.parents


def test_a_recording_that_breaks_off_leaves_nothing(uploads: Uploads) -> None:
    uploads.of(ANNA)
    send(uploads, (b"a" * 2_000_000,), breaks_off=True)
    assert uploads.of(ANNA) == ()
    assert folders() == []


def test_a_browser_that_no_page_knows_can_send_nothing(uploads: Uploads) -> None:
    assert send(uploads, (b"abc",)) == (403, {"problem": "unknown"})
    assert send(uploads, (b"abc",), owner="")[0] == 403
    assert folders() == []


def test_a_full_disk_is_told_before_it_is_full(
    uploads: Uploads, monkeypatch: pytest.MonkeyPatch
) -> None:
    uploads.of(ANNA)
    full = shutil.disk_usage("/")._replace(free=review_uploads.SPARE_BYTES)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: full)
    assert send(uploads, (b"abc",)) == (507, {"problem": "full"})
    assert folders() == []


def test_recordings_are_each_browsers_own_and_taken_once(uploads: Uploads) -> None:
    uploads.of(ANNA)
    send(uploads, (b"abc",))
    (recording,) = uploads.of(ANNA)
    assert uploads.of("somebody else") == ()
    assert uploads.take("somebody else", recording.id) is None
    assert uploads.take(ANNA, recording.id) is recording
    assert uploads.take(ANNA, recording.id) is None
    uploads.add(ANNA, recording)
    uploads.drop(ANNA, recording.id)
    assert folders() == []


def test_what_nobody_asks_for_is_removed(uploads: Uploads, clock: Clock) -> None:
    uploads.of(ANNA)
    send(uploads, (b"abc",))
    clock.now_s = KEEP_S - 1
    assert len(uploads.of(ANNA)) == 1
    clock.now_s = 2 * KEEP_S
    uploads.sweep()
    assert folders() == []


@pytest.mark.parametrize("told", ["", "-1", "x", "0", "99999999999999", "9" * 40])
def test_a_time_that_cannot_be_is_none(told: str) -> None:
    assert moment(told) is None


def test_a_link_among_what_passes_is_not_followed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "mine.txt").write_text("mine", encoding="utf-8")
    passing_folder().mkdir(parents=True)
    for name in ("tstroke-4194305-abc", f"tstroke-{os.getpid()}-abc", ".new-abc"):
        (passing_folder() / name).symlink_to(other)
    assert remove_left_behind() == 0
    remove_own()
    assert (other / "mine.txt").read_text("utf-8") == "mine"


def test_what_a_killed_process_left_is_removed_at_the_next_start() -> None:
    mine = TemporaryFolder()
    gone = passing_folder() / "tstroke-4194305-abc"  # one more than the highest number of a process
    gone.mkdir()
    (gone / "clip.mp4").write_bytes(b"abc")
    assert f"-{os.getpid()}-" in mine.path.name
    assert remove_left_behind() == 1
    assert folders() == [mine.path]
    mine.remove()
    mine.remove()
    assert folders() == []
    TemporaryFolder()
    remove_own()
    assert folders() == []
