"""Giving memory back to the system when a session or a connection is over."""

import ctypes
import gc
import sys
import threading
from typing import Final

LEFT_S: Final = 3.0
"""So long after its end nothing holds on to a connection any more."""


def tidy_up_soon() -> None:
    """Search for what is left behind, and give it back, in a thread of its own.

    Connections and codecs refer to themselves: without a search through the memory, which no run of
    a page makes, they would stay for long. And what many threads have freed, models and pictures of
    some 40 MB a session, the C library keeps for each of them, unless it is told not to.
    """
    search = threading.Timer(LEFT_S, _tidy_up)
    search.daemon = True
    search.start()


def _tidy_up() -> None:
    gc.collect()
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:  # glibc's own; others give back by themselves.
            trim(0)
