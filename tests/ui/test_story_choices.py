"""In a real browser: what was chosen in one tab is there in the next, also of another server."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from messages import languages, own_messages
from tests.ui.practice_page import WAIT_MS

pytestmark = [pytest.mark.slow, pytest.mark.timeout(240)]

GOAL = ".st-key-settings-goal input"


def open_settings(page: Page, code: str) -> None:
    page.get_by_role("button", name=own_messages(code)["settings.title"]).click(timeout=WAIT_MS)


def test_settings_and_language_outlive_their_tab(
    app: Any, open_browser: Callable[..., Browser]
) -> None:
    context = open_browser().new_context(locale="en-GB")
    page = context.new_page()
    page.goto(app.address)
    open_settings(page, "en")
    goal = page.locator(GOAL)
    goal.focus()
    for _ in range(7):
        page.keyboard.press("ArrowLeft")
    expect(goal).to_have_value("3", timeout=WAIT_MS)
    page.keyboard.press("Escape")
    page.get_by_text(languages()["de"], exact=True).click()
    title = own_messages("de")["practice.camera_title"]
    expect(page.get_by_text(title)).to_be_visible(timeout=WAIT_MS)
    page.wait_for_function("document.cookie.includes('tstroke-choices')", timeout=WAIT_MS)
    page.close()

    # A new tab knows nothing of the old one's session: only the browser can have kept it.
    other = context.new_page()
    other.goto(app.address)
    expect(other.get_by_text(title)).to_be_visible(timeout=WAIT_MS)
    open_settings(other, "de")
    goal = other.locator(GOAL)
    expect(goal).to_have_value("3", timeout=WAIT_MS)
