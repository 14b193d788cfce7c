"""What goes wrong with a camera is said in the page's own words, within 5 s of the attempt."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from ui.texts import text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WAIT_MS = 30_000
SOON_MS = 5_000
SLACK_MS = 5_000
"""For a busy machine, on top of what is promised."""

REJECT = """
navigator.mediaDevices.getUserMedia = () =>
    Promise.reject(new DOMException("in a stubbed browser", "{name}"));
"""
NEVER = "navigator.mediaDevices.getUserMedia = () => new Promise(() => undefined);"
INSECURE = "Object.defineProperty(window, 'isSecureContext', {value: false});"
OLD = "delete window.RTCPeerConnection; window.RTCPeerConnection = undefined;"


def visit(browser: Browser, address: str, script: str = "") -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.add_init_script(script)
    page.goto(address)
    return page


def press_start(page: Page) -> None:
    inside = page.frame_locator("iframe[title*='webrtc_streamer']")
    inside.get_by_role("button", name=text("practice.start_camera")).click(timeout=WAIT_MS)


def expect_sentence(page: Page, code: str, timeout_ms: int) -> None:
    beginning = text(f"camera.{code}", detail="").split("(")[0].rstrip()
    sentence = page.locator(".notice", has_text=beginning)
    expect(sentence).to_be_visible(timeout=timeout_ms)


@pytest.mark.parametrize(
    ("script", "code"),
    [
        (REJECT.replace("{name}", "NotAllowedError"), "refused"),
        (REJECT.replace("{name}", "NotReadableError"), "taken"),
        (REJECT.replace("{name}", "NotFoundError"), "absent"),
        (REJECT.replace("{name}", "UnknownError"), "other"),
    ],
)
def test_the_browser_gives_no_camera(
    app: Any, open_browser: Callable[..., Browser], script: str, code: str
) -> None:
    page = visit(open_browser(), app.address, script)
    press_start(page)
    expect_sentence(page, code, SOON_MS + SLACK_MS)


def test_a_machine_without_a_camera(app: Any, open_browser: Callable[..., Browser]) -> None:
    page = visit(open_browser("--use-fake-ui-for-media-stream"), app.address)
    press_start(page)
    expect_sentence(page, "absent", SOON_MS + SLACK_MS)


def test_a_picture_that_does_not_come(app: Any, open_browser: Callable[..., Browser]) -> None:
    page = visit(open_browser(), app.address, NEVER)
    press_start(page)
    expect_sentence(page, "slow", SOON_MS + SLACK_MS)


@pytest.mark.parametrize(("script", "code"), [(INSECURE, "insecure"), (OLD, "no_webrtc")])
def test_what_can_be_known_before_the_attempt_is_said_at_once(
    app: Any, open_browser: Callable[..., Browser], script: str, code: str
) -> None:
    page = visit(open_browser(), app.address, script)
    expect_sentence(page, code, WAIT_MS)
