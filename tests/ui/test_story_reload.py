"""A reload, a second tab and a closed one: the count is kept, and nothing stays behind."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.practice_page import (
    WAIT_MS,
    camera_frame,
    count_on,
    go_to_strokes,
    know_the_back,
    start_camera,
)
from ui.samples import FOLDER
from ui.texts import text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CLIP = FOLDER / "side.mp4"
SLOWER = 1.5
"""Strokes of 10 s instead of 7: a busy machine sees enough of each."""

GIVEN_BACK_S = 60.0
"""A browser that is gone is noticed by the connection itself after half a minute."""


@pytest.fixture
def camera_browser(
    app: Any, open_browser: Callable[..., Browser], webcam: Callable[..., tuple[str, ...]]
) -> Browser:
    """A browser whose webcam shows strokes without end, on a back that is known from last time."""
    know_the_back(Path(app.data_folder), FOLDER / "side.calibration.json")
    return open_browser(*webcam(CLIP, 0.0, SLOWER))


def visit(browser: Browser, address: str) -> Page:
    # Pages of one context share what a browser remembers, as tabs do.
    context = browser.contexts[0] if browser.contexts else browser.new_context()
    page = context.new_page()
    page.goto(address)
    return page


def model_threads(app: Any) -> int:
    """Threads of hand models in the server; the library names them after itself."""
    names = (task / "comm" for task in Path(f"/proc/{app.pid}/task").iterdir())
    return sum(_read(name).startswith("mediapipe") for name in names)


def _read(path: Path) -> str:
    try:
        return path.read_text()
    except OSError:  # It ended meanwhile.
        return ""


def test_a_session_outlives_a_reload_and_is_nobody_elses(app: Any, camera_browser: Browser) -> None:
    page = visit(camera_browser, app.address)
    start_camera(page)
    go_to_strokes(page)

    other = visit(camera_browser, app.address)
    inside = camera_frame(other)
    start = inside.get_by_role("button", name=text("practice.start_camera"))
    expect(start).to_be_visible(timeout=WAIT_MS)
    other.wait_for_timeout(6000)
    expect(other.get_by_test_id("count")).to_have_count(0)
    other.close()

    page.bring_to_front()
    before = count_on(page)
    page.reload()
    # Strokes are counted, or wait for hands: neither is where a new session begins.
    counting = page.get_by_role("button", name=text("practice.pause"), exact=True).or_(
        page.get_by_role("button", name=text("practice.go_on"), exact=True)
    )
    expect(counting.first).to_be_visible(timeout=2 * WAIT_MS)
    assert count_on(page) >= before
    # The camera goes on without a click.
    video = camera_frame(page).locator("video")
    expect(video).to_be_visible(timeout=2 * WAIT_MS)
    expect(page.locator(".notice", has_text=text("camera.gone"))).to_have_count(
        0, timeout=2 * WAIT_MS
    )


def test_a_closed_tab_gives_its_model_back(app: Any, camera_browser: Browser) -> None:
    for _ in range(2):
        page = visit(camera_browser, app.address)
        start_camera(page)
        go_to_strokes(page)
        assert model_threads(app) > 0
        page.close()
    over = time.monotonic() + GIVEN_BACK_S
    while model_threads(app) > 0:
        assert time.monotonic() < over, "a hand model stays behind"
        time.sleep(1.0)
