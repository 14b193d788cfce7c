"""Giving memory back to the system when a session or a connection is over.

glibc keeps what a thread has freed for that thread's own use, in up to eight pools for each core,
and the larger the pieces that are freed, the more it keeps. A hand model is loaded anew for each
session, by threads of its own: each pool that it has passed through kept some 40 MB.
"""

import ctypes
import gc
import sys
import threading
from collections.abc import Callable
from functools import cache
from typing import Final

POOLS: Final = 2
LARGE_BYTES: Final = 4 * 1024**2
"""Pieces from here on go back to the system at once: a model's, but no picture's of a webcam."""

_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
"""As in glibc's malloc.h."""

LEFT_S: Final = 3.0
"""So long after its end nothing holds on to a connection any more."""


@cache
def keep_little() -> None:
    """Let this process keep little of what it has freed, from now on."""
    mallopt = _of_glibc("mallopt")
    if mallopt is not None:
        mallopt(_M_ARENA_MAX, POOLS)
        mallopt(_M_MMAP_THRESHOLD, LARGE_BYTES)


def tidy_up_soon() -> None:
    """Search for what is left behind, and give it back, in a thread of its own.

    Connections and codecs refer to themselves: without a search through the memory, which no run of
    a page makes, they would stay for long.
    """
    search = threading.Timer(LEFT_S, _tidy_up)
    search.daemon = True
    search.start()


def _tidy_up() -> None:
    gc.collect()
    trim = _of_glibc("malloc_trim")
    if trim is not None:
        trim(0)


def _of_glibc(name: str) -> Callable[..., int] | None:
    """A function of the C library; None where there is another one, which needs no help."""
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), name, None)
