"""For every pair of eyes and for the keyboard alone: focus, contrast, less motion."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.films import CLIP, ready, settling, write_webcam
from tests.ui.practice_page import (
    WAIT_MS,
    WITH_WEBCAM,
    button,
    go_on_to,
    know_the_back,
    press_enter,
)
from ui.texts import text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ACCESS = Path(__file__).with_name("access.js")
MOST_TABS = 60
BACKGROUND = "getComputedStyle(document.querySelector('.stApp')).backgroundColor"


def visit(browser: Browser, address: str, **more: Any) -> Page:
    page = browser.new_context(viewport={"width": 1280, "height": 1000}, **more).new_page()
    page.goto(address)
    expect(page.locator(".footer")).to_be_visible(timeout=WAIT_MS)
    page.wait_for_timeout(1500)
    page.evaluate(ACCESS.read_text("utf-8"))
    return page


def with_film(browser: Callable[..., Browser], folder: Path) -> Browser:
    """A browser in whose webcam both hands settle, without end."""
    film = write_webcam([ready(6.0), settling(20.0)], folder / "settle.mjpeg")
    return browser(*WITH_WEBCAM, f"--use-file-for-fake-video-capture={film}")


def tab_through(page: Page) -> dict[str, bool]:
    """Names of the controls that the keyboard reaches, and whether their focus is seen."""
    reached: dict[str, bool] = {}
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement === document.body"):
            break
        now = page.evaluate("window.focusNow()")
        if now is not None:
            reached[now["name"]] = reached.get(now["name"], False) or now["marked"]
    return reached


@pytest.mark.parametrize("path", ["", "learn", "review"])
def test_the_keyboard_reaches_every_control_and_words_stand_out(
    app: Any, open_browser: Callable[..., Browser], path: str
) -> None:
    page = visit(open_browser(), f"{app.address}/{path}")
    assert page.evaluate("window.faintWords()") == []
    controls = set(page.evaluate("window.controls()"))
    reached = tab_through(page)
    assert controls - set(reached) == set()
    assert [name for name, marked in reached.items() if not marked] == []

    light = page.evaluate(BACKGROUND)
    page.emulate_media(color_scheme="dark")
    page.wait_for_function(f"light => {BACKGROUND} !== light", arg=light, timeout=WAIT_MS)
    page.wait_for_timeout(1000)
    assert page.evaluate("window.faintWords()") == []


def test_a_session_is_led_by_the_keyboard(
    app: Any, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    know_the_back(Path(app.data_folder), CLIP.with_suffix(".calibration.json"))
    page = visit(with_film(open_browser, tmp_path), app.address, reduced_motion="reduce")
    for _ in range(MOST_TABS):
        page.keyboard.press("Tab")
        now = page.evaluate("window.focusNow()")
        if now is not None and now["frame"]:
            break
    assert now["name"] == text("practice.start_camera")
    page.keyboard.press("Enter")
    go_on_to(page, "settle", press=press_enter)

    # Who wants less motion gets the words and the seconds, and a shape that stands still.
    expect(page.get_by_test_id("breath")).to_be_visible(timeout=2 * WAIT_MS)
    shape = page.locator(".breath i")
    sizes = {shape.evaluate("each => each.getBoundingClientRect().width")}
    words = {page.get_by_test_id("breath").inner_text()}
    expect(page.get_by_test_id("breath")).not_to_have_text(words.pop(), timeout=WAIT_MS)
    sizes.add(shape.evaluate("each => each.getBoundingClientRect().width"))
    assert len(sizes) == 1
    assert page.evaluate("window.faintWords()") == []

    end = button(page, "practice.end")
    end.focus()
    # The page is drawn anew several times a second, and leaves the focus where it is.
    page.wait_for_timeout(2000)
    assert page.evaluate("window.focusNow()")["name"] == text("practice.end")
    page.keyboard.press("Enter")
    expect(button(page, "practice.practise_again").first).to_be_visible(timeout=WAIT_MS)
