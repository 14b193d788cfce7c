"""What the server does by itself: at its start, from time to time, and at its end.

A page that nobody opens reminds nobody of a day: here it is kept all the same.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Final

from starlette.concurrency import run_in_threadpool

from sessions.data_folder import data_folder
from ui.review_files import passing_folder
from ui.review_records import remove_passing
from vision.errors import CoachError

FIRST_S: Final = 20.0
"""After the start: the first page comes first."""

EVERY_S: Final = 3600.0

_log: Final = logging.getLogger(__name__)


def begin() -> None:
    """Take over what a program has left that was killed."""
    # All that reviews takes its time to import, and mostly nothing is there.
    if any(passing_folder().glob("*")):
        from ui.review_restart import take_over

        take_over()


async def keep_house() -> None:
    """Tidy up for as long as the server runs."""
    await asyncio.sleep(FIRST_S)
    while True:
        await run_in_threadpool(tidy)
        await asyncio.sleep(EVERY_S)


def end() -> None:
    """Leave nothing but recordings that wait for their review."""
    remove_passing()


def tidy() -> None:
    """Forget what is due, and remove what nobody asks for any more."""
    for part in (_sessions, _passing):
        _try(part)


def _try(act: Callable[[], None]) -> None:
    try:
        act()
    except (CoachError, OSError) as error:
        # The next time may do; a page that needs the same tells why it can't have it.
        _log.warning("%s", error)


def _sessions() -> None:
    from sessions.store import unfinished
    from ui.store_handle import forget_due, now, store

    opened = store()
    forget_due(opened)
    unfinished.sweep(opened, data_folder(), now())


def _passing() -> None:
    from ui.review_queue import QUEUE
    from ui.review_uploads import ARCHIVES, UPLOADS

    for kept in (UPLOADS, ARCHIVES, QUEUE):
        kept.sweep()
    begin()
