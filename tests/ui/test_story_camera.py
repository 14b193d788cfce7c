"""What goes wrong with a camera is said in the page's own words, within 5 s of the attempt."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.ui.practice_page import WAIT_MS, start_camera
from tests.ui.troubles import INSECURE, NEVER, NO_WEBRTC, reject
from ui.texts import text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SOON_MS = 5_000
SLACK_MS = 5_000
"""For a busy machine, on top of what is promised."""


def visit(browser: Browser, address: str, script: str = "") -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.add_init_script(script)
    page.goto(address)
    return page


def expect_sentence(page: Page, code: str, timeout_ms: int) -> None:
    beginning = text(f"camera.{code}", detail="").split("(")[0].rstrip()
    sentence = page.locator(".notice", has_text=beginning)
    expect(sentence).to_be_visible(timeout=timeout_ms)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (reject("NotAllowedError"), "refused"),
        (reject("NotReadableError"), "taken"),
        (reject("NotFoundError"), "absent"),
        (reject("UnknownError"), "other"),
    ],
)
def test_the_browser_gives_no_camera(
    app: Any, open_browser: Callable[..., Browser], script: str, code: str
) -> None:
    page = visit(open_browser(), app.address, script)
    start_camera(page)
    expect_sentence(page, code, SOON_MS + SLACK_MS)


def test_a_machine_without_a_camera(app: Any, open_browser: Callable[..., Browser]) -> None:
    page = visit(open_browser("--use-fake-ui-for-media-stream"), app.address)
    start_camera(page)
    expect_sentence(page, "absent", SOON_MS + SLACK_MS)


def test_a_picture_that_does_not_come(app: Any, open_browser: Callable[..., Browser]) -> None:
    page = visit(open_browser(), app.address, NEVER)
    start_camera(page)
    expect_sentence(page, "slow", SOON_MS + SLACK_MS)


@pytest.mark.parametrize(("script", "code"), [(INSECURE, "insecure"), (NO_WEBRTC, "no_webrtc")])
def test_what_can_be_known_before_the_attempt_is_said_at_once(
    app: Any, open_browser: Callable[..., Browser], script: str, code: str
) -> None:
    page = visit(open_browser(), app.address, script)
    expect_sentence(page, code, WAIT_MS)
