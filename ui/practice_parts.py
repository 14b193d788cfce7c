"""The parts of the page Practice, from top to bottom."""

from collections.abc import Callable
from html import escape
from typing import Final, assert_never

import streamlit as st

from sessions.guided import Scene
from ui.back_chart import back_chart_svg
from ui.calibration_store import last
from ui.camera_watch import camera_notice, camera_trouble
from ui.drawing import show_drawing
from ui.fragment_nudge import fragment_nudge
from ui.guide_run import Guiding
from ui.kept_choices import keep
from ui.live_session import OPEN_STAGES, LiveView
from ui.point_picker import has_all, pick_points
from ui.practice_state import CHOICES, TURN, PracticeState, Step, practice_state, when
from ui.say_words import fresh, utterance
from ui.settings_panel import settings_button
from ui.shell import notice, safety
from ui.speech import speech, voices_for
from ui.stage import show_stage, stage_data, waiting_data
from ui.summary_parts import ask_how_even, outcome
from ui.tab_memory import came_back, is_settled
from ui.texts import language, page_address, text
from ui.webrtc_compat import camera, forget_camera, has_connection
from vision.calibration import PointPx

REFRESH_S: Final = 0.25
"""How often the page asks what is new. What is said does not wait for that, nor do phase and count:
then the page is told. Asking costs the server a run of the panel."""

LOOK_AGAIN_S: Final = 2.0
"""How often a page that waits for a place asks for one."""

Points = dict[str, PointPx]

# Out of sight, not out of the page: the stream must run on.
_HIDE_CAMERA = (
    "<style>.st-key-camera-picture{position:absolute!important;left:-300vw;width:40rem}</style>"
)


def camera_picture(state: PracticeState) -> tuple[bool, Points]:
    """The live picture, or the still that is clicked on in its place.

    Gives back whether the camera plays, and the points that are set on the still. The stream stays
    mounted, and at the same place, in every step: else it would break off.
    """
    with st.container(key="camera-picture"):
        playing = _may_practise(state) and camera(state.live, state.settings.facing)
    if playing and state.live.view.stage == "preview":
        state.begin()
    _trouble(state, playing=playing)
    step = state.step(playing=playing)
    if step in ("points", "felt", "summary"):
        st.html(_HIDE_CAMERA)
    if state.still is None or step != "points":
        return playing, {}
    still, scene = state.still, state.live.view.scene
    known = None if scene is None else scene.calibration
    begin = dict(known.points_px) if known and known.image_size == still.size else {}
    return playing, pick_points(
        still.image_rgb, begin, size=still.size, picture=still.name, key="practice-points"
    )


def _may_practise(state: PracticeState) -> bool:
    """False, and said, while as many practise as this machine can follow.

    A browser that has its camera on keeps its connection: then the session waits, not the page.
    """
    connected = has_connection(state.settings.facing)
    if connected and state.live.view.stage != "preview":
        return True
    # Two may have pressed the last Start button at once: the later one is without a place again.
    if state.live.take_place() if connected else state.live.has_place:
        return True
    forget_camera(state.settings.facing)
    # Before the browser has told who it is, a place of its own may not be known as such.
    told = is_settled()
    if told:
        camera_notice("camera.full")
    st.fragment(_look_again, run_every=LOOK_AGAIN_S)(told=told)
    return False


def _look_again(*, told: bool) -> None:
    if practice_state().live.has_place or (is_settled() and not told):
        st.rerun()


def panel(state: PracticeState, points: Points, *, playing: bool) -> None:
    """What to do now; while a session runs it alone is drawn anew, several times a second."""
    step, refresh_s = state.step(playing=playing), refresh_of(state.live.view)
    st.fragment(_panel, run_every=refresh_s)(step, refresh_s, points, playing=playing)


def refresh_of(view: LiveView) -> float | None:
    """How often the panel is to be drawn anew, s; None where nothing runs."""
    return REFRESH_S if view.stage in OPEN_STAGES else None


def settings(state: PracticeState) -> None:
    """Everything that can be chosen, behind one button."""
    settings_button(
        state.settings,
        state.voices,
        language(),
        state.live.turn,
        on_plan=state.change,
        on_turn=state.live.turn_to,
    )
    keep(CHOICES, state.settings.to_json())
    keep(TURN, state.live.turn.to_json())


def _panel(step: Step, refresh_s: float | None, points: Points, *, playing: bool) -> None:
    state = practice_state()
    state.live.listen(fragment_nudge())
    if state.step(playing=playing) != step or refresh_of(state.live.view) != refresh_s:
        st.rerun()
    _speak(state)
    if state.message:
        notice(state.message)
    match step:
        case "camera":
            _camera_first(state)
        case "session":
            _session(state, playing=playing)
        case "points":
            _use_points(state, points)
        case "felt":
            ask_how_even(state)
        case "summary":
            outcome(state)
        case _:
            assert_never(step)


def _speak(state: PracticeState) -> None:
    view = state.live.view
    now_s = 0.0 if view.scene is None else view.scene.time_s
    says = [utterance(each, state.routine) for each in fresh(view.spoken, now_s)]
    if state.settings.pace != "tone":
        says = [say for say in says if say.tone != "pace"]
    with st.container(key="to-hear"):
        state.voices = speech(state.run, says, state.settings.speech(language()))


def _no_voice(state: PracticeState) -> bool:
    if state.voices is None or state.settings.sound != "voice":
        return False
    return not voices_for(state.voices, language())


def _trouble(state: PracticeState, *, playing: bool) -> None:
    with st.container(key="camera-watch"):
        under_way = state.live.view.stage in OPEN_STAGES
        # After a reload a session that is under way needs its camera again.
        trouble = camera_trouble(under_way=under_way, restart=under_way and came_back())
    state.live.stand_still(playing and trouble.stands_still)
    told_here = None if under_way else state.live.view.problem
    problem = (None if playing else trouble.sentence) or told_here
    if problem:
        camera_notice(problem)


def _camera_first(state: PracticeState) -> None:
    """What to do, and the stroke at a glance, before the camera runs."""
    st.subheader(text("practice.camera_title"))
    st.write(text("practice.lead_camera"))
    learn = escape(text("practice.learn_first"))
    st.html(f'<p><a href="{page_address("learn")}" target="_self">{learn}</a></p>')
    safety()
    st.subheader(state.routine.name)
    show_drawing(back_chart_svg(state.routine, name="route"), key="route")
    steps = "".join(f"<li>{escape(phase.label)}</li>" for phase in state.routine.phases)
    st.html(f'<ol class="steps">{steps}</ol>')


def _session(state: PracticeState, *, playing: bool) -> None:
    """One line, count or breath or drawing, and the buttons as a second way."""
    view = state.live.view
    state.keep_place()
    scene = view.scene
    if scene is None:
        line = "practice.loading" if playing else "practice.press_start"
        show_stage(waiting_data(text(line)))
    else:
        show_stage(stage_data(scene, view.spoken, state.routine, state.settings.plan()))
    if view.problem:
        camera_notice(view.problem)
    if _no_voice(state) and (scene is None or scene.stage in ("check", "touch")):
        st.caption(text("practice.no_voice"))
    with st.container(horizontal=True, key="session-buttons"):
        if scene is not None:
            _second_way(state, scene)
        st.button(text("practice.end"), on_click=state.live.end)


def _second_way(state: PracticeState, scene: Scene) -> None:
    """What the hands do by themselves, as buttons."""

    def button(key: str, act: Callable[[Guiding], object], *, first: bool = False) -> None:
        st.button(
            text(f"practice.{key}"),
            key=f"practice-{key}",
            on_click=state.live.command,
            args=(act, scene.stage),
            type="primary" if first else "secondary",
        )

    match scene.stage:
        case "touch":
            st.button(text("practice.click_points"), on_click=state.take_still)
            _offer_last(state)
        case "confirm":
            button("take_place", lambda guide: guide.skip(), first=True)
            button("redo_place", lambda guide: guide.redo_place())
        case "strokes":
            button("pause", lambda guide: guide.pause())
        case "paused":
            button("go_on", lambda guide: guide.resume(), first=True)
            button("redo_place", lambda guide: guide.redo_place())
        case "check" | "settle" | "oil":
            button("skip", lambda guide: guide.skip())
        case "done":
            pass
        case _:
            assert_never(scene.stage)


def _offer_last(state: PracticeState) -> None:
    remembered = last()
    if remembered is None:
        return
    st.button(
        text("practice.use_last"),
        on_click=state.use_last,
        args=(remembered.calibration,),
        help=text("practice.use_last_help", when=when(remembered.saved)),
    )


def _use_points(state: PracticeState, points: Points) -> None:
    st.subheader(text("practice.points_title"))
    st.write(text("practice.points_text"))
    width_cm = st.number_input(
        text("practice.width"),
        min_value=21.0,
        max_value=69.0,
        value=None,
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
