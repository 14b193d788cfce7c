"""Practice in a real browser: a clip as the webcam, points by clicks, the count on the page."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from sessions.truth import load_truth, truth_path
from ui.calibration_store import FILE_NAME
from ui.samples import FOLDER
from ui.texts import text
from vision.calibration import REQUIRED_POINTS, load_calibration

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

CLIP = FOLDER / "side.mp4"
CALIBRATION = load_calibration(FOLDER / "side.calibration.json")

LEAD_S = 45.0
"""A still picture comes first in the film: time to set the points and to press Start."""

SLOWER = 1.5
"""Strokes of 10 s instead of 7: still an easy pace, and a busy machine sees enough of each."""

WAIT_MS = 30_000


def frame(page: Page) -> Any:
    return page.frame_locator("iframe[title*='webrtc_streamer']")


def button(page: Page, key: str) -> Any:
    return page.get_by_role("button", name=text(key), exact=True)


def start_camera(page: Page) -> None:
    frame(page).get_by_role("button", name=text("practice.start_camera")).click(timeout=WAIT_MS)
    expect(button(page, "practice.take_still")).to_be_visible(timeout=WAIT_MS)


def set_points(page: Page) -> None:
    """Click the four points where the clip's calibration has them."""
    button(page, "practice.take_still").click()
    picture = page.locator(".stage img")
    width, height = CALIBRATION.image_size
    for name in REQUIRED_POINTS:
        prompt = text("picker.prompt", point=text(f"point.{name}"))
        expect(page.locator(".prompt")).to_have_text(prompt, timeout=WAIT_MS)
        box = picture.bounding_box()
        assert box is not None
        x, y = CALIBRATION.points_px[name]
        page.mouse.click(box["x"] + x / width * box["width"], box["y"] + y / height * box["height"])
    expect(button(page, "practice.use_points")).to_be_enabled(timeout=WAIT_MS)
    button(page, "practice.use_points").click()


def count_on(page: Page) -> int:
    return int(page.get_by_test_id("count").inner_text())


def test_the_count_on_the_page_reaches_the_truth(
    app: Any,
    open_page: Callable[..., Page],
    webcam: Callable[..., tuple[str, ...]],
) -> None:
    path = truth_path(CLIP)
    assert path is not None
    truth = load_truth(path)
    hosts: set[str] = set()
    flags = webcam(CLIP, LEAD_S, SLOWER)
    page = open_page(app.address, *flags, hosts=hosts)

    begun = time.monotonic()
    start_camera(page)
    set_points(page)
    button(page, "practice.start").click(timeout=WAIT_MS)
    expect(page.get_by_test_id("count")).to_have_text("0", timeout=WAIT_MS)
    assert time.monotonic() - begun < LEAD_S, "the clip had begun before Start was pressed"

    # To the end of the film, and on through its next lead, in which no stroke can be.
    over = begun + LEAD_S + truth.reps[-1].end_s * SLOWER + 10.0
    highest, rates = 0, []
    while time.monotonic() < over:
        highest = max(highest, count_on(page))
        rates.append(float(page.locator(".live").get_attribute("data-rate") or 0.0))
        time.sleep(0.5)
    told = f"coached {min(rates):.0f} to {max(rates):.0f} pictures a second"
    assert highest == truth.count, told
    assert count_on(page) == truth.count, told

    button(page, "practice.end").click()
    expect(button(page, "practice.practise_again")).to_be_visible(timeout=WAIT_MS)
    assert count_on(page) == truth.count
    # Where the film begins anew the hands jump: that may be an attempt, but never a counted one.
    expect(page.locator("table.reps .verdict.counted")).to_have_count(truth.count)

    assert hosts == {"127.0.0.1"}, "the app asked elsewhere"
    remembered = list(Path(app.data_folder).rglob("*"))
    assert [path.name for path in remembered if path.is_file()] == [FILE_NAME]
