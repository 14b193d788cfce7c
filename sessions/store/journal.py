"""What a session that is under way has seen so far, in a file of its own: it outlives the program.

The file is a stream of Arrow batches beside the store, two a second, each appended whole by a
thread of its own. What the program has written the system keeps, also where the program is killed
right after; a batch that was cut off in the middle ends the stream before it. So nothing here waits
for the disk, except for every `SYNC_EVERY`th batch, in that thread: against a power cut.

A file, and not rows of the store: nothing waits for a server or for another writer then, and a
session that came to its end leaves nothing to be deleted in a database.
"""

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import pyarrow as pa

from sessions.held import hold_open
from sessions.store.errors import StoreError
from sessions.store.folder import private_folder
from vision.hands import SIDES, HandPair, Side, TrackedHand

SUFFIX: Final = ".arrow"
NEW: Final = ".new-"

BATCH_S: Final = 0.5
"""A batch is written when it spans so much of the session, or so long after the one before."""

SYNC_EVERY: Final = 20

LONGEST_WAIT_S: Final = 5.0
"""So long the end of a session waits for its last batch."""

_MARKS: Final = pa.list_(pa.float32(), 42)

SCHEMA: Final = pa.schema(
    [
        ("time_s", pa.float64()),
        ("drift_px", pa.list_(pa.float64(), 2)),
        *((f"{side}_px", _MARKS) for side in SIDES),
        *((f"{side}_observed", pa.bool_()) for side in SIDES),
        ("note", pa.string()),
    ],
    {b"tstroke.journal": b"1"},
)
"""A row is a moment, or a note (JSON text), in which case it has no time."""


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """Both hands at one moment, as the picture had them."""

    pair: HandPair
    drift_px: tuple[float, float]


Entry = Seen | str
"""A moment, or a note."""


class Journal:
    """Appends to a session's file; `add` takes microseconds, and never fails.

    While the disk is full it tries again with every batch: nothing is left out once there is room.
    """

    def __init__(self, folder: Path, session_id: str) -> None:
        """The file is made by the first batch."""
        self.path: Final = folder / f"{session_id}{SUFFIX}"
        self.trouble: str | None = None
        """Why the newest batch could not be written; None while all is well."""
        self._lock = threading.Lock()
        self._waiting: list[Entry] = []
        self._since_s: float | None = None
        self._wake = threading.Event()
        self._over = self._unwanted = False
        self._file: int | None = None
        self._length = self._batches = 0
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    def add(self, entry: Entry) -> None:
        """Append an entry, soon."""
        with self._lock:
            self._waiting.append(entry)
        if isinstance(entry, str):
            self._wake.set()
            return
        time_s = entry.pair.time_s
        if self._since_s is None:
            self._since_s = time_s
        elif time_s - self._since_s >= BATCH_S:
            self._since_s = time_s
            self._wake.set()

    def close(self) -> None:
        """Write what is left. The file stays, and belongs to nobody from now on."""
        self._over = True
        self._wake.set()
        self._thread.join(LONGEST_WAIT_S)

    def discard(self) -> None:
        """The session needs it no more."""
        self._unwanted = True
        self.close()
        if not self._thread.is_alive():
            self.path.unlink(missing_ok=True)

    def _run(self) -> None:
        while not self._over:
            self._wake.wait(BATCH_S)
            self._wake.clear()
            self._write()
        # Here, and not where it is asked for: a disk may take longer than anybody waits.
        if not self._unwanted:
            self._write()
        if self._file is not None:
            if self._unwanted:
                self.path.unlink(missing_ok=True)
            os.close(self._file)

    def _write(self) -> None:
        with self._lock:
            entries, self._waiting = self._waiting, []
        if not entries:
            return
        try:
            if self._file is None:
                self._file = self._made()
            self._append(_packed(entries))
        except (OSError, StoreError) as error:
            self.trouble = str(error)
            with self._lock:
                self._waiting[:0] = entries
        else:
            self.trouble = None

    def _made(self) -> int:
        """The new file: it has its name, by which others find it, only once it is held."""
        new = private_folder(self.path.parent) / f"{NEW}{self.path.name}"
        new.unlink(missing_ok=True)
        file = os.open(new, os.O_RDWR | os.O_APPEND | os.O_CREAT | os.O_EXCL, 0o600)
        hold_open(file)
        new.rename(self.path)
        return file

    def _append(self, data: bytes) -> None:
        assert self._file is not None
        if self._length == 0:
            data = SCHEMA.serialize().to_pybytes() + data
        try:
            rest = memoryview(data)
            while rest:
                rest = rest[os.write(self._file, rest) :]
        except OSError:
            # Half a batch would end the stream for all that come after it.
            with suppress(OSError):
                os.ftruncate(self._file, self._length)
            raise
        self._length += len(data)
        self._batches += 1
        if self._batches % SYNC_EVERY == 0:
            with suppress(OSError):
                os.fdatasync(self._file)


def read_journal(path: Path) -> tuple[Entry, ...]:
    """All entries up to the last whole batch; none where the file is no journal, or gone."""
    return tuple(entry for batch in _batches(path) for entry in _unpacked(batch))


def read_notes(path: Path) -> tuple[str, ...]:
    """The notes alone: fast, however long the session was."""
    notes = (note for batch in _batches(path) for note in batch.column("note").to_pylist())
    return tuple(note for note in notes if note is not None)


def _batches(path: Path) -> Iterator[pa.RecordBatch]:
    with suppress(OSError, pa.ArrowException), pa.memory_map(str(path)) as file:
        stream = pa.ipc.open_stream(file)
        if stream.schema.equals(SCHEMA, check_metadata=True):
            for batch in stream:
                batch.validate(full=True)
                yield batch


def _packed(entries: Sequence[Entry]) -> bytes:
    """One batch, as it stands in the stream."""
    seen = [entry if isinstance(entry, Seen) else None for entry in entries]
    columns: list[pa.Array] = [
        pa.array([None if one is None else one.pair.time_s for one in seen], pa.float64()),
        pa.array([None if one is None else one.drift_px for one in seen], SCHEMA.types[1]),
    ]
    hands = {side: [None if one is None else one.pair.side(side) for one in seen] for side in SIDES}
    columns += [_marks(hands[side]) for side in SIDES]
    columns += [
        pa.array([hand is not None and hand.observed for hand in hands[side]]) for side in SIDES
    ]
    columns.append(pa.array([e if isinstance(e, str) else None for e in entries], pa.string()))
    packed: bytes = pa.record_batch(columns, schema=SCHEMA).serialize().to_pybytes()
    return packed


def _marks(hands: Sequence[TrackedHand | None]) -> pa.Array:
    places = np.zeros((len(hands), 42), np.float32)
    for row, hand in enumerate(hands):
        if hand is not None:
            places[row] = hand.landmarks_px.ravel()
    missing = pa.array([hand is None for hand in hands])
    return pa.FixedSizeListArray.from_arrays(pa.array(places.ravel()), type=_MARKS, mask=missing)


def _unpacked(batch: pa.RecordBatch) -> Iterator[Entry]:
    notes = batch.column("note").to_pylist()
    times_s = batch.column("time_s").to_pylist()
    drifts_px = batch.column("drift_px").to_pylist()
    hands = {side: list(_hands(batch, side)) for side in SIDES}
    for row, time_s in enumerate(times_s):
        if time_s is None:
            yield notes[row] or ""
        else:
            left, right = (hands[side][row] for side in SIDES)
            x, y = drifts_px[row]
            yield Seen(HandPair(time_s, left, right), (x, y))


def _hands(batch: pa.RecordBatch, side: Side) -> Iterator[TrackedHand | None]:
    column = batch.column(f"{side}_px")
    known = column.is_valid().to_pylist()
    observed = batch.column(f"{side}_observed").to_pylist()
    flat = column.values.to_numpy(zero_copy_only=False)[42 * column.offset :]
    places = flat[: 42 * len(column)].reshape(-1, 21, 2)
    for row in range(len(column)):
        yield TrackedHand(places[row], observed[row]) if known[row] else None
