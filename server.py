"""The app's server: Streamlit's, and beside it the ways of recordings to and from the disk.

`tstroke app` starts it. The page is `app.py`.
"""

from pathlib import Path

import streamlit as st

from ui import review_routes
from ui.player import served
from ui.review_files import remove_left_behind

remove_left_behind()
app = st.App(
    Path(__file__).resolve().with_name("app.py"),
    routes=[*review_routes.routes(), *served.routes()],
)
