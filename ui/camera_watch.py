"""Why the browser gives no camera, or none any more, as a sentence with a way on."""

from dataclasses import dataclass
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

STILL: Final = "still"
"""The code of a camera that sends the same pictures over and over, or none."""


def _asset(name: str) -> str:
    return resources.files(__package__).joinpath("web", name).read_text("utf-8")


_watch = st.components.v2.component(
    "tstroke_camera_watch",
    html="<span></span>",
    js=_asset("camera_pictures.js") + _asset("camera_watch.js"),
)


@dataclass(frozen=True, slots=True)
class CameraTrouble:
    """What the browser reports of the camera."""

    code: str = ""
    """As in `camera_watch.js`; empty while nothing is wrong."""
    detail: str = ""

    @property
    def stands_still(self) -> bool:
        """The camera is there, but sends no new picture."""
        return self.code == STILL

    @property
    def sentence(self) -> str | None:
        """What is said of a camera that does not play; None for no trouble."""
        return None if self.stands_still else trouble_sentence(self.code, self.detail)


def camera_trouble(*, under_way: bool = False, restart: bool = False) -> CameraTrouble:
    """What the browser reports now.

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
    return CameraTrouble(str(trouble.get("code", "")), str(trouble.get("detail", "")))


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
