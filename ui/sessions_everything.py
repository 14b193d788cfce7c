"""All sessions in one file, and those of another machine taken in."""

from html import escape
from pathlib import Path
from typing import Final

import streamlit as st

from sessions.store.values import Imported
from ui.review_files import TemporaryFolder
from ui.review_routes import SESSION_ARCHIVES
from ui.review_upload import upload_files
from ui.review_uploads import ARCHIVES, Recording
from ui.served import address
from ui.session_browser import browser
from ui.store_handle import holds_copies, now, problems_told, store
from ui.texts import text

_KEY: Final = "sessions-archive"
_DONE: Final = "sessions-imported"


def everything() -> None:
    """Take everything elsewhere, or in from there; behind one line until it is wanted."""
    with st.expander(text("sessions.everything"), key="sessions-everything"):
        left, right = st.columns(2, gap="large")
        with left, problems_told():
            _export()
        with right, problems_told():
            _import()


def _export() -> None:
    st.write(text("sessions.export_text"))
    with_pictures = st.checkbox(text("sessions.with_pictures"), key="archive-pictures")
    if st.button(text("sessions.export"), disabled=store().count_sessions() == 0):
        # The file before goes with its folder.
        folder = st.session_state[_KEY] = TemporaryFolder()
        holds_copies(folder)
        with st.spinner(text("sessions.exporting")):
            store().export_all(folder.path / archive_name(), with_pictures=with_pictures)
    kept: TemporaryFolder | None = st.session_state.get(_KEY)
    for path in () if kept is None else sorted(kept.path.glob("*.zip")):
        st.html(_link_html(path))


def archive_name() -> str:
    """What the file with all sessions is called."""
    return f"t-stroke-sessions-{now().astimezone():%Y-%m-%d}.zip"


def _link_html(path: Path) -> str:
    words = text("sessions.export_ready", name=path.name)
    where = escape(address("sessions-archive", path))
    return f'<a href="{where}" download="{escape(path.name)}">{escape(words)}</a>'


def _import() -> None:
    st.write(text("sessions.import_text"))
    upload_files(
        SESSION_ARCHIVES, (".zip",), text("sessions.import"), "sessions.import_kind", key="archive"
    )
    for archive in ARCHIVES.of(browser()):
        _take_in(archive)
    done: Imported | None = st.session_state.get(_DONE)
    if done is not None:
        st.write(
            text(
                "sessions.imported",
                sessions=done.sessions,
                people=done.people,
                remarks=done.remarks,
                known=done.known,
            )
        )


def _take_in(archive: Recording) -> None:
    """Take it in as soon as it is here; the file goes in any case."""
    taken = ARCHIVES.take(browser(), archive.id)
    if taken is None:
        return
    try:
        with st.spinner(text("sessions.importing", name=archive.name)):
            st.session_state[_DONE] = store().import_all(taken.path)
    finally:
        taken.folder.remove()
    st.rerun()
