"""The app: its server, and the choice of a page. Start it with `tstroke app`.

Streamlit's server imports this file once, as a module, and finds `app`; then it runs the same file
as `__main__` whenever a page is shown.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import streamlit as st

from ui import first_page, housekeeping, review_routes, served, streamlit_compat
from ui.exposure import exposure, warn_if_exposed
from ui.own_origin import guard
from ui.session_browser import settle_browser
from ui.shell import apply_style, language_choice, notice
from ui.texts import settle_language, text


@asynccontextmanager
async def kept_house(_app: st.App) -> AsyncIterator[None]:
    """What the server does by itself, around and beside the pages."""
    warn_if_exposed()
    first_page.load_ahead()
    housekeeping.begin()
    beside = asyncio.create_task(housekeeping.keep_house())
    try:
        yield
    finally:
        beside.cancel()
        housekeeping.end()


def show_page() -> None:
    """One run of the page that the address names."""
    settle_language()
    st.set_page_config(page_title=text("app.title"), layout="wide")
    # Before everything that may ask for another run: a run that does not know its page yet would
    # become one of the first page.
    page = st.navigation(
        [
            st.Page("ui/learn.py", title=text("app.learn"), url_path="learn"),
            st.Page("ui/practice.py", title=text("app.practice"), default=True),
            st.Page("ui/review.py", title=text("app.review"), url_path="review"),
            st.Page("ui/sessions.py", title=text("app.sessions"), url_path="sessions"),
            st.Page(
                "ui/session.py", title=text("app.session"), url_path="session", visibility="hidden"
            ),
            st.Page(
                "ui/compare.py", title=text("app.compare"), url_path="compare", visibility="hidden"
            ),
            st.Page("ui/progress.py", title=text("app.progress"), url_path="progress"),
            st.Page("ui/classroom.py", title=text("app.class"), url_path="classroom"),
        ],
        position="top",
    )
    apply_style()
    settle_browser()
    exposed = exposure()
    if exposed is not None:
        notice(exposed)
    first_page.wait_until_loaded()
    page.run()
    language_choice()


streamlit_compat.settle()

if __name__ == "__main__":
    show_page()
else:
    ROUTES = [*review_routes.routes(), *served.routes()]
    app = st.App(__file__, routes=ROUTES, lifespan=kept_house, middleware=[guard()])
