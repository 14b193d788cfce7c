"""Recordings are kept only when the partner agreed, for so long, and are then really gone."""

import os
import stat
from datetime import date, timedelta
from pathlib import Path

import pytest

from sessions.store.errors import StoreError
from sessions.store.store import open_store
from tests.sessions.store.drafts import draft

FORGET_ON = date(2026, 4, 1)
AN_HOUR_AGO = 3601


@pytest.fixture
def film(tmp_path: Path) -> Path:
    path = tmp_path / "Evening at Anna's.MP4"
    path.write_bytes(b"pictures" * 1000)
    return path


def all_files(folder: Path) -> set[str]:
    """Of recordings, and what else lies beside them."""
    return {path.name for path in (folder / "kept" / "pictures").glob("*/*")}


def test_a_recording_is_copied_for_the_users_eyes_only(store, film, tmp_path):
    session_id = store.add_session(draft())
    kept = store.keep_pictures(session_id, film, partner_agreed=True, forget_on=FORGET_ON)
    assert kept.path.read_bytes() == film.read_bytes()
    assert store.session(session_id).pictures == kept
    assert store.sessions()[0].has_pictures
    assert all_files(tmp_path) == {f"{session_id}.2026-04-01.mp4"}
    assert stat.S_IMODE(kept.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(kept.path.parent.stat().st_mode) == 0o700


def test_none_is_kept_without_the_partners_word(store, film, tmp_path):
    session_id = store.add_session(draft())
    with pytest.raises(StoreError, match="partner"):
        store.keep_pictures(session_id, film, partner_agreed=False, forget_on=FORGET_ON)
    assert all_files(tmp_path) == set()
    assert store.session(session_id).pictures is None


def test_none_is_kept_until_a_day_that_is_over(store, film, clock, tmp_path):
    session_id = store.add_session(draft())
    with pytest.raises(StoreError, match="later one"):
        store.keep_pictures(session_id, film, partner_agreed=True, forget_on=clock().date())
    assert all_files(tmp_path) == set()


def test_none_is_kept_of_a_session_that_is_not_there(store, film, tmp_path):
    with pytest.raises(StoreError, match="deleted"):
        store.keep_pictures("../../x", film, partner_agreed=True, forget_on=FORGET_ON)
    assert all_files(tmp_path) == set()


def test_a_missing_recording_is_told(store, tmp_path):
    session_id = store.add_session(draft())
    with pytest.raises(StoreError, match="can't be read"):
        store.keep_pictures(
            session_id, tmp_path / "none.mp4", partner_agreed=True, forget_on=FORGET_ON
        )
    assert not store.sessions()[0].has_pictures


@pytest.mark.parametrize("name", ["plain", "a.tar.gz", "odd.m p", "x.mp4/../..", ".hidden"])
def test_any_name_gives_a_plain_one(store, tmp_path, name):
    source = tmp_path / name.replace("/", "_")
    source.write_bytes(b"x")
    session_id = store.add_session(draft())
    kept = store.keep_pictures(session_id, source, partner_agreed=True, forget_on=FORGET_ON)
    assert kept.path.name.startswith(session_id)
    assert kept.path.parent.parent == tmp_path / "kept" / "pictures"


def test_another_recording_takes_the_place_of_the_first(store, film, tmp_path):
    session_id = store.add_session(draft())
    store.keep_pictures(session_id, film, partner_agreed=True, forget_on=FORGET_ON)
    other = tmp_path / "other.mov"
    other.write_bytes(b"new")
    later = FORGET_ON + timedelta(days=9)
    kept = store.keep_pictures(session_id, other, partner_agreed=True, forget_on=later)
    assert all_files(tmp_path) == {f"{session_id}.2026-04-10.mov"}
    assert store.session(session_id).pictures == kept


def test_they_are_forgotten_on_their_day(store, film, tmp_path):
    ids = [store.add_session(draft()) for _ in range(3)]
    for days, session_id in enumerate(ids):
        store.keep_pictures(
            session_id, film, partner_agreed=True, forget_on=FORGET_ON + timedelta(days=days)
        )
    assert store.forget_due(FORGET_ON - timedelta(days=1)) == ()
    assert len(store.forget_due(FORGET_ON + timedelta(days=1))) == 2
    assert all_files(tmp_path) == {f"{ids[2]}.2026-04-03.mp4"}
    assert [store.session(one).pictures is None for one in ids] == [True, True, False]
    assert [line.has_pictures for line in store.sessions()].count(True) == 1


def test_they_are_forgotten_when_asked(store, film, tmp_path):
    session_id = store.add_session(draft())
    store.keep_pictures(session_id, film, partner_agreed=True, forget_on=FORGET_ON)
    store.forget_pictures(session_id)
    store.forget_pictures(session_id)
    assert all_files(tmp_path) == set()
    assert store.session(session_id).pictures is None
    assert store.landmarks(session_id) is not None


def test_they_go_with_their_session_and_with_their_person(store, film, tmp_path):
    anna = store.add_person("Anna", "learner")
    hers, other = store.add_session(draft(learner_id=anna.id)), store.add_session(draft())
    for session_id in (hers, other):
        store.keep_pictures(session_id, film, partner_agreed=True, forget_on=FORGET_ON)
    store.delete_session(other)
    assert all_files(tmp_path) == {f"{hers}.2026-04-01.mp4"}
    store.delete_person(anna.id)
    assert all_files(tmp_path) == set()


def test_a_recording_deleted_by_hand_is_no_longer_offered(store, film, tmp_path):
    session_id = store.add_session(draft())
    kept = store.keep_pictures(session_id, film, partner_agreed=True, forget_on=FORGET_ON)
    kept.path.unlink()
    assert store.session(session_id).pictures is None
    store.delete_session(session_id)


def test_rests_of_a_copy_that_was_cut_off_are_swept(store, film, tmp_path, clock):
    session_id = store.add_session(draft())
    kept = store.keep_pictures(session_id, film, partner_agreed=True, forget_on=FORGET_ON)
    folder = kept.path.parent
    rests = [folder / f".{session_id}.mp4.77.part", folder / "0123.mp4"]
    now_s = clock().timestamp()
    for path in [*rests, kept.path]:
        path.write_bytes(b"half")
        os.utime(path, (now_s, now_s - AN_HOUR_AGO))
    young = folder / ".young.mp4.78.part"
    young.write_bytes(b"on its way")
    os.utime(young, (now_s, now_s - 60))
    stage = tmp_path / "kept" / ".import-1"
    stage.mkdir()
    os.utime(stage, (now_s, now_s - AN_HOUR_AGO))
    store.forget_due(clock().date())
    assert all_files(tmp_path) == {kept.path.name, young.name}
    assert not stage.exists()


def test_what_fails_at_the_end_leaves_no_recording(store, film, tmp_path, monkeypatch):
    session_id = store.add_session(draft())

    def full(*_args):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("sessions.store.pictures.os.fsync", full)
    with pytest.raises(StoreError, match="No space left"):
        store.keep_pictures(session_id, film, partner_agreed=True, forget_on=FORGET_ON)
    assert all_files(tmp_path) == set()
    assert not store.sessions()[0].has_pictures


def test_deleted_words_are_not_left_in_the_file(tmp_path):
    secret = "Zwetschgenknoedel"

    def is_written() -> bool:
        files = [path for path in (tmp_path / "own").iterdir() if path.is_file()]
        return any(secret.encode() in path.read_bytes() for path in files)

    with open_store("", folder=tmp_path / "own") as store:
        anna = store.add_person(secret, "learner")
        session_id = store.add_session(draft(learner_id=anna.id, name=f"{secret}.mp4"))
        store.comment(session_id, anna.id, 1.0, secret)
        assert is_written()
        store.delete_person(anna.id)
        assert not is_written()


def test_stores_that_share_a_folder_leave_each_others_recordings_alone(
    store, film, tmp_path, clock
):
    session_id = store.add_session(draft())
    kept = store.keep_pictures(session_id, film, partner_agreed=True, forget_on=FORGET_ON)
    os.utime(kept.path, (0, 0))
    with open_store(f"sqlite:///{tmp_path}/other.sqlite3", folder=tmp_path / "kept") as other:
        assert other.forget_due(clock().date()) == ()
        assert kept.path.exists()
        # Its own store may be lost: the day is kept all the same.
        other.forget_due(FORGET_ON)
        assert not kept.path.exists()
    assert store.session(session_id).pictures is None
