"""The app: chooses a page. Start it with `tstroke app`."""

import streamlit as st

from ui.shell import apply_style, language_choice
from ui.texts import settle_language, text

settle_language()
st.set_page_config(page_title=text("app.title"), layout="wide")
apply_style()

page = st.navigation(
    [
        st.Page("ui/learn.py", title=text("app.learn"), url_path="learn"),
        st.Page("ui/practice.py", title=text("app.practice"), default=True),
        st.Page("ui/review.py", title=text("app.review"), url_path="review"),
    ],
    position="top",
)
page.run()
language_choice()
