"""Recordings that browsers have sent: on disk from the first byte on, each its own browser's.

They outlive a reload of the page. What nobody has asked for in `KEEP_S` is removed.
"""

import errno
import secrets
import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from sessions.files import plain_name
from ui.review_files import TemporaryFolder
from ui.review_records import Record, recording_path, write_record

KEEP_S: Final = 3600.0
"""A recording that was sent and never queued is gone an hour after its page."""

SPARE_BYTES: Final = 512 * 1024**2
"""So much of the disk is left free for everything else."""


class NoRoomError(OSError):
    """The disk would be full."""


@dataclass(frozen=True, slots=True, eq=False)
class Recording:
    """A recording on disk."""

    id: str
    name: str
    """File name without folders."""
    path: Path
    folder: TemporaryFolder
    made: datetime | None = None
    """When the browser's own file was last changed: a camera's is when it was recorded."""


@dataclass(slots=True)
class _Place:
    """One browser's recordings."""

    seen_s: float
    recordings: dict[str, Recording]


class Incoming:
    """A recording while it comes in; closed before it is whole, it leaves nothing."""

    def __init__(
        self, uploads: "Uploads", owner: str, name: str, made: datetime | None = None
    ) -> None:
        self._uploads = uploads
        self._owner = owner
        folder = TemporaryFolder()
        path = recording_path(folder.path, plain_name(name))
        self._recording = Recording(secrets.token_urlsafe(12), path.name, path, folder, made)
        with _room_told():
            path.parent.mkdir()
            self._file: BinaryIO = path.open("wb", buffering=0)

    def write(self, piece: bytes) -> None:
        """Append a piece. Raises `NoRoomError` before the disk is full."""
        if shutil.disk_usage(self._recording.folder.path).free < SPARE_BYTES + len(piece):
            raise NoRoomError
        rest = memoryview(piece)
        with _room_told():
            while rest:
                rest = rest[self._file.write(rest) :]

    def keep(self) -> Recording:
        """It is whole: from now on it is the browser's."""
        self._file.close()
        self._uploads.add(self._owner, self._recording)
        return self._recording

    def drop(self) -> None:
        """It broke off."""
        self._file.close()
        self._recording.folder.remove()


@contextmanager
def _room_told() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            raise NoRoomError from error
        raise


class Uploads:
    """All browsers' recordings. Safe for several threads."""

    def __init__(
        self, clock: Callable[[], float] = time.monotonic, *, outlive: bool = True
    ) -> None:
        """With `outlive` they are found again after a kill, by `take_over`."""
        self._clock = clock
        self._outlive = outlive
        self._lock = threading.Lock()
        self._places: dict[str, _Place] = {}

    def of(self, owner: str) -> tuple[Recording, ...]:
        """A browser's recordings, as they came; from now on it may send some."""
        self.sweep()
        with self._lock:
            place = self._places.setdefault(owner, _Place(self._clock(), {}))
            place.seen_s = self._clock()
            return tuple(place.recordings.values())

    def receive(self, owner: str, name: str, made: datetime | None = None) -> Incoming | None:
        """Begin to take in a recording; None from a browser that no page knows."""
        return Incoming(self, owner, name, made) if owner in self._places else None

    def add(self, owner: str, recording: Recording) -> None:
        """Let a browser have a recording."""
        if self._outlive:
            record = Record(owner, recording.id, recording.name, recording.made)
            write_record(recording.folder.path, record)
        with self._lock:
            place = self._places.setdefault(owner, _Place(self._clock(), {}))
            place.recordings[recording.id] = recording

    def take(self, owner: str, recording_id: str) -> Recording | None:
        """Hand a recording over: from now on it is the caller's to remove."""
        with self._lock:
            place = self._places.get(owner)
            return None if place is None else place.recordings.pop(recording_id, None)

    def drop(self, owner: str, recording_id: str) -> None:
        """Remove a recording."""
        recording = self.take(owner, recording_id)
        if recording is not None:
            recording.folder.remove()

    def sweep(self) -> None:
        """Remove what no page has asked for in a long time."""
        now_s = self._clock()
        with self._lock:
            stale = [
                owner for owner, place in self._places.items() if now_s - place.seen_s > KEEP_S
            ]
            gone = [self._places.pop(owner) for owner in stale]
        for place in gone:
            for recording in place.recordings.values():
                recording.folder.remove()


UPLOADS: Final = Uploads()
"""One for the process: what outlives a Streamlit session can lie nowhere else."""

ARCHIVES: Final = Uploads(outlive=False)
"""Files with all sessions of another machine, on their way into the store."""
