"""Recordings that were kept because somebody asked for it, and how they are really deleted."""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import IO, BinaryIO, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sessions.store.errors import StoreError
from sessions.store.folder import LEFT_OVER_S, age_s, private_folder
from sessions.store.lines import session_row
from sessions.store.tables import PicturesRow
from sessions.store.values import Pictures

FOLDER: Final = "pictures"

SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")

FILE_NAME: Final = re.compile(r"[0-9a-f]{32}\.(\d{4}-\d\d-\d\d)(?:\.[a-z0-9]{1,8})?")
"""The session and the day on which it is forgotten: that is kept though the database were lost."""


@dataclass(frozen=True, slots=True)
class Brought:
    """A recording on its way in."""

    session_id: str
    forget_on: date
    part: Path
    target: Path


class PictureFolder:
    """The recordings of one store, one file for each session that has any.

    Stores that share a folder, such as a file and a server, have folders of their own in it: to one
    of them the recordings of another would belong to no session.
    """

    def __init__(self, folder: Path, store_id: str) -> None:
        self._all: Final = folder / FOLDER
        self._folder: Final = self._all / store_id

    @contextmanager
    def bringing(
        self, session_id: str, forget_on: date, suffix: str, source: IO[bytes]
    ) -> Iterator[Brought]:
        """Copy a recording to a temporary file beside the others, which `take` makes one of them.

        The copy takes its time, so this goes around the transaction. Where that fails, nothing of
        it stays. Raises `StoreError`.
        """
        known = suffix.lower() if SUFFIX.fullmatch(suffix.lower()) else ""
        private_folder(self._all)
        target = private_folder(self._folder) / f"{session_id}.{forget_on}{known}"
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            with open(part, "wb", opener=_private) as copy:
                shutil.copyfileobj(source, copy, 1 << 20)
                copy.flush()
                os.fsync(copy.fileno())
            yield Brought(session_id, forget_on, part, target)
        except BaseException as error:
            if not part.exists():
                target.unlink(missing_ok=True)
            if not isinstance(error, OSError):
                raise
            raise StoreError(
                "The recording can't be kept in {folder} ({reason}); see to the free "
                "space and the rights of the folder, and try again.",
                key="error.keep_failed",
                folder=self._folder,
                reason=error.strerror,
            ) from error
        finally:
            part.unlink(missing_ok=True)

    def take(self, session: Session, brought: Brought) -> Pictures:
        """Make what was brought the session's recording, in place of the one it had."""
        session_row(session, brought.session_id)
        self.forget(session, brought.session_id)
        session.add(
            PicturesRow(
                session_id=brought.session_id,
                file=brought.target.name,
                forget_on=brought.forget_on,
            )
        )
        session.flush()
        brought.part.replace(brought.target)
        return Pictures(brought.target, brought.forget_on)

    def of(self, session: Session, session_id: str) -> Pictures | None:
        """The session's recording; None where none was kept, or not on this machine."""
        row = session.get(PicturesRow, session_id)
        if row is None:
            return None
        path = self._folder / row.file
        return Pictures(path, row.forget_on) if path.is_file() else None

    def forget(self, session: Session, *session_ids: str) -> None:
        """Delete the files, then the rows. Raises `StoreError` where a file can't be deleted."""
        chosen = select(PicturesRow).where(PicturesRow.session_id.in_(session_ids))
        for row in session.scalars(chosen):
            self._delete(self._folder / row.file)
            session.delete(row)
        session.flush()

    def due(self, session: Session, today: date) -> tuple[str, ...]:
        """Sessions whose recordings are to be forgotten by now."""
        chosen = select(PicturesRow.session_id).where(PicturesRow.forget_on <= today)
        return tuple(session.scalars(chosen))

    def sweep(self, session: Session, now: datetime, today: date) -> None:
        """Delete files that belong to no session: of a copy that was cut off, or of a session that
        was deleted from another machine; and those of any store whose day has come.

        Raises `StoreError`.
        """
        known = set(session.scalars(select(PicturesRow.file)))
        for path in self._all.glob("*/*"):
            strange = path.parent == self._folder and path.name not in known
            if (strange and age_s(path, now) > LEFT_OVER_S) or _is_due(path, today):
                self._delete(path)

    def _delete(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                "The recording {path} can't be deleted ({reason}); close what shows "
                "it, and try again, or delete it by hand.",
                key="error.not_deleted",
                path=path,
                reason=error.strerror,
            ) from error


def _is_due(path: Path, today: date) -> bool:
    named = FILE_NAME.fullmatch(path.name)
    # Days in this form are in order as they are as texts.
    return named is not None and named[1] <= today.isoformat()


def opened_recording(path: Path) -> BinaryIO:
    """The recording, to be copied. Raises `StoreError`."""
    try:
        return path.open("rb")
    except OSError as error:
        raise StoreError(
            "The recording {path} can't be read ({reason}); choose one that can.",
            key="error.keep_unreadable",
            path=path,
            reason=error.strerror,
        ) from error


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
