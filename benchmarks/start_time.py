"""How soon the program is there: its help, and the app's first page in a browser.

    python benchmarks/start_time.py [--runs 5]

`tstroke --help` is timed against a bare `python -c pass`. The app's first page is timed from the
start of `tstroke app` until its heading stands in a browser that is open already, against a bare
Streamlit page with one heading, started in the same way. All take turns, after one start of each
that is not counted: a warm start has its files in the memory of the system.
"""

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

from playwright.sync_api import Page, sync_playwright

from benchmarks.app_server import BROWSER_FLAGS, chromium
from benchmarks.machine import machine
from sessions.app_start import app_command, app_path

HELP_GOAL_S = 0.5
PAGE_GOAL_S = 3.0
PATIENCE_MS = 60_000

HELLO = "import streamlit as st\n\nst.header('Hello')\n"
COMMAND = [sys.executable, "-c", "from sessions.cli import main; main()"]


def command_s(*words: str) -> float:
    """Wall seconds of a command."""
    begun_s = time.perf_counter()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL, cwd=app_path().parent)
    return time.perf_counter() - begun_s


def page_s(page: Page, command: list[str], port: int, folder: Path) -> float:
    """Wall seconds from the start of a server to its first page's heading in the browser."""
    begun_s = time.perf_counter()
    server = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | {"XDG_DATA_HOME": str(folder / "data")},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/_stcore/health")
        page.goto(f"http://127.0.0.1:{port}/")
        page.get_by_role("heading").first.wait_for(timeout=PATIENCE_MS)
        return time.perf_counter() - begun_s
    finally:
        server.terminate()
        server.wait(15)
        page.goto("about:blank")


def _wait_for(address: str) -> None:
    over_s = time.monotonic() + PATIENCE_MS / 1000
    while time.monotonic() < over_s:
        try:
            with urlopen(address, timeout=5):
                return
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.02)
    sys.exit("The server did not start.")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def app_page_s(page: Page, folder: Path) -> float:
    """The app, as `tstroke app` starts it."""
    port = free_port()
    return page_s(page, [*COMMAND, "app", "--port", str(port)], port, folder)


def hello_page_s(page: Page, folder: Path) -> float:
    """A page with a heading and nothing else, with the same settings."""
    port = free_port()
    (folder / "hello.py").write_text(HELLO, encoding="utf-8")
    command = app_command(port, open_browser=False)
    command[command.index(str(app_path()))] = str(folder / "hello.py")
    return page_s(page, command, port, folder)


def measure(runs: int) -> dict[str, float]:
    """Median seconds of each thing."""
    with (
        tempfile.TemporaryDirectory() as name,
        sync_playwright() as playwright,
        playwright.chromium.launch(executable_path=chromium(), args=list(BROWSER_FLAGS)) as browser,
    ):
        page, folder = browser.new_page(), Path(name)
        things: dict[str, Callable[[], float]] = {
            "python -c pass": lambda: command_s(sys.executable, "-c", "pass"),
            "tstroke --help": lambda: command_s(*COMMAND, "--help"),
            "Streamlit hello": lambda: hello_page_s(page, folder),
            "first page": lambda: app_page_s(page, folder),
        }
        for thing in things.values():
            thing()
        times: dict[str, list[float]] = {name: [] for name in things}
        for turn in range(runs):
            for name in things if turn % 2 == 0 else reversed(things):
                times[name].append(things[name]())
    return {name: statistics.median(seen) for name, seen in times.items()}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--runs", type=int, default=5, help="starts of each kind")
    middle_s = measure(parser.parse_args().runs)
    print(machine())
    late = False
    for name, bare, goal_s in (
        ("tstroke --help", "python -c pass", HELP_GOAL_S),
        ("first page", "Streamlit hello", PAGE_GOAL_S),
    ):
        ratio = middle_s[name] / middle_s[bare]
        print(
            f"{name}: {ratio:.2f} times {bare} "
            f"({middle_s[name]:.3f} s, {middle_s[bare]:.3f} s; goal under {goal_s} s)"
        )
        late |= middle_s[name] > goal_s
    if late:
        sys.exit(1)


if __name__ == "__main__":
    main()
