"""The page Practice: camera, the back's place, strokes, summary."""

import streamlit as st

from ui.practice_parts import camera_picture, panel, summary
from ui.practice_state import practice_state
from ui.shell import footer

state = practice_state()

picture, beside = st.columns([3, 2], gap="large")
with picture:
    playing, points = camera_picture(state)
with beside:
    panel(state, points, playing=playing)

summary(state)
footer()
