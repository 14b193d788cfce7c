"""Review in a real browser: an upload is counted as the command line counts it."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from ui.samples import FOLDER
from ui.texts import text
from vision.calibration import REQUIRED_POINTS, load_calibration

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CLIP = FOLDER / "wide.mp4"
CALIBRATION = FOLDER / "wide.calibration.json"

WAIT_MS = 30_000
REVIEW_MS = 400_000


def button(page: Page, key: str) -> Any:
    return page.get_by_role("button", name=text(key), exact=True)


def choose_upload(page: Page, clip: Path) -> None:
    page.get_by_text(text("review.source_upload"), exact=True).click(timeout=WAIT_MS)
    page.locator("input[type=file]").first.set_input_files(clip)
    expect(page.get_by_text(text("review.calibration"), exact=True)).to_be_visible(timeout=WAIT_MS)


def counted_by_the_command_line(folder: Path) -> dict[str, Any]:
    subprocess.run(
        [Path(sys.executable).parent / "tstroke", "review", CLIP, "--out", folder],
        check=True,
        capture_output=True,
        timeout=REVIEW_MS / 1000,
    )
    review: dict[str, Any] = json.loads((folder / "wide.json").read_text("utf-8"))
    # By what it was made stands only in a folder's results, so that a run can go on.
    del review["made"]
    return review


def test_an_upload_with_its_calibration_is_counted_as_by_the_command_line(
    app: Any, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    hosts: set[str] = set()
    page = open_page(f"{app.address}/review", hosts=hosts)
    choose_upload(page, CLIP)
    page.get_by_text(text("review.calibration_file"), exact=True).click()
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(CALIBRATION)
    start = button(page, "review.start")
    expect(start).to_be_enabled(timeout=WAIT_MS)
    start.click()
    expect(button(page, "review.cancel")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_test_id("count")).to_be_visible(timeout=REVIEW_MS)

    expected = counted_by_the_command_line(tmp_path)
    expect(page.get_by_test_id("count")).to_have_text(str(expected["count"]))
    expect(page.locator("table.reps tbody tr")).to_have_count(len(expected["reps"]))
    with page.expect_download() as download:
        button(page, "review.download_json").click()
    assert json.loads(Path(download.value.path()).read_text("utf-8")) == expected

    page.wait_for_function("document.querySelector('video')?.duration > 25", timeout=WAIT_MS)
    expect(page.locator("svg.back-chart")).to_be_visible()
    assert hosts == {"127.0.0.1"}, "the app asked elsewhere"


def test_points_are_clicked_on_a_frame_and_the_review_can_be_cancelled(
    app: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{app.address}/review")
    choose_upload(page, CLIP)
    page.get_by_text(text("review.calibration_click"), exact=True).click()
    calibration = load_calibration(CALIBRATION)
    width, height = calibration.image_size
    picture = page.locator(".stage img")
    for name in REQUIRED_POINTS:
        prompt = text("picker.prompt", point=text(f"point.{name}"))
        expect(page.locator(".prompt")).to_have_text(prompt, timeout=WAIT_MS)
        picture.scroll_into_view_if_needed()
        box = picture.bounding_box()
        assert box is not None
        x, y = calibration.points_px[name]
        page.mouse.click(box["x"] + x / width * box["width"], box["y"] + y / height * box["height"])
    start = button(page, "review.start")
    expect(start).to_be_enabled(timeout=WAIT_MS)
    start.click()
    button(page, "review.cancel").click(timeout=WAIT_MS)
    expect(page.locator(".notice")).to_have_text(text("review.cancelled"), timeout=WAIT_MS)
    expect(start).to_be_enabled()


def test_points_are_set_by_keyboard_and_corrected_by_dragging(
    app: Any, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{app.address}/review")
    choose_upload(page, CLIP)
    page.get_by_text(text("review.calibration_click"), exact=True).click()
    chosen = page.locator(".list button[data-point='waist']")
    chosen.focus(timeout=WAIT_MS)
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("Shift+ArrowUp")
    expect(chosen).to_contain_text("319, 230")
    expect(chosen).to_be_focused()

    handle = page.locator(".handle[aria-label^='waist']")
    handle.scroll_into_view_if_needed()
    box, picture = handle.bounding_box(), page.locator(".stage img").bounding_box()
    assert box is not None
    assert picture is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.mouse.down()
    page.mouse.move(picture["x"] + picture["width"] / 4, picture["y"] + picture["height"] / 4)
    page.mouse.up()
    expect(chosen).to_contain_text("160, 120")

    # Another way of giving the points, another frame: what was clicked stays.
    page.get_by_text(text("review.calibration_file"), exact=True).click()
    expect(chosen).to_have_count(0, timeout=WAIT_MS)
    page.get_by_text(text("review.calibration_click"), exact=True).click()
    expect(chosen).to_contain_text("160, 120", timeout=WAIT_MS)
    page.get_by_role("radio", name="2 s").or_(page.get_by_text("2 s", exact=True)).first.click()
    expect(chosen).to_contain_text("160, 120", timeout=WAIT_MS)


def test_a_text_file_that_is_called_mp4_is_refused_in_a_sentence(
    app: Any, open_page: Callable[..., Page], tmp_path: Path
) -> None:
    trap = tmp_path / "x.mp4"
    trap.write_text(f"ffconcat version 1.0\nfile {CLIP}\n", encoding="utf-8")
    page = open_page(f"{app.address}/review")
    choose_upload(page, trap)
    page.get_by_text(text("review.calibration_click"), exact=True).click()
    expect(page.locator(".notice")).to_contain_text("x.mp4", timeout=WAIT_MS)
    expect(page.locator(".stage img")).to_have_count(0)
