"""The page Review: a recording, its progress, its result."""

import streamlit as st

from ui.review_parts import chooser, progress, result
from ui.review_state import review_state
from ui.shell import footer
from ui.texts import text

state = review_state()
state.settle_job()

st.title(text("review.title"))
st.write(text("review.lead"))
chooser(state)

if state.running:
    progress()
elif state.job is not None:
    result(state, state.job.view)

footer()
