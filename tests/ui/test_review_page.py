"""The page Review in each of its states, without a browser."""

from collections.abc import Callable
from datetime import date, timedelta
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from routines.routine import load_routine
from tests.stored import attempts, review
from ui import review_parts, review_result, review_state
from ui.review_queue import JobView, Outcome
from ui.review_result import progress_words
from ui.review_uploads import Recording, Uploads
from ui.review_work import ReviewWork, Wish
from ui.texts import text
from ui.words import duration, percent

ROOT = Path(review_parts.__file__).parent.parent


class StubQueue:
    """Stands still."""

    def __init__(self) -> None:
        self.jobs: list[JobView] = []
        self.works: list[ReviewWork] = []
        self.told: list[tuple[str, str]] = []

    def of(self, owner: str) -> tuple[JobView, ...]:
        return tuple(self.jobs)

    def before(self, job_id: str) -> int:
        return 2

    def add(self, owner: str, work: ReviewWork) -> str:
        self.works.append(work)
        return "new"

    def cancel(self, owner: str, job_id: str) -> None:
        self.told.append(("cancel", job_id))

    def forget(self, owner: str, job_id: str) -> None:
        self.told.append(("forget", job_id))


@pytest.fixture
def queue(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> StubQueue:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))
    stub = StubQueue()
    for module in (review_result, review_state):
        monkeypatch.setattr(module, "QUEUE", stub)
    return stub


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> Uploads:
    own = Uploads()
    for module in (review_parts, review_state):
        monkeypatch.setattr(module, "UPLOADS", own)
    return own


@pytest.fixture
def page(queue: StubQueue, uploads: Uploads) -> Callable[[], AppTest]:
    # From the app, so that links to other pages know where they lead.
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=30)
    at.switch_page("ui/review.py")

    def run() -> AppTest:
        at.run()
        assert not at.exception
        return at

    return run


def html_of(at: AppTest) -> str:
    return unescape(" ".join(str(element.proto.body) for element in at.get("html")))


def button(at: AppTest, key: str, **values: Any) -> Any:
    return next(each for each in at.button if each.label == text(key, **values))


def sent(uploads: Uploads, at: AppTest, *names: str) -> list[Recording]:
    owner = at.session_state["browser"].secret
    uploads.of(owner)
    for name in names:
        incoming = uploads.receive(owner, name)
        assert incoming is not None
        incoming.write(b"abc")
        incoming.keep()
    return list(uploads.of(owner))


def test_three_samples_and_ones_own_recordings_are_offered(page: Callable[[], AppTest]) -> None:
    at = page()
    assert len(at.radio(key="review-source").options) == 4
    at.radio(key="review-source").set_value("upload")
    page()
    assert text("review.upload_empty") in [each.value for each in at.markdown]


def test_a_sample_is_queued_with_what_is_to_be_kept(
    page: Callable[[], AppTest], queue: StubQueue
) -> None:
    at = page()
    at.checkbox(key="review-annotate").uncheck()
    page()
    button(at, "review.start").click()
    page()
    (work,) = queue.works
    assert work.name == "wide.mp4"
    assert work._wish == Wish(None, annotate=False)


def test_pictures_are_kept_only_with_the_partners_word(
    page: Callable[[], AppTest], queue: StubQueue, uploads: Uploads
) -> None:
    at = page()
    at.radio(key="review-source").set_value("upload")
    sent(uploads, at, "mine.mp4")
    page()
    at.checkbox(key="review-pictures").check()
    page()
    assert button(at, "review.start").disabled
    at.checkbox(key="review-agreed").check()
    at.date_input(key="review-forget-on").set_value(date.today() + timedelta(days=200))
    page()
    button(at, "review.start").click()
    page()
    (work,) = queue.works
    assert work._wish.forget_on == date.today() + timedelta(days=200)
    for each in queue.works:
        assert each._upload is not None
        each._upload.folder.remove()


def test_several_recordings_go_into_the_queue_at_once(
    page: Callable[[], AppTest], queue: StubQueue, uploads: Uploads
) -> None:
    at = page()
    at.radio(key="review-source").set_value("upload")
    first, second = sent(uploads, at, "a.mp4", "b.mp4")
    page()
    button(at, "review.start_all", count=2).click()
    page()
    assert [work.name for work in queue.works] == ["a.mp4", "b.mp4"]
    for recording in (first, second):
        recording.folder.remove()


def test_a_recording_can_be_removed(page: Callable[[], AppTest], uploads: Uploads) -> None:
    at = page()
    at.radio(key="review-source").set_value("upload")
    (recording,) = sent(uploads, at, "a.mp4")
    page()
    button(at, "review.remove", name="a.mp4").click()
    page()
    assert not recording.path.exists()


def test_what_is_queued_and_running_can_be_cancelled(
    page: Callable[[], AppTest], queue: StubQueue
) -> None:
    queue.jobs = [
        JobView("1", "a.mp4", "judging", share=0.5, done_s=6.0, left_s=8.0),
        JobView("2", "b.mp4"),
    ]
    at = page()
    bars = [str(bar.proto) for bar in at.get("progress")]
    assert "50\N{NO-BREAK SPACE}% looked at, 8.0 s left" in bars[0]
    assert text("review.waiting", ahead=2) in bars[1]
    at.button(key="cancel-2").click()
    page()
    assert queue.told == [("cancel", "2")]


def test_a_job_that_failed_says_why(page: Callable[[], AppTest], queue: StubQueue) -> None:
    queue.jobs = [
        JobView("1", "a.mp4", "failed", problem="It is damaged."),
        JobView("2", "b.mp4", "cancelled", problem="review.cancelled"),
    ]
    at = page()
    assert "It is damaged." in html_of(at)
    assert text("review.cancelled") in html_of(at)
    at.button(key="forget-1").click()
    page()
    assert queue.told == [("forget", "1")]


def test_a_result_is_shown_with_the_way_to_its_session(
    page: Callable[[], AppTest], queue: StubQueue
) -> None:
    found = review(attempts([("short_reach",)]), "clip.mp4")
    outcome = Outcome(found, "abc", problem="The disk is full.")
    queue.jobs = [JobView("1", "clip_1.mp4", "done", outcome=outcome)]
    at = page()
    html = html_of(at)
    assert "<b data-testid='count'>0</b>" in html
    assert load_routine().faults["short_reach"].label in html
    assert "The picture is dark" in html
    assert "The disk is full." in html
    (link,) = [
        each.proto
        for each in at.get("page_link")
        if each.proto.label == text("review.open_session")
    ]
    assert "id=abc" in str(link)
    assert [each.proto.label for each in at.get("download_button")] == [
        text("review.download_json")
    ]


def test_without_a_stroke_it_says_what_to_look_at(
    page: Callable[[], AppTest], queue: StubQueue
) -> None:
    queue.jobs = [JobView("1", "a.mp4", "done", outcome=Outcome(review([]), None))]
    at = page()
    assert text("review.none_title") in [each.value for each in at.subheader]


def test_progress_in_words(queue: StubQueue) -> None:
    assert progress_words(JobView("1", "a", "judging", share=None, done_s=7.0)) == "7.0 s looked at"
    assert progress_words(JobView("1", "a", "judging")) == text("review.starting")
    assert progress_words(JobView("1", "a", "finding")) == text("review.starting")
    assert progress_words(JobView("1", "a", "finding", done_s=3.0)).endswith("3.0 s looked at")
    half = JobView("1", "a", "finding", share=0.4, left_s=12.0, done_s=24.0)
    told = progress_words(half)
    assert told == text(
        "review.finding", how=text("review.progress", share=percent(0.4), left=duration(12.0))
    )
    last = JobView("1", "a", "judging", share=1.0, left_s=0.0)
    assert progress_words(last) == text("review.writing")
