"""A review in a thread of its own: the page starts it, looks at it now and then, may cancel it."""

import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, Literal

from routines.routine import Routine
from sessions.record import Review
from sessions.review import Progress, ReviewCancelled, review_recording
from vision.calibration import Calibration
from vision.errors import CoachError

Stage = Literal["running", "done", "cancelled", "failed"]

Reviewer = Callable[..., Review]

MIN_SHARE: Final = 0.02
"""Before this much is done, the time left is anyone's guess."""


class TemporaryFolder:
    """A folder that goes when its owner goes, at the latest when the program ends."""

    def __init__(self) -> None:
        self.path = Path(tempfile.mkdtemp(prefix="tstroke-"))
        self._remove = weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)

    def remove(self) -> None:
        """Remove the folder with all that is in it. May be called twice."""
        self._remove()


@dataclass(frozen=True, slots=True)
class JobView:
    """What the page shows of a review at one moment."""

    stage: Stage = "running"
    share: float | None = 0.0
    """Of the recording that was looked at, 0 to 1; None where its length is not known."""
    done_s: float = 0.0
    """Media time that was looked at."""
    left_s: float | None = None
    """Wall time until it is done; None while nobody can know."""
    review: Review | None = None
    annotated: Path | None = None
    problem: str | None = None
    """A sentence for the user or its text's key: a thread knows no language. None while all is
    well."""


@dataclass(slots=True)
class _Shared:
    """What the thread and the page share. The view is frozen and swapped whole."""

    view: JobView
    cancelled: threading.Event
    begun_s: float


class ReviewJob:
    """Reviews one recording; the annotated video lies in a folder that goes with the job."""

    def __init__(
        self,
        recording: Path,
        calibration: Calibration,
        routine: Routine,
        reviewer: Reviewer = review_recording,
    ) -> None:
        self.name = recording.name
        self._folder = TemporaryFolder()
        annotated = self._folder.path / f"{recording.stem}.annotated.mp4"
        self._shared = _Shared(JobView(), threading.Event(), time.monotonic())
        # The thread must not hold the job: a job that nobody looks at any more is to stop.
        self._abandon = weakref.finalize(self, self._shared.cancelled.set)
        self._thread = threading.Thread(
            target=_work,
            args=(self._shared, reviewer, (recording, calibration, routine), annotated),
            name="review",
            daemon=True,
        )
        self._thread.start()

    @property
    def view(self) -> JobView:
        """The newest snapshot. Never waits."""
        return self._shared.view

    def cancel(self) -> None:
        """Ask the review to stop; it does so at the next frame."""
        self._shared.cancelled.set()

    def close(self, timeout_s: float = 5.0) -> None:
        """Stop, and remove all that the job has made."""
        self.cancel()
        self._thread.join(timeout_s)
        self._folder.remove()


def _work(shared: _Shared, reviewer: Reviewer, what: tuple[Any, ...], annotated: Path) -> None:
    def on_progress(progress: Progress) -> None:
        shared.view = _progressed(shared, progress)

    outcome = JobView("failed", problem="review.failed")
    try:
        review = reviewer(
            *what,
            on_progress=on_progress,
            cancelled=shared.cancelled.is_set,
            annotate_to=annotated,
        )
        outcome = replace(shared.view, stage="done", review=review, annotated=annotated)
    except ReviewCancelled:
        outcome = JobView("cancelled", problem="review.cancelled")
    except CoachError as error:
        outcome = JobView("failed", problem=error.sentence)
    finally:
        # Any other error ends the thread with its traceback in the log; the page must not hang.
        shared.view = outcome


def _progressed(shared: _Shared, progress: Progress) -> JobView:
    share = progress.share
    left_s = None
    if share is not None and share >= MIN_SHARE:
        left_s = (time.monotonic() - shared.begun_s) * (1.0 - share) / share
    return JobView(share=share, done_s=progress.time_s, left_s=left_s)
