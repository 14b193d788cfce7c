"""How often it speaks: each level of coaching in a browser, over strokes with the same slip."""

from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from routines.routine import load_routine
from sessions.guided import Level
from tests.films import CLEAN, CLIP, LOWER_BACK_S
from tests.ui.driven_camera import Film
from tests.ui.practice_page import (
    SPEECH_STUB,
    WAIT_MS,
    WITH_WEBCAM,
    go_to_strokes,
    know_the_back,
    start_camera,
)
from ui.texts import text

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

STOP_AT_S, STOP_S = 5.0, 3.0
"""On the way up, and for how long."""
LEAST_GAP_S = 8.0
"""Between two cues; a stroke that stops on its way lasts longer."""
SLACK_S = 0.5
"""A page may be told of one cue later than of the next one."""
CUE = load_routine().faults["pause"].spoken

# Notes what stands on the line when a cue is spoken, and when that is.
NOTES = """
(() => {
  window.cued = [];
  const roots = () => [...document.querySelectorAll("*")].map((each) => each.shadowRoot);
  const lines = () => roots().map((root) => root?.querySelector("[data-testid=line]"));
  const line = () => lines().find(Boolean)?.textContent ?? "";
  const speak = window.speechSynthesis.speak;
  window.speechSynthesis.speak = (words) => {
    speak(words);
    const at = performance.now();
    setTimeout(() => window.cued.push({ words: words.text, at, line: line() }), 300);
  };
})();
"""


class Strokes:
    """A session in its strokes, whose camera shows one after the other as they are asked for."""

    def __init__(self, app: Any, browser: Browser, level: Level) -> None:
        know_the_back(Path(app.data_folder), CLIP.with_suffix(".calibration.json"))
        self.page = browser.new_page(viewport={"width": 1280, "height": 900})
        self._film = Film(CLIP)
        self._film.lend_to(self.page)
        for script in (SPEECH_STUB.read_text("utf-8"), NOTES, self._film.script):
            self.page.add_init_script(script)
        self.page.goto(app.address)
        self._film.hold(self.page, LOWER_BACK_S)
        start_camera(self.page)
        go_to_strokes(self.page)
        choose(self.page, level)

    def clean(self) -> list[str]:
        """A stroke without a slip; gives the counts and cues that are spoken until it is told."""
        self._film.play(self.page, CLEAN)
        return self._told()

    def stopped(self) -> list[str]:
        """The same with a stop on the way."""
        self._film.show(self.page, CLEAN.start_s, STOP_AT_S)
        self.page.wait_for_timeout(1000 * (STOP_AT_S - CLEAN.start_s + STOP_S))
        self._film.show(self.page, STOP_AT_S, CLEAN.end_s)
        return self._told()

    def _told(self) -> list[str]:
        heard: list[str] = self.page.evaluate("window.said")
        number = str(1 + sum(words.isdigit() for words in heard))
        self.page.wait_for_function(
            "count => window.said.includes(count)", arg=number, timeout=WAIT_MS
        )
        self.page.wait_for_timeout(1500)  # a cue that came after the count would be heard
        new: list[str] = self.page.evaluate("known => window.said.slice(known)", len(heard))
        return [words for words in new if words.isdigit() or words == CUE]


def choose(page: Page, level: Level) -> None:
    """Set the level of coaching while the session runs, by keyboard."""
    page.get_by_role("button", name=text("settings.title")).press("Enter")
    box = page.get_by_role("combobox", name=text("settings.level"))
    name = text(f"settings.level_{level}")
    box.click()
    page.get_by_role("option", name=name, exact=True).click()
    expect(box).to_have_value(name)
    page.keyboard.press("Escape")


def end(page: Page) -> None:
    """End the session and look at its summary."""
    page.get_by_role("button", name=text("practice.end"), exact=True).click()
    page.get_by_role("button", name=text("summary.felt_3")).click(timeout=WAIT_MS)
    expect(page.get_by_test_id("work_on")).to_have_text(
        load_routine().faults["pause"].written, timeout=WAIT_MS
    )


def check_cues(page: Page) -> None:
    """Every spoken cue stood on the screen as well, and no two came close together."""
    cued = [each for each in page.evaluate("window.cued") if each["words"] == CUE]
    assert all(each["line"] == CUE for each in cued), cued
    gaps_s = [(b["at"] - a["at"]) / 1000 for a, b in pairwise(cued)]
    assert all(gap_s > LEAST_GAP_S - SLACK_S for gap_s in gaps_s), gaps_s


def test_every_stroke_every_second_one_and_only_the_summary(
    app: Any, open_browser: Callable[..., Browser]
) -> None:
    strokes = Strokes(app, open_browser(*WITH_WEBCAM), "every")
    assert [strokes.stopped(), strokes.stopped()] == [[CUE, "1"], [CUE, "2"]]
    choose(strokes.page, "second")
    assert [strokes.stopped(), strokes.stopped()] == [["3"], [CUE, "4"]]
    choose(strokes.page, "summary")
    assert [strokes.stopped(), strokes.stopped()] == [["5"], ["6"]]
    check_cues(strokes.page)
    end(strokes.page)


def test_cues_fade_as_strokes_succeed(app: Any, open_browser: Callable[..., Browser]) -> None:
    strokes = Strokes(app, open_browser(*WITH_WEBCAM), "fade")
    # As after every stroke at first; after four good ones only the summary tells of a slip.
    assert strokes.stopped() == [CUE, "1"]
    assert [strokes.clean() for _ in range(4)] == [["2"], ["3"], ["4"], ["5"]]
    assert strokes.stopped() == ["6"]
    check_cues(strokes.page)
    end(strokes.page)
