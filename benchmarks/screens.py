"""Pictures of every step for docs/screens.md: light, dark, on a phone, and in German.

    python benchmarks/screens.py [--languages en de] [--parts learn strokes]

The app runs on the loopback address, and the webcam of headless Chromium shows pieces of the sample
clips, each when the session has come so far; a stub stands for its voice. What goes wrong with a
camera is brought about as a browser would bring it about. Also prints words that stand out
too little from what is behind them. Takes some fifteen minutes.
"""

import argparse
import io
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Final, Literal

import numpy as np
from PIL import Image
from playwright.sync_api import BrowserType, Locator, Page, expect, sync_playwright
from playwright.sync_api import TimeoutError as PlaywrightTimeoutError

from benchmarks.app_server import BROWSER_FLAGS, chromium, running_app
from tests.films import (
    ASYMMETRIC,
    CLEAN,
    CLIP,
    EMPTY,
    LOWER_BACK_S,
    NECK_S,
    OIL,
    SAMPLES,
    SHOULDERS_S,
    Shot,
    length_s,
    piece,
)
from tests.ui import practice_page
from tests.ui.driven_camera import Film
from tests.ui.practice_page import (
    SPEECH_STUB,
    WITH_WEBCAM,
    button,
    go_to_strokes,
    know_the_back,
    start_camera,
)
from tests.ui.troubles import INSECURE, NEVER, NO_WAY, NO_WEBRTC, PLUG, plug, reject
from ui.places import VARIABLE as MOST_AT_ONCE
from ui.scene_painter import GUIDE
from ui.texts import messages

_ACCESS: Final = Path(practice_page.__file__).with_name("access.js")
PICTURES: Final = Path(__file__).resolve().parents[1] / "docs" / "pictures"
WAIT_MS: Final = 60_000
QUALITY: Final = 68

SPINE_CLIP: Final = SAMPLES / "place.mp4"
SPINE: Final = piece(10.8, 18.8)
"""A stroke on the spine."""
STOP_AT_S: Final = 5.0
"""On the way up."""
SETTLE: Final = (0.3, 2.7)
TRIES: Final = 5
SLOWER: Final = 2.8
"""Strokes of 20 s, as a busy machine needs them."""

TROUBLES: Final = {
    "refused": reject("NotAllowedError"),
    "taken": reject("NotReadableError"),
    "absent": reject("NotFoundError"),
    "slow": NEVER,
    "no_way": NO_WAY,
    "insecure": INSECURE,
    "no_webrtc": NO_WEBRTC,
}
KNOWN_AT_ONCE: Final = ("insecure", "no_webrtc")


@dataclass(frozen=True, slots=True)
class Look:
    """One way in which pages are shown."""

    suffix: str
    width: int = 1180
    height: int = 860
    scheme: Literal["light", "dark"] = "light"

    def put_on(self, page: Page, height: int | None = None) -> None:
        """Show the page so."""
        page.emulate_media(color_scheme=self.scheme)
        page.set_viewport_size({"width": self.width, "height": height or self.height})
        page.wait_for_timeout(500)


LIGHT: Final = Look("")
LOOKS: Final[Mapping[str, tuple[Look, ...]]] = {
    "en": (LIGHT, Look("_dark", scheme="dark"), Look("_phone", 390, 844)),
    "de": (Look("_de"),),
}

LOCALES: Final = {"en": "en-GB", "de": "de-DE"}


@dataclass(frozen=True, slots=True)
class Studio:
    """Opens pages in one look and keeps pictures of them."""

    driver: BrowserType
    address: str
    data_folder: Path
    """The app's."""
    language: str
    folder: Path
    """For the pictures."""

    def open(self, page_name: str = "", film: Film | None = None, script: str = "") -> Page:
        """A page in a browser of its own, with a film as its webcam."""
        flags = [*BROWSER_FLAGS, *WITH_WEBCAM]
        browser = self.driver.launch(executable_path=chromium(), args=flags)
        page = browser.new_context(locale=LOCALES[self.language]).new_page()
        LIGHT.put_on(page)
        page.add_init_script(path=SPEECH_STUB)
        if film is not None:
            film.lend_to(page)
            page.add_init_script(film.script)
        page.add_init_script(script)
        page.goto(f"{self.address}/{page_name}")
        page.locator(".footer").wait_for(timeout=WAIT_MS)
        page.wait_for_timeout(1500)
        return page

    def keep(self, page: Page, name: str, *, whole: bool = False) -> None:
        """A picture in every look of what is in sight, or of the whole page."""
        page.mouse.move(2, 2)
        for look in LOOKS[self.language]:
            look.put_on(page)
            if whole:
                # The page scrolls within a frame of its own.
                height = page.get_by_test_id("stMain").evaluate("each => each.scrollHeight")
                look.put_on(page, max(height, look.height))
            self.save(page.screenshot(), f"{name}{look.suffix}")
            for words in page.evaluate(f"{_ACCESS.read_text('utf-8')}; window.faintWords()"):
                print(f"{name}{look.suffix}: too faint: {words}")
        LIGHT.put_on(page)

    def save(self, png: bytes, name: str) -> None:
        """As a JPEG that keeps words crisp."""
        image = Image.open(io.BytesIO(png)).convert("RGB")
        target = self.folder / f"{name}.jpg"
        image.save(target, quality=QUALITY, subsampling=0, optimize=True, progressive=True)

    def words(self, key: str) -> str:
        """A text in the look's language."""
        return messages(self.language)[key]

    def press(self, page: Page, key: str) -> None:
        """Press the button with these words."""
        button(page, key, self.language).click(timeout=WAIT_MS)


def learn(studio: Studio) -> None:
    """The lesson's sixth step."""
    page = studio.open("learn")
    for _ in range(5):
        button(page, "learn.next", studio.language).click()
        page.wait_for_timeout(1200)
    page.wait_for_timeout(2500)
    studio.keep(page, "learn", whole=True)
    _close(page)


def before_strokes(studio: Studio) -> None:
    """From the first look to the oil, as a giver sees it who has never been here."""
    film = Film(CLIP)
    page = studio.open(film=film)
    studio.keep(page, "practice_camera", whole=True)
    film.hold(page, LOWER_BACK_S)
    start_camera(page, studio.language)
    _reach(page, "check", 300)
    studio.keep(page, "practice_check")
    _find_the_back(studio, page, film)
    _settle(studio, page, film)
    _close(page)


def strokes(studio: Studio) -> None:
    """Three strokes, a pause and the summary."""
    page, film = _in_strokes(studio, CLIP, LOWER_BACK_S)
    _strokes(studio, page, film)
    studio.press(page, "practice.end")
    page.get_by_text(studio.words("summary.felt_title")).wait_for(timeout=WAIT_MS)
    page.wait_for_timeout(1500)
    studio.keep(page, "practice_question")
    studio.press(page, "summary.felt_4")
    page.get_by_test_id("work_on").wait_for(timeout=WAIT_MS)
    page.wait_for_timeout(2500)
    studio.keep(page, "practice_summary", whole=True)
    _close(page)


def _in_strokes(studio: Studio, clip: Path, rest_s: float, script: str = "") -> tuple[Page, Film]:
    """A page whose session waits for strokes, on a back that is known from last time."""
    know_the_back(studio.data_folder, clip.with_suffix(".calibration.json"))
    film = Film(clip)
    page = studio.open(film=film, script=script)
    film.hold(page, rest_s)
    start_camera(page, studio.language)
    go_to_strokes(page, studio.language)
    page.wait_for_timeout(1000)
    return page, film


def _find_the_back(studio: Studio, page: Page, film: Film) -> None:
    """A ring can't be held: each look has that of another place."""
    looks = iter(LOOKS[studio.language])
    _reach(page, "touch")
    for place, start_s, end_s in (
        ("lower_back", LOWER_BACK_S, LOWER_BACK_S),
        ("neck", 3.9, NECK_S),
        ("shoulders", NECK_S, SHOULDERS_S),
    ):
        task = studio.words(f"guide.touch_{place}")
        look = next(looks, None)
        if look is not None:
            look.put_on(page)
        film.show(page, start_s, end_s)
        ring = _fullest_ring(page, task)
        if look is not None:
            studio.save(ring, f"practice_touch{look.suffix}")
    LIGHT.put_on(page)
    expect(page.get_by_test_id("line")).to_have_text(studio.words("guide.confirm"))
    film.show(page, SHOULDERS_S, 10.6)  # who stays too long at the shoulders has accepted
    studio.keep(page, "practice_confirm")
    _reach(page, "settle")


def _settle(studio: Studio, page: Page, film: Film) -> None:
    film.show(page, *SETTLE, turns=True)
    page.get_by_test_id("breath").wait_for(timeout=WAIT_MS)
    page.wait_for_timeout(3000)
    studio.keep(page, "practice_settle")
    studio.press(page, "practice.skip")
    film.play(page, OIL)
    _reach(page, "oil", 1500)
    studio.keep(page, "practice_oil")


def _strokes(studio: Studio, page: Page, film: Film) -> None:
    for _ in _tries(page, film):
        film.play(page, CLEAN, SLOWER)
        if _comes(page.get_by_test_id("count").get_by_text("1", exact=True), CLEAN):
            break
    film.play(page, ASYMMETRIC, SLOWER)
    page.wait_for_timeout(2600 * SLOWER)
    studio.keep(page, "practice_strokes")
    cue = page.locator(".line[data-kind=cue]")
    for _ in _tries(page, film):
        film.show(page, CLEAN.start_s, STOP_AT_S, slower=SLOWER)
        page.wait_for_timeout((STOP_AT_S - CLEAN.start_s) * SLOWER * 1000 + 3500)
        film.show(page, STOP_AT_S, CLEAN.end_s, slower=SLOWER)
        if _comes(cue, CLEAN):
            break
    studio.keep(page, "practice_cue")
    studio.press(page, "settings.title")
    page.wait_for_timeout(1000)
    studio.keep(page, "practice_settings")
    page.keyboard.press("Escape")
    film.hold(page, EMPTY.start_s)
    _reach(page, "paused", 1500)
    studio.keep(page, "practice_paused")


def _tries(page: Page, film: Film) -> Iterator[int]:
    """Again from the start place: a busy machine may not have seen enough of a stroke."""
    for number in range(TRIES):
        film.hold(page, LOWER_BACK_S)
        _reach(page, "strokes", 1500)
        yield number


def _comes(what: Locator, shot: Shot) -> bool:
    """True where it is seen while the shot is played, or soon after."""
    try:
        what.wait_for(timeout=1000 * (length_s([shot]) * SLOWER + 5))
    except PlaywrightTimeoutError:
        return False
    return True


def spine(studio: Studio) -> None:
    """The warning that comes before every other cue."""
    page, film = _in_strokes(studio, SPINE_CLIP, SPINE.start_s)
    for _ in range(TRIES):
        film.hold(page, SPINE.start_s)
        page.wait_for_timeout(2000)
        film.play(page, SPINE, SLOWER)
        if _comes(page.locator(".line[data-kind=cue]"), SPINE):
            break
    studio.keep(page, "practice_spine")
    _close(page)


def troubles(studio: Studio) -> None:
    """What is said where a camera does not come."""
    for name, script in TROUBLES.items():
        page = studio.open(script=script)
        if name not in KNOWN_AT_ONCE:
            start_camera(page, studio.language)
        page.locator(".notice").first.wait_for(timeout=WAIT_MS)
        page.wait_for_timeout(500)
        studio.keep(page, f"trouble_{name}")
        _close(page)


def unplugged(studio: Studio) -> None:
    """What is said where a camera is pulled out."""
    page, _ = _in_strokes(studio, CLIP, LOWER_BACK_S, PLUG)
    plug(page, there=False)
    page.locator(".notice", has_text=studio.words("camera.gone")).wait_for(timeout=WAIT_MS)
    studio.keep(page, "trouble_gone")
    _close(page)


def full(studio: Studio) -> None:
    """What is said to a visitor while somebody else has the only place."""
    other, _ = _in_strokes(studio, CLIP, LOWER_BACK_S)
    page = studio.open()
    page.locator(".notice", has_text=studio.words("camera.full")).wait_for(timeout=WAIT_MS)
    page.wait_for_timeout(500)
    studio.keep(page, "trouble_full")
    _close(page)
    _close(other)


def _reach(page: Page, stage: str, later_ms: int = 0) -> None:
    page.locator(f"div.stage[data-stage={stage}]").wait_for(timeout=2 * WAIT_MS)
    page.wait_for_timeout(later_ms)


def _fullest_ring(page: Page, task: str) -> bytes:
    """Of the pictures while the hands touch a place, the one with most of a ring."""
    pictures = [page.screenshot()]
    while page.get_by_test_id("line").inner_text() == task:
        pictures.append(page.screenshot())
    return max(pictures, key=_ring_px)


def _ring_px(png: bytes) -> int:
    image = np.asarray(Image.open(io.BytesIO(png)).convert("RGB"), np.int16)
    return int((np.abs(image - GUIDE).max(axis=2) < 24).sum())


def _close(page: Page) -> None:
    browser = page.context.browser
    assert browser is not None
    browser.close()


PARTS: Final[Mapping[str, Callable[[Studio], None]]] = {
    "learn": learn,
    "before_strokes": before_strokes,
    "strokes": strokes,
    "spine": spine,
    "troubles": troubles,
    "unplugged": unplugged,
    "full": full,
}

SETTINGS: Final[Mapping[str, Mapping[str, str]]] = {"full": {MOST_AT_ONCE: "1"}}
"""Of the app's environment."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--languages", nargs="+", default=list(LOOKS), choices=LOOKS)
    parser.add_argument("--parts", nargs="+", default=list(PARTS), choices=PARTS)
    parser.add_argument("--out", type=Path, default=PICTURES)
    wanted = parser.parse_args()
    wanted.out.mkdir(parents=True, exist_ok=True)
    for language, part in product(wanted.languages, wanted.parts):
        app = running_app(SETTINGS.get(part, {}))
        with sync_playwright() as driver, app as (address, data_folder):
            PARTS[part](Studio(driver.chromium, address, data_folder, language, wanted.out))


if __name__ == "__main__":
    main()
