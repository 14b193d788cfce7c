"""Keeps the memory of a process flat that loads hand models one after the other.

glibc gives many threads a heap each and keeps what was freed in it: with every lane of a long
recording a review grew by 20 MB and more. Elsewhere than with glibc nothing is done.
"""

import ctypes
from contextlib import suppress
from typing import Final

_ARENA_MAX: Final = -8
"""M_ARENA_MAX of glibc's malloc.h."""

_ARENAS: Final = 2


def share_heaps() -> None:
    """Let threads that start from now on share heaps."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_ARENA_MAX, _ARENAS)


def give_back() -> None:
    """Return to the system what is free."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).malloc_trim(0)
