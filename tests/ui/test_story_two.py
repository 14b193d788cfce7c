"""Two browsers at once: each has its own count, language, goal and back, and none of the other."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.films import SAMPLES, Shot, piece
from tests.ui.driven_camera import Film
from tests.ui.practice_page import (
    WAIT_MS,
    WITH_WEBCAM,
    count_on,
    go_to_strokes,
    know_the_back,
    start_camera,
)
from ui.review_routes import BROWSER_HEADER, RECORDINGS
from ui.served import PREFIX
from ui.texts import messages

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

ATTEMPTS = 3
SLOWER = 1.5
DECIDED_S = 3.0
"""Until a stroke that is over is counted, and hands that rest have led on."""

RECORDING = "an evening of Ann's.mp4"


@dataclass(frozen=True, slots=True)
class Giver:
    """One of the two: a browser of its own, with a camera that shows a clip of its own."""

    page: Page
    film: Film
    language: str
    clean: Shot
    goal: int

    def counts(self, number: int) -> None:
        """The page shows this count, in this giver's language, of this giver's goal."""
        words = messages(self.language)
        expect(self.page.get_by_test_id("count")).to_have_text(str(number), timeout=WAIT_MS)
        of_goal = words["practice.of_goal"].format(goal=self.goal)
        expect(self.page.get_by_text(of_goal, exact=True)).to_be_visible()
        end = self.page.get_by_role("button", name=words["practice.end"], exact=True)
        expect(end).to_be_visible()

    def stroke(self) -> None:
        """Make a clean stroke; it is counted. A busy machine sees too little of one at times."""
        number = count_on(self.page) + 1
        for _ in range(ATTEMPTS):
            self.film.play(self.page, self.clean, SLOWER)
            self.page.wait_for_timeout(1000 * (SLOWER * self.clean.lasts_s + DECIDED_S))
            if count_on(self.page) == number:
                break
            self.film.hold(self.page, self.clean.start_s)
            self.page.wait_for_timeout(1000 * DECIDED_S)
        self.counts(number)


def secret_of(page: Page) -> str:
    """What this page's browser is known by."""
    page.wait_for_function("localStorage.getItem('tstroke.browser')", timeout=WAIT_MS)
    kept: str = page.evaluate("localStorage.getItem('tstroke.browser')")
    secret: str = json.loads(kept)["secret"]
    return secret


def come(
    app: Any, browser: Browser, clip: Path, language: str, clean: Shot, start_s: float, goal: int
) -> Giver:
    """A new visitor who has come as far as the strokes; the machine knows the back of this clip."""
    know_the_back(Path(app.data_folder), clip.with_suffix(".calibration.json"))
    page = browser.new_context(locale=language).new_page()
    film = Film(clip)
    film.lend_to(page)
    page.add_init_script(film.script)
    page.goto(app.address)
    words = messages(language)
    page.get_by_role("button", name=words["settings.title"]).click(timeout=WAIT_MS)
    page.get_by_role("slider", name=words["settings.goal"]).focus()
    for _ in range(10 - goal):
        page.keyboard.press("ArrowLeft")
    page.keyboard.press("Escape")
    film.hold(page, start_s)
    start_camera(page, language)
    go_to_strokes(page, language)
    return Giver(page, film, language, clean, goal)


def send(app: Any, secret: str) -> int:
    """Send a recording as this browser; gives the server's answer."""
    address = f"{app.address}{RECORDINGS}?name={quote(RECORDING)}"
    sent = Request(address, b"not looked at here", {BROWSER_HEADER: secret}, method="PUT")
    return answer(sent)


def answer(request: Request | str) -> int:
    """The status of what the server answers."""
    try:
        with urlopen(request, timeout=30) as got:
            status: int = got.status
            return status
    except HTTPError as refused:
        return refused.code


def test_two_at_once_have_nothing_of_each_other(
    app: Any, open_browser: Callable[..., Browser]
) -> None:
    # Not two pages of one browser: the camera of the one behind would rest.
    ann = come(
        app, open_browser(*WITH_WEBCAM), SAMPLES / "fps15.mp4", "en", piece(3.9, 10.7), 10.53, 10
    )
    bea = come(
        app, open_browser(*WITH_WEBCAM), SAMPLES / "wide.mp4", "de", piece(3.9, 11.732), 3.7, 3
    )
    ann.counts(0)
    for giver in (ann, bea, ann):
        giver.stroke()
    ann.counts(2)
    bea.counts(1)

    bea.page.reload()
    bea.counts(1)
    ann.counts(2)


def own_recordings(page: Page, language: str) -> None:
    """Open the page Review where a browser's own recordings are listed."""
    words = messages(language)
    page.get_by_text(words["review.source_upload"], exact=True).click(timeout=WAIT_MS)
    expect(page.locator("input[type=file]").first).to_be_attached(timeout=WAIT_MS)


def test_a_recording_is_its_own_browsers_and_names_of_others_lead_nowhere(
    app: Any, open_browser: Callable[..., Browser]
) -> None:
    browser = open_browser()
    ann, bea = (browser.new_context(locale=language).new_page() for language in ("en", "de"))
    for page, language in ((ann, "en"), (bea, "de")):
        page.goto(f"{app.address}/review")
        own_recordings(page, language)
    assert secret_of(ann) != secret_of(bea)
    assert send(app, secret_of(ann)) == 201
    assert send(app, "x" * len(secret_of(ann))) == 403, "nobody's browser"
    for page, language in ((ann, "en"), (bea, "de")):
        page.reload()
        own_recordings(page, language)
    expect(ann.get_by_text(RECORDING).first).to_be_visible(timeout=WAIT_MS)
    bea.wait_for_timeout(1500)
    expect(bea.get_by_text(RECORDING)).to_have_count(0)
    for name in ("guessed", "..%2f..%2fapp.py", quote(RECORDING), secret_of(ann)):
        assert answer(f"{app.address}{PREFIX}/{name}") in (400, 404), name
