"""What a browser tab holds survives a reload of its page.

Streamlit begins a new session at every load, so what a session holds is lost with a reload, and a
running count with it. Here it lies in the process instead, under a secret of its own that only the
tab's session storage knows. That is no cache for many: a secret is as unguessable as Streamlit's
own session names, is given to one page at a time (a copied tab gets nothing while the first one is
open), and what has had no page for `KEEP_S` is closed and dropped.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Generic, Protocol, TypeVar

from streamlit import runtime

KEEP_S: Final = 600.0
"""A page that was closed by mistake is back by then, and a session of ten minutes ago is stale."""

SWEEP_S: Final = 60.0


class Closable(Protocol):
    """What a tab holds: it can be given back."""

    def close(self) -> None:
        """Give everything back."""


Held = TypeVar("Held", bound=Closable)


@dataclass(slots=True)
class _Place(Generic[Held]):
    held: Held
    page: str
    """The Streamlit session that shows it."""
    seen_s: float


class Tabs(Generic[Held]):
    """What all open tabs hold, by secret. Its own lock guards the list, never what is held."""

    def __init__(
        self,
        is_open: Callable[[str], bool],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_open = is_open
        self._clock = clock
        self._lock = threading.Lock()
        self._places: dict[str, _Place[Held]] = {}
        self._timer: threading.Timer | None = None

    def __len__(self) -> int:
        return len(self._places)

    def add(self, held: Held, page: str) -> str:
        """Keep this for a page; gives back the secret under which it lies."""
        secret = secrets.token_urlsafe(24)
        with self._lock:
            self._places[secret] = _Place(held, page, self._clock())
            self._wake()
        return secret

    def is_taken(self, secret: str, page: str) -> bool:
        """True while another page shows what lies under this secret."""
        place = self._places.get(secret)
        return place is not None and place.page != page and self._is_open(place.page)

    def claim(self, secret: str, page: str) -> Held | None:
        """What lies under this secret, for this page from now on; None for nothing or not yours."""
        with self._lock:
            place = self._places.get(secret)
            if place is None or (place.page != page and self._is_open(place.page)):
                return None
            place.page, place.seen_s = page, self._clock()
            return place.held

    def drop(self, secret: str) -> None:
        """Close what lies under this secret."""
        with self._lock:
            place = self._places.pop(secret, None)
        if place is not None:
            place.held.close()

    def sweep(self) -> None:
        """Close and drop what has had no page for too long."""
        now_s = self._clock()
        with self._lock:
            for place in self._places.values():
                if self._is_open(place.page):
                    place.seen_s = now_s
            stale = [
                secret for secret, place in self._places.items() if now_s - place.seen_s > KEEP_S
            ]
        for secret in stale:
            self.drop(secret)

    def _wake(self) -> None:
        """Sweep from time to time while there is anything to sweep."""
        if self._timer is None:
            self._timer = threading.Timer(SWEEP_S, self._sweep_on)
            self._timer.daemon = True
            self._timer.start()

    def _sweep_on(self) -> None:
        self.sweep()
        with self._lock:
            self._timer = None
            if self._places:
                self._wake()


def page_is_open(page: str) -> bool:
    """True while the browser of this Streamlit session is connected."""
    return runtime.exists() and runtime.get_instance().is_active_session(page)
