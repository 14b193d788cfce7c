"""A session's journal: whole batches in their order, whatever cuts it off."""

import errno
import os
import threading
from types import SimpleNamespace

import numpy as np
import pytest

from sessions.store.journal import BATCH_S, Entry, Journal, Seen, read_journal, read_notes
from vision.hands import HandPair, TrackedHand

NAME = "a" * 32

LOST_S = 2.0
"""Of a session that is under way; the program may be killed at any moment."""


def seen(index: int, *, left: bool = True) -> Seen:
    time_s = index / 15
    marks = np.full((21, 2), 100.0) + index
    right = TrackedHand(marks + 200.5, observed=index % 2 == 0)
    return Seen(HandPair(time_s, TrackedHand(marks, True) if left else None, right), (0.5, -index))


def alike(one, other) -> bool:
    if isinstance(one, str) or isinstance(other, str):
        return bool(one == other)
    hands = zip((one.pair.left, one.pair.right), (other.pair.left, other.pair.right), strict=True)
    return (one.pair.time_s, one.drift_px) == (other.pair.time_s, other.drift_px) and all(
        (a is None) == (b is None)
        and (
            a is None
            or (a.observed == b.observed and np.allclose(a.landmarks_px, b.landmarks_px, atol=1e-3))
        )
        for a, b in hands
    )


ENTRIES: tuple[Entry, ...] = (
    "begun",
    *(seen(index, left=index % 4 > 0) for index in range(40)),
    "a stroke",
    seen(41),
)


@pytest.fixture
def written(tmp_path):
    """A journal of several batches, and where each of them ends."""
    journal = Journal(tmp_path, NAME)
    ends = []
    for entry in ENTRIES:
        journal._waiting.append(entry)
        journal._write()
        ends.append(journal.path.stat().st_size)
    journal.close()
    return journal.path, ends


def test_all_of_it_is_read_again(written):
    path, _ = written
    read = read_journal(path)
    assert all(map(alike, read, ENTRIES))
    assert len(read) == len(ENTRIES)
    assert read_notes(path) == ("begun", "a stroke")


def test_cut_off_anywhere_it_ends_with_its_last_whole_batch(written):
    path, ends = written
    content = path.read_bytes()
    rng = np.random.default_rng(1)
    for length in {*ends, *(end - 1 for end in ends), *rng.integers(0, len(content), 30).tolist()}:
        path.write_bytes(content[:length])
        whole = sum(end <= length for end in ends)
        assert len(read_journal(path)) == whole
        path.write_bytes(content[:length] + bytes(4096))
        assert len(read_journal(path)) in (whole, whole + 1), "a power cut leaves zeros"


@pytest.mark.parametrize("content", [b"", b"no journal" * 99, bytes(5000), b"\xff" * 5000])
def test_what_is_no_journal_is_none(tmp_path, content):
    path = tmp_path / "x.arrow"
    path.write_bytes(content)
    assert read_journal(path) == read_notes(path) == ()
    assert read_journal(tmp_path / "none.arrow") == ()


def test_a_second_of_it_is_written_though_nobody_asks(tmp_path, monkeypatch):
    journal = Journal(tmp_path, NAME)
    for entry in ENTRIES[1:-2]:
        journal.add(entry)
    for _ in range(500):
        if len(read_journal(journal.path)) >= 15:
            break
        journal._thread.join(0.02)
    else:
        pytest.fail("nothing was written")
    journal.discard()
    assert not list(tmp_path.iterdir())


class Asked(threading.Event):
    """Waits until it is set, however long it was asked to wait."""

    def wait(self, timeout=None):
        return super().wait()


def test_at_no_moment_more_than_a_batch_can_be_lost(tmp_path, monkeypatch):
    """By the session's own time, and though the writer never looks up by itself."""
    most_s = BATCH_S + 1 / 15
    assert most_s < LOST_S
    own = SimpleNamespace(Event=Asked, Lock=threading.Lock, Thread=threading.Thread)
    monkeypatch.setattr("sessions.store.journal.threading", own)
    journal = Journal(tmp_path, NAME)
    for index in range(150):
        last = seen(index)
        journal.add(last)
        for _ in range(1000):
            entries = read_journal(journal.path)
            times_s = [one.pair.time_s for one in entries if isinstance(one, Seen)]
            lost_s = last.pair.time_s - max(times_s, default=-1 / 15)
            if lost_s <= most_s + 1e-9:
                break
            journal._thread.join(0.01)
        assert lost_s <= most_s + 1e-9, index
    journal.discard()


def test_nothing_is_left_out_once_a_full_disk_has_room(tmp_path, monkeypatch):
    journal = Journal(tmp_path / "live", NAME)
    write, room = os.write, [300]

    def full(file, data):
        if room[0] == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        taken, room[0] = min(len(data), room[0]), max(0, room[0] - len(data))
        return write(file, data[:taken])

    with monkeypatch.context() as patch:
        patch.setattr("sessions.store.journal.os.write", full)
        for entry in ENTRIES:
            journal.add(entry)
        for _ in range(500):
            if journal.trouble is not None:
                break
            journal._thread.join(0.02)
        assert "No space" in str(journal.trouble)
    journal.close()
    assert journal.trouble is None
    assert all(map(alike, read_journal(journal.path), ENTRIES))
    assert len(read_journal(journal.path)) == len(ENTRIES)
