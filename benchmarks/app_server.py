"""The app in a process of its own, for what looks at it through a browser."""

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import MappingProxyType
from typing import Final
from urllib.error import URLError
from urllib.request import urlopen

from sessions.app_start import app_command, app_path

START_S: Final = 60.0
BROWSER_FLAGS: Final = (
    *("--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-quic"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
)


@contextmanager
def running_app(
    settings: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[tuple[str, Path]]:
    """The app on a free port with an empty data folder; gives its address and that folder.

    `settings` are added to its environment.
    """
    with tempfile.TemporaryDirectory() as name, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        server = subprocess.Popen(
            app_command(port, open_browser=False),
            cwd=app_path().parent,
            env=os.environ | {"XDG_DATA_HOME": name} | dict(settings),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address, Path(name)
        finally:
            server.terminate()
            server.wait(15)


def _wait_for(address: str) -> None:
    over_s = time.monotonic() + START_S
    while time.monotonic() < over_s:
        try:
            with urlopen(f"{address}/_stcore/health", timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    sys.exit("The app did not start.")


def chromium() -> str:
    """The browser's path; ends with a sentence where there is none."""
    for name in ("chromium", "chromium-browser", "google-chrome"):
        if path := shutil.which(name):
            return path
    sys.exit("No Chromium was found: install the package chromium.")
