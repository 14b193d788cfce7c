"""Sending recordings from the browser to the disk, with progress; Streamlit's own way holds them in
memory."""

from importlib import resources
from typing import Final

import streamlit as st

from ui.review_routes import BROWSER_HEADER, RECORDINGS
from ui.session_browser import browser
from ui.texts import text

VIDEO_TYPES: Final = (".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".3gp")


def _asset(kind: str) -> str:
    return resources.files(__package__).joinpath("web", f"review_upload.{kind}").read_text("utf-8")


_upload = st.components.v2.component(
    "tstroke_review_upload", html=_asset("html"), css=_asset("css"), js=_asset("js")
)


def upload_recordings(*, key: str) -> None:
    """A place to drop recordings, or to choose them; the page runs again whenever one has come."""
    _upload(
        key=key,
        data={
            "address": RECORDINGS,
            "header": BROWSER_HEADER,
            "browser": browser(),
            "types": ",".join(VIDEO_TYPES),
            "words": _words(),
        },
        on_received_change=_nothing,
    )


def _words() -> dict[str, str]:
    return {
        "choose": text("review.upload"),
        "drop": text("review.upload_drop"),
        "help": text("review.upload_help"),
        "cancel": text("review.cancel"),
        "dismiss": text("review.dismiss"),
        "sending": text("review.sending", share="{share}", left="{left}"),
        "begins": text("review.send_begins"),
        "kind": text("review.send_kind"),
        "full": text("review.send_full"),
        "unknown": text("review.send_unknown"),
        "broken": text("review.send_broken"),
        "minutes": text("time.minutes", minutes="{minutes}", seconds="{seconds}"),
        "seconds": text("time.seconds", value="{value}"),
    }


def _nothing() -> None:
    """The component needs a callback to keep a state; the rerun does the rest."""
