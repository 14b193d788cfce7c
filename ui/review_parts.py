"""The parts of the page Review, from top to bottom."""

from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from sessions.record import Review, review_text
from ui.back_chart import back_chart_svg
from ui.chart_marks import chart_marks
from ui.drawing import show_drawing
from ui.point_picker import has_all, pick_points
from ui.rep_table import marked_faults, rep_table_html
from ui.review_job import JobView
from ui.review_state import ReviewState, Upload, UploadedRecording, review_state
from ui.samples import sample_paths
from ui.shell import notice
from ui.texts import hold_choice, text
from ui.words import duration, percent
from vision.errors import VideoError

REFRESH_S: Final = 0.5

UPLOAD: Final = "upload"

VIDEO_TYPES: Final = ["mp4", "m4v", "mov", "mkv", "webm", "avi", "3gp"]

STILL_TIMES_S: Final = (0.0, 2.0, 5.0, 10.0, 20.0)
"""Moments of the recording that are offered for clicking the points."""


def chooser(state: ReviewState) -> None:
    """Which recording, and where the back is in it."""
    busy = state.running
    name = state.job.name if state.job is not None else None
    label = text("review.chosen", name=name) if name else text("review.choose")
    with st.expander(label, expanded=name is None):
        samples = sample_paths()
        hold_choice("review-source")
        choice = st.radio(
            text("review.source"),
            [*samples, UPLOAD],
            format_func=_source_label,
            disabled=busy,
            key="review-source",
        )
        if choice in samples:
            recording, calibration = samples[choice]
            _start_button(state, ready=True, args=(recording, calibration))
        else:
            _upload(state)
    if state.message:
        notice(state.message)


@st.fragment(run_every=REFRESH_S)
def progress() -> None:
    """How far the review is, how long still, and Cancel; gone when it is over."""
    job = review_state().job
    if job is None or job.view.stage != "running":
        st.rerun()
    view = job.view
    st.progress(min(view.share or 0.0, 1.0), text=progress_words(view))
    st.button(text("review.cancel"), on_click=job.cancel)


def progress_words(view: JobView) -> str:
    """Share and time left, or what is known of them."""
    if view.share is None:
        return text("review.progress_open", done=duration(view.done_s))
    if view.left_s is None:
        return text("review.starting")
    if view.share >= 1.0:
        return text("review.writing")
    return text("review.progress", share=percent(view.share), left=duration(view.left_s))


def result(state: ReviewState, view: JobView) -> None:
    """Count, video and chart, reps, downloads."""
    review = view.review
    if review is None:
        return
    faults = marked_faults(review.reps)
    _count(review)
    for warning in review.warnings:
        notice(warning)
    if not review.reps:
        st.subheader(text("review.none_title"))
        st.write(text("review.none_text"))
    left, right = st.columns([3, 2], gap="large")
    with left:
        st.subheader(text("review.video"))
        if view.annotated is not None:
            st.video(str(view.annotated))
        _downloads(review, view.annotated)
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


def _source_label(choice: str) -> str:
    return text("review.source_upload") if choice == UPLOAD else text(f"review.sample_{choice}")


def _upload(state: ReviewState) -> None:
    upload: Upload | None = st.file_uploader(
        text("review.upload"),
        type=VIDEO_TYPES,
        help=text("review.upload_help"),
        disabled=state.running,
        key="review-upload",
    )
    if upload is None:
        state.drop_upload()
        st.write(text("review.upload_empty"))
        return
    kept = state.keep(upload)
    hold_choice("review-by-file")
    by_file = st.radio(
        text("review.calibration"),
        [False, True],
        format_func=_calibration_label,
        disabled=state.running,
        key="review-by-file",
    )
    if by_file:
        _calibration_file(state, kept)
    else:
        _click(state, kept)


def _calibration_label(by_file: bool) -> str:
    return text("review.calibration_file" if by_file else "review.calibration_click")


def _calibration_file(state: ReviewState, upload: UploadedRecording) -> None:
    calibration: Upload | None = st.file_uploader(
        text("review.calibration_upload"),
        type=["json"],
        disabled=state.running,
        key="review-calibration",
    )
    if calibration is None:
        st.write(text("review.calibration_empty"))
    st.button(
        text("review.start"),
        on_click=state.start_uploaded,
        args=(upload, calibration),
        disabled=state.running or calibration is None,
        type="primary",
    )


def _click(state: ReviewState, upload: UploadedRecording) -> None:
    time_s = st.segmented_control(
        text("review.still_at"),
        STILL_TIMES_S,
        default=STILL_TIMES_S[0],
        format_func=_seconds,
        required=True,
        disabled=state.running,
        key="review-still",
    )
    try:
        still = state.still_at(upload, float(time_s or 0.0))
    except VideoError as error:
        notice(str(error))
        return
    frame = still.frame
    points = state.points = pick_points(
        frame.image_rgb,
        state.points,
        size=frame.full_size,
        picture=still.name,
        key="review-points",
    )
    if not has_all(points):
        st.write(text("review.click_first"))
    st.button(
        text("review.start"),
        on_click=state.start_clicked,
        args=(upload, still, points),
        disabled=state.running or not has_all(points),
        type="primary",
    )


def _seconds(time_s: float) -> str:
    return text("review.seconds", value=f"{time_s:g}")


def _start_button(state: ReviewState, *, ready: bool, args: tuple[Path, Path]) -> None:
    st.button(
        text("review.start"),
        on_click=state.start,
        args=args,
        disabled=state.running or not ready,
        type="primary",
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
                file_name=annotated.name,
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
