"""A camera that hangs while strokes are counted: it is noticed, the session waits and goes on."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, Final, Literal, get_args

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.films import CLEAN, CLIP, LOWER_BACK_S
from tests.ui.driven_camera import Film
from tests.ui.practice_page import (
    SPEECH_STUB,
    WAIT_MS,
    WITH_WEBCAM,
    count_on,
    go_to_strokes,
    know_the_back,
    said,
    start_camera,
)
from ui import camera_watch
from ui.practice_parts import REFRESH_S
from ui.texts import page_address, text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SOON_MS = 3_000
SLACK_MS = 5_000
"""For a busy machine, on top of what is promised."""
LOOK_MS = 250

How = Literal["freezes", "repeats", "blocks"]
PICTURES: Final = Path(camera_watch.__file__).with_name("web") / "camera_pictures.js"


def stroke(page: Page, film: Film) -> None:
    """A clean stroke, and its count."""
    counted = count_on(page)
    film.play(page, CLEAN)
    expect(page.get_by_test_id("count")).to_have_text(str(counted + 1), timeout=WAIT_MS)


def hangs_and_comes_back(page: Page, film: Film, how: How) -> None:
    counted, waits = count_on(page), text("notice.camera_waits")
    told = said(page).count(waits)
    notice = page.locator(".notice", has_text=text("camera.gone"))
    film.break_down(page, how)
    expect(notice).to_be_visible(timeout=SOON_MS + SLACK_MS)
    way_on = notice.get_by_role("link", name=text("camera.way_on"))
    expect(way_on).to_have_attribute("href", page_address("review"))
    page.wait_for_timeout(SOON_MS)
    assert said(page).count(waits) == told + 1, "said once"
    assert count_on(page) == counted
    film.come_back(page)
    expect(page.locator(".notice")).to_have_count(0, timeout=WAIT_MS)
    stroke(page, film)


def test_a_camera_that_hangs_is_noticed_and_the_session_goes_on_when_it_is_back(
    app: Any, open_browser: Callable[..., Browser]
) -> None:
    know_the_back(Path(app.data_folder), CLIP.with_suffix(".calibration.json"))
    page = open_browser(*WITH_WEBCAM).new_page(viewport={"width": 1280, "height": 900})
    film = Film(CLIP)
    film.lend_to(page)
    for script in (SPEECH_STUB.read_text("utf-8"), film.script):
        page.add_init_script(script)
    page.goto(app.address)
    film.hold(page, LOWER_BACK_S)
    start_camera(page)
    go_to_strokes(page)
    stroke(page, film)
    # Hands that rest before a camera that works are no camera that hangs.
    page.wait_for_timeout(SOON_MS)
    assert text("notice.camera_waits") not in said(page)
    for how in get_args(How):
        hangs_and_comes_back(page, film, how)


def verdicts(page: Page, prints: list[int], every_ms: int = LOOK_MS) -> list[bool]:
    """What is made of pictures with these fingerprints, at this interval."""
    judge = """([prints, every]) => {
      const memory = freshMemory();
      return prints.map((print, at) => standsStill(memory, print, 5000 + at * every));
    }"""
    found: list[bool] = page.evaluate(judge, [prints, every_ms])
    return found


def test_what_is_a_picture_that_stands_still(open_browser: Callable[..., Browser]) -> None:
    page = open_browser().new_page()
    page.add_script_tag(path=PICTURES)
    watch = PICTURES.with_name("camera_watch.js").read_text("utf-8")
    assert f"POLL_MS = {LOOK_MS};" in watch, "the interval at which a page looks"
    # A picture freezes right after a look; then a page takes its time to hear of it, and to say it.
    soon = (SOON_MS - LOOK_MS - round(1000 * REFRESH_S)) // LOOK_MS
    assert not any(verdicts(page, list(range(100)))), "a camera that works"
    assert not any(verdicts(page, [number // 4 for number in range(100)])), "one a second"
    frozen = verdicts(page, [*range(20), *[19] * 20, 20])
    assert not any(frozen[:20])
    assert frozen[19 + soon], "noticed"
    assert not frozen[-1], "and forgotten with the first new picture"
    repeats = verdicts(page, [*range(20), *[17, 18, 19] * 8])
    assert repeats[19 + soon]
    assert not verdicts(page, [1, 1], every_ms=60_000)[-1], "a page that was held up saw nothing"
    differ = """() => {
      const pixels = new Uint32Array(640 * 480).fill(0xff808080);
      const before = fingerprint(pixels);
      pixels[200_000] ^= 1;
      return [before, fingerprint(pixels)];
    }"""
    before, after = page.evaluate(differ)
    assert before != after, "a single bit of a single pixel"
