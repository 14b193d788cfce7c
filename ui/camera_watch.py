"""Why the browser gives no camera, or none any more, as a sentence with a way on."""

from html import escape
from importlib import resources
from typing import Final

import streamlit as st

from ui.texts import page_address, text, told
from ui.webrtc_compat import WATCH_SELECTORS

TROUBLES: Final = (
    *("insecure", "no_webrtc", "absent", "refused", "taken", "slow", "silent"),
    "other",
)

_watch = st.components.v2.component(
    "tstroke_camera_watch",
    html="<span></span>",
    js=resources.files(__package__).joinpath("web", "camera_watch.js").read_text("utf-8"),
)


def camera_trouble(*, under_way: bool = False, restart: bool = False) -> str | None:
    """The sentence for what the browser reports now; None while nothing is wrong.

    With a session `under_way` a camera that was unplugged and is back is started by itself, and
    `restart` does so once for a page that was loaded anew.
    """
    result = _watch(
        key="camera_watch",
        data={"selectors": WATCH_SELECTORS, "under_way": under_way, "restart": restart},
        height=1,
        on_trouble_change=_nothing,
    )
    trouble = result.get("trouble") or {}
    return trouble_sentence(str(trouble.get("code", "")), str(trouble.get("detail", "")))


def trouble_sentence(code: str, detail: str = "") -> str | None:
    """The text for a code of `camera_watch.js`; None for no trouble."""
    if not code:
        return None
    known = code if code in TROUBLES else "other"
    return text(f"camera.{known}", detail=detail)


def camera_notice(sentence: str) -> None:
    """A sentence on the camera, or its text's key, with the way on that needs none: a recording."""
    link = f'<a href="{page_address("review")}" target="_self">{escape(text("camera.way_on"))}</a>'
    st.html(f'<div class="notice" role="alert">{escape(told(sentence))} {link}</div>')


def _nothing() -> None:
    """The component needs a callback to keep a state; the rerun does the rest."""
