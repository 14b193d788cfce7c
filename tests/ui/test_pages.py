"""Each page in each of its states, without a browser and without a camera."""

from collections.abc import Iterator
from fractions import Fraction
from html import unescape
from pathlib import Path

import av
import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

import ui.practice_parts
import ui.review_state
from routines.reps import Check, PhaseSpan, Progress, Rep
from routines.routine import load_routine
from sessions.record import (
    CalibrationFacts,
    HandPath,
    Review,
    RoutineRef,
    TrackingFacts,
    VideoFacts,
)
from ui import calibration_store
from ui.live import LiveSession, LiveView
from ui.practice_state import PracticeState, new_still
from ui.review_job import JobView
from ui.review_parts import progress_words
from ui.review_state import ReviewState
from ui.texts import text
from vision.calibration import Calibration

ROOT = Path(ui.practice_parts.__file__).parent.parent
POINTS = {
    "nape": (320.0, 120.0),
    "waist": (320.0, 360.0),
    "left_shoulder": (200.0, 180.0),
    "right_shoulder": (440.0, 180.0),
}
CALIBRATION = Calibration((640, 480), POINTS)
REP = Rep(
    1,
    2.0,
    10.0,
    counted=False,
    phases=(PhaseSpan("up", 2.0, 6.0), PhaseSpan("down", 6.0, 10.0)),
    checks=(Check("short_reach", "fault", 5.0, 6.0, "both", measured=0.6, limit=0.8),),
    unseen_share=0.1,
    score=50.0,
)
PATH = HandPath(np.arange(3.0), np.array([[0.4, 0.1], [0.4, 0.4], [0.4, 0.6]]), np.ones(3, bool))


@pytest.fixture(autouse=True)
def own_data_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path))


class Practice:
    """The page Practice over a state that the test can reach into."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.playing = False
        self.state = PracticeState()
        monkeypatch.setattr(ui.practice_parts, "camera", self.camera)
        self.at = AppTest.from_file(str(ROOT / "ui" / "practice.py"), default_timeout=20)
        self.at.session_state["practice"] = self.state

    def camera(self, live: LiveSession) -> bool:
        assert live is self.state.live
        return self.playing

    def picture(self) -> None:
        self.playing = True
        frame = av.VideoFrame.from_ndarray(np.full((480, 640, 3), 50, np.uint8), format="rgb24")
        frame.pts, frame.time_base = 0, Fraction(1, 90_000)
        self.state.live.on_frame(frame)

    def run(self) -> AppTest:
        self.at.run()
        assert not self.at.exception
        return self.at

    def press(self, key: str) -> AppTest:
        next(b for b in self.at.button if b.label == text(key)).click()
        return self.run()

    def forget_points(self) -> None:
        self.state.calibration = None
        self.state.live.clear()
        self.run()

    def labels(self) -> list[str]:
        return [button.label for button in self.at.button]

    def html(self) -> str:
        return html_of(self.at)


@pytest.fixture
def practice(monkeypatch: pytest.MonkeyPatch) -> Practice:
    return Practice(monkeypatch)


def test_before_the_camera_it_says_what_to_do_and_who_should_not(practice: Practice) -> None:
    at = practice.run()
    assert text("practice.camera_title") in [each.value for each in at.subheader]
    for name in ("stop", "never", "ask", "unseen"):
        assert text(f"safety.{name}") in practice.html()
    assert text("app.footer") in practice.html()


def test_with_a_picture_it_asks_where_the_back_is(practice: Practice) -> None:
    practice.picture()
    practice.run()
    assert practice.labels() == [text("practice.take_still")]
    assert text("safety.never") not in practice.html(), "said once"


def test_a_still_before_the_picture_is_told(practice: Practice) -> None:
    practice.playing = True
    practice.run()
    practice.press("practice.take_still")
    assert text("practice.no_still") in practice.html()


def test_points_can_be_used_only_when_all_are_set(practice: Practice) -> None:
    practice.picture()
    practice.run()
    at = practice.press("practice.take_still")
    use = next(b for b in at.button if b.label == text("practice.use_points"))
    assert use.disabled
    practice.press("practice.cancel")
    assert practice.labels() == [text("practice.take_still")]


def test_used_points_are_remembered_and_offered_next_time(practice: Practice) -> None:
    practice.picture()
    image = practice.state.live.still()
    assert image is not None
    practice.state.still = new_still(image)
    practice.state.use_points(dict(POINTS), 40.0)
    practice.run()
    assert practice.labels() == [text("practice.start"), text("practice.again_points")]
    remembered = calibration_store.last()
    assert remembered is not None
    assert remembered.calibration.shoulder_width_cm == 40.0

    practice.forget_points()
    practice.press("practice.use_last")
    assert practice.state.calibration == remembered.calibration
    assert text("practice.start") in practice.labels()


def test_swapped_points_are_told_and_the_still_stays(practice: Practice) -> None:
    practice.picture()
    image = practice.state.live.still()
    assert image is not None
    practice.state.still = new_still(image)
    swapped = {**POINTS, "nape": POINTS["waist"], "waist": POINTS["nape"]}
    practice.state.use_points(swapped, None)
    practice.run()
    assert "swapped" in practice.html()
    assert practice.state.still is not None
    assert calibration_store.last() is None


def test_setting_the_points_again_can_be_cancelled(practice: Practice) -> None:
    practice.picture()
    practice.state._prepare(CALIBRATION)
    practice.run()
    practice.press("practice.again_points")
    assert practice.state.still is not None
    practice.press("practice.cancel")
    practice.press("practice.start")
    assert practice.state.live.view.stage == "loading"
    practice.state.live.end()


def test_without_a_picture_the_points_stay_ready(practice: Practice) -> None:
    practice.playing = True
    practice.state._prepare(CALIBRATION)
    practice.run()
    practice.press("practice.again_points")
    assert text("practice.no_still") in practice.html()
    practice.press("practice.start")
    assert practice.state.live.view.stage == "loading"
    practice.state.live.end()


def test_a_picture_that_stays_away_is_told_beside_the_count(practice: Practice) -> None:
    practice.playing = True
    practice.state.live._view = LiveView(stage="running")
    practice.run()
    assert text("practice.no_picture") in practice.html()


def test_the_app_opens_on_practice_and_knows_review(practice: Practice) -> None:
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=20)
    at.session_state["practice"] = practice.state
    at.run()
    assert not at.exception
    assert text("practice.camera_title") in [each.value for each in at.subheader]
    at.switch_page("ui/review.py").run()
    assert not at.exception
    assert [each.value for each in at.title] == [text("review.title")]


def test_start_pause_and_end(practice: Practice) -> None:
    practice.picture()
    practice.state._prepare(CALIBRATION)
    practice.run()
    practice.press("practice.start")
    assert practice.labels() == [text("practice.pause"), text("practice.end")]
    assert text("practice.loading") in practice.html()
    practice.press("practice.end")
    practice.run()
    assert text("practice.practise_again") in practice.labels()
    assert text("practice.start") not in practice.labels()


def test_a_rerun_keeps_the_count(practice: Practice) -> None:
    practice.picture()
    progress = Progress(count=3, attempts=4, phase="out", settling=False)
    practice.state.live._view = LiveView(stage="running", progress=progress, hands_seen=2)
    for _ in range(3):
        practice.run()
        assert '<div class="count" data-testid="count">3</div>' in practice.html()
        assert text("phase.out") in practice.html()
        assert text("practice.both_hands") in practice.html()
        assert "of 4 tried" in practice.html()


def test_the_summary_lists_reps_with_their_faults(practice: Practice) -> None:
    progress = Progress(count=0, attempts=1, phase=None, settling=False)
    practice.state.live._view = LiveView(
        stage="ended", progress=progress, reps=(REP,), paths={"left": PATH, "right": PATH}
    )
    practice.run()
    assert load_routine().faults["short_reach"].label in practice.html()
    assert "0:02–0:10" in practice.html()


def test_a_summary_without_a_stroke_says_how_to_make_one(practice: Practice) -> None:
    practice.state.live._view = LiveView(stage="ended", problem=text("practice.stream_ended"))
    at = practice.run()
    assert text("practice.summary_none") in [each.value for each in at.markdown]
    assert text("practice.stream_ended") in practice.html()


def review(*reps: Rep) -> Review:
    return Review(
        video=VideoFacts("clip.mp4", "0" * 64, 640, 480, 12.0, 360, 1.0),
        routine=RoutineRef("t_stroke", 1),
        calibration=CalibrationFacts("points", dict(POINTS), 1.0),
        tracking=TrackingFacts(0.83, 0.97, 0.05),
        settle=None,
        reps=reps,
        unseen=(),
        warnings=("The picture is dark: switch on a lamp.",),
        paths={"left": PATH, "right": PATH},
    )


class StubJob:
    """A review that stands still."""

    name = "clip.mp4"

    def __init__(self, view: JobView) -> None:
        self.view = view
        self.cancelled = self.closed = False

    def cancel(self) -> None:
        self.cancelled = True

    def close(self) -> None:
        self.closed = True


@pytest.fixture
def review_page() -> Iterator[AppTest]:
    at = AppTest.from_file(str(ROOT / "ui" / "review.py"), default_timeout=20)
    at.session_state["review"] = ReviewState()
    yield at
    at.session_state["review"].drop_upload()


def show(at: AppTest, view: JobView) -> StubJob:
    job = StubJob(view)
    at.session_state["review"].job = job
    at.run()
    assert not at.exception
    return job


def html_of(at: AppTest) -> str:
    return unescape(" ".join(str(element.proto.body) for element in at.get("html")))


def test_review_offers_three_samples_and_an_upload(review_page: AppTest) -> None:
    review_page.run()
    assert not review_page.exception
    assert len(review_page.radio(key="review-source").options) == 4
    review_page.radio(key="review-source").set_value("upload").run()
    assert text("review.upload_empty") in [each.value for each in review_page.markdown]


def test_review_while_it_runs(review_page: AppTest) -> None:
    job = show(review_page, JobView(share=0.5, done_s=6.0, left_s=8.0))
    assert "50 % looked at, 8.0 s left" in str(review_page.get("progress")[0].proto)
    start = next(b for b in review_page.button if b.label == text("review.start"))
    assert start.disabled
    next(b for b in review_page.button if b.label == text("review.cancel")).click().run()
    assert job.cancelled


def test_review_after_cancel_and_failure_says_why_and_lets_choose(review_page: AppTest) -> None:
    for stage, problem in (("cancelled", text("review.cancelled")), ("failed", "It is damaged.")):
        job = show(review_page, JobView(stage, problem=problem))  # type: ignore[arg-type]
        assert job.closed
        assert problem in html_of(review_page)
        start = next(b for b in review_page.button if b.label == text("review.start"))
        assert not start.disabled


def test_review_result(review_page: AppTest) -> None:
    show(review_page, JobView("done", review=review(REP)))
    html = html_of(review_page)
    assert "<b data-testid='count'>0</b>" in html
    assert "of 1 tried" in html
    assert load_routine().faults["short_reach"].label in html
    assert "The picture is dark" in html
    downloads = [each.proto.label for each in review_page.get("download_button")]
    assert downloads == [text("review.download_json")]


def test_review_without_a_stroke_says_what_to_look_at(review_page: AppTest) -> None:
    show(review_page, JobView("done", review=review()))
    assert text("review.none_title") in [each.value for each in review_page.subheader]


def test_progress_in_words() -> None:
    assert progress_words(JobView(share=None, done_s=7.0)) == "7.0 s looked at"
    assert progress_words(JobView(share=0.0)) == text("review.starting")
    assert progress_words(JobView(share=1.0, left_s=0.0)) == text("review.writing")
