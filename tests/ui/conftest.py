"""The app as it runs on a desk, and a browser whose webcam is a film."""

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import cv2
import pytest
from playwright.sync_api import Browser, Page, Playwright, sync_playwright
from streamlit.components.v2 import manifest_scanner

from sessions.app_start import app_command, app_path
from tests.ui.practice_page import WITH_WEBCAM
from vision.frames import VideoReader

START_S = 60.0
WEBCAM_HZ = 30.0
"""The rate at which Chromium plays a film of JPEG pictures as its webcam."""

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome")

# Nothing but the page: no updates, no QUIC, no services of the browser's maker.
CHROMIUM_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session", autouse=True)
def components_are_looked_for_once() -> Iterator[None]:
    """For each page that is tested Streamlit reads what every installed package says of itself."""
    with pytest.MonkeyPatch.context() as patch:
        found = cache(manifest_scanner.scan_component_manifests)
        patch.setattr(manifest_scanner, "scan_component_manifests", found)
        yield


@dataclass(frozen=True, slots=True)
class App:
    """A running app with a data folder of its own."""

    address: str
    data_folder: Path
    log: Path
    pid: int
    """Of the server."""


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    """The app on a free port; its log is shown where it does not start."""
    folder = tmp_path_factory.mktemp("app")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "app.log"
    temporary = folder / "tmp"
    temporary.mkdir()
    environment = os.environ | {
        "XDG_DATA_HOME": str(folder / "data"),
        "TMPDIR": str(temporary),
    }
    with log.open("wb") as sink:
        server = subprocess.Popen(
            app_command(port, open_browser=False),
            cwd=app_path().parent,
            env=environment,
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        running = App(f"http://127.0.0.1:{port}", folder / "data", log, server.pid)
        wait_until_it_answers(running, server)
        yield running
    finally:
        server.terminate()
        try:
            server.wait(15)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()
            raise
    passing = folder / "data" / "tstroke-coach" / "passing"
    left = [*temporary.glob("tstroke-*"), *passing.glob("*")]
    assert left == [], "an upload or a video was left behind"


def wait_until_it_answers(app: App, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urlopen(f"{app.address}/_stcore/health", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    pytest.fail(f"The app did not start:\n{app.log.read_text('utf-8', 'replace')}")


@pytest.fixture(scope="module")
def chromium() -> str:
    """Path of the browser. Its absence is a failure: a story that was not told proves nothing."""
    found = next(filter(None, map(shutil.which, CHROMIUM_NAMES)), None)
    if found is None:
        pytest.fail(
            "No Chromium was found, so the browser stories can't be told: "
            "run the set-up for tests, or install the package chromium."
        )
    return found


@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """The driver of the browser."""
    with sync_playwright() as driver:
        yield driver


@pytest.fixture
def open_browser(playwright: Playwright, chromium: str) -> Iterator[Callable[..., Browser]]:
    """Opens browsers with further flags, and closes them."""
    with ExitStack() as held:

        def launch(*flags: str) -> Browser:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=[*CHROMIUM_FLAGS, *flags]
            )
            held.callback(browser.close)
            return browser

        yield launch


@pytest.fixture
def open_page(open_browser: Callable[..., Browser]) -> Callable[..., Page]:
    """Opens an address in a browser of its own; `hosts` gathers where the page asks for things."""

    def launch(address: str, *flags: str, hosts: set[str] | None = None) -> Page:
        page = open_browser(*flags).new_page(viewport={"width": 1280, "height": 1000})
        asked = set() if hosts is None else hosts
        page.on("request", lambda request: asked.add(_host(request.url)))
        page.on("websocket", lambda socket: asked.add(_host(socket.url)))
        page.goto(address)
        return page

    return launch


def _host(url: str) -> str:
    return url.split("/")[2].split(":")[0] if "//" in url else ""


@pytest.fixture
def webcam(tmp_path: Path) -> Callable[..., tuple[str, ...]]:
    """Flags that make a clip the browser's webcam.

    The film shows the clip's first picture for `lead_s`, then the clip, `slower` times as slow, in
    a loop; it begins when the camera starts.
    """

    def make(clip: Path, lead_s: float, slower: float) -> tuple[str, ...]:
        film = tmp_path / f"{clip.stem}.mjpeg"
        _write_film(clip, lead_s, slower, film)
        return (*WITH_WEBCAM, f"--use-file-for-fake-video-capture={film}")

    return make


def _write_film(clip: Path, lead_s: float, slower: float, film: Path) -> None:
    with VideoReader(clip) as video, film.open("wb") as sink:
        played = 0
        for frame in video:
            _, jpeg = cv2.imencode(".jpg", cv2.cvtColor(frame.image_rgb, cv2.COLOR_RGB2BGR))
            until = round((lead_s + frame.time_s * slower) * WEBCAM_HZ) + 1
            for _ in range(until - played):
                sink.write(jpeg.tobytes())
            played = until
