"""The queue: one after another, each browser its own, and nothing left behind."""

import os
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import cast

import pytest

from sessions.record import Review
from sessions.review import Progress
from ui.review_queue import KEEP_S, NICE, JobView, Outcome, Report, ReviewQueue
from ui.texts import told
from vision.errors import VideoError

REVIEW = cast(Review, object())
ANNA, BERT = "anna", "bert"


class StubWork:
    """Goes on until it is let go, cancelled or told to fail."""

    def __init__(self, name: str = "clip.mp4", error: Exception | None = None) -> None:
        self.name = name
        self.error = error
        self.begun = threading.Event()
        self.go_on = threading.Event()
        self.given_back = self.closed = 0
        self.session_id = f"of {name}"

    def keep_again(self, outcome: Outcome) -> Outcome:
        return Outcome(REVIEW, "session")

    def run(self, report: Report) -> Outcome:
        report.finding(Progress(None, 1.5, 45))
        report.judging(Progress(0.25, 2.5, 75))
        self.begun.set()
        if self.error is not None:
            raise self.error
        while not self.go_on.wait(0.005):
            report.judging(Progress(0.5, 5.0, 150))
        return Outcome(REVIEW, None, problem="The disk is full.", unkept=True)

    def give_back(self) -> None:
        self.given_back += 1

    def close(self) -> None:
        self.closed += 1


class Clock:
    """Stands still until it is moved."""

    now_s = 0.0

    def __call__(self) -> float:
        return self.now_s


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def queue(clock: Clock) -> ReviewQueue:
    return ReviewQueue(clock)


@pytest.fixture
def works() -> Iterator[Callable[..., StubWork]]:
    made: list[StubWork] = []

    def make(name: str = "clip.mp4", error: Exception | None = None) -> StubWork:
        made.append(StubWork(name, error))
        return made[-1]

    yield make
    for work in made:
        work.go_on.set()


def view_of(queue: ReviewQueue, owner: str, job_id: str) -> JobView:
    return next(view for view in queue.of(owner) if view.id == job_id)


def wait_for(queue: ReviewQueue, owner: str, job_id: str, stage: str) -> JobView:
    deadline = time.monotonic() + 10
    while view_of(queue, owner, job_id).stage != stage and time.monotonic() < deadline:
        time.sleep(0.005)
    view = view_of(queue, owner, job_id)
    assert view.stage == stage
    return view


def test_a_job_tells_where_it_stands_and_what_came_of_it(
    queue: ReviewQueue, clock: Clock, works: Callable[..., StubWork]
) -> None:
    work = works()
    job = queue.add(ANNA, work)
    assert work.begun.wait(10)
    clock.now_s = 10.0
    deadline = time.monotonic() + 10
    while view_of(queue, ANNA, job).left_s != 10.0 and time.monotonic() < deadline:
        time.sleep(0.005)
    view = view_of(queue, ANNA, job)
    assert (view.stage, view.share, view.done_s, view.left_s) == ("judging", 0.5, 5.0, 10.0)
    work.go_on.set()
    done = wait_for(queue, ANNA, job, "done")
    assert done.outcome is not None
    assert done.outcome.session_id is None
    queue.keep_again(BERT, job)
    assert view_of(queue, ANNA, job).outcome is done.outcome
    queue.keep_again(ANNA, job)
    again = view_of(queue, ANNA, job).outcome
    assert again is not None
    assert (again.session_id, again.problem) == ("session", None)
    assert (work.given_back, work.closed) == (0, 0)


def test_jobs_wait_for_each_other_and_keep_their_order(
    queue: ReviewQueue, works: Callable[..., StubWork]
) -> None:
    first, second = works("a.mp4"), works("b.mp4")
    one, other = queue.add(ANNA, first), queue.add(BERT, second)
    assert first.begun.wait(10)
    assert view_of(queue, BERT, other).stage == "waiting"
    assert (queue.before(one), queue.before(other)) == (0, 1)
    assert not second.begun.is_set()
    first.go_on.set()
    assert second.begun.wait(10)
    assert queue.before(other) == 0


def test_nobody_sees_or_stops_the_jobs_of_others(
    queue: ReviewQueue, works: Callable[..., StubWork]
) -> None:
    work = works()
    job = queue.add(ANNA, work)
    assert work.begun.wait(10)
    assert queue.of(BERT) == ()
    queue.cancel(BERT, job)
    work.go_on.set()
    wait_for(queue, ANNA, job, "done")
    queue.forget(BERT, job)
    assert [view.id for view in queue.of(ANNA)] == [job]


def test_a_running_job_is_cancelled_and_its_recording_given_back(
    queue: ReviewQueue, works: Callable[..., StubWork]
) -> None:
    work = works()
    job = queue.add(ANNA, work)
    assert work.begun.wait(10)
    queue.cancel(ANNA, job)
    view = wait_for(queue, ANNA, job, "cancelled")
    assert "cancelled" in told(view.problem or "")
    assert work.given_back == 1


def test_a_waiting_job_is_cancelled_without_ever_beginning(
    queue: ReviewQueue, works: Callable[..., StubWork]
) -> None:
    first, second = works(), works()
    queue.add(ANNA, first)
    job = queue.add(ANNA, second)
    queue.cancel(ANNA, job)
    assert view_of(queue, ANNA, job).stage == "cancelled"
    first.go_on.set()
    third = works()
    queue.add(ANNA, third)
    assert third.begun.wait(10)
    assert not second.begun.is_set()
    assert second.given_back == 1


def test_a_bad_recording_is_told_and_the_next_one_begins(
    queue: ReviewQueue, works: Callable[..., StubWork]
) -> None:
    bad, good = works(error=VideoError("clip.mp4 is damaged: copy it again.")), works()
    job = queue.add(ANNA, bad)
    queue.add(ANNA, good)
    assert good.begun.wait(10)
    view = view_of(queue, ANNA, job)
    assert (view.stage, view.problem) == ("failed", "clip.mp4 is damaged: copy it again.")
    assert bad.given_back == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_error_of_our_own_ends_one_job_and_not_the_queue(
    queue: ReviewQueue, works: Callable[..., StubWork]
) -> None:
    bad, good = works(error=ZeroDivisionError()), works()
    job = queue.add(ANNA, bad)
    queue.add(ANNA, good)
    assert good.begun.wait(10)
    assert "try it once more" in told(view_of(queue, ANNA, job).problem or "")


def test_what_is_over_is_forgotten_when_asked_or_after_an_hour(
    queue: ReviewQueue, clock: Clock, works: Callable[..., StubWork]
) -> None:
    asked, late = works(), works()
    one, other = queue.add(ANNA, asked), queue.add(ANNA, late)
    queue.forget(ANNA, one)
    assert len(queue.of(ANNA)) == 2, "not while it is open"
    asked.go_on.set()
    late.go_on.set()
    wait_for(queue, ANNA, other, "done")
    queue.forget(ANNA, one)
    assert asked.closed == 1
    clock.now_s = KEEP_S + 1
    assert queue.of(ANNA) == ()
    assert late.closed == 1


def test_a_session_that_is_forgotten_is_neither_drawn_nor_shown(
    queue: ReviewQueue, works: Callable[..., StubWork]
) -> None:
    drawn, drawing, other = works("a.mp4"), works("a.mp4"), works("b.mp4")
    one, two, three = (queue.add(ANNA, work) for work in (drawn, drawing, other))
    drawn.go_on.set()
    wait_for(queue, ANNA, one, "done")
    assert drawing.begun.wait(10)
    queue.forget_session("of a.mp4")
    wait_for(queue, ANNA, two, "cancelled")
    assert (drawn.closed, drawing.given_back) == (1, 1)
    other.go_on.set()
    wait_for(queue, ANNA, three, "done")
    assert other.closed == 0


@pytest.mark.skipif(sys.platform != "linux", reason="threads have no priority of their own")
def test_a_review_lets_those_who_practise_go_first(
    queue: ReviewQueue, works: Callable[..., StubWork]
) -> None:
    work, steps = works(), list[int]()

    class Looks(StubWork):
        def run(self, report: Report) -> Outcome:
            looker = threading.Thread(target=lambda: steps.append(_nice()))
            looker.start()
            looker.join()
            return work.run(report)

    queue.add(ANNA, Looks())
    assert work.begun.wait(5)
    assert steps == [NICE]
    assert _nice() < NICE


def _nice() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())
