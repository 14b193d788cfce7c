"""Loads what the first page is made of while the browser still fetches Streamlit's own part of it.

The server itself needs none of it, so it answers at once. What only a later click needs comes when
the page is drawn.
"""

import threading
import time
from contextlib import suppress
from importlib import import_module
from typing import Final

from vision.errors import CoachError

MODULES: Final = (
    "ui.live_session",
    "ui.scene_painter",
    "ui.session_practised",
    "ui.session_unfinished",
    "ui.calibration_store",
)
"""With what these import, nearly all that the page Practice imports.

Not streamlit-webrtc: a component of its kind is known to the server only where a page imports it.
"""

STORE_AFTER_S: Final = 1.5
"""Then the page is drawn, and the store is made ready for what is clicked on next."""

_begun: Final = threading.Event()
_loaded: Final = threading.Event()


def load_ahead() -> None:
    """Begin to load it, in a thread of its own."""
    _begun.set()
    threading.Thread(target=_load, name="first-page", daemon=True).start()


def wait_until_loaded() -> None:
    """Wait for it, where it was begun: it is not imported in two threads at once.

    Modules that know each other could else be seen half made.
    """
    if _begun.is_set():
        _loaded.wait()


def _load() -> None:
    try:
        for module in MODULES:
            import_module(module)
    finally:
        # What could not be imported the page imports again, and tells.
        _loaded.set()
    time.sleep(STORE_AFTER_S)
    _open_store()


def _open_store() -> None:
    from ui.store_handle import store

    # What is wrong with it is told by the pages that need it.
    with suppress(CoachError):
        store()
