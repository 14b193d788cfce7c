"""A camera that is pulled out while strokes are counted, and a connection that never comes up."""

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
from tests.ui.troubles import NO_WAY, PLUG, plug
from ui.samples import FOLDER
from ui.texts import page_address, text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SOON_MS = 3_000
SLACK_MS = 5_000
"""For a busy machine, on top of what is promised."""


def expect_way_on(page: Page, sentence: str) -> None:
    """The sentence, and beside it the link to a recording."""
    notice = page.locator(".notice", has_text=sentence)
    expect(notice).to_be_visible(timeout=SOON_MS + SLACK_MS)
    link = notice.get_by_role("link", name=text("camera.way_on"))
    expect(link).to_have_attribute("href", page_address("review"))


def test_an_unplugged_camera_keeps_the_count_and_goes_on_when_it_is_back(
    app: Any, open_browser: Callable[..., Browser], webcam: Callable[..., tuple[str, ...]]
) -> None:
    know_the_back(Path(app.data_folder), FOLDER / "side.calibration.json")
    page = open_browser(*webcam(FOLDER / "side.mp4", 0.0, 1.3)).new_page()
    page.add_init_script(PLUG)
    page.goto(app.address)
    start_camera(page)
    go_to_strokes(page)
    expect(page.get_by_test_id("count")).not_to_have_text("0", timeout=2 * WAIT_MS)

    # Out and in again at once, then out for longer.
    plug(page, there=False)
    expect_way_on(page, text("camera.gone"))
    plug(page, there=True)
    expect(page.locator(".notice")).to_have_count(0, timeout=WAIT_MS)
    plug(page, there=False)
    expect_way_on(page, text("camera.gone"))
    page.wait_for_timeout(2 * SOON_MS)
    counted = count_on(page)
    assert counted >= 1
    plug(page, there=True)
    expect(page.locator(".notice")).to_have_count(0, timeout=WAIT_MS)
    assert count_on(page) >= counted
    # Strokes before the new connection are counted on top, and nobody has touched anything.
    expect(page.get_by_test_id("count")).to_have_text(str(counted + 1), timeout=2 * WAIT_MS)


def test_a_connection_that_does_not_come_up(
    app: Any, open_browser: Callable[..., Browser], webcam: Callable[..., tuple[str, ...]]
) -> None:
    page = open_browser(*webcam(FOLDER / "side.mp4", 0.0, 1.0)).new_page()
    page.add_init_script(NO_WAY)
    page.goto(app.address)
    start_camera(page)
    expect_way_on(page, text("camera.slow"))
    stop = camera_frame(page).get_by_role("button", name=text("practice.stop_camera"))
    expect(stop).to_be_enabled()
