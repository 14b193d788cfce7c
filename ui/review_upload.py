"""Sending recordings from the browser to the disk, with progress; Streamlit's own way holds them in
memory."""

from collections.abc import Sequence
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
    upload_files(
        RECORDINGS,
        VIDEO_TYPES,
        text("review.upload"),
        "review.send_kind",
        key=key,
        note=text("review.upload_help"),
    )


def upload_files(
    address: str, types: Sequence[str], label: str, wrong_kind: str, *, key: str, note: str = ""
) -> None:
    """The same for files with these endings, sent to one of the server's own addresses.

    `wrong_kind` is the key of what is said of other files.
    """
    _upload(
        key=key,
        data={
            "address": address,
            "header": BROWSER_HEADER,
            "browser": browser(),
            "types": ",".join(types),
            "words": _words() | {"choose": label, "help": note, "kind": text(wrong_kind)},
        },
        on_received_change=_nothing,
    )


def _words() -> dict[str, str]:
    return {
        "drop": text("review.upload_drop"),
        "cancel": text("review.cancel"),
        "dismiss": text("review.dismiss"),
        "sending": text("review.sending", share="{share}", left="{left}"),
        "begins": text("review.send_begins"),
        "full": text("review.send_full"),
        "unknown": text("review.send_unknown"),
        "broken": text("review.send_broken"),
        "minutes": text("time.minutes", minutes="{minutes}", seconds="{seconds}"),
        "seconds": text("time.seconds", value="{value}"),
    }


def _nothing() -> None:
    """The component needs a callback to keep a state; the rerun does the rest."""
