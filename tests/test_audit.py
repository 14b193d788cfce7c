"""`scripts/audit` finds what a registry tells, and accepts a finding for a while alone."""

import json
import threading
from collections.abc import Iterator
from datetime import date
from http.server import BaseHTTPRequestHandler, HTTPServer
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from typing import Any, ClassVar

import pytest

ROOT = Path(__file__).parents[1]
FLAW = {"id": "CVE-1", "aliases": ["GHSA-1"], "fixed_in": ["2.1"], "withdrawn": None}


def _script() -> Any:
    loader = SourceFileLoader("audit", str(ROOT / "scripts" / "audit"))
    spec = spec_from_loader("audit", loader)
    assert spec is not None
    module = module_from_spec(spec)
    loader.exec_module(module)
    return module


AUDIT = _script()


def project(newest: str, *flaws: dict[str, Any], yanked: bool = False) -> dict[str, Any]:
    files = {"2.0": [{"yanked": yanked}], "3.0": [{"yanked": False}]}
    return {"info": {"version": newest}, "releases": files, "vulnerabilities": list(flaws)}


class Registry(BaseHTTPRequestHandler):
    """Tells of newest releases, and of a single one."""

    pages: ClassVar[dict[str, dict[str, Any]]] = {
        "/flawed/json": project("2.0", FLAW),
        "/withdrawn/json": project("2.0", FLAW | {"withdrawn": "2026-01-01"}),
        "/fine/json": project("2.0"),
        "/old/json": project("3.0", FLAW),
        "/yanked/json": project("3.0", yanked=True),
        "/each/json": project("3.0"),
        "/each/2.0/json": project("3.0", FLAW) | {"urls": [{"yanked": False}]},
    }

    def do_GET(self) -> None:
        page = self.pages.get(self.path)
        body = json.dumps(page).encode()
        self.send_response(404 if page is None else 200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: a test's output is the test's."""


@pytest.fixture(scope="module")
def registry() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), Registry)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize(
    ("name", "covered", "lines"),
    [
        ("flawed", True, ["flawed 2.0: CVE-1 (mended in 2.1)"]),
        ("withdrawn", True, []),
        ("fine", True, []),
        ("old", False, []),
        ("yanked", False, ["yanked 2.0: taken back by its makers"]),
        ("each", True, ["each 2.0: CVE-1 (mended in 2.1)"]),
        ("unknown", False, []),
    ],
)
def test_what_a_registry_tells_is_found(
    registry: str, name: str, covered: bool, lines: list[str]
) -> None:
    release = AUDIT.asked(registry, name, "2.0")
    assert release["covered"] == covered
    assert AUDIT.findings([release], set()) == lines


@pytest.mark.parametrize("named", ["CVE-1", "GHSA-1"])
def test_what_is_accepted_counts_again_after_its_day(
    registry: str, named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "accepted.toml"
    entry = f'[[finding]]\npackage = "flawed"\nid = "{named}"\nreason = "x"\nuntil = 2026-06-01\n'
    path.write_text(entry, "utf-8")
    monkeypatch.setattr(AUDIT, "ACCEPTED", path)
    release = AUDIT.asked(registry, "flawed", "2.0")
    assert AUDIT.findings([release], AUDIT.accepted(date(2026, 5, 31))) == []
    assert len(AUDIT.findings([release], AUDIT.accepted(date(2026, 6, 1)))) == 1


def test_every_pin_of_the_locks_is_asked_for() -> None:
    pins = dict(AUDIT.pins())
    assert {"mediapipe", "streamlit", "pytest", "pillow"} <= set(pins)
    assert pins["mediapipe"] == "0.10.32"


def test_what_is_accepted_says_why() -> None:
    entries = AUDIT.tomllib.loads(AUDIT.ACCEPTED.read_text("utf-8")).get("finding", [])
    assert all(len(each["reason"]) > 20 and isinstance(each["until"], date) for each in entries)
