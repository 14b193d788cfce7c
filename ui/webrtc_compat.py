"""All that depends on the insides of streamlit-webrtc 0.79, so that another release is one file.

What it tells Python: only "playing" and "signalling", and nothing at all when the browser refuses
the camera. Such errors stand only as an alert inside its frame in the page, which is of the same
origin: `ui.camera_watch` reads them there, by the selectors below.
"""

import threading
from functools import cache
from typing import Any, Final, Literal, Protocol

import streamlit as st
from streamlit_webrtc import WebRtcMode, WebRtcStreamerContext, webrtc_streamer

from ui.camera_wires import CameraWires, Stream
from ui.ice_servers import IceServersError, ice_servers
from ui.places import most_at_once
from ui.shell import notice
from ui.texts import text
from vision.errors import CoachError
from vision.landmarker import warm_up

KEY: Final = "camera"

WARM_UP_AFTER_S: Final = 1.0
"""By then the page is drawn; loading beside that would hold it up."""

WATCH_SELECTORS: Final = {
    "frame": "iframe[title*='webrtc_streamer']",
    "alert": "[role='alert']",
    "busy": "[role='progressbar']",
    "start": "button",
}
"""Where the browser's own errors, the waiting sign and the Start button are found in the page."""

Facing = Literal["any", "front", "back"]

_FACING_MODE: Final = {"front": "user", "back": "environment"}

CONSTRAINTS: Final[dict[str, Any]] = {
    "audio": False,
    "video": {
        "width": {"ideal": 640},
        "height": {"ideal": 480},
        "frameRate": {"ideal": 15, "max": 30},
    },
}
"""Tracking gains nothing from larger pictures, and 15 of these a second are what two cores carry
live beside the browser; the engine asks for 10."""

VIDEO_STYLE: Final[dict[str, Any]] = {
    "autoPlay": True,
    "controls": False,
    "muted": True,
    "style": {"width": "100%", "borderRadius": "8px", "display": "block"},
}


def constraints(facing: Facing) -> dict[str, Any]:
    """What is asked of the browser; a wish for a side never refuses a machine with one camera."""
    if facing == "any":
        return CONSTRAINTS
    video = CONSTRAINTS["video"] | {"facingMode": {"ideal": _FACING_MODE[facing]}}
    return CONSTRAINTS | {"video": video}


class Live(Protocol):
    """What takes the camera's pictures, as `ui.live_session.LiveSession` does."""

    def open_stream(self) -> Stream:
        """A connection begins."""


def has_connection(facing: Facing = "any") -> bool:
    """True while the browser has its camera on, or asks the server for a connection."""
    context: WebRtcStreamerContext[Any, Any] | None = st.session_state.get(_key(facing))
    return context is not None and (context.state.playing or context.state.signalling)


def forget_camera(facing: Facing = "any") -> None:
    """Forget a connection that was asked for and is not to be: its Start button comes anew."""
    st.session_state.pop(_key(facing), None)


def _key(facing: Facing) -> str:
    return KEY if facing == "any" else f"{KEY}-{facing}"


def camera(live: Live, facing: Facing = "any") -> bool:
    """Show the camera's picture with its Start button; True while it plays.

    The wires are bound to the live session, and used only where this run makes a connection.
    Another `facing` is another connection: the camera has to be started anew.
    """
    _warm_up_once()
    _say_wrong_settings()
    wires = CameraWires(live.open_stream)
    context: WebRtcStreamerContext[Any, Any] = webrtc_streamer(
        key=_key(facing),
        mode=WebRtcMode.SENDRECV,
        rtc_configuration={"iceServers": _servers()},
        media_stream_constraints=constraints(facing),
        sink_video_track=wires,
        source_video_track=wires.drawn,
        video_html_attrs=VIDEO_STYLE,
        sendback_audio=False,
        media_toggle_controls=False,
        translations={
            "start": text("practice.start_camera"),
            "stop": text("practice.stop_camera"),
            "select_device": text("practice.choose_camera"),
            "media_api_not_available": text("camera.insecure"),
            "device_not_available": text("camera.absent"),
            "device_access_denied": text("camera.refused"),
        },
    )
    return bool(context.state.playing)


def _servers() -> list[dict[str, Any]]:
    """Never None, for which streamlit-webrtc would ask Google's STUN server."""
    try:
        return ice_servers()
    except IceServersError:  # It is said above the camera.
        return []


def _say_wrong_settings() -> None:
    for read in (ice_servers, most_at_once):
        try:
            read()
        except CoachError as error:
            notice(error.sentence)


@cache
def _warm_up_once() -> None:
    """Load what the first picture will need while the user still looks for the Start button."""
    later = threading.Timer(WARM_UP_AFTER_S, warm_up)
    later.name, later.daemon = "warm-up", True
    later.start()
