"""The app: chooses a page. Start it with `tstroke app`."""

import streamlit as st

from ui.shell import apply_style
from ui.texts import text

st.set_page_config(page_title=text("app.title"), layout="wide")
apply_style()

page = st.navigation(
    [
        st.Page("ui/practice.py", title=text("app.practice"), default=True),
        st.Page("ui/review.py", title=text("app.review"), url_path="review"),
    ],
    position="top",
)
page.run()
