"""Takes in an archive of another store, which may be older, cut off, or made to do harm.

It is read into a store of its own first, in a folder that is thrown away, stepped up to this
program's version of the tables there, and every session in it is read as the program would read it.
Only then is what is new copied, in one transaction; recordings are moved last.
"""

import math
import re
import shutil
import stat
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from datetime import UTC, date, datetime
from io import BufferedReader, FileIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from sqlalchemy import JSON, URL, Column, MetaData, Table, insert, select
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from sessions.store.archive import MANIFEST, SCHEMA, TRACKS
from sessions.store.database import Database
from sessions.store.errors import StoreError
from sessions.store.folder import LEFT_OVER_S, age_s
from sessions.store.merging import insert_all, merge
from sessions.store.migrate import HEAD, migrate, versions
from sessions.store.notes import comments_of, corrections_of
from sessions.store.parquet import landmarks_from_parquet
from sessions.store.pictures import FILE_NAME, Brought, PictureFolder
from sessions.store.rows import calibration_of, cues_of, review_of
from sessions.store.tables import JudgementRow, PicturesRow, SessionRow, TrackRow
from sessions.store.texts import clean_text
from sessions.store.values import Imported
from vision.errors import CoachError
from vision.strict_json import strict_json

MEMBER: Final = re.compile(
    r"tstroke-store\.json|tables/[a-z]{1,30}\.jsonl"
    r"|tracks/[0-9a-f]{32}\.(paths|landmarks)\.parquet"
    rf"|pictures/{FILE_NAME.pattern}"
)
"""The names of all that an archive may hold."""

ID: Final = re.compile(r"[0-9a-f]{32}")
IDS: Final = frozenset({"id", "session_id", "author_id", "learner_id"})

STAGE: Final = ".import-"

BROKEN: Final = (BadZipFile, zlib.error, EOFError, RuntimeError)
"""What a cut-off, changed or locked archive gives rise to; the last is how `zipfile` says locked,
and Python that something is nested too deep."""

WRONG: Final = (ValueError, TypeError, LookupError)
"""What gives rise to values that are none of a store's."""

LARGEST_MANIFEST: Final = 10_000
LARGEST_LINE: Final = 16 << 20
LARGEST_TRACKS: Final = 256 << 20
"""Bytes; the hands of an hour take some ten million."""

MOST_MEMBERS: Final = 500_000
"""Of an archive: two for a session, one for a recording."""
LARGEST_LIST: Final = 64 << 20
"""Bytes of the list of members, which is held in memory as a whole."""
LARGEST_PACKED: Final = 1 << 20
MOST_UNPACKED: Final = 200
"""A member larger than `LARGEST_PACKED` may unpack to so many times its bytes; rows of one kind
come to 30 times, and zeros that are to fill a disk to 1000 times."""

LARGEST_INT: Final = 2**31 - 1


def take_in(
    path: Path, database: Database, pictures: PictureFolder, folder: Path, today: date
) -> Imported:
    """Copy what an archive has and the database has not: all of that, or nothing.

    Recordings come along with new sessions, unless the day to forget them has come. Raises
    `StoreError`.
    """
    with (
        opened_archive(path) as archive,
        TemporaryDirectory(prefix=STAGE, dir=folder) as made,
        closing(read_into_stage(path, archive, Path(made))) as stage,
        stage.reading() as source,
        ExitStack() as held,
    ):
        wanted = _wanted_pictures(source, archive, database, today)
        brought = [held.enter_context(_bringing(pictures, archive, row)) for row in wanted]
        with database.writing() as target:
            imported, new = merge(source, target)
            coming = [recording for recording in brought if recording.session_id in new]
            for recording in coming:
                pictures.take(target, recording)
        return replace(imported, pictures=len(coming))


def _wanted_pictures(
    source: Session, archive: ZipFile, database: Database, today: date
) -> list[PicturesRow]:
    """Recordings that are in the archive, of sessions that the database has not."""
    with database.reading() as target:
        there = frozenset(target.scalars(select(SessionRow.id)))
    names = set(archive.namelist())
    return [
        row
        for row in source.scalars(select(PicturesRow))
        if row.session_id not in there
        and row.forget_on > today
        and f"pictures/{row.file}" in names
        and row.file.startswith(f"{row.session_id}.{row.forget_on}")
    ]


@contextmanager
def _bringing(pictures: PictureFolder, archive: ZipFile, row: PicturesRow) -> Iterator[Brought]:
    suffix = Path(row.file).suffix
    try:
        with (
            archive.open(f"pictures/{row.file}") as file,
            pictures.bringing(row.session_id, row.forget_on, suffix, file) as brought,
        ):
            yield brought
    except BROKEN as error:
        raise damaged(Path(archive.filename or ""), str(error)) from error


def sweep_stages(folder: Path, now: datetime) -> None:
    """Delete what an import left that was killed. Raises `StoreError`."""
    for path in folder.glob(f"{STAGE}*"):
        if age_s(path, now) > LEFT_OVER_S:
            try:
                shutil.rmtree(path)
            except OSError as error:
                raise StoreError(
                    "The folder {path} of an import that was cut off can't be deleted "
                    "({reason}); delete it by hand.",
                    key="error.import_left",
                    path=path,
                    reason=error.strerror,
                ) from error


@contextmanager
def opened_archive(path: Path) -> Iterator[ZipFile]:
    """The archive, of which every member is one that may be there. Raises `StoreError`."""
    with ExitStack() as held:
        try:
            file = held.enter_context(_Listed(FileIO(path)))
            archive = held.enter_context(ZipFile(file))
        except (OSError, BadZipFile, NotImplementedError) as error:
            reason = getattr(error, "strerror", None) or str(error)
            raise StoreError(
                "{path} is no archive of sessions that can be read ({reason}); choose the "
                "file that 'tstroke store export' wrote.",
                key="error.no_archive",
                path=path,
                reason=reason,
            ) from error
        file.most = None
        members = archive.infolist()
        if not all(_may_be_there(member) for member in members) or _has_twins(members):
            raise damaged(path, "it holds files that no export writes")
        if any(member.header_offset < 0 for member in members):
            raise damaged(path, "its beginning is missing")
        if len(members) > MOST_MEMBERS or any(map(_swells, members)):
            raise damaged(path, "it unpacks to more than a store can hold")
        yield archive


class _Listed(BufferedReader):
    """A file of which, until `most` is None, no more is read at once than a list may take."""

    most: int | None = LARGEST_LIST

    def read(self, size: int | None = -1, /) -> bytes:
        """Raises `BadZipFile` where more is asked for."""
        if self.most is not None and size is not None and size > self.most:
            raise BadZipFile("its list of files is too long")
        return super().read(size)


def _swells(member: ZipInfo) -> bool:
    most = max(LARGEST_PACKED, MOST_UNPACKED * member.compress_size)
    return member.file_size > most or member.compress_type not in (ZIP_STORED, ZIP_DEFLATED)


def _may_be_there(member: ZipInfo) -> bool:
    linked = stat.S_ISLNK(member.external_attr >> 16)
    # As it stands there: the name itself ends where a NUL hides the rest.
    return MEMBER.fullmatch(member.orig_filename) is not None and not linked


def _has_twins(members: list[ZipInfo]) -> bool:
    return len({member.filename for member in members}) < len(members)


def damaged(path: Path, why: str) -> StoreError:
    """What to say of an archive that can't be taken in."""
    reason = why.strip().partition("\n")[0][:160]
    return StoreError(
        "{file} can't be imported ({reason}), so nothing of it was; export it anew "
        "where it came from.",
        key="error.not_imported",
        file=path.name,
        reason=reason,
    )


def read_into_stage(path: Path, archive: ZipFile, folder: Path) -> Database:
    """A store of the archive's own in `folder`, at this program's version and read throughout.

    The caller closes it. Raises `StoreError`.
    """
    version = _version(path, archive)
    _need_space(path, archive, folder)
    stage = Database(URL.create("sqlite", database=str(folder / "stage.sqlite3")))
    try:
        migrate(stage, version)
        with stage.writing() as session:
            _fill(session, archive)
        migrate(stage, HEAD)
        with stage.reading() as session:
            _read_all(session)
    except (*BROKEN, *WRONG, SQLAlchemyError, CoachError) as error:
        stage.close()
        raise damaged(path, str(error)) from error
    return stage


def _version(path: Path, archive: ZipFile) -> str:
    """Of the tables in the archive."""
    try:
        about = strict_json(_read(archive, MANIFEST, LARGEST_MANIFEST))
        schema, version = about["schema"], about["tables"]
    except (*BROKEN, *WRONG) as error:
        raise damaged(path, "it does not say what it is") from error
    if schema != SCHEMA or version not in versions():
        raise StoreError(
            "{file} was exported by a newer version of this program than this one; "
            "update this program, and import it then.",
            key="error.archive_newer",
            file=path.name,
        )
    return str(version)


def _need_space(path: Path, archive: ZipFile, folder: Path) -> None:
    needed = sum(member.file_size for member in archive.infolist())
    # Once in the stage, once in the store, and some room to work in.
    if 3 * needed > shutil.disk_usage(folder).free:
        raise StoreError(
            "There is too little free space to import {file}, which holds "
            "{megabytes:.0f} MB; make room, and try again.",
            key="error.no_room",
            file=path.name,
            megabytes=needed / 1e6,
        )


def _read(archive: ZipFile, name: str, most: int) -> bytes:
    """A member's bytes. Raises `KeyError` or `ValueError`."""
    if archive.getinfo(name).file_size > most:
        raise ValueError(f"{name} is too large")
    return archive.read(name)


def _fill(session: Session, archive: ZipFile) -> None:
    """All rows of the archive, as its own version of the tables has them."""
    found = MetaData()
    found.reflect(session.connection())
    names = set(archive.namelist())
    for table in found.sorted_tables:
        _know_nothing(table)
        if table.name == TrackRow.__tablename__:
            _fill_tracks(session, archive, table, found.tables[SessionRow.__tablename__])
        elif (name := f"tables/{table.name}.jsonl") in names:
            insert_all(session, table, _rows(archive, name, table))


def _know_nothing(table: Table) -> None:
    """What is missing is missing in columns of JSON too, and no JSON that says so."""
    for column in table.columns:
        if isinstance(column.type, JSON):
            column.type = JSON(none_as_null=True)


def _fill_tracks(session: Session, archive: ZipFile, tracks: Table, sessions: Table) -> None:
    names = set(archive.namelist())
    for session_id in session.scalars(select(sessions.c.id)).all():
        members = {name: f"tracks/{session_id}.{name}.parquet" for name in TRACKS}
        data = {
            name: _read(archive, member, LARGEST_TRACKS)
            for name, member in members.items()
            if member in names
        }
        session.execute(insert(tracks), {"session_id": session_id, **data})


def _rows(archive: ZipFile, name: str, table: Table) -> Iterator[dict[str, Any]]:
    with archive.open(name) as lines:
        while line := lines.readline(LARGEST_LINE):
            row = strict_json(line)
            if not isinstance(row, Mapping) or set(row) != set(table.columns.keys()):
                raise ValueError(f"a line of {name} has other columns")
            yield {column.name: _value(column, row[column.name]) for column in table.columns}


def _value(column: Column[Any], value: Any) -> Any:
    """The value as the column has it. Raises `ValueError` where it can be none of its."""
    if value is None:
        return None
    kind = column.type.python_type
    # Files are named by a session's id.
    if column.name in IDS and not ID.fullmatch(_of_type(column, value, str)):
        raise ValueError(f"{column.name} is no id")
    if kind in _CONVERTERS:
        return _CONVERTERS[kind](column, value)
    return _of_type(column, value, kind) if kind is bool else value


def _of_type(column: Column[Any], value: Any, kind: type[Any]) -> Any:
    if type(value) is not kind:
        raise ValueError(f"{column.name} is no {kind.__name__}")
    return value


def _whole(column: Column[Any], value: Any) -> int:
    if abs(_of_type(column, value, int)) > LARGEST_INT:
        raise ValueError(f"{column.name} is too large")
    return int(value)


def _number(column: Column[Any], value: Any) -> float:
    number = float(value) if type(value) is int else float(_of_type(column, value, float))
    if not math.isfinite(number):
        raise ValueError(f"{column.name} is no number")
    return number


def _moment(column: Column[Any], value: Any) -> datetime:
    moment = datetime.fromisoformat(_of_type(column, value, str))
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


def _day(column: Column[Any], value: Any) -> date:
    return date.fromisoformat(_of_type(column, value, str))


def _text(column: Column[Any], value: Any) -> str:
    return clean_text(_of_type(column, value, str))


_CONVERTERS: Final[Mapping[type[Any], Callable[[Column[Any], Any], Any]]] = {
    int: _whole,
    float: _number,
    datetime: _moment,
    date: _day,
    str: _text,
}


def _read_all(session: Session) -> None:
    """Read every session as the store would, so that nothing comes in that can't come out."""
    for session_id in session.scalars(select(SessionRow.id)).all():
        row = session.get_one(SessionRow, session_id)
        review_of(session, row, session.get_one(JudgementRow, (row.id, row.judgement)))
        calibration_of(row)
        cues_of(row)
        comments_of(session, session_id)
        corrections_of(session, session_id)
        landmarks = session.get_one(TrackRow, session_id).landmarks
        if (landmarks is not None) != row.has_landmarks:
            raise ValueError("the hands of a session are missing")
        if landmarks is not None:
            landmarks_from_parquet(landmarks)
        session.expunge_all()
