"""The buttons that give out a report, on the page of a session and on that of a class."""

from collections.abc import Callable

import streamlit as st

from sessions.reports import pdf_of
from ui.texts import text


def report_buttons(html: Callable[[], str], stem: str, *, key: str) -> None:
    """For paper and for a browser; made when it is asked for, because paper takes seconds.

    `html` writes the report, in a thread that knows no tab; `stem` is what the files are called.
    """
    with st.container(horizontal=True):
        st.download_button(
            text("exports.pdf"),
            lambda: pdf_of(html()),
            file_name=f"{stem}.pdf",
            mime="application/pdf",
            on_click="ignore",
            type="primary",
            key=f"{key}-pdf",
        )
        st.download_button(
            text("exports.html"),
            html,
            file_name=f"{stem}.html",
            mime="text/html",
            on_click="ignore",
            key=f"{key}-html",
        )
