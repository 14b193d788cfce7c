"""The parts of the page Practice, from top to bottom."""

from html import escape
from typing import Final, assert_never

import streamlit as st

from ui.back_chart import back_chart_svg
from ui.calibration_store import last
from ui.camera_watch import camera_trouble
from ui.chart_marks import chart_marks
from ui.drawing import show_drawing
from ui.live import OPEN_STAGES, LiveView
from ui.palette import PHASE
from ui.point_picker import has_all, pick_points
from ui.practice_state import PracticeState, practice_state, when
from ui.rep_table import marked_faults, rep_table_html
from ui.shell import notice, safety
from ui.texts import text
from ui.webrtc_compat import camera
from vision.calibration import PointPx

REFRESH_S: Final = 0.5

Points = dict[str, PointPx]

# Out of sight, not out of the page: the stream must run on while the still is clicked on.
_HIDE_CAMERA = (
    "<style>.st-key-camera-picture{position:absolute!important;left:-300vw;width:40rem}</style>"
)


def camera_picture(state: PracticeState) -> tuple[bool, Points]:
    """The live picture, or the still that is clicked on in its place.

    Gives back whether the camera plays, and the points that are set on the still. The stream stays
    mounted, and at the same place, in every step: else it would break off.
    """
    with st.container(key="camera-picture"):
        playing = camera(state.live)
    _trouble(state, playing=playing)
    step = state.step(playing=playing)
    if step == "camera":
        _camera_first()
    if state.still is None or step != "points":
        return playing, {}
    st.html(_HIDE_CAMERA)
    still, known = state.still, state.calibration
    begin = dict(known.points_px) if known and known.image_size == still.size else {}
    return playing, pick_points(
        still.image_rgb, begin, size=still.size, picture=still.name, key="practice-points"
    )


def panel(state: PracticeState, points: Points, *, playing: bool) -> None:
    """What to do now, and the buttons for it."""
    if state.message:
        notice(state.message)
    step = state.step(playing=playing)
    match step:
        case "camera":
            _route(state)
        case "place":
            _place(state)
        case "points":
            _use_points(state, points)
        case "ready":
            _ready(state)
        case "session":
            _session()
        case "summary":
            _after(state)
        case _:
            assert_never(step)


def summary(state: PracticeState) -> None:
    """After a session: its reps with their faults."""
    view = state.live.view
    if view.stage != "ended":
        return
    st.subheader(text("practice.summary_title"))
    if not view.reps:
        st.write(text("practice.summary_none"))
        return
    st.html(rep_table_html(view.reps, state.routine, marked_faults(view.reps)))


def _trouble(state: PracticeState, *, playing: bool) -> None:
    with st.container(key="camera-watch"):
        trouble = camera_trouble()
    view = state.live.view
    told_beside = view.stage in OPEN_STAGES
    problem = None if told_beside else view.problem or (None if playing else trouble)
    if problem:
        notice(problem)


def _camera_first() -> None:
    st.subheader(text("practice.camera_title"))
    st.write(text("practice.lead_camera"))
    safety()


def _route(state: PracticeState) -> None:
    """The stroke at a glance, before the camera runs."""
    st.subheader(state.routine.name)
    show_drawing(back_chart_svg(state.routine, name="route"), key="route")
    steps = "".join(f"<li>{escape(phase.label)}</li>" for phase in state.routine.phases)
    st.html(f'<ol class="steps">{steps}</ol>')


def _place(state: PracticeState) -> None:
    st.subheader(text("practice.place_title"))
    st.write(text("practice.place_text"))
    st.button(
        text("practice.take_still"), on_click=state.take_still, type="primary", width="stretch"
    )
    remembered = last()
    if remembered is not None:
        st.button(
            text("practice.use_last"),
            on_click=state.use_last,
            args=(remembered.calibration,),
            width="stretch",
        )
        st.caption(text("practice.use_last_help", when=when(remembered.saved)))


def _use_points(state: PracticeState, points: Points) -> None:
    st.subheader(text("practice.points_title"))
    st.write(text("practice.points_text"))
    width_cm = st.number_input(
        text("practice.width"),
        min_value=21.0,
        max_value=69.0,
        value=state.calibration.shoulder_width_cm if state.calibration else None,
        step=0.5,
        help=text("practice.width_help"),
    )
    st.button(
        text("practice.use_points"),
        on_click=state.use_points,
        args=(points, width_cm),
        disabled=not has_all(points),
        type="primary",
        width="stretch",
    )
    st.button(text("practice.retake"), on_click=state.take_still, width="stretch")
    st.button(text("practice.cancel"), on_click=state.drop_still, width="stretch")


def _ready(state: PracticeState) -> None:
    st.subheader(text("practice.ready_title"))
    st.write(text("practice.ready_text"))
    st.button(text("practice.start"), on_click=state.live.start, type="primary", width="stretch")
    st.button(text("practice.again_points"), on_click=state.set_again, width="stretch")


@st.fragment(run_every=REFRESH_S)
def _session() -> None:
    """Count and phase beside the picture; it alone is drawn anew while the session runs."""
    live = practice_state().live
    view = live.view
    if view.stage not in OPEN_STAGES:
        st.rerun()
    st.html(live_html(view))
    if view.problem:
        notice(view.problem)
    elif view.stage == "running" and not live.has_picture:
        notice(text("practice.no_picture"))
    if view.stage == "paused":
        st.button(text("practice.go_on"), on_click=live.resume, type="primary", width="stretch")
    else:
        st.button(text("practice.pause"), on_click=live.pause, width="stretch")
    st.button(text("practice.end"), on_click=live.end, width="stretch")


def live_html(view: LiveView) -> str:
    """Count, phase and hands, large."""
    progress = view.progress
    unit = text("practice.counted_one" if progress.count == 1 else "practice.counted")
    if progress.attempts != progress.count:
        unit += " " + _attempts(progress.attempts)
    words, name = _now(view)
    kind = "phase" if name else "phase quiet"
    style = f' style="--phase:{PHASE[name]}"' if name is not None and name in PHASE else ""
    return (
        f'<div class="live" data-stage="{view.stage}" data-rate="{view.rate_hz:.1f}">'
        f'<div class="count" data-testid="count">{progress.count}</div>'
        f'<div class="unit">{escape(unit)}</div>'
        f'<div class="{kind}" data-testid="phase"{style}>{escape(words)}</div>'
        f'<div class="hands">{escape(_hands(view))}</div></div>'
    )


def _now(view: LiveView) -> tuple[str, str | None]:
    """What happens now in a word, and the phase that it is, if it is one."""
    if view.stage == "loading":
        return text("practice.loading"), None
    if view.stage == "paused":
        return text("practice.paused"), None
    phase = view.progress.phase
    if phase is not None:
        return (text(f"phase.{phase}") if phase in PHASE else phase), phase
    return text("phase.settle" if view.progress.settling else "phase.none"), None


def _hands(view: LiveView) -> str:
    if view.stage != "running":
        return ""
    return text(("practice.no_hands", "practice.one_hand", "practice.both_hands")[view.hands_seen])


def _attempts(attempts: int) -> str:
    if attempts == 1:
        return text("practice.attempts_one")
    return text("practice.attempts", attempts=attempts)


def _after(state: PracticeState) -> None:
    progress = state.live.view.progress
    words = text("practice.summary_count", count=progress.count, attempts=progress.attempts)
    st.html(
        '<div class="live" data-stage="ended">'
        f'<div class="count" data-testid="count">{progress.count}</div>'
        f'<div class="unit">{escape(words)}</div></div>'
    )
    st.button(
        text("practice.practise_again"),
        on_click=state.practise_again,
        type="primary",
        width="stretch",
    )
    st.button(text("practice.again_points"), on_click=state.set_again, width="stretch")
    if state.live.view.reps:
        show_drawing(_chart(state, state.live.view), key="practice-chart")


def _chart(state: PracticeState, view: LiveView) -> str:
    marks = chart_marks(marked_faults(view.reps), view.paths)
    return back_chart_svg(
        state.routine, scale=view.scale, paths=view.paths, marks=marks, name="summary"
    )
