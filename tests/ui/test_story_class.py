"""A class in a browser: a learner's progress, two sessions in step, paper, and somebody removed."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from sessions.store.store import open_store
from tests.ui.class_store import School, make_school
from tests.ui.conftest import App
from ui.texts import text

pytestmark = pytest.mark.slow

WAIT_MS = 90_000


@pytest.fixture
def school(app: App) -> School:
    return make_school(kept_in(app))


def kept_in(app: App) -> Path:
    return app.data_folder / "tstroke-coach"


def show(page: Page, view: str) -> None:
    page.get_by_role("radio", name=text(view)).or_(
        page.get_by_role("button", name=text(view), exact=True)
    ).first.click()


def download(page: Page, label: str) -> Path:
    with page.expect_download(timeout=WAIT_MS) as coming:
        page.get_by_role("button", name=label).click()
    return Path(coming.value.path())


def test_a_class_is_followed_compared_printed_and_forgotten(
    app: App, school: School, open_page: Callable[..., Page]
) -> None:
    page = open_page(f"{app.address}/classroom")
    page.set_default_timeout(WAIT_MS)
    expect(page.get_by_text(text("class.found", count=3))).to_be_visible(timeout=WAIT_MS)

    show(page, "class.agreement")
    expect(page.get_by_text(text("class.said_sessions", sessions=6, reps=30))).to_be_visible()

    show(page, "class.reports")
    html = download(page, text("exports.html")).read_text("utf-8")
    assert "Anna &lt;i&gt;" in html
    assert download(page, text("exports.pdf")).read_bytes().startswith(b"%PDF")
    with zipfile.ZipFile(download(page, text("class.truth", count=5))) as truth:
        assert truth.namelist()[0] == "clip.truth.json"

    show(page, "class.people")
    page.get_by_role("button", name=text("class.remove")).nth(1).click()
    asked = page.get_by_role("dialog")
    expect(asked.get_by_text(text("class.remove_sessions_one"))).to_be_visible()
    asked.get_by_role("button", name=text("class.remove_sure")).click()
    expect(page.get_by_text("Ben", exact=True)).to_have_count(0)
    with open_store(folder=kept_in(app)) as store:
        assert [one.name for one in store.people("learner")] == ["Anna <i>"]
        assert store.count_sessions() == 7

    show(page, "class.learners")
    page.get_by_role("button", name="Anna").click()
    expect(page.get_by_test_id("next")).to_be_visible()
    page.get_by_text(text("progress.compare")).click()
    expect(page.get_by_text(text("compare.in_step", pairs=5, one=5, other=5))).to_be_visible()
    page.get_by_text(text("compare.best"), exact=True).click()
    expect(page.get_by_text(text("compare.in_step_best", one=4, other=1))).to_be_visible()
    expect(page.get_by_text("Error")).to_have_count(0)
