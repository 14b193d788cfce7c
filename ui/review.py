"""The page Review: recordings, their queue, and what came of them."""

import streamlit as st

from ui.review_parts import chooser
from ui.review_result import queue, result
from ui.review_state import review_state
from ui.shell import footer
from ui.texts import text

state = review_state()

st.title(text("review.title"))
st.write(text("review.lead"))
queue()
chooser(state)
result(state)

footer()
