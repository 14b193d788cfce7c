"""The store of sessions, one for the process, and what a page does when it can't be used."""

import os
import threading
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final
from weakref import WeakSet

from sessions.data_folder import data_folder
from sessions.store.values import SessionFilter
from ui.review_files import TemporaryFolder
from ui.review_queue import QUEUE
from ui.shell import notice
from vision.errors import CoachError

if TYPE_CHECKING:
    from sessions.store.store import Store

ADDRESS: Final = "TSTROKE_DATABASE_URL"

_lock: Final = threading.Lock()
_open: "Final[dict[tuple[Path, str], Store]]" = {}
_tidied: "Final[dict[Store, date]]" = {}
_asked: Final = threading.Event()
_copies: Final[WeakSet[TemporaryFolder]] = WeakSet()


def store() -> "Store":
    """The store of this process, opened on first use, and rid daily of pictures whose day has come.

    Raises StoreError.
    """
    # With it comes all of the database, which the first page needs only after a cut-off session.
    from sessions.store.store import open_store

    _asked.set()
    place = (data_folder(), os.environ.get(ADDRESS, ""))
    with _lock:
        opened = _open.get(place)
        if opened is None:
            opened = _open[place] = open_store(folder=place[0], now=now)
        today = now().date()
        first = _tidied.get(opened) != today
        _tidied[opened] = today
    if first:
        forget_due(opened)
    return opened


def was_asked_for() -> bool:
    """Whether anything of this process has used the store yet, or tried to."""
    return _asked.is_set()


def holds_copies(folder: TemporaryFolder) -> None:
    """What lies in there goes as soon as anything of the store is to be forgotten."""
    _copies.add(folder)


def forget_due(opened: "Store") -> None:
    """Rid the store, and all that passes through, of pictures whose day has come.

    Raises StoreError.
    """
    _forget_copies(opened.forget_due(now().date()))


def forget_pictures(session_id: str) -> None:
    """Delete a session's pictures, and every copy of them. Raises StoreError."""
    store().forget_pictures(session_id)
    _forget_copies([session_id])


def delete_session(session_id: str) -> None:
    """Delete everything of a session, and every copy of it. Raises StoreError."""
    store().delete_session(session_id)
    _forget_copies([session_id])


def delete_person(person_id: str) -> None:
    """Delete somebody with their sessions, and every copy of these. Raises StoreError."""
    theirs = store().sessions(SessionFilter(learner_id=person_id))
    store().delete_person(person_id)
    _forget_copies([line.id for line in theirs])


def _forget_copies(session_ids: Collection[str]) -> None:
    for session_id in session_ids:
        QUEUE.forget_session(session_id)
    for folder in list(_copies) if session_ids else ():
        folder.remove()


def now() -> datetime:
    """The store's clock."""
    return datetime.now(UTC)


@contextmanager
def problems_told() -> Iterator[None]:
    """Turn what went wrong into one sentence in its place; the rest of the page goes on."""
    try:
        yield
    except CoachError as error:
        notice(error.sentence)
