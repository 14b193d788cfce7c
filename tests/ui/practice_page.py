"""What a giver does on the page Practice, and what the page shows then: for the browser stories."""

import shutil
import time
from pathlib import Path

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from ui.calibration_store import FILE_NAME
from ui.texts import text

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


def start_camera(page: Page) -> None:
    """Press Start camera as soon as it is there."""
    start = camera_frame(page).get_by_role("button", name=text("practice.start_camera"))
    start.click(timeout=WAIT_MS)


def go_to_strokes(page: Page) -> None:
    """Press what leads on, until the strokes are counted."""
    onward = page.get_by_role("button", name=text("practice.skip"), exact=True).or_(
        page.get_by_role("button", name=text("practice.take_place"), exact=True)
    )
    pause = page.get_by_role("button", name=text("practice.pause"), exact=True)
    line = page.get_by_test_id("line")
    over_s = time.monotonic() + 4 * WAIT_MS / 1000
    while time.monotonic() < over_s:
        expect(onward.or_(pause).first).to_be_visible(timeout=2 * WAIT_MS)
        if pause.is_visible():
            return
        before = line.inner_text()
        try:
            onward.first.click(timeout=2000)
        except PlaywrightTimeoutError:
            continue  # the hands have led on before the click could
        # A second click before the first has worked would skip one stage too many.
        expect(line).not_to_have_text(before, timeout=2 * WAIT_MS)
    pytest.fail("the strokes were never reached")


def count_on(page: Page) -> int:
    """The count that the page shows; 0 where it shows none."""
    words = page.get_by_test_id("count").inner_text()
    return int(words) if words.strip() else 0


def said(page: Page) -> list[str]:
    """All that the speech stub was given to say."""
    words: list[str] = page.evaluate("window.said")
    return words
