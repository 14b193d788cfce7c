"""The page Learn: the stroke step by step, each with its drawing, and the way into practice."""

import streamlit as st

from ui.learn_parts import camera_and_partner, lesson
from ui.shell import footer, safety
from ui.texts import text

st.title(text("learn.title"))
st.write(text("learn.lead"))
lesson()
camera_and_partner()
safety()
footer()
