"""A whole session in a real browser that nobody touches after Start: voice, count, summary."""

import re
import time
from collections.abc import Callable
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from routines.routine import load_routine
from tests.films import (
    ASYMMETRIC,
    CLEAN,
    OIL,
    length_s,
    ready,
    settling,
    still,
    touching,
    write_webcam,
)
from tests.ui.practice_page import SPEECH_STUB, WAIT_MS, WITH_WEBCAM, camera_frame, said
from ui.calibration_store import FILE_NAME, SURROUND_NAME
from ui.texts import text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

SETTLE_S = 10
GOAL = 3
TASKS = (
    *("check", "touch_lower_back", "touch_neck", "touch_shoulders", "confirm"),
    *("settle", "breathe", "oil", "strokes"),
)
STAGES = ("check", "touch", "confirm", "settle", "oil", "strokes")
SHOTS = (
    *touching(hold_s=8.0, check_s=10.0),
    ready(1.5),
    settling(SETTLE_S + 10.0),
    OIL,
    ready(5.0),
    *(CLEAN, ASYMMETRIC, ASYMMETRIC, CLEAN, CLEAN),
    ready(3.0),
    still(24.5, 30.0),
)
"""Long holds, the fault twice and strokes to spare: a busy machine loads the hand model first, sees
few pictures a second, and may miss one."""


def slide(page: Page, key: str, presses: int) -> None:
    """Settings by the keyboard alone."""
    page.get_by_role("slider", name=text(key)).focus()
    for _ in range(presses):
        page.keyboard.press("ArrowLeft")
    page.wait_for_timeout(300)


def stages_on(page: Page) -> list[tuple[str, str]]:
    """Stage and count as the page shows them now; empty where it shows none."""
    read = "all => all.map(each => [each.dataset.stage, each.querySelector('.number').textContent])"
    return [
        (stage, count) for stage, count in page.locator("div.stage[data-slot]").evaluate_all(read)
    ]


def open_film(browser: Browser, address: str, hosts: set[str]) -> Page:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.add_init_script(path=SPEECH_STUB)
    page.on("request", lambda request: hosts.add(re.sub(r".*//|[:/].*", "", request.url)))
    page.goto(address)
    expect(
        camera_frame(page).get_by_role("button", name=text("practice.start_camera"))
    ).to_be_visible(timeout=WAIT_MS)
    return page


def test_a_whole_session_without_a_touch(
    app: Any, open_browser: Callable[..., Browser], tmp_path: Path
) -> None:
    film = write_webcam(SHOTS, tmp_path / "session.mjpeg")
    hosts: set[str] = set()
    browser = open_browser(*WITH_WEBCAM, f"--use-file-for-fake-video-capture={film}")
    page = open_film(browser, app.address, hosts)

    page.wait_for_timeout(3000)  # the page is drawn anew when the browser has told its voices
    page.get_by_role("button", name=text("settings.title")).click()
    slide(page, "settings.goal", 10 - GOAL)
    slide(page, "settings.settle", 2)
    page.keyboard.press("Escape")
    camera_frame(page).get_by_role("button", name=text("practice.start_camera")).click()

    # From here on nobody touches anything.
    over_s = time.monotonic() + length_s(SHOTS)
    shown: dict[tuple[str, str], None] = {}
    while time.monotonic() < over_s and not page.get_by_text(text("summary.felt_title")).count():
        shown |= dict.fromkeys((stage, count) for stage, count in stages_on(page))
        page.wait_for_timeout(100)
    story = f"{list(shown)}, {said(page)}"

    assert page.get_by_text(text("summary.felt_title")).count(), story
    stages = list(dict.fromkeys(stage for stage, _ in shown))
    assert [each for each in stages if each in STAGES] == list(STAGES), story
    assert {("strokes", "1"), ("strokes", "2")} < set(shown), story
    done = text("guide.done")
    page.wait_for_function("words => window.said.includes(words)", arg=done, timeout=WAIT_MS)
    # What nobody follows yet is said again after a while.
    heard = [word for word, _ in groupby(said(page))]
    tasks = [text(f"guide.{task}") for task in TASKS]
    cue = load_routine().faults["asymmetric"].spoken
    assert cue in heard, story
    words = [text("notice.stop_when_it_hurts"), *tasks, "1", "2", "3", done]
    assert [word for word in heard if word != cue] == words, story

    # The giver's own feeling first, then the figures.
    assert page.locator("table.reps").count() == 0
    page.get_by_role("button", name=text("summary.felt_4")).click()
    expect(page.get_by_test_id("count")).to_have_text(str(GOAL), timeout=WAIT_MS)
    written = load_routine().faults["asymmetric"].written
    expect(page.get_by_test_id("work_on")).to_have_text(written)
    expect(page.locator("table.reps .verdict.counted")).to_have_count(GOAL)
    expect(page.locator("ol.rep-strip > li")).to_have_count(GOAL)

    assert hosts == {"127.0.0.1"}, "the app asked elsewhere"
    remembered = list(Path(app.data_folder).rglob("*"))
    kept = {path.name for path in remembered if path.is_file()}
    assert {FILE_NAME, SURROUND_NAME, "sessions.sqlite3"} <= kept
    # Figures, points and corners of the room: nothing else, and no picture.
    assert all(name.startswith(("sessions.sqlite3", "last.")) for name in kept), kept
