"""The parts of the page Review in which a recording is chosen and queued."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Final, Literal

import streamlit as st

from ui.point_picker import has_all, pick_points
from ui.review_state import ReviewState, Upload
from ui.review_upload import upload_recordings
from ui.review_uploads import UPLOADS, Recording
from ui.review_work import Wish
from ui.samples import sample_paths
from ui.session_browser import browser
from ui.session_people import person_choice
from ui.shell import notice
from ui.store_handle import now, problems_told
from ui.texts import hold_choice, text
from vision.errors import VideoError

UPLOAD: Final = "upload"

Way = Literal["hands", "click", "file"]
WAYS: Final[Mapping[Way, str]] = {
    "hands": "review.calibration_hands",
    "click": "review.calibration_click",
    "file": "review.calibration_file",
}
"""How it is told where the back is; the easiest first."""

STILL_TIMES_S: Final = (0.0, 2.0, 5.0, 10.0, 20.0)
"""Moments of the recording that are offered for clicking the points."""

KEEP_DAYS: Final = 30
LONGEST_DAYS: Final = 730


def chooser(state: ReviewState) -> None:
    """Which recording, where the back is in it, and what is to be kept."""
    st.subheader(text("review.choose"))
    samples = sample_paths()
    hold_choice("review-source")
    choice = st.radio(
        text("review.source"),
        [*samples, UPLOAD],
        format_func=_source_label,
        key="review-source",
        label_visibility="collapsed",
    )
    if choice in samples:
        wish = _wish(pictures=False)
        _start(ready=wish is not None, on_click=state.queue_sample, args=(*samples[choice], wish))
    else:
        _own(state)
    if state.message:
        notice(state.message)


def _source_label(choice: str) -> str:
    return text("review.source_upload") if choice == UPLOAD else text(f"review.sample_{choice}")


def _own(state: ReviewState) -> None:
    upload_recordings(key="review-upload")
    recordings = UPLOADS.of(browser())
    if not recordings:
        st.write(text("review.upload_empty"))
        return
    recording = _one_of(recordings)
    st.button(text("review.remove", name=recording.name), on_click=state.drop, args=(recording,))
    hold_choice("review-way")
    way = st.radio(text("review.calibration"), list(WAYS), format_func=_way_label, key="review-way")
    match way:
        case "click":
            _click(state, recording)
        case "file":
            _calibration_file(state, recording)
        case _:
            _hands(state, recording, recordings)


def _one_of(recordings: Sequence[Recording]) -> Recording:
    by_id = {recording.id: recording for recording in recordings}
    if len(by_id) == 1:
        st.write(text("review.chosen", name=recordings[0].name))
        return recordings[0]
    chosen = st.selectbox(
        text("review.which", count=len(by_id)),
        list(by_id),
        format_func=lambda recording_id: by_id[recording_id].name,
    )
    return by_id[chosen]


def _way_label(way: Way) -> str:
    return text(WAYS[way])


def _hands(state: ReviewState, recording: Recording, recordings: Sequence[Recording]) -> None:
    st.write(text("review.hands_text"))
    wish = _wish()
    with st.container(horizontal=True):
        _start(ready=wish is not None, on_click=state.queue_found, args=((recording,), wish))
        if len(recordings) > 1:
            st.button(
                text("review.start_all", count=len(recordings)),
                on_click=state.queue_found,
                args=(recordings, wish),
                disabled=wish is None,
            )


def _calibration_file(state: ReviewState, recording: Recording) -> None:
    calibration: Upload | None = st.file_uploader(
        text("review.calibration_upload"), type=["json"], key="review-calibration"
    )
    if calibration is None:
        st.write(text("review.calibration_empty"))
    wish = _wish()
    _start(
        ready=calibration is not None and wish is not None,
        on_click=state.queue_with_file,
        args=(recording, calibration, wish),
    )


def _click(state: ReviewState, recording: Recording) -> None:
    time_s = st.segmented_control(
        text("review.still_at"),
        STILL_TIMES_S,
        default=STILL_TIMES_S[0],
        format_func=_seconds,
        required=True,
        key="review-still",
    )
    try:
        still = state.still_at(recording, float(time_s or 0.0))
    except VideoError as error:
        notice(error.sentence)
        return
    points = state.points[recording.id] = pick_points(
        still.frame.image_rgb,
        state.points_of(recording),
        size=still.frame.full_size,
        picture=still.name,
        key="review-points",
    )
    if not has_all(points):
        st.write(text("review.click_first"))
    wish = _wish()
    _start(
        ready=has_all(points) and wish is not None,
        on_click=state.queue_clicked,
        args=(recording, still, points, wish),
    )


def _seconds(time_s: float) -> str:
    return text("review.seconds", value=f"{time_s:g}")


def _start(*, ready: bool, on_click: object, args: tuple[object, ...]) -> None:
    st.button(
        text("review.start"),
        on_click=on_click,  # type: ignore[arg-type]
        args=args,
        disabled=not ready,
        type="primary",
    )


def _wish(*, pictures: bool = True) -> Wish | None:
    """What is to be kept; None while the partner's word is missing."""
    learner_id: str | None = None
    with st.expander(text("review.keep_title"), key="review-keep"):
        st.write(text("review.keep_text"))
        with problems_told():
            learner_id = person_choice("learner", key="review-learner")
        annotate = st.checkbox(
            text("review.annotate"),
            value=True,
            help=text("review.annotate_help"),
            key="review-annotate",
        )
        forget_on = _pictures() if pictures else None
    if forget_on is False:
        return None
    return Wish(learner_id, annotate, forget_on or None)


def _pictures() -> date | Literal[False] | None:
    """The day on which the pictures are to go; False while the partner has not agreed."""
    if not st.checkbox(text("review.keep_pictures"), key="review-pictures"):
        return None
    agreed = st.checkbox(text("review.partner_agreed"), key="review-agreed")
    today = now().date()
    forget_on = st.date_input(
        text("review.forget_on"),
        value=today + timedelta(days=KEEP_DAYS),
        min_value=today + timedelta(days=1),
        max_value=today + timedelta(days=LONGEST_DAYS),
        format="DD.MM.YYYY",
        key="review-forget-on",
    )
    return forget_on if agreed and isinstance(forget_on, date) else False
