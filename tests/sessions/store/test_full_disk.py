"""A disk that is full, or fills on the way, costs no session and leaves no half file."""

import os
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import date
from itertools import count, takewhile
from pathlib import Path
from typing import Any

import numpy as np
import psycopg
import pytest

from sessions.files import OutputError
from sessions.store.database import Database, chosen_url
from sessions.store.errors import StoreError
from sessions.store.journal import read_journal
from sessions.store.migrate import HEAD, migrate, version_of
from sessions.store.store import Store, open_store
from sessions.store.unfinished import About, follow
from sessions.store.values import SessionDraft
from tests.sessions.store.conftest import _server_user
from tests.sessions.store.drafts import STARTED, draft, track
from tests.small_disk import SmallDisk, small_disk
from vision.errors import VideoError
from vision.sink import Mp4Sink

FORGET_ON = date(2026, 4, 1)
NOTHING_LEFT = (0, 4096, 20_000, 60_000, 150_000)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[SmallDisk]:
    with small_disk(tmp_path / "disk", 5) as mounted:
        yield mounted


@pytest.fixture
def store(disk: SmallDisk, empty: Path, clock: Any) -> Iterator[Store]:
    """One session is in it."""
    shutil.copytree(empty, disk.path / "kept")
    with open_store("", folder=disk.path / "kept", now=clock) as opened:
        opened.add_session(draft(name="old.mp4"))
        yield opened


def long_draft(name: str = "long.mp4") -> SessionDraft:
    """Takes some 300 kB: the noise in it is nothing that could be packed."""
    made = draft(name=name)
    assert made.landmarks is not None
    hands = track(3000)
    noise = np.random.default_rng(1).normal(0, 50, (3000, 21, 2))
    shaken = {side: marks + noise for side, marks in hands.landmarks_px.items()}
    return replace(made, landmarks=replace(hands, landmarks_px=shaken))


def whole(store: Store) -> list[str]:
    """The names of all sessions, each of which was read with all that belongs to it."""
    names = []
    for line in store.sessions():
        stored = store.session(line.id)
        assert stored.review.reps == draft().review.reps
        assert len(stored.review.paths["left"].time_s) == 20
        assert store.landmarks(line.id) is not None
        names.append(line.name)
    return sorted(names)


def is_sound(folder: Path) -> bool:
    with closing(sqlite3.connect(folder / "kept" / "sessions.sqlite3")) as connection:
        (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    return bool(said == "ok")


def no_room_for(act: Callable[[], object]) -> bool:
    """Whether it failed for want of room; nothing else may be the reason."""
    try:
        act()
    except StoreError as error:
        if error.sentence.key == "error.disk_full":
            return True
        raise
    return False


def add_until_full(store: Store) -> list[str]:
    names = (f"{number}.mp4" for number in count())
    return list(
        takewhile(lambda name: not no_room_for(lambda: store.add_session(long_draft(name))), names)
    )


def test_sessions_are_whole_when_the_disk_fills_on_the_way(disk, store) -> None:
    disk.fill(2 << 20)
    added = add_until_full(store)
    assert len(added) >= 2
    assert whole(store) == sorted(["old.mp4", *added])
    disk.fill()
    assert add_until_full(store) == []
    assert whole(store) == sorted(["old.mp4", *added])
    disk.make_room()
    for line in store.sessions()[:2]:
        store.delete_session(line.id)
    assert is_sound(disk.path)


@pytest.mark.parametrize("leave", NOTHING_LEFT)
def test_whatever_is_left_nothing_half_is_kept(disk, store, leave) -> None:
    disk.fill(leave)
    added = add_until_full(store)
    assert whole(store) == sorted([*added, "old.mp4"])
    disk.make_room()
    store.add_session(long_draft("new.mp4"))
    assert whole(store) == sorted([*added, "new.mp4", "old.mp4"])
    assert is_sound(disk.path)


@pytest.mark.parametrize("leave", NOTHING_LEFT)
def test_a_store_on_a_full_disk_opens_or_says_why_not(disk, store, leave, clock) -> None:
    store.close()
    disk.fill(leave)

    def look() -> None:
        with open_store("", folder=disk.path / "kept", now=clock) as again:
            assert whole(again) == ["old.mp4"]

    assert not no_room_for(look) or leave < 60_000
    disk.make_room()
    with open_store("", folder=disk.path / "kept", now=clock) as again:
        assert whole(again) == ["old.mp4"]


def test_words_that_find_no_room_are_told_too(disk, store) -> None:
    tea = store.add_person("Tea", "instructor")
    (line,) = store.sessions()
    disk.fill()
    acts: list[Callable[[], object]] = [
        lambda: store.comment(line.id, tea.id, 1.0, "x" * 5000),
        lambda: store.set_looked_at(line.id, True, tea.id),
        lambda: store.add_person("Anna", "learner"),
    ]
    assert sum(map(no_room_for, acts * 30)) > 20
    assert store.sessions()[0].name == "old.mp4"
    assert is_sound(disk.path)


def test_an_older_store_is_stepped_up_once_there_is_room(disk, store, clock) -> None:
    store.close()
    database = Database(chosen_url("", disk.path / "kept"))
    migrate(database, "0002")
    database.close()
    disk.fill(20_000)
    with pytest.raises(StoreError) as error:
        open_store("", folder=disk.path / "kept", now=clock)
    assert error.value.sentence.key == "error.disk_full"
    disk.make_room()
    with open_store("", folder=disk.path / "kept", now=clock) as again:
        assert whole(again) == ["old.mp4"]
        with again._database.reading() as session:
            assert version_of(session.connection()) == HEAD


def files(disk: SmallDisk) -> set[str]:
    return {
        path.name
        for path in disk.path.rglob("*")
        if path.is_file() and "sqlite3" not in path.name and path.name != "ballast"
    }


def test_pictures_that_find_no_room_leave_none_half(disk, store, tmp_path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(os.urandom(2 << 20))
    (line,) = store.sessions()
    disk.fill(1 << 20)
    with pytest.raises(StoreError, match="No space left") as error:
        store.keep_pictures(line.id, film, partner_agreed=True, forget_on=FORGET_ON)
    assert error.value.sentence.key == "error.keep_failed"
    assert files(disk) == set()
    disk.make_room()
    store.keep_pictures(line.id, film, partner_agreed=True, forget_on=FORGET_ON)
    disk.fill()
    store.forget_pictures(line.id)
    assert files(disk) == set(), "a full disk keeps nobody from forgetting"


def test_an_export_that_finds_no_room_leaves_none_half(disk, store) -> None:
    store.add_session(long_draft())
    disk.fill(100_000)
    with pytest.raises(OutputError, match="No space left"):
        store.export_all(disk.path / "all.zip")
    assert files(disk) == set()


@pytest.mark.slow
@pytest.mark.parametrize("sessions", [4, 12])
def test_an_import_that_finds_no_room_changes_nothing(
    disk, store, tmp_path, clock, sessions
) -> None:
    with open_store("", folder=tmp_path / "other", now=clock) as other:
        for number in range(2 * sessions):
            other.add_session(long_draft(f"{number}.mp4"))
        other.export_all(tmp_path / "all.zip")
    with pytest.raises(StoreError) as error:
        store.import_all(tmp_path / "all.zip")
    assert error.value.sentence.key in ("error.disk_full", "error.no_room")
    assert whole(store) == ["old.mp4"]
    assert files(disk) == set()


def test_a_drawn_video_that_finds_no_room_leaves_none_half(disk) -> None:
    disk.fill(200_000)
    noise = np.random.default_rng(1)

    def write() -> None:
        with Mp4Sink(disk.path / "a.mp4", (320, 240), 30.0) as sink:
            for index in range(300):
                sink.write(noise.integers(0, 256, (240, 320, 3), np.uint8), index / 30)

    with pytest.raises(VideoError, match="No space left") as error:
        write()
    assert error.value.sentence.key == "error.video_not_written"
    assert files(disk) == set()


def test_a_journal_goes_on_when_there_is_room_again(disk, store) -> None:
    disk.fill()
    journal = follow(disk.path / "kept", "a" * 32, About(STARTED, "t_stroke", 1, 10))
    for index in range(200):
        journal.tell(goal=index)
    while journal.trouble is None:
        journal._journal._thread.join(0.01)
    assert read_journal(journal._journal.path) == ()
    assert whole(store) == ["old.mp4"], "the session goes on, and so does all else"
    disk.make_room()
    journal.close()
    assert len(read_journal(journal._journal.path)) == 201


def test_without_a_small_disk_a_database_may_not_grow(tmp_path, empty, clock) -> None:
    """The same where nobody may mount one."""
    shutil.copytree(empty, tmp_path / "kept")
    with open_store("", folder=tmp_path / "kept", now=clock) as store:
        store.add_session(draft(name="old.mp4"))
        with store._database._engine.connect() as connection:
            raw: Any = connection.connection.driver_connection
            (pages,) = raw.execute("PRAGMA page_count").fetchone()
            raw.execute(f"PRAGMA max_page_count = {pages + 40}")
        assert add_until_full(store) == []
        assert whole(store) == ["old.mp4"]


@pytest.mark.slow
def test_a_server_whose_disk_is_full_is_told(tmp_path, postgresql, clock) -> None:
    with small_disk(Path(f"{postgresql.split()[0][5:]}/small"), 40) as disk:
        data = disk.path / "data"
        data.mkdir()
        user = _server_user()
        if user:
            os.chown(data, user["user"], user["group"])
        with psycopg.connect(f"{postgresql} dbname=postgres", autocommit=True) as connection:
            connection.execute(f"CREATE TABLESPACE small LOCATION '{data}'".encode())
            connection.execute(b"CREATE DATABASE small TABLESPACE small")
            try:
                folder = postgresql.partition(" ")[0].removeprefix("host=")
                url = f"postgresql://tester@/small?host={folder}"
                with open_store(url, folder=tmp_path / "kept", now=clock) as store:
                    store.add_session(draft(name="old.mp4"))
                    disk.fill(200_000)
                    added = add_until_full(store)
                    assert whole(store) == sorted([*added, "old.mp4"])
                    disk.make_room()
                    store.add_session(long_draft("new.mp4"))
                    assert whole(store) == sorted([*added, "new.mp4", "old.mp4"])
            finally:
                connection.execute(b"DROP DATABASE small WITH (FORCE)")
                connection.execute(b"DROP TABLESPACE small")
