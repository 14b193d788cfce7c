"""The page Progress: one learner over weeks, and what to work on next."""

import streamlit as st

from ui.progress_parts import progress
from ui.shell import footer
from ui.store_handle import problems_told
from ui.texts import text

st.title(text("progress.title"))
with problems_told():
    progress()

footer()
