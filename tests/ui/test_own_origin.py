"""Requests from pages of elsewhere are refused before anything looks at them."""

import asyncio
import re
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from streamlit import config

from ui import review_routes, served
from ui.exposure import GUARDED, exposure, is_exposed, warn_if_exposed
from ui.own_origin import OTHER_NAME, OTHER_ORIGIN, POLICY, OwnOrigin
from ui.review_records import FOLDER
from ui.review_uploads import Uploads
from ui.served import Shelf

HOME = "127.0.0.1:8501"
ANNA = "a" * 43
DEVICE = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\.|$)", re.IGNORECASE)

Answer = tuple[int, dict[str, str], str]


def ask(
    path: str = "/player/x",
    method: str = "GET",
    shelf: Shelf | None = None,
    uploads: Uploads | None = None,
    query: str = "",
    **headers: str,
) -> Answer:
    """What the app's own routes answer, behind the guard: status, headers, text."""
    sent = uploads or Uploads()
    routes = served.routes(shelf or Shelf()) + review_routes.routes(sent, sent)
    app = Starlette(routes=routes, middleware=[Middleware(OwnOrigin)])
    answers: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request", "body": b"film", "more_body": False}

    async def send(message: MutableMapping[str, Any]) -> None:
        answers.append(message)

    scope = {
        "type": "http",
        "asgi": {"spec_version": "2.4"},
        "method": method,
        "path": path,
        "query_string": query.encode(),
        "headers": [
            (name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()
        ],
    }
    asyncio.run(app(scope, receive, send))
    told = {name.decode(): value.decode() for name, value in answers[0]["headers"]}
    return answers[0]["status"], told, b"".join(a.get("body", b"") for a in answers).decode()


@pytest.fixture
def served_as_a_name() -> Any:
    """As `STREAMLIT_BROWSER_SERVER_ADDRESS` sets it."""
    config.set_option("browser.serverAddress", "coach.example.org")
    yield
    config.set_option("browser.serverAddress", "localhost", "<default>")


@pytest.mark.parametrize(
    "host", [HOME, "localhost:8501", "[::1]:8501", "192.168.7.7:80", "LOCALHOST"]
)
def test_addresses_of_this_machine_are_its_own(host: str) -> None:
    assert ask(host=host)[0] == 404
    assert ask(host=host, origin=f"http://{host}")[0] == 404


@pytest.mark.parametrize(
    "host",
    [
        "evil.example:8501",
        "127.0.0.1.evil.example",
        "localhost.evil.example",
        "",
        "[",
        "a@b:c",
        " ",
    ],
)
def test_any_other_name_is_refused_though_it_leads_here(host: str) -> None:
    """As an attacker's name does once it was made to (DNS rebinding)."""
    assert ask(host=host, origin=f"http://{host}")[::2] == (403, OTHER_NAME)


@pytest.mark.parametrize(
    "origin",
    [
        "http://evil.example",
        "http://127.0.0.1.evil.example:8501",
        "http://localhost:3000",
        "http://127.0.0.1",
        "null",
        "http://[",
        "",
    ],
)
@pytest.mark.parametrize("method", ["GET", "PUT", "POST", "OPTIONS", "DELETE"])
def test_a_page_from_elsewhere_gets_nothing(origin: str, method: str) -> None:
    assert ask("/recordings", method, host=HOME, origin=origin)[::2] == (403, OTHER_ORIGIN)


@pytest.mark.usefixtures("served_as_a_name")
def test_a_name_that_was_set_is_its_own_and_no_other() -> None:
    assert ask(host="coach.example.org", origin="https://coach.example.org")[0] == 404
    # A proxy may put this machine's address in the place of the name.
    assert ask(host=HOME, origin="https://coach.example.org")[0] == 404
    assert ask(host="other.example.org")[0] == 403
    assert ask(host=HOME, origin="https://other.example.org")[0] == 403


def test_a_web_socket_from_elsewhere_is_closed() -> None:
    sent: list[MutableMapping[str, Any]] = []

    async def never(*_args: object) -> None:
        pytest.fail("It was let through.")

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "websocket.connect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", HOME.encode()), (b"origin", b"http://evil.example")]
    scope = {"type": "websocket", "path": "/_stcore/stream", "headers": headers}
    asyncio.run(OwnOrigin(never)(scope, receive, send))
    assert [message["type"] for message in sent] == ["websocket.close"]


def test_pages_may_load_nothing_from_elsewhere_and_be_framed_by_nobody() -> None:
    headers = ask(host=HOME)[1]
    assert headers["content-security-policy"] == POLICY
    assert "http" not in POLICY
    assert "*" not in POLICY
    assert "frame-ancestors 'self'" in POLICY
    assert "access-control-allow-origin" not in headers


EVIL = (
    *("../../evil", "%2e%2e%2fevil", "%252e%252e%252fevil", "..%5c..%5cevil", "/etc/evil"),
    *("C:%5cevil.mp4", "%5c%5chost%5cevil", "evil.mp4%3astream", "evil%00.mp4", "%00", "evil/."),
    *("NUL", "con.mp4", "COM1.tar.gz", "..", "recording.json", "../recording.json"),
)


@pytest.mark.parametrize("route", [review_routes.RECORDINGS, review_routes.SESSION_ARCHIVES])
@pytest.mark.parametrize("name", EVIL)
def test_a_sent_files_name_leads_nowhere_else(
    route: str, name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    (tmp_path / "before").touch()
    uploads = Uploads()
    uploads.of(ANNA)
    query = f"name={name}"
    answer = ask(route, "PUT", uploads=uploads, query=query, host=HOME, x_tstroke_browser=ANNA)
    assert answer[0] == 201
    (recording,) = uploads.of(ANNA)
    passing = tmp_path / "data" / "tstroke-coach" / "passing"
    assert recording.path.resolve().is_relative_to(passing.resolve())
    assert recording.path.read_bytes() == b"film"
    assert recording.path.parent == recording.folder.path / FOLDER
    assert not DEVICE.match(recording.path.name)
    assert not list(Path("/").glob("evil*"))
    assert {path.name for path in tmp_path.iterdir()} == {"before", "data"}
    recording.folder.remove()


@pytest.mark.parametrize(
    "name", ["..", "../film.mp4", "film.mp4", "/etc/passwd", "%2e%2e%2f", "\0"]
)
def test_the_player_gives_out_what_was_put_there_and_no_path(name: str, tmp_path: Path) -> None:
    film = tmp_path / "film.mp4"
    film.write_bytes(b"film")
    shelf = Shelf(is_open=lambda _page: True)
    secret = shelf.put("page", "place", film)
    assert ask(f"/player/{secret}", shelf=shelf, host=HOME)[::2] == (200, "film")
    assert ask(f"/player/{name}", shelf=shelf, host=HOME)[0] == 404
    assert ask(f"/player/{secret}/{name}", shelf=shelf, host=HOME)[0] == 404


@pytest.mark.parametrize(
    ("address", "exposed"),
    [
        ("127.0.0.1", False),
        ("127.0.0.7", False),
        ("::1", False),
        ("localhost", False),
        ("unix:///run/coach.sock", False),
        (None, True),
        ("", True),
        ("0.0.0.0", True),
        ("::", True),
        ("192.168.1.5", True),
        ("coach.example.org", True),
    ],
)
def test_whoever_can_be_reached_by_others_is_told_unless_a_proxy_guards(
    address: str | None, exposed: bool
) -> None:
    assert is_exposed(address, {}) == exposed
    assert is_exposed(address, {GUARDED: "no"}) == exposed
    assert not is_exposed(address, {GUARDED: "yes"})


def test_a_server_that_is_open_to_others_says_so_where_it_was_started(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(GUARDED, raising=False)
    warn_if_exposed()
    assert caplog.messages == []
    listens_on = config.get_option("server.address")
    config.set_option("server.address", "0.0.0.0")
    try:
        warn_if_exposed()
        (said,) = caplog.messages
        assert "password" in said
        assert "HTTPS" in said
        monkeypatch.setenv(GUARDED, "yes")
        assert exposure() is None
    finally:
        config.set_option("server.address", listens_on)
