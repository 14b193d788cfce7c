"""Learn in a real browser: moving drawings, languages, the way into practice."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from ui.learn_chart import STEPS
from ui.texts import messages

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

WAIT_MS = 30_000
EN, DE = messages("en"), messages("de")


@pytest.fixture
def open_learn(app: Any, open_browser: Callable[..., Browser]) -> Callable[..., Page]:
    """Opens the page Learn as a browser of this locale, with these wishes, shows it."""
    browser = open_browser()

    def launch(locale: str, **wishes: Any) -> Page:
        page = browser.new_context(locale=locale, **wishes).new_page()
        page.goto(f"{app.address}/learn")
        expect(page.locator("section.learn h2").first).to_be_visible(timeout=WAIT_MS)
        return page

    return launch


def moving(page: Page) -> list[str]:
    """Names of the movements that the browser runs in the drawing."""
    drawing: Locator = page.locator("svg.back-chart")
    expect(drawing).to_be_visible(timeout=WAIT_MS)
    names: list[str] = drawing.evaluate(
        "svg => svg.getAnimations({subtree: true}).map(each => each.animationName)"
    )
    return names


def place(page: Page) -> list[float]:
    """Where the left hand is on the screen, px."""
    box = page.locator("svg.back-chart [data-hand=left]").last.bounding_box()
    assert box is not None
    return [box["x"], box["y"]]


def show(page: Page, step: str, words: Mapping[str, str] = EN) -> None:
    page.get_by_text(f"{STEPS.index(step) + 1} {words[f'learn.title_{step}']}").click()
    expect(page.locator(f"section.learn[data-step={step}]")).to_be_visible(timeout=WAIT_MS)


def test_every_step_moves_and_the_last_one_leads_into_practice(
    open_learn: Callable[..., Page],
) -> None:
    page = open_learn("en-GB")
    for step in STEPS:
        expect(page.locator(f"section.learn[data-step={step}]")).to_be_visible(timeout=WAIT_MS)
        expect(page.locator(f"svg.back-chart .learn-{step}")).to_be_visible(timeout=WAIT_MS)
        assert moving(page), step
        if step != STEPS[-1]:
            page.get_by_role("button", name=EN["learn.next"], exact=True).click()
    begin = place(page)
    page.wait_for_timeout(1500)
    assert place(page) != begin
    page.get_by_role("button", name=EN["learn.practise"], exact=True).click()
    expect(page.get_by_text(EN["practice.camera_title"], exact=True)).to_be_visible(timeout=WAIT_MS)


def test_who_wants_no_movement_sees_stills(open_learn: Callable[..., Page]) -> None:
    page = open_learn("en-GB", reduced_motion="reduce")
    show(page, "up")
    assert moving(page) == []

    page = open_learn("en-GB")
    show(page, "up")
    assert moving(page)
    page.get_by_text(EN["learn.moving"], exact=True).click()
    expect(page.locator("svg.back-chart style")).to_have_count(0, timeout=WAIT_MS)
    assert moving(page) == []


def test_it_speaks_the_browser_s_language_until_another_is_chosen(
    open_learn: Callable[..., Page],
) -> None:
    page = open_learn("de-AT")
    expect(page.get_by_role("heading", name=DE["learn.title"])).to_be_visible()
    expect(page.locator("html")).to_have_attribute("lang", "de")
    page.get_by_text(EN["language.name"], exact=True).click()
    expect(page.get_by_role("heading", name=EN["learn.title"])).to_be_visible(timeout=WAIT_MS)
    expect(page.locator("html")).to_have_attribute("lang", "en")

    page.get_by_role("link", name=EN["app.review"], exact=True).click()
    expect(page.get_by_role("heading", name=EN["review.title"])).to_be_visible(timeout=WAIT_MS)
    page.reload()
    expect(page.get_by_role("heading", name=EN["review.title"])).to_be_visible(timeout=WAIT_MS)


def test_what_was_chosen_stays_chosen_in_another_language(
    open_learn: Callable[..., Page], app: Any
) -> None:
    page = open_learn("de-DE", viewport={"width": 1280, "height": 1500})
    show(page, "up", DE)
    page.get_by_text(EN["language.name"], exact=True).click()
    expect(page.get_by_role("heading", name=EN["learn.title_up"])).to_be_visible(timeout=WAIT_MS)

    page.goto(f"{app.address}/review?lang=de")
    page.get_by_text(DE["review.sample_side"], exact=True).click(timeout=WAIT_MS)
    page.get_by_text(EN["language.name"], exact=True).click()
    expect(page.get_by_role("radio", name=EN["review.sample_side"])).to_be_checked(timeout=WAIT_MS)

    page.goto(f"{app.address}/?lang=de")
    page.get_by_role("button", name=DE["settings.title"]).click(timeout=WAIT_MS)
    pace = page.get_by_role("combobox", name=DE["settings.pace"])
    expect(pace).to_have_value(DE["settings.pace_off"], timeout=WAIT_MS)
    pace.click()
    page.get_by_role("option", name=DE["settings.pace_tone"]).click()
    page.keyboard.press("Escape")
    page.get_by_text(EN["language.name"], exact=True).click()
    page.get_by_role("button", name=EN["settings.title"]).click(timeout=WAIT_MS)
    pace = page.get_by_role("combobox", name=EN["settings.pace"])
    expect(pace).to_have_value(EN["settings.pace_tone"], timeout=WAIT_MS)


def test_two_tabs_speak_two_languages(open_learn: Callable[..., Page]) -> None:
    german, english = open_learn("de-DE"), open_learn("en-GB")
    german.get_by_role("button", name=DE["learn.next"], exact=True).click()
    english.get_by_role("button", name=EN["learn.next"], exact=True).click()
    for page, words in ((german, DE), (english, EN)):
        expect(page.get_by_text(words["learn.do_place"])).to_be_visible(timeout=WAIT_MS)


@pytest.mark.parametrize("locale", ["en-GB", "de-DE"])
@pytest.mark.parametrize("path", ["learn", "", "review"])
def test_no_page_is_wider_than_a_phone(
    open_learn: Callable[..., Page], app: Any, locale: str, path: str
) -> None:
    page = open_learn(locale, viewport={"width": 390, "height": 844})
    page.goto(f"{app.address}/{path}")
    expect(page.locator(".footer")).to_be_visible(timeout=WAIT_MS)
    wider = """[...document.querySelectorAll('.stMain *')].filter(
        each => each.getBoundingClientRect().right > innerWidth + 1
            && getComputedStyle(each).position !== 'absolute'
            && !each.closest('[aria-hidden=true], .st-key-camera-watch, .st-key-to-hear')
    ).map(each => each.tagName + '.' + each.className)"""
    assert page.evaluate(wider) == []


def test_the_keyboard_reaches_every_step(open_learn: Callable[..., Page]) -> None:
    page = open_learn("en-GB")
    expect(page.locator(".footer")).to_be_visible(timeout=WAIT_MS)
    expect(page.get_by_text(EN["language.name"], exact=True)).to_be_visible(timeout=WAIT_MS)
    page.get_by_role("radio", checked=True).first.focus()
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"section.learn[data-step={STEPS[1]}]")).to_be_visible(timeout=WAIT_MS)
    page.keyboard.press("ArrowDown")
    expect(page.locator(f"section.learn[data-step={STEPS[2]}]")).to_be_visible(timeout=WAIT_MS)
