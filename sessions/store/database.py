"""The connection to SQLite or PostgreSQL: how it is opened, and what its failures mean in words."""

import os
import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from sessions.store.errors import StoreError

ENVIRONMENT_NAME: Final = "TSTROKE_DATABASE_URL"
"""Environment variable that names another database than the file in the user's data folder."""

FILE_NAME: Final = "sessions.sqlite3"

PATIENCE_S: Final = 10
"""So long another writer, or a server that does not answer, is waited for."""

LEAST_ROOM: Final = 1 << 17
"""Bytes; opening SQLite's log takes 32 kB, and the smallest change some pages."""

POSTGRESQL_DISK_FULL: Final = "53100"

WRITES: Final = "tstroke_writes"

SERVER_DRIVERS: Final = {"postgresql": "postgresql+psycopg", "postgres": "postgresql+psycopg"}


def chosen_url(url: str | None, folder: Path) -> URL:
    """The database that is asked for: `url`, else the environment's, else the user's own file.

    Raises `StoreError` where it is none of SQLite or PostgreSQL.
    """
    asked = url or os.environ.get(ENVIRONMENT_NAME, "").strip()
    if not asked:
        return URL.create("sqlite", database=str(folder / FILE_NAME))
    try:
        parsed = make_url(asked)
    except (ArgumentError, ValueError):
        raise _wrong_url() from None
    parsed = parsed.set(drivername=SERVER_DRIVERS.get(parsed.drivername, parsed.drivername))
    if parsed.drivername not in ("sqlite", *SERVER_DRIVERS.values()) or not parsed.database:
        raise _wrong_url()
    return parsed


def _wrong_url() -> StoreError:
    return StoreError(
        "{variable} names no database that can be used; write "
        "postgresql://USER:PASSWORD@HOST/DATABASE, or leave it out for a file of your "
        "own.",
        key="error.database_address",
        variable=ENVIRONMENT_NAME,
    )


class Database:
    """The engine with its pool, shared by all threads; each call takes a connection of its own."""

    def __init__(self, url: URL) -> None:
        self.url: Final = url
        with said(url):
            self._engine = _engine(url)
        self._writer = self._engine.execution_options(**{WRITES: True})
        # What is read in several queries shall be of one moment; SQLite's readers always are.
        level = {} if self.is_file else {"isolation_level": "REPEATABLE READ"}
        self._reader = self._engine.execution_options(**level)

    @property
    def is_file(self) -> bool:
        """Whether it is a file of SQLite's."""
        return self.url.get_backend_name() == "sqlite"

    def make_private(self) -> None:
        """Let nobody but the user read SQLite's file, nor those it keeps beside it."""
        if not self.is_file or not self.url.database:
            return
        path = Path(self.url.database)
        try:
            path.touch(mode=0o600)
            path.chmod(0o600)
        except OSError as error:
            raise _trouble(self.url, str(error.strerror)) from error

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A look at one state of the database. Raises `StoreError`."""
        with said(self.url), Session(self._reader) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction: all of it is done when it ends without an error, or nothing.

        Raises `StoreError`.
        """
        with said(self.url), Session(self._writer) as session, session.begin():
            yield session

    @contextmanager
    def changing_tables(self) -> Iterator[Connection]:
        """A transaction for migrations, one at a time among all processes. Raises `StoreError`."""
        with said(self.url), self._writer.connect() as connection:
            if self.is_file:
                # A table that is made anew must not take its children along. Inside of a
                # transaction this would do nothing.
                _raw(connection).execute("PRAGMA foreign_keys = OFF")
            try:
                with connection.begin():
                    if not self.is_file:
                        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(8402661)")
                    yield connection
            finally:
                connection.invalidate()

    def forget_deleted(self) -> None:
        """Let nothing that was deleted lie about in SQLite's log. Raises `StoreError`."""
        if self.is_file:
            with said(self.url), self._engine.connect() as connection:
                _raw(connection).execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()


def _raw(connection: Connection) -> sqlite3.Connection:
    raw = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _engine(url: URL) -> Engine:
    if url.get_backend_name() != "sqlite":
        wait = {"connect_timeout": PATIENCE_S}
        return create_engine(url, connect_args=wait, pool_pre_ping=True, pool_timeout=PATIENCE_S)
    engine = create_engine(url, connect_args={"timeout": PATIENCE_S})
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "begin", _begin)
    return engine


def _prepare(connection: sqlite3.Connection, _record: Any) -> None:
    # Python's own module begins transactions late, and never for a change of tables.
    connection.isolation_level = None
    _keep_log(connection)
    for setting in ("foreign_keys = ON", "secure_delete = ON"):
        connection.execute(f"PRAGMA {setting}")


def _keep_log(connection: sqlite3.Connection) -> None:
    # Where two programs change the mode of a new file at once, SQLite refuses one of them without
    # the wait that it was asked for, as both hold what the other needs.
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY
            if not busy or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _begin(connection: Connection) -> None:
    # A writer that begins as a reader is refused when another one came between.
    writes = connection.get_execution_options().get(WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


@contextmanager
def said(url: URL) -> Iterator[None]:
    """Say in one sentence what a database's error means."""
    try:
        yield
    except DBAPIError as error:
        raise _disk_full(url, error.orig) or _trouble(url, str(error.orig)) from error
    except sqlite3.Error as error:
        raise _disk_full(url, error) or _trouble(url, str(error)) from error
    except PoolTimeoutError as error:
        raise StoreError(
            "Too many ask for the sessions in {place} at once; try again in a moment.",
            key="error.store_overrun",
            place=_place(url),
        ) from error


def _place(url: URL) -> str:
    if url.get_backend_name() == "sqlite":
        return str(url.database)
    return f"{url.database} ({url.host or 'localhost'})"


def _disk_full(url: URL, error: BaseException | None) -> StoreError | None:
    """What to say where it is for want of room that a database failed; None where it is not."""
    if isinstance(error, sqlite3.Error):
        code = getattr(error, "sqlite_errorcode", 0) & 0xFF
        # Of a write that failed SQLite does not always know why.
        full = code == sqlite3.SQLITE_FULL or (
            code in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN) and not _has_room(url)
        )
    else:
        full = getattr(error, "sqlstate", None) == POSTGRESQL_DISK_FULL
    if not full:
        return None
    return StoreError(
        "The disk with the sessions in {place} is full, so nothing there was changed; make room on "
        "it, and try again.",
        key="error.disk_full",
        place=_place(url),
    )


def _has_room(url: URL) -> bool:
    try:
        return shutil.disk_usage(Path(str(url.database)).parent).free > LEAST_ROOM
    except OSError:
        return True


def _trouble(url: URL, said: str) -> StoreError:
    """What a database's own words mean for the user."""
    place, reason = _place(url), said.strip().partition("\n")[0]
    if url.get_backend_name() != "sqlite":
        return StoreError(
            "The sessions in {place} can't be read or written ({reason}); see whether the server "
            "runs and {variable} is right, and try again.",
            key="error.server_failed",
            place=place,
            reason=reason,
            variable=ENVIRONMENT_NAME,
        )
    if "locked" in reason or "busy" in reason:
        return StoreError(
            "Another program is writing in {place}; close it, or wait a moment and try again.",
            key="error.store_busy",
            place=place,
        )
    if "not a database" in reason or "malformed" in reason:
        return StoreError(
            "{place} is damaged or holds something else ({reason}); move it away, and import what "
            "you exported last.",
            key="error.store_damaged",
            place=place,
            reason=reason,
        )
    return StoreError(
        "The sessions in {place} can't be read or written ({reason}); see to the rights of its "
        "folder and the free space, and try again.",
        key="error.store_failed",
        place=place,
        reason=reason,
    )
