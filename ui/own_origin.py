"""Answers only pages of the app itself: a page from elsewhere gets nothing, whatever it is called.

Streamlit lets any page in whose own name leads to this machine, as an attacker's name may for a
moment (DNS rebinding), and looks up the machine's outside address before it refuses another: so
names and origins are checked before Streamlit sees them. What is answered says that nothing may be
loaded from elsewhere, and that no page from elsewhere may frame it.
"""

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware import Middleware
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from starlette.websockets import WebSocketClose
from streamlit import config

POLICY: Final = "; ".join(
    (
        "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval'",
        "object-src 'none'",
        "base-uri 'self'",
        "form-action 'self'",
        "frame-ancestors 'self'",
    )
)
"""Streamlit's own page needs inline styles and evaluated scripts; everything comes from here."""

_HEADERS: Final = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}

OTHER_NAME: Final = (
    "T-Stroke Coach does not know itself by this name; open it by its address, or set "
    "STREAMLIT_BROWSER_SERVER_ADDRESS to the name it is served under.\n"
)
OTHER_ORIGIN: Final = "T-Stroke Coach answers its own pages alone.\n"


class OwnOrigin:
    """ASGI middleware around everything else."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, refuse, or pass on."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        refused = refusal(Headers(scope=scope))
        if refused is None:
            await self._app(scope, receive, _with_headers(send))
        elif scope["type"] == "websocket":
            await WebSocketClose(1008)(scope, receive, send)
        else:
            await PlainTextResponse(refused, 403)(scope, receive, send)


def guard() -> Middleware:
    """What the server puts around everything else."""
    return Middleware(OwnOrigin)


def refusal(headers: Headers) -> str | None:
    """Why a request is not answered; None where it is."""
    host = headers.get("host", "")
    if not _is_own_name(_name(f"//{host}")):
        return OTHER_NAME
    origin = headers.get("origin")
    if origin is None or _place(origin) == host.lower():
        return None
    # A proxy may pass requests on under this machine's address in the place of its own name.
    named = _name(origin)
    return None if named is not None and named == _served_as() else OTHER_ORIGIN


def _place(origin: str) -> str | None:
    """The name and port of an origin; None where it has none, as `null`."""
    try:
        return urlsplit(origin).netloc.lower() or None
    except ValueError:
        return None


def _name(address: str) -> str | None:
    try:
        return urlsplit(address).hostname
    except ValueError:
        return None


def _is_own_name(name: str | None) -> bool:
    """An address in numbers is nobody's name, so no other page can come from there."""
    if name is None:
        return False
    if name == "localhost" or name == _served_as():
        return True
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _served_as() -> str | None:
    """The name that was set for those who serve others; None by default."""
    if not config.is_manually_set("browser.serverAddress"):
        return None
    return str(config.get_option("browser.serverAddress")).lower()


def _with_headers(send: Send) -> Send:
    async def send_with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in _HEADERS.items():
                headers.setdefault(name, value)
        await send(message)

    return send_with_headers
