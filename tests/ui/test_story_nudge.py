"""A page is told of news by another thread, and what its user has set stays."""

import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.ui.conftest import App, wait_until_it_answers

pytestmark = [pytest.mark.slow, pytest.mark.timeout(120)]

HERE = Path(__file__).parent
WAIT_MS = 30_000


@pytest.fixture(scope="module")
def page_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[App]:
    folder = tmp_path_factory.mktemp("nudged")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    log = folder / "app.log"
    command = [sys.executable, "-m", "streamlit", "run", str(HERE / "nudged_page.py")]
    options = ["--server.port", str(port), "--server.headless", "true"]
    root = HERE.parents[1]
    with log.open("wb") as sink:
        server = subprocess.Popen(
            [*command, *options],
            cwd=root,
            env=os.environ | {"PYTHONPATH": str(root)},
            stdout=sink,
            stderr=subprocess.STDOUT,
        )
    try:
        running = App(f"http://127.0.0.1:{port}", folder, log, server.pid)
        wait_until_it_answers(running, server)
        yield running
    finally:
        server.terminate()
        server.wait(15)


def test_a_nudge_runs_the_fragment_and_leaves_the_rest(
    page_app: App, open_browser: Callable[..., Browser]
) -> None:
    page = open_browser().new_page()
    page.goto(f"{page_app.address}/?place=waist")
    expect(page.get_by_text("run 3 at waist with ''")).to_be_visible(timeout=WAIT_MS)
    page.get_by_label("Word").fill("slow")
    page.get_by_label("Word").press("Enter")
    expect(page.get_by_text(re.compile(r"run [5-9] at waist with 'slow'"))).to_be_visible(
        timeout=WAIT_MS
    )
    assert "Traceback" not in page_app.log.read_text("utf-8")
