"""The page Class: who learns, which sessions wait, how far people and machine agree, reports."""

import streamlit as st

from ui.class_parts import class_parts
from ui.shell import footer
from ui.store_handle import problems_told
from ui.texts import text

st.title(text("class.title"))
with problems_told():
    class_parts()

footer()
