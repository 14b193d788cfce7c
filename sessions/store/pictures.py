"""Recordings that were kept because somebody asked for it, and how they are really deleted."""

import os
import re
import shutil
from datetime import date, datetime
from pathlib import Path
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from sessions.store.database import private_folder
from sessions.store.errors import StoreError
from sessions.store.lines import session_row
from sessions.store.tables import PicturesRow
from sessions.store.values import Pictures

FOLDER: Final = "pictures"

SUFFIX: Final = re.compile(r"\.[a-z0-9]{1,8}")

LEFT_OVER_S: Final = 3600.0
"""A file that belongs to no session and has not been touched for so long is the rest of a copy that
was cut off; a younger one may be on its way in."""


class PictureFolder:
    """The recordings in one folder, one file for a session that has any."""

    def __init__(self, folder: Path) -> None:
        self._folder: Final = folder / FOLDER

    def keep(self, session: Session, session_id: str, source: Path, forget_on: date) -> Path:
        """Copy a recording in, in place of the one that was there; gives its path.

        The caller's transaction decides whether it belongs to the session: a file of a transaction
        that failed belongs to none, and is swept. Raises `StoreError`.
        """
        session_row(session, session_id)
        suffix = source.suffix.lower() if SUFFIX.fullmatch(source.suffix.lower()) else ""
        target = private_folder(self._folder) / f"{session_id}{suffix}"
        part = target.with_name(f".{target.name}.{os.getpid()}.part")
        try:
            _copy(source, part)
            self.forget(session, session_id)
            session.add(PicturesRow(session_id=session_id, file=target.name, forget_on=forget_on))
            session.flush()
            part.replace(target)
        except OSError as error:
            raise StoreError(
                f"The recording {source.name} can't be kept in {self._folder} ({error.strerror}); "
                "see to the free space and the rights of the folder, and try again."
            ) from error
        finally:
            part.unlink(missing_ok=True)
        return target

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

    def sweep(self, session: Session, now: datetime) -> None:
        """Delete files that belong to no session: of a copy that was cut off, or of a session that
        was deleted from another machine. Raises `StoreError`."""
        if not self._folder.is_dir():
            return
        known = set(session.scalars(select(PicturesRow.file)))
        for path in self._folder.iterdir():
            if path.is_file() and path.name not in known and _age_s(path, now) > LEFT_OVER_S:
                self._delete(path)

    def _delete(self, path: Path) -> None:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise StoreError(
                f"The recording {path} can't be deleted ({error.strerror}); close what shows it, "
                "and try again, or delete it by hand."
            ) from error


def _copy(source: Path, part: Path) -> None:
    part.unlink(missing_ok=True)
    with source.open("rb") as original, open(part, "xb", opener=_private) as copy:
        shutil.copyfileobj(original, copy, 1 << 20)
        copy.flush()
        os.fsync(copy.fileno())


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _age_s(path: Path, now: datetime) -> float:
    try:
        return now.timestamp() - path.lstat().st_mtime
    except FileNotFoundError:  # Another process was faster.
        return 0.0
