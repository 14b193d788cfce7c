"""Draws a scene of a guided session into the camera's picture: hands, rings, chart and ghost."""

from collections.abc import Iterator
from typing import Final

import numpy as np

from routines.path import path_back
from routines.routine import Routine
from sessions.guided import Hold, Scene
from vision.arrays import Floats, ImageRGB
from vision.back_frame import BackFrame
from vision.drawing import HAND_COLOURS, WHITE, ColourRGB, Line, draw
from vision.frames import Frame
from vision.hands import SIDES
from vision.marks import Area, Ghost, Mark, Ring, put_marks

GUIDE: Final[ColourRGB] = (108, 184, 191)
"""The app's accent, in the dark theme's lightness: it stands on pictures."""

GHOST_U: Final = 0.2
"""Radius of a ghost hand, in half shoulder widths: a palm and its knuckles."""

_STEPS: Final = 8

# The right half of the trunk's outline on the chart, as u and v below the shoulder line; the arms
# stay out, because they lie anywhere.
_NECK_U: Final = 0.24
_ARMPIT: Final = (0.92, 0.3)
_WAIST_U: Final = 0.75


class ScenePainter:
    """Draws scenes into their frames; keeps the back's place on the picture while it stays."""

    def __init__(self, routine: Routine) -> None:
        self._routine = routine
        self._chart: _ChartOnPicture | None = None

    def draw(self, frame: Frame, scene: Scene) -> ImageRGB:
        """A copy of the frame's picture with what guides the hands now."""
        chart = self._chart_for(scene.back_frame)
        under = list(_under(scene, chart))
        picture: ImageRGB = np.array(frame.image_rgb, order="C")
        put_marks(picture, under, frame.scale)
        lines = () if chart is None else chart.lines(scene)
        picture = draw(picture, scene.pair, lines, None, frame.scale)
        put_marks(picture, _rings(scene.hold), frame.scale)
        return picture

    def _chart_for(self, back_frame: BackFrame | None) -> "_ChartOnPicture | None":
        if back_frame is None:
            self._chart = None
        elif self._chart is None or self._chart.back is not back_frame:
            self._chart = _ChartOnPicture(self._routine, back_frame)
        return self._chart


class _ChartOnPicture:
    """The chart's lines where one back lies in the picture."""

    def __init__(self, routine: Routine, back: BackFrame) -> None:
        self.back = back
        shoulder = back.scale.shoulder_line_v
        self.outline_px = back.to_image(_fine(_trunk(shoulder)))
        self._paths = tuple(
            Line(back.to_image(_fine(path_back(routine, side))), HAND_COLOURS[side], dashed=True)
            for side in SIDES
        )
        self._axes = tuple(
            Line(back.to_image(_fine(np.array(ends))), WHITE, dashed=True)
            for ends in (((0.0, 0.0), (0.0, 1.0)), ((-1.0, shoulder), (1.0, shoulder)))
        )

    def lines(self, scene: Scene) -> tuple[Line, ...]:
        """The path while strokes are made, the whole chart while it is to be looked at."""
        if scene.stage == "confirm":
            return (Line(self.outline_px, WHITE), *self._axes, *self._paths)
        return self._paths if scene.stage in ("strokes", "paused") else ()

    def ghosts(self, scene: Scene) -> Iterator[Ghost]:
        """Where the hands should be now."""
        for side, (u, v) in (scene.ghost or {}).items():
            centre, beside = self.back.to_image(np.array([(u, v), (u + GHOST_U, v)]))
            radius_px = float(np.hypot(*(beside - centre)))
            yield Ghost((float(centre[0]), float(centre[1])), radius_px, HAND_COLOURS[side])


def _under(scene: Scene, chart: _ChartOnPicture | None) -> Iterator[Mark]:
    if chart is None:
        return
    if scene.stage == "confirm":
        yield Area(chart.outline_px, GUIDE)
    yield from chart.ghosts(scene)


def _rings(hold: Hold | None) -> Iterator[Mark]:
    if hold is None:
        return
    for place_px in hold.places_px:
        yield Ring(place_px, hold.radius_px, hold.share, GUIDE)


def _trunk(shoulder_v: float) -> Floats:
    """(N, 2) the trunk's outline, closed."""
    armpit_u, below = _ARMPIT
    right = [(_NECK_U, 1.0), (1.0, shoulder_v), (armpit_u, shoulder_v - below), (_WAIST_U, 0.0)]
    left = [(-u, v) for u, v in reversed(right)]
    return np.array([*right, *left, right[0]])


def _fine(points_back: Floats) -> Floats:
    """Enough points between the corners to follow a curved back."""
    steps = np.linspace(0, len(points_back) - 1, _STEPS * len(points_back))
    corners = np.arange(len(points_back))
    return np.column_stack([np.interp(steps, corners, points_back[:, axis]) for axis in (0, 1)])
