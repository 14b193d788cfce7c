"""Clicking the named points of the back on a still picture."""

import base64
from collections.abc import Mapping
from importlib import resources
from typing import Any, Final

import cv2
import streamlit as st

from ui.texts import text
from vision.arrays import ImageRGB
from vision.calibration import POINT_NAMES, REQUIRED_POINTS, PointPx

MAX_SIDE_PX: Final = 1280
JPEG_QUALITY: Final = 85


def _asset(kind: str) -> str:
    return resources.files(__package__).joinpath("web", f"point_picker.{kind}").read_text("utf-8")


_picker = st.components.v2.component(
    "tstroke_point_picker", html=_asset("html"), css=_asset("css"), js=_asset("js")
)


def pick_points(
    image_rgb: ImageRGB,
    points_px: Mapping[str, PointPx],
    *,
    size: tuple[int, int],
    picture: str,
    key: str,
) -> dict[str, PointPx]:
    """Show the still and give back the points set on it so far, px of a picture of `size`.

    `picture` names the still: points that the browser still holds for another one are not taken.
    `points_px` are where the points begin.
    """
    result = _picker(
        key=key,
        data={
            "picture": picture,
            "image": data_address(image_rgb),
            "size": list(size),
            "points": {name: list(point) for name, point in points_px.items()},
            "names": _names(),
            "words": _words(),
        },
        on_points_change=_nothing,
    )
    return read_points(result.get("points"), picture, points_px)


def read_points(
    state: Mapping[str, Any] | None, picture: str, begin: Mapping[str, PointPx]
) -> dict[str, PointPx]:
    """The points of the component's state; `begin` where the state belongs to another picture."""
    if not state or state.get("picture") != picture:
        return dict(begin)
    points = state.get("points") or {}
    return {name: (float(points[name][0]), float(points[name][1])) for name in points}


def has_all(points_px: Mapping[str, PointPx]) -> bool:
    """True when every point that a calibration needs is set."""
    return all(name in points_px for name in REQUIRED_POINTS)


def data_address(image_rgb: ImageRGB) -> str:
    """The picture as a JPEG inside an address: it goes to the page and nowhere else."""
    height, width = image_rgb.shape[:2]
    shrink = min(1.0, MAX_SIDE_PX / max(height, width))
    if shrink < 1.0:
        size = (round(width * shrink), round(height * shrink))
        image_rgb = cv2.resize(image_rgb, size, interpolation=cv2.INTER_AREA)  # type: ignore[assignment]
    bgr = cv2.cvtColor(image_rgb, cv2.COLOR_RGB2BGR)
    _, jpeg = cv2.imencode(".jpg", bgr, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return "data:image/jpeg;base64," + base64.b64encode(jpeg.tobytes()).decode("ascii")


def _names() -> list[dict[str, Any]]:
    return [
        {"id": name, "label": text(f"point.{name}"), "required": name in REQUIRED_POINTS}
        for name in POINT_NAMES
    ]


def _words() -> dict[str, str]:
    words = {name: text(f"picker.{name}") for name in ("done", "help", "clear", "optional")}
    words |= {"not_set": text("picker.not_set"), "alt": text("picker.alt")}
    # The browser fills in the point, so its place holder is left standing.
    prompts = ("prompt", "prompt_optional")
    return words | {name: text(f"picker.{name}", point="{point}") for name in prompts}


def _nothing() -> None:
    """The component needs a callback to keep a state; the rerun does the rest."""
