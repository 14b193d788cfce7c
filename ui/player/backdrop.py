"""What lies under the hands: the chart's lines in the picture, and the chart itself."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from routines.path import path_back
from routines.routine import Routine
from sessions.drawing.back_chart import PX_PER_CM
from sessions.drawing.chart_hands import HAND_CM, ChartHand, hand_svg
from ui.back_chart import AVERAGE, Sheet, back_chart_svg, smooth
from vision.arrays import Floats
from vision.back_frame import BackFrame
from vision.hands import SIDES, Side
from vision.samples import BackScale

_STEPS: Final = 8
"""Points between the corners of a line, so that it follows a curved back."""

# The trunk's right edge, from the neck over shoulder and armpit to the side of the waist: (u,
# height), where 1 is the shoulder line and 1.22 the nape, as on the drawn chart.
_EDGE: Final = (
    (0.22, 1.22),
    (0.56, 1.1),
    (1.0, 1.0),
    (1.0, 0.8),
    (0.9, 0.6),
    (0.8, 0.3),
    (0.74, 0.0),
)
_NAPE: Final = 1.22

SHEET: Final = "player-sheet"
"""Ids in the drawn chart hang on it; it is made unique where the chart is shown."""

_HAND_PX: Final = round(HAND_CM * PX_PER_CM)
"""Length of a hand on the drawn chart."""


@dataclass(frozen=True, slots=True)
class Backdrop:
    """Lines and places for the browser."""

    lines: Mapping[str, list[list[list[float]]]]
    """By name (outline, spine, shoulders, left, right): lines of (x, y) as shares of the picture's
    width and height. Empty where nobody knows where the back is."""
    scale: BackScale


def backdrop(
    routine: Routine, frame: BackFrame | None, image_size: tuple[int, int], scale: BackScale | None
) -> Backdrop:
    """The chart in a picture of `image_size`, as `frame` sees it."""
    if frame is None:
        return Backdrop({}, scale or AVERAGE)
    on_back = _lines_back(routine, frame.scale)
    lines = {
        name: [_shares(frame.to_image(points), image_size) for points in parts]
        for name, parts in on_back.items()
    }
    return Backdrop(lines, frame.scale)


def sheet_json(routine: Routine, scale: BackScale) -> dict[str, Any]:
    """The drawn chart with its size, and where u and v lie on it; `routine` has the tab's words."""
    sheet = Sheet(scale)
    x, y = sheet.at(0.0, 0.0)
    return {
        "svg": back_chart_svg(routine, scale=scale, paths={}, name=SHEET),
        "size": [round(sheet.width, 1), round(sheet.height, 1)],
        "origin": [round(x, 2), round(y, 2)],
        "unit": [round(sheet.at(1.0, 0.0)[0] - x, 3), round(sheet.at(0.0, 1.0)[1] - y, 3)],
        "hands": {side: _hand_svg(side) for side in SIDES},
        "hand_px": _HAND_PX,
    }


def _hand_svg(side: Side) -> str:
    """The drawn hand alone, fingers up, its palm's centre in the middle of a square."""
    half = _HAND_PX
    group = hand_svg(ChartHand(side, 0.0, 0.0), 0.0, 0.0, _HAND_PX, "")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="{-half} {-half} {2 * half} {2 * half}" '
        f'width="{4 * half}" height="{4 * half}" style="color:#fff" fill="none" '
        f'stroke-linecap="round" stroke-linejoin="round">{group}</svg>'
    )


def _lines_back(routine: Routine, scale: BackScale) -> dict[str, list[Floats]]:
    shoulder_v = scale.shoulder_line_v
    edge = np.array(_EDGE)
    above = (edge[:, 1] - 1.0) / (_NAPE - 1.0) * (1.0 - shoulder_v)
    edge[:, 1] = np.where(edge[:, 1] > 1.0, shoulder_v + above, edge[:, 1] * shoulder_v)
    right = smooth(edge, _STEPS)
    return {
        "outline": [right * [side, 1.0] for side in (-1.0, 1.0)],
        "spine": [_fine(np.array([(0.0, 0.0), (0.0, 1.0)]))],
        "shoulders": [_fine(np.array([(-1.0, shoulder_v), (1.0, shoulder_v)]))],
        **{side: [smooth(path_back(routine, side), _STEPS)] for side in SIDES},
    }


def _fine(points: Floats) -> Floats:
    steps = np.linspace(0, len(points) - 1, 2 * _STEPS)
    corners = np.arange(len(points))
    return np.column_stack([np.interp(steps, corners, points[:, axis]) for axis in (0, 1)])


def _shares(points_px: Floats, image_size: tuple[int, int]) -> list[list[float]]:
    finite = points_px[np.isfinite(points_px).all(axis=1)]
    shares: list[list[float]] = (finite / image_size).round(4).tolist()
    return shares
