"""How recordings and hands get from here to the player: by the server's own route, piece by piece.

Streamlit's own media files are held in memory as a whole; these stay on the disk. An address is a
secret of the page that was given it: nobody can guess it, and it leads nowhere once that page is
closed or shows something else in the same place. The server mounts `routes()`.
"""

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import BaseRoute, Route
from streamlit.runtime.scriptrunner import get_script_run_ctx

from ui.tabs import page_is_open

PREFIX: Final = "/player"

KEEP_S: Final = 120.0
"""So long Streamlit itself keeps a page that lost its connection."""

# Chromium plays MPEG-4 in QuickTime's clothes only under this name.
_TYPES: Final = {
    ".mp4": "video/mp4",
    ".m4v": "video/mp4",
    ".mov": "video/mp4",
    ".webm": "video/webm",
    ".mkv": "video/x-matroska",
    ".3gp": "video/3gpp",
    ".avi": "video/x-msvideo",
}
_BYTES: Final = "application/octet-stream"

_PRIVATE: Final = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}


@dataclass(slots=True)
class _Served:
    """Something that a page may fetch."""

    page: str
    place: str
    content: Path | bytes
    seen_s: float
    """When its page was open last, as far as anybody looked."""


class Shelf:
    """What open pages may fetch, by secret names.

    A page that lost its connection finds everything again when it is back within `KEEP_S`.
    """

    def __init__(
        self,
        is_open: Callable[[str], bool] = page_is_open,
        now_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._is_open = is_open
        self._now_s = now_s
        self._lock = threading.Lock()
        self._served: dict[str, _Served] = {}

    def put(self, page: str, place: str, content: Path | bytes) -> str:
        """The name under which `page` finds this; the same one while it stays in its place."""
        with self._lock:
            self._let_go()
            for name, served in list(self._served.items()):
                if (served.page, served.place) != (page, place):
                    continue
                if _same(served.content, content):
                    return name
                del self._served[name]
            name = secrets.token_urlsafe(24)
            self._served[name] = _Served(page, place, content, self._now_s())
            return name

    def _let_go(self) -> None:
        """Drop what belongs to pages that have been closed for long."""
        now_s = self._now_s()
        for name, served in list(self._served.items()):
            if self._is_open(served.page):
                served.seen_s = now_s
            elif now_s - served.seen_s > KEEP_S:
                del self._served[name]

    def find(self, name: str) -> Path | bytes | None:
        """What lies under a name; None where nothing does, or its page is closed."""
        served = self._served.get(name)
        if served is None or not self._is_open(served.page):
            return None
        content = served.content
        return None if isinstance(content, Path) and not content.is_file() else content


SHELF: Final = Shelf()
"""One for the process: the server's route knows no page."""


def address(place: str, content: Path | bytes) -> str:
    """Where this page finds a recording on the disk, or bytes. `place` is the spot on the page."""
    context = get_script_run_ctx(suppress_warning=True)
    page = "" if context is None else context.session_id
    return f"{PREFIX}/{SHELF.put(page, place, content)}"


def routes(shelf: Shelf = SHELF) -> list[BaseRoute]:
    """The server's route to what players fetch; parts of a recording are answered with parts."""

    async def give_out(request: Request) -> Response:
        content = shelf.find(request.path_params["name"])
        if content is None:
            return Response(status_code=404, headers=_PRIVATE)
        if isinstance(content, bytes):
            return Response(content, media_type=_BYTES, headers=_PRIVATE)
        kind = _TYPES.get(content.suffix.lower(), _BYTES)
        return FileResponse(content, media_type=kind, headers=_PRIVATE)

    return [Route(f"{PREFIX}/{{name}}", give_out, methods=["GET"])]


def _same(held: Path | bytes, new: Path | bytes) -> bool:
    return held is new or (isinstance(held, Path) and held == new)
