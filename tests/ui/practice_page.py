"""What a giver does on the page Practice, and what the page shows then: for the browser stories."""

import shutil
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from messages import ENGLISH
from ui.calibration_store import FILE_NAME
from ui.texts import messages

WAIT_MS = 30_000
WITH_WEBCAM = ("--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream")
"""Flags of a browser that gives its camera without asking."""

SPEECH_STUB = Path(__file__).with_name("speech_stub.js")


def know_the_back(data_folder: Path, calibration: Path) -> None:
    """Let the app of this data folder know where the back lay last time."""
    place = data_folder / "tstroke-coach" / FILE_NAME
    place.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(calibration, place)


def camera_frame(page: Page) -> FrameLocator:
    """The frame that holds the camera's buttons and its picture."""
    return page.frame_locator("iframe[title*='webrtc_streamer']")


def start_camera(page: Page, language: str = ENGLISH) -> None:
    """Press Start camera as soon as it is there."""
    name = messages(language)["practice.start_camera"]
    start = camera_frame(page).get_by_role("button", name=name)
    start.click(timeout=WAIT_MS)


def button(page: Page, key: str, language: str = ENGLISH) -> Locator:
    """The button with the words of this key."""
    return page.get_by_role("button", name=messages(language)[key], exact=True)


def click(what: Locator) -> None:
    """Press with the mouse."""
    what.click(timeout=2000)


def press_enter(what: Locator) -> None:
    """Press with the keyboard."""
    what.press("Enter", timeout=2000)


def go_to_strokes(page: Page, language: str = ENGLISH) -> None:
    """Press what leads on, until the strokes are counted."""
    go_on_to(page, "strokes", language)


def go_on_to(
    page: Page,
    stage: str,
    language: str = ENGLISH,
    press: Callable[[Locator], None] = click,
) -> None:
    """Press what leads on, until the session stands there."""
    onward = button(page, "practice.skip", language).or_(
        button(page, "practice.take_place", language)
    )
    there = page.locator(f"div.stage[data-stage={stage}]")
    line = page.get_by_test_id("line")
    over_s = time.monotonic() + 4 * WAIT_MS / 1000
    while time.monotonic() < over_s:
        expect(onward.or_(there).first).to_be_visible(timeout=2 * WAIT_MS)
        if there.count():
            return
        before = line.inner_text()
        try:
            press(onward.first)
        except PlaywrightTimeoutError:
            continue  # the hands have led on before the press could
        # A second press before the first has worked would skip one stage too many.
        expect(line).not_to_have_text(before, timeout=2 * WAIT_MS)
    pytest.fail(f"the stage {stage} was never reached")


def count_on(page: Page) -> int:
    """The count that the page shows; 0 where it shows none."""
    words = page.get_by_test_id("count").inner_text()
    return int(words) if words.strip() else 0


def said(page: Page) -> list[str]:
    """All that the speech stub was given to say."""
    words: list[str] = page.evaluate("window.said")
    return words
