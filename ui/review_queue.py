"""The queue of reviews: one for the process, in a thread of its own, each job its browser's alone.

Pages put recordings in, look at snapshots, and may cancel. A reload finds its jobs by the browser's
secret. One recording is judged at a time: two would take from each other, and from live practice.
"""

import os
import secrets
import sys
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, Protocol

from sessions.record import Review
from sessions.review import Progress, ReviewCancelled
from vision.errors import CoachError

Stage = Literal["waiting", "finding", "judging", "done", "cancelled", "failed"]

OPEN_STAGES: Final[tuple[Stage, ...]] = ("waiting", "finding", "judging")

MIN_SHARE: Final = 0.02
"""Before this much is done, the time left is anyone's guess."""

KEEP_S: Final = 3600.0
"""How long a job that is over is listed, and its annotated video lies on disk."""

NICE: Final = 10
"""Of Unix's 19 steps: idle cores are used whole, busy ones to a tenth."""

SWEEP_S: Final = 60.0


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What came of a review."""

    review: Review
    session_id: str | None
    """Under which it was kept; None where it was not."""
    annotated: Path | None = None
    problem: str | None = None
    """Why it was not kept, or its pictures were not; None while all is well."""
    unkept: bool = False
    """Not all that was wished is in the store: that can be tried again."""


@dataclass(frozen=True, slots=True, eq=False)
class JobView:
    """What a page shows of a job at one moment."""

    id: str
    name: str
    """Of the recording."""
    stage: Stage = "waiting"
    share: float | None = 0.0
    """Of the recording that was looked at, 0 to 1; None where its length is not known."""
    done_s: float = 0.0
    """Media time that was looked at."""
    left_s: float | None = None
    """Wall time until it is done; None while nobody can know."""
    outcome: Outcome | None = None
    """Of a job that is done."""
    problem: str | None = None
    """A sentence for the user or its text's key: a thread knows no language."""


class Report(Protocol):
    """How a job tells where it stands. All raise `ReviewCancelled` once it was cancelled."""

    def finding(self, progress: Progress) -> None:
        """It looks for the back in the hands' movements."""

    def judging(self, progress: Progress) -> None:
        """It looks at the strokes."""

    def cancelled(self) -> bool:
        """True once it was cancelled."""


class Work(Protocol):
    """One recording and all that is to be done with it."""

    @property
    def name(self) -> str:
        """Of the recording."""

    @property
    def session_id(self) -> str:
        """The session that it draws, or makes."""

    def run(self, report: Report) -> Outcome:
        """Do it. Raises CoachError."""

    def keep_again(self, outcome: Outcome) -> Outcome:
        """Try once more to keep what could not be kept."""

    def give_back(self) -> None:
        """It came to nothing: the recording goes back to where it can be chosen."""

    def close(self) -> None:
        """Remove all that the work has put on disk."""


@dataclass(slots=True)
class _Job:
    owner: str
    work: Work
    view: JobView
    cancelled: threading.Event = field(default_factory=threading.Event)
    begun_s: float = 0.0
    over_s: float | None = None


class ReviewQueue:
    """Works off jobs in the order in which they came. Safe for several threads."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._changed = threading.Condition()
        self._jobs: dict[str, _Job] = {}
        self._thread: threading.Thread | None = None

    def add(self, owner: str, work: Work) -> str:
        """Queue a job; gives back its id."""
        job_id = secrets.token_urlsafe(12)
        with self._changed:
            self._jobs[job_id] = _Job(owner, work, JobView(job_id, work.name))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="reviews", daemon=True)
                self._thread.start()
            self._changed.notify()
        return job_id

    def of(self, owner: str) -> tuple[JobView, ...]:
        """A browser's jobs, in the order in which they came."""
        self.sweep()
        with self._changed:
            return tuple(job.view for job in self._jobs.values() if job.owner == owner)

    def before(self, job_id: str) -> int:
        """How many jobs, of whomever, are worked off before this one."""
        with self._changed:
            ahead = 0
            for other_id, job in self._jobs.items():
                if other_id == job_id:
                    break
                ahead += job.view.stage in OPEN_STAGES
            return ahead

    def cancel(self, owner: str, job_id: str) -> None:
        """Stop a job: at once while it waits, at the next frame while it runs."""
        with self._changed:
            job = self._own(owner, job_id)
            if job is None or job.view.stage not in OPEN_STAGES:
                return
            job.cancelled.set()
            if job.view.stage == "waiting":
                self._end(job, replace(job.view, stage="cancelled", problem="review.cancelled"))

    def forget(self, owner: str, job_id: str) -> None:
        """Take a job that is over off the list, with all that it still has on disk."""
        with self._changed:
            job = self._own(owner, job_id)
            if job is None or job.view.stage in OPEN_STAGES:
                return
            del self._jobs[job_id]
        job.work.close()

    def keep_again(self, owner: str, job_id: str) -> None:
        """Try once more to keep what came of a job."""
        with self._changed:
            job = self._own(owner, job_id)
        if job is not None and job.view.outcome is not None and job.view.outcome.unkept:
            job.view = replace(job.view, outcome=job.work.keep_again(job.view.outcome))

    def forget_session(self, session_id: str) -> None:
        """Leave no picture of a session: neither drawn already, nor being drawn."""
        with self._changed:
            jobs = [job for job in self._jobs.values() if job.work.session_id == session_id]
            over = [job for job in jobs if job.view.stage not in OPEN_STAGES]
        for job in jobs:
            self.cancel(job.owner, job.view.id)
        for job in over:
            job.work.close()

    def sweep(self) -> None:
        """Take jobs off the list that have been over for long."""
        now_s = self._clock()
        with self._changed:
            stale = [
                job_id
                for job_id, job in self._jobs.items()
                if job.over_s is not None and now_s - job.over_s > KEEP_S
            ]
            gone = [self._jobs.pop(job_id) for job_id in stale]
        for job in gone:
            job.work.close()

    def _own(self, owner: str, job_id: str) -> _Job | None:
        job = self._jobs.get(job_id)
        return job if job is not None and job.owner == owner else None

    def _run(self) -> None:
        while True:
            with self._changed:
                job = self._next()
                if job is None:
                    self._changed.wait(SWEEP_S)
            if job is None:
                self.sweep()
                continue
            # In a thread of its own: an error of ours ends it with a trace, and not the queue.
            worker = threading.Thread(target=self._work, args=(job,), name="review", daemon=True)
            worker.start()
            worker.join()

    def _next(self) -> _Job | None:
        waiting = (job for job in self._jobs.values() if job.view.stage == "waiting")
        job = next(waiting, None)
        if job is not None:
            job.begun_s = self._clock()
            job.view = replace(job.view, stage="finding", share=None)
        return job

    def _work(self, job: _Job) -> None:
        view = replace(job.view, stage="failed", problem="review.failed")
        step_back()
        try:
            outcome = job.work.run(_Reporter(job, self._clock))
            view = replace(job.view, stage="done", share=1.0, left_s=0.0, outcome=outcome)
        except ReviewCancelled:
            view = replace(job.view, stage="cancelled", problem="review.cancelled")
        except CoachError as error:
            view = replace(job.view, stage="failed", problem=error.sentence)
        finally:
            with self._changed:
                self._end(job, view)

    def _end(self, job: _Job, view: JobView) -> None:
        job.over_s = self._clock()
        if view.outcome is None:
            job.work.give_back()
        job.view = view


def step_back() -> None:
    """Let others go first from now on: a review takes every core, and who practises can't wait.

    It holds for this thread, and for the threads and processes that it starts.
    """
    if sys.platform == "linux":  # Elsewhere it would hold for the whole app.
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), NICE)


class _Reporter:
    """Writes a job's progress into its view, which is frozen and swapped whole."""

    def __init__(self, job: _Job, clock: Callable[[], float]) -> None:
        self._job = job
        self._clock = clock

    def cancelled(self) -> bool:
        return self._job.cancelled.is_set()

    def finding(self, progress: Progress) -> None:
        self._stop_if_cancelled()
        self._note("finding", progress)

    def judging(self, progress: Progress) -> None:
        self._stop_if_cancelled()
        job = self._job
        if job.view.stage != "judging":
            job.begun_s = self._clock()
        self._note("judging", progress)

    def _note(self, stage: Stage, progress: Progress) -> None:
        job, share = self._job, progress.share
        left_s = None
        if share is not None and share >= MIN_SHARE:
            left_s = (self._clock() - job.begun_s) * (1.0 - share) / share
        job.view = replace(
            job.view, stage=stage, share=share, done_s=progress.time_s, left_s=left_s
        )

    def _stop_if_cancelled(self) -> None:
        if self.cancelled():
            raise ReviewCancelled("The review was stopped; start it again.", key="error.stopped")


QUEUE: Final = ReviewQueue()
