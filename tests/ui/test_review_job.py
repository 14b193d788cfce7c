"""A review in its thread: progress, cancel, failure, and nothing left behind."""

import gc
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from routines.routine import load_routine
from sessions.record import Review
from sessions.review import Progress, ReviewCancelled
from ui.review_job import JobView, ReviewJob
from ui.texts import told
from vision.calibration import Calibration
from vision.errors import VideoError

POINTS = {
    "nape": (320.0, 120.0),
    "waist": (320.0, 360.0),
    "left_shoulder": (200.0, 180.0),
    "right_shoulder": (440.0, 180.0),
}
CALIBRATION = Calibration((640, 480), POINTS)
ROUTINE = load_routine()
PATH = Path("clip.mp4")


class StubReviewer:
    """Goes on frame by frame until it is let go, cancelled or told to fail."""

    def __init__(self, error: Exception | None = None) -> None:
        self.go_on = threading.Event()
        self.begun = threading.Event()
        self.stopped = threading.Event()
        self.error = error
        self.annotated: Path | None = None

    def __call__(
        self,
        path: Path,
        calibration: Calibration,
        routine: object,
        *,
        on_progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
        annotate_to: Path,
    ) -> Any:
        self.annotated = annotate_to
        on_progress(Progress(0.25, 2.5, 75))
        self.begun.set()
        if self.error is not None:
            raise self.error
        while not self.go_on.wait(0.01):
            if cancelled():
                self.stopped.set()
                raise ReviewCancelled("stopped")
        annotate_to.write_bytes(b"video")
        return RESULT


RESULT: Review = object()  # type: ignore[assignment]


def wait_for(job: ReviewJob, stage: str) -> JobView:
    deadline = time.monotonic() + 10
    while job.view.stage != stage and time.monotonic() < deadline:
        time.sleep(0.01)
    assert job.view.stage == stage
    return job.view


def start(reviewer: StubReviewer) -> ReviewJob:
    job = ReviewJob(PATH, CALIBRATION, ROUTINE, reviewer)
    assert reviewer.begun.wait(10)
    return job


def test_progress_and_result() -> None:
    reviewer = StubReviewer()
    job = start(reviewer)
    view = job.view
    assert (view.stage, view.share, view.done_s) == ("running", 0.25, 2.5)
    assert view.left_s is not None
    assert view.left_s >= 0
    reviewer.go_on.set()
    done = wait_for(job, "done")
    assert done.review is RESULT
    assert done.annotated is not None
    assert done.annotated.read_bytes() == b"video"
    folder = done.annotated.parent
    job.close()
    assert not folder.exists()


def test_cancel_stops_at_the_next_frame() -> None:
    reviewer = StubReviewer()
    job = start(reviewer)
    job.cancel()
    assert wait_for(job, "cancelled").review is None
    assert reviewer.stopped.is_set()
    job.close()
    assert reviewer.annotated is not None
    assert not reviewer.annotated.parent.exists()


def test_a_bad_recording_is_told_in_its_own_sentence() -> None:
    job = start(StubReviewer(VideoError("clip.mp4 holds no moving picture: choose another.")))
    assert wait_for(job, "failed").problem == "clip.mp4 holds no moving picture: choose another."
    job.close()


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_of_our_own_does_not_leave_the_page_waiting() -> None:
    job = start(StubReviewer(ZeroDivisionError()))
    problem = wait_for(job, "failed").problem
    assert problem is not None
    assert "try it once more" in told(problem)
    job.close()


def test_a_job_that_nobody_holds_stops_and_cleans_up() -> None:
    reviewer = StubReviewer()
    job = start(reviewer)
    assert reviewer.annotated is not None
    folder = reviewer.annotated.parent
    assert folder.is_dir()
    del job
    gc.collect()
    assert reviewer.stopped.wait(10)
    assert not folder.exists()
