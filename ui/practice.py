"""The page Practice: camera, a session without a touch, summary."""

import streamlit as st

from ui.back_chart import back_chart_svg
from ui.diagnostics import diagnostics
from ui.drawing import show_drawing
from ui.practice_parts import camera_picture, panel, settings
from ui.practice_state import find_live, practice_state
from ui.session_practised import note_learner
from ui.session_unfinished import unfinished_offer
from ui.shell import footer
from ui.store_handle import problems_told
from ui.summary_parts import details, moment
from ui.tab_memory import remember_tab

state = practice_state()
note_learner(state.practised)
state.keep()

picture, beside = st.columns([3, 2], gap="large")
with picture:
    playing, points = camera_picture(state)
    step = state.step(playing=playing)
    if step == "summary":
        moment(state)
    elif step == "felt":
        with st.container(key="beside-the-question"):
            show_drawing(back_chart_svg(state.routine, name="felt"), key="felt-chart")
with beside:
    if step == "camera":
        with problems_told():
            unfinished_offer(own=True)
    panel(state, points, playing=playing)

if step == "summary":
    details(state)
elif step in ("camera", "session"):
    settings(state)
    diagnostics(find_live)
remember_tab()
footer()
