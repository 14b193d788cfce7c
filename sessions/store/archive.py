"""All of a store in one file: a ZIP archive of JSON lines, Parquet and recordings.

`tstroke-store.json` says what it is. `tables/NAME.jsonl` has one row of a table per line,
`tracks/ID.landmarks.parquet` and `tracks/ID.paths.parquet` have a session's tracks, and
`pictures/ID.DAY.SUFFIX` the recordings, where they were asked for.
"""

import json
import os
import shutil
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from sqlalchemy import Table, select
from sqlalchemy.orm import Session

from sessions.files import written_whole
from sessions.store.migrate import HEAD
from sessions.store.pictures import PictureFolder
from sessions.store.tables import AboutRow, Base, PicturesRow, SessionRow, TrackRow

SCHEMA: Final = "tstroke.store/1"
MANIFEST: Final = "tstroke-store.json"

TRACKS: Final = ("paths", "landmarks")

TABLES: Final[tuple[Table, ...]] = tuple(
    table
    for table in Base.metadata.sorted_tables
    if table.name not in (TrackRow.__tablename__, PicturesRow.__tablename__, AboutRow.__tablename__)
)
"""Those that are kept as JSON lines, what others refer to first."""


def export(
    session: Session, pictures: PictureFolder, path: Path, now: datetime, *, with_pictures: bool
) -> None:
    """Write the archive, whole or not at all, for nobody's eyes but the user's.

    Raises `OutputError` where it can't be written.
    """
    with (
        written_whole(path) as part,
        open(part, "wb", opener=_private) as file,
        ZipFile(file, "w", ZIP_DEFLATED) as archive,
    ):
        about = {"schema": SCHEMA, "tables": HEAD, "exported": now.isoformat()}
        archive.writestr(MANIFEST, json.dumps(about, indent=1) + "\n")
        for table in TABLES:
            _write_table(session, archive, table)
        _write_tracks(session, archive)
        if with_pictures:
            _write_pictures(session, pictures, archive)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _write_table(session: Session, archive: ZipFile, table: Table) -> None:
    chosen = select(table).order_by(*table.primary_key.columns)
    with archive.open(f"tables/{table.name}.jsonl", "w") as lines:
        for row in session.execute(chosen.execution_options(yield_per=1000)).mappings():
            lines.write(_line(dict(row)))


def _write_tracks(session: Session, archive: ZipFile) -> None:
    for session_id in session.scalars(select(SessionRow.id).order_by(SessionRow.id)):
        track = session.get_one(TrackRow, session_id)
        for name in TRACKS:
            data = getattr(track, name)
            if data is not None:
                # Parquet is compressed already.
                archive.writestr(f"tracks/{session_id}.{name}.parquet", data, ZIP_STORED)
        session.expunge(track)


def _write_pictures(session: Session, pictures: PictureFolder, archive: ZipFile) -> None:
    kept = list(_kept(session, pictures))
    with archive.open("tables/pictures.jsonl", "w") as lines:
        for row, _ in kept:
            lines.write(_line(row))
    for _, path in kept:
        member = ZipInfo(f"pictures/{path.name}")
        with path.open("rb") as source, archive.open(member, "w", force_zip64=True) as target:
            shutil.copyfileobj(source, target, 1 << 20)


def _kept(session: Session, pictures: PictureFolder) -> Iterator[tuple[dict[str, Any], Path]]:
    """The recordings that lie on this machine."""
    table = Base.metadata.tables[PicturesRow.__tablename__]
    for row in session.execute(select(table)).mappings():
        found = pictures.of(session, row["session_id"])
        if found is not None:
            yield dict(row), found.path


def _line(row: dict[str, Any]) -> bytes:
    text = json.dumps(row, ensure_ascii=False, allow_nan=False, default=_time)
    return text.encode() + b"\n"


def _time(value: object) -> str:
    if isinstance(value, date):  # A moment is one too.
        return value.isoformat()
    raise TypeError(f"{value!r} is nothing that JSON knows.")
