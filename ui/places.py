"""How many practise at once on this machine: each live session needs a place.

A place is held by a token that says nothing of who holds it. It is given back when a session ends;
one whose camera sends nothing any more is given to whoever waits, after `KEEP_S`.
"""

import os
import threading
import time
from collections.abc import Callable, Mapping
from functools import cache
from typing import Final
from weakref import WeakKeyDictionary

from vision.errors import CoachError

VARIABLE: Final = "TSTROKE_LIVE_SESSIONS"

CORES_A_SESSION: Final = 1.0
"""Of 15 pictures a second one session takes 0.55 of a core. Two on two cores get 14.8 a second, 100
ms late at the 95th percentile; a third one makes that 138 ms."""

MOST_BY_ITSELF: Final = 4
"""All sessions share one process and its interpreter lock, so more cores help no more: who knows a
larger machine better says so."""

HIGHEST: Final = 1000

KEEP_S: Final = 30.0
"""A reload, or a cable that was pulled out, is back by then."""


class LiveSessionsError(CoachError):
    """The setting is no number of sessions."""


class Token:
    """Stands for one tab."""


class Places:
    """Who has a place. Safe for several threads; asks nobody else, so it never waits for long."""

    def __init__(self, most: int, clock: Callable[[], float] = time.monotonic) -> None:
        self.most: Final = most
        self._clock = clock
        self._lock = threading.Lock()
        # A tab that nobody knows of any more has no place either.
        self._held: WeakKeyDictionary[Token, float] = WeakKeyDictionary()

    def hold(self, token: Token) -> bool:
        """Take a place, or keep it: true while this token has one. To be asked at each picture."""
        with self._lock:
            if token not in self._held and self._full():
                return False
            self._held[token] = self._clock()
            return True

    def is_free_for(self, token: Token) -> bool:
        """Whether `hold` would give one."""
        with self._lock:
            return token in self._held or not self._full()

    def give_back(self, token: Token) -> None:
        """Let somebody else have it. May be called twice."""
        with self._lock:
            self._held.pop(token, None)

    def _full(self) -> bool:
        if len(self._held) < self.most:
            return False
        now_s = self._clock()
        for token in [each for each, at_s in self._held.items() if now_s - at_s > KEEP_S]:
            del self._held[token]
        return len(self._held) >= self.most


def most_at_once(environment: Mapping[str, str] | None = None) -> int:
    """How many may practise at once: as configured, else what this machine's cores carry.

    Raises LiveSessionsError with one sentence on what is wrong.
    """
    value = (os.environ if environment is None else environment).get(VARIABLE, "").strip()
    if not value:
        return most_on(cores())
    if not (value.isascii() and value.isdecimal() and 1 <= int(value[:9]) <= HIGHEST):
        raise LiveSessionsError(
            "{variable} can't be used, because {value} is no whole number from 1 to {highest}: "
            "say how many may practise at once, or unset it to go by the number of cores.",
            key="error.live_sessions",
            variable=VARIABLE,
            value=repr(value[:40]),
            highest=HIGHEST,
        )
    return int(value)


def most_on(cores: int) -> int:
    """How many sessions so many cores carry."""
    return max(1, min(int(cores / CORES_A_SESSION), MOST_BY_ITSELF))


def cores() -> int:
    """Cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


@cache
def places() -> Places:
    """One for the process: nobody else knows of all who practise."""
    try:
        return Places(most_at_once())
    except LiveSessionsError:  # The page says so.
        return Places(most_on(cores()))
