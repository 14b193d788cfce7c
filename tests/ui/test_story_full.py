"""A full machine: the next visitor is told before the camera, and let in when a place is free."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.films import CLIP, LOWER_BACK_S
from tests.ui.driven_camera import Film
from tests.ui.practice_page import (
    WAIT_MS,
    WITH_WEBCAM,
    camera_frame,
    go_to_strokes,
    know_the_back,
    start_camera,
)
from ui.places import VARIABLE
from ui.texts import page_address, text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(scope="module", autouse=True)
def one_place() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(VARIABLE, "1")
        yield


@pytest.fixture
def visit(app: Any, open_browser: Callable[..., Browser]) -> Callable[[], Page]:
    """Another visitor's page, whose camera sees hands on the lower back."""
    know_the_back(Path(app.data_folder), CLIP.with_suffix(".calibration.json"))
    browser, film = open_browser(*WITH_WEBCAM), Film(CLIP)

    def come() -> Page:
        page = browser.new_context().new_page()
        film.lend_to(page)
        page.add_init_script(film.script)
        page.goto(app.address)
        film.hold(page, LOWER_BACK_S)
        return page

    return come


def is_told(page: Page) -> None:
    """It is full: in place of the camera, with what to do."""
    notice = page.locator(".notice", has_text=text("camera.full"))
    expect(notice).to_be_visible(timeout=WAIT_MS)
    way_on = notice.get_by_role("link", name=text("camera.way_on"))
    expect(way_on).to_have_attribute("href", page_address("review"))
    expect(page.locator("iframe[title*='webrtc_streamer']")).to_have_count(0)


def is_let_in(page: Page) -> None:
    """Without a click or a reload."""
    start = camera_frame(page).get_by_role("button", name=text("practice.start_camera"))
    expect(start).to_be_visible(timeout=2 * WAIT_MS)
    expect(page.locator(".notice")).to_have_count(0)


def test_the_next_visitor_waits_for_a_place_and_a_reload_keeps_ones_own(
    visit: Callable[[], Page],
) -> None:
    first = visit()
    start_camera(first)
    go_to_strokes(first)
    second = visit()
    is_told(second)

    first.bring_to_front()
    first.reload()
    counting = first.locator("div.stage[data-stage=strokes], div.stage[data-stage=paused]")
    expect(counting).to_be_visible(timeout=2 * WAIT_MS)
    expect(camera_frame(first).locator("video")).to_be_visible(timeout=2 * WAIT_MS)
    expect(first.locator(".notice")).to_have_count(0, timeout=WAIT_MS)
    is_told(second)

    first.get_by_role("button", name=text("practice.end"), exact=True).click()
    is_let_in(second)
    start_camera(second)
    expect(second.locator("div.stage[data-stage=loading]")).to_have_count(0, timeout=WAIT_MS)
    third = visit()
    is_told(third)
    # A tab that is closed says nothing; its connection is found dead.
    second.close()
    is_let_in(third)
