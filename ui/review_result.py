"""The parts of the page Review that show the queue, and what came of a recording."""

from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from sessions.record import Review, review_text
from ui.back_chart import back_chart_svg
from ui.chart_marks import chart_marks
from ui.drawing import show_drawing
from ui.rep_table import marked_faults, rep_table_html
from ui.review_queue import OPEN_STAGES, QUEUE, JobView, Outcome
from ui.review_state import ReviewState, review_state
from ui.served import address
from ui.session_browser import browser
from ui.session_links import session_link
from ui.session_words import plain
from ui.shell import notice
from ui.texts import text
from ui.words import duration, percent

REFRESH_S: Final = 0.5


def queue() -> None:
    """All recordings of this browser in the queue."""
    if QUEUE.of(browser()):
        st.subheader(text("review.queue"))
        queue_list()


def queue_list() -> None:
    """The jobs of this browser alone; drawn anew while any of them is not done."""
    jobs = QUEUE.of(browser())
    if not jobs:
        return
    running = any(job.stage in OPEN_STAGES for job in jobs)
    stages = tuple(job.stage for job in jobs)
    st.fragment(_queue, run_every=REFRESH_S if running else None)(stages)


def _queue(stages: tuple[str, ...]) -> None:
    jobs = QUEUE.of(browser())
    if tuple(job.stage for job in jobs) != stages:
        st.rerun()
    for job in jobs:
        _job(job)


def _job(job: JobView) -> None:
    with st.container(border=True, key=f"job-{job.id}"):
        if job.stage in OPEN_STAGES:
            _open_job(job)
        else:
            _job_over(job)


def _open_job(job: JobView) -> None:
    share = 0.0 if job.share is None else min(job.share, 1.0)
    st.write(f"**{plain(job.name)}**")
    st.progress(share, text=progress_words(job))
    st.button(
        text("review.cancel"),
        key=f"cancel-{job.id}",
        on_click=QUEUE.cancel,
        args=(browser(), job.id),
    )


def _job_over(job: JobView) -> None:
    state = review_state()
    outcome = job.outcome
    if outcome is None:
        st.write(f"**{plain(job.name)}**")
        notice(job.problem or "review.failed")
    else:
        count = text("review.job_done", count=outcome.review.count)
        tried = text("review.result_of", attempts=len(outcome.review.reps))
        st.write(f"**{plain(job.name)}**  \n{count} {tried}")
    with st.container(horizontal=True, vertical_alignment="center"):
        if outcome is not None:
            if outcome.session_id is not None:
                session_link(outcome.session_id, text("review.open_session"))
            st.button(
                text("review.show"), key=f"show-{job.id}", on_click=_show, args=(state, job.id)
            )
        st.button(
            text("review.forget"),
            key=f"forget-{job.id}",
            on_click=QUEUE.forget,
            args=(browser(), job.id),
        )


def _show(state: ReviewState, job_id: str) -> None:
    state.shown = job_id


def progress_words(job: JobView) -> str:
    """Where a job stands, its share and time left, or what is known of them."""
    match job.stage:
        case "waiting":
            return text("review.waiting", ahead=QUEUE.before(job.id))
        case "finding":
            if job.done_s == 0.0:
                return text("review.starting")
            return text("review.finding", how=_looked_at(job))
        case _:
            return _judging(job)


def _judging(job: JobView) -> str:
    if job.share is not None and job.left_s is None:
        return text("review.starting")
    if job.share is not None and job.share >= 1.0:
        return text("review.writing")
    return _looked_at(job)


def _looked_at(job: JobView) -> str:
    if job.share is None or job.left_s is None:
        return text("review.progress_open", done=duration(job.done_s))
    return text("review.progress", share=percent(job.share), left=duration(job.left_s))


def result(state: ReviewState) -> None:
    """What came of the job that is to be shown, or of the newest one that is done."""
    done = [job for job in QUEUE.of(browser()) if job.outcome is not None]
    if not done:
        return
    job = next((each for each in done if each.id == state.shown), done[-1])
    if job.outcome is not None:
        _outcome(state, job.id, job.name, job.outcome)


def _outcome(state: ReviewState, job_id: str, name: str, outcome: Outcome) -> None:
    """Count, video and chart, reps, downloads."""
    review = outcome.review
    faults = marked_faults(review.reps)
    st.subheader(text("review.result_title", name=plain(name)))
    _count(review)
    if outcome.problem is not None:
        notice(outcome.problem)
    if outcome.unkept:
        again = text("session.keep_again")
        st.button(again, on_click=QUEUE.keep_again, args=(browser(), job_id), type="primary")
    for warning in review.warnings:
        notice(warning)
    if not review.reps:
        st.subheader(text("review.none_title"))
        st.write(text("review.none_text"))
    annotated = outcome.annotated if outcome.annotated and outcome.annotated.is_file() else None
    left, right = st.columns([3, 2] if annotated else [1, 1], gap="large")
    with left:
        if annotated is not None:
            st.subheader(text("review.video"))
            # The address, and not the file: Streamlit would hold all of it in memory.
            st.html(_video_html(annotated))
            st.caption(text("review.video_passing"))
        _downloads(review, annotated)
    with right:
        st.subheader(text("review.chart"))
        marks = chart_marks(faults, review.paths)
        chart = back_chart_svg(
            state.routine, scale=review.scale, paths=review.paths, marks=marks, name="review"
        )
        show_drawing(chart, key="review-chart")
        st.caption(text("review.chart_help"))
    if review.reps:
        st.subheader(text("review.reps"))
        st.html(rep_table_html(review.reps, state.routine, faults))


def _video_html(video: Path) -> str:
    return (
        f'<video class="annotated" controls preload="metadata" '
        f'src="{escape(address("review-video", video))}"></video>'
    )


def _count(review: Review) -> None:
    counted = text("review.result", count=f"<b data-testid='count'>{review.count}</b>")
    tried = text("review.result_of", attempts=len(review.reps))
    seen = text("review.seen", both=percent(review.tracking.both_hands_share))
    st.html(f'<div class="result"><span>{counted}</span><span>{escape(tried)}</span></div>')
    st.caption(seen)


def _downloads(review: Review, annotated: Path | None) -> None:
    stem = Path(review.video.name).stem
    with st.container(horizontal=True):
        if annotated is not None:
            st.download_button(
                text("review.download_video"),
                annotated.read_bytes,
                file_name=f"{stem}.annotated.mp4",
                mime="video/mp4",
                on_click="ignore",
            )
        st.download_button(
            text("review.download_json"),
            review_text(review),
            file_name=f"{stem}.json",
            mime="application/json",
            on_click="ignore",
        )
