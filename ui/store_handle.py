"""The store of sessions, one for the process, and what a page does when it can't be used."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from sessions.store.store import Store, open_store
from ui.calibration_store import data_folder
from ui.review_queue import QUEUE
from ui.shell import notice
from vision.errors import CoachError

ADDRESS: Final = "TSTROKE_DATABASE_URL"

_lock: Final = threading.Lock()
_open: Final[dict[tuple[Path, str], Store]] = {}
_tidied: Final[dict[Store, date]] = {}


def store() -> Store:
    """The store of this process, opened on first use, and rid daily of pictures whose day has come.

    Raises StoreError.
    """
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


def forget_due(opened: Store) -> None:
    """Rid the store, and all that passes through, of pictures whose day has come.

    Raises StoreError.
    """
    for session_id in opened.forget_due(now().date()):
        QUEUE.forget_session(session_id)


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
