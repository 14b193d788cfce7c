"""The server's own way of taking in recordings: piece by piece to the disk.

Streamlit's own upload holds whole files in memory. A recording is taken only with the secret of a
browser that has the page open, in a header that no page from elsewhere can send unasked.
"""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from sessions.files import OutputError
from ui.review_uploads import ARCHIVES, UPLOADS, Incoming, NoRoomError, Uploads

RECORDINGS: Final = "/recordings"
SESSION_ARCHIVES: Final = "/archives"
BROWSER_HEADER: Final = "x-tstroke-browser"

PIECE_BYTES: Final = 1024**2
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)


def routes(uploads: Uploads = UPLOADS, archives: Uploads = ARCHIVES) -> list[BaseRoute]:
    """The routes on which browsers send recordings, and sessions of another machine."""
    return [
        Route(RECORDINGS, _taking_in(uploads), methods=["PUT"]),
        Route(SESSION_ARCHIVES, _taking_in(archives), methods=["PUT"]),
    ]


def _taking_in(uploads: Uploads) -> Callable[[Request], Awaitable[Response]]:

    async def take_in(request: Request) -> Response:
        owner = request.headers.get(BROWSER_HEADER, "")
        query = request.query_params
        try:
            incoming = uploads.receive(owner, query.get("name", ""), moment(query.get("made", "")))
        except (NoRoomError, OutputError):
            return JSONResponse({"problem": "full"}, 507)
        if incoming is None:
            return JSONResponse({"problem": "unknown"}, 403)
        return await _take_in(request, incoming)

    return take_in


def moment(milliseconds: str) -> datetime | None:
    """A browser's time of a file; None for none, or one that can't be a recording's."""
    if not milliseconds.isdecimal() or len(milliseconds) > 14:
        return None
    made = datetime.fromtimestamp(int(milliseconds) / 1000, UTC)
    return made if EARLIEST <= made <= datetime.now(UTC) else None


async def _take_in(request: Request, incoming: Incoming) -> Response:
    whole = False
    try:
        piece = bytearray()
        async for part in request.stream():
            piece += part
            if len(piece) >= PIECE_BYTES:
                await run_in_threadpool(incoming.write, bytes(piece))
                piece.clear()
        await run_in_threadpool(incoming.write, bytes(piece))
        recording = incoming.keep()
        whole = True
    except ClientDisconnect:
        return Response(status_code=400)
    except NoRoomError:
        return JSONResponse({"problem": "full"}, 507)
    finally:
        if not whole:
            incoming.drop()
    return JSONResponse({"id": recording.id}, 201)
