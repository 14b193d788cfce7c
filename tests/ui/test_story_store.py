"""A recording's whole way in a real browser: sent, judged, spoken of, printed, and deleted."""

import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from ui.samples import FOLDER
from ui.texts import text
from vision.frames import VideoReader
from vision.sink import Mp4Sink

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]

CLIP = FOLDER / "fps15.mp4"
CALIBRATION = FOLDER / "fps15.calibration.json"
SIZE = (640, 480)
STROKE_S = (14.6, 23.0)
"""One stroke in it: the hands are not together, and nothing else is amiss."""

SAID = "Let the left hand wait for the right one, Anna."
WAIT_MS = 60_000
JUDGE_MS = 400_000


@pytest.fixture
def clip(tmp_path: Path) -> Path:
    path = tmp_path / "one stroke.mp4"
    start_s, end_s = STROKE_S
    with VideoReader(CLIP) as video, Mp4Sink(path, SIZE, 15.0) as sink:
        for frame in video:
            if start_s <= frame.time_s < end_s:
                sink.write(frame.image_rgb, frame.time_s - start_s)
    return path


def button(place: Page | Locator, key: str, **values: Any) -> Locator:
    return place.get_by_role("button", name=text(key, **values), exact=True)


def tick(page: Page, key: str) -> None:
    """Tick a box; its label is what can be clicked."""
    page.get_by_text(text(key), exact=True).click()
    expect(page.get_by_role("checkbox", name=text(key))).to_be_checked(timeout=WAIT_MS)


def add_person(page: Page, place: Locator, name: str) -> None:
    button(place, "people.add").click()
    page.get_by_role("textbox", name=text("people.name")).fill(name)
    button(page, "people.add_now").click()
    expect(place.get_by_role("combobox").first).to_have_value(name, timeout=WAIT_MS)


def tab(page: Page, key: str) -> None:
    page.get_by_role("tab", name=text(key), exact=True).click()


def agreement(page: Page, app: Any) -> str:
    """What the page Class says of instructor and machine."""
    page.goto(f"{app.address}/classroom")
    page.get_by_text(text("class.agreement"), exact=True).click(timeout=WAIT_MS)
    told = page.get_by_test_id("agreement")
    expect(told).to_be_visible(timeout=WAIT_MS)
    return told.inner_text()


def report(page: Page) -> str:
    tab(page, "session.tab_exports")
    with page.expect_download(timeout=WAIT_MS) as download:
        button(page, "exports.html").click(timeout=WAIT_MS)
    return Path(download.value.path()).read_text("utf-8")


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.fixture
def page(app: Any, open_page: Callable[..., Page]) -> Iterator[Page]:
    hosts: set[str] = set()
    yield open_page(f"{app.address}/review", hosts=hosts)
    assert hosts == {"127.0.0.1"}, "the app asked elsewhere"


def send_and_judge(page: Page, clip: Path) -> None:
    page.get_by_text(text("review.source_upload"), exact=True).click(timeout=WAIT_MS)
    page.locator("input[type=file]").first.set_input_files(clip)
    page.get_by_text(text("review.calibration_file"), exact=True).click(timeout=WAIT_MS)
    page.locator("[data-testid=stFileUploader] input[type=file]").set_input_files(CALIBRATION)
    page.get_by_text(text("review.keep_title"), exact=True).click()
    add_person(page, page.get_by_test_id("stExpander"), "Anna")
    tick(page, "review.keep_pictures")
    start = button(page, "review.start")
    expect(start).to_be_disabled(timeout=WAIT_MS)
    tick(page, "review.partner_agreed")
    expect(start).to_be_enabled(timeout=WAIT_MS)
    start.click()
    expect(button(page, "review.cancel").last).to_be_visible(timeout=WAIT_MS)
    page.reload()
    open_it = page.get_by_role("link", name=text("review.open_session"))
    expect(open_it).to_be_visible(timeout=JUDGE_MS)
    open_it.click()
    # The page before has a heading with the recording's name too.
    page.wait_for_url("**/session?*", timeout=WAIT_MS)


def test_from_a_recording_to_the_report_and_to_nothing(app: Any, page: Page, clip: Path) -> None:
    data = Path(app.data_folder) / "tstroke-coach"
    send_and_judge(page, clip)
    expect(page.get_by_role("heading", name="one stroke.mp4", exact=True)).to_be_visible(
        timeout=WAIT_MS
    )
    assert files_in(data / "passing") == ["one stroke.annotated.mp4"]
    address = page.url

    # To the fault, and why it is one.
    button(page, "player.fault_on").click(timeout=WAIT_MS)
    expect(page.locator("section.why")).to_contain_text("0.30 s", timeout=WAIT_MS)
    expect(page.locator("svg.why-course")).to_be_visible()
    expect(page.locator(".player .transport")).not_to_contain_text("0:00.0 /", timeout=WAIT_MS)

    # An instructor looks at it, and agrees with everything.
    tab(page, "session.tab_words")
    words = page.get_by_role("tabpanel")
    add_person(page, words.first, "Ida")
    tick(page, "teach.looked_at")
    before = agreement(page, app)
    page.goto(address)

    # A comment, a verdict, and a boundary moved by two pictures.
    first_report = report(page)
    assert "Anna" in first_report
    assert SAID not in first_report
    page.get_by_role("button", name=text("player.comment")).click(timeout=WAIT_MS)
    page.get_by_role("textbox", name="Comment at").fill(SAID)
    button(page, "teach.keep").click()
    expect(page.get_by_text(text("teach.commented"))).to_be_visible(timeout=WAIT_MS)
    button(page, "player.fault_on").click()
    button(page, "teach.wrong").click(timeout=WAIT_MS)
    said = text("teach.said", word=text("teach.said_wrong"))
    expect(page.get_by_text(said)).to_be_visible(timeout=WAIT_MS)
    button(page, "player.boundaries", rep=1).click()
    handle = page.locator(".handles [role=slider]").nth(1)
    handle.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    button(page, "player.boundaries_save").click()
    expect(page.get_by_text(text("teach.corrected"))).to_be_visible(timeout=WAIT_MS)

    # Report, files and agreement tell it.
    assert SAID in report(page)
    with page.expect_download(timeout=WAIT_MS) as download:
        button(page, "exports.csv").click()
    with zipfile.ZipFile(download.value.path()) as tables:
        assert any(SAID in tables.read(name).decode() for name in tables.namelist())
    assert agreement(page, app) != before

    # Gone: from the page, the disk and the store's own file.
    page.goto(address)
    tab(page, "session.tab_keeping")
    button(page, "sessions.delete_one").click(timeout=WAIT_MS)
    button(page, "sessions.delete_sure").click(timeout=WAIT_MS)
    expect(page.get_by_text(text("sessions.empty"))).to_be_visible(timeout=WAIT_MS)
    assert files_in(data / "pictures") == []
    stored = b"".join(path.read_bytes() for path in data.glob("sessions.sqlite3*"))
    assert SAID.encode() not in stored
    assert b"one stroke" not in stored

    # What the review had drawn goes with its line in the list.
    page.goto(f"{app.address}/review")
    button(page, "review.forget").click(timeout=WAIT_MS)
    expect(button(page, "review.forget")).to_have_count(0, timeout=WAIT_MS)
    assert files_in(data / "passing") == []
