"""Where on the chart a fault happened: at the hand that it concerns, when it began."""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from routines.reps import Check
from sessions.drawing.back_chart import ChartMark
from sessions.record import HandPath
from vision.hands import SIDES, Side

NEAR_S: Final = 0.6
"""A hand that was not seen within this time of the fault has no place for a mark."""


def chart_marks(faults: Sequence[Check], paths: Mapping[Side, HandPath]) -> list[ChartMark]:
    """One mark for each fault whose hand was seen then, numbered as in `faults` from 1."""
    marks = []
    for number, check in enumerate(faults, start=1):
        place = _place(check, paths)
        if place is not None:
            marks.append(ChartMark(str(number), *place))
    return marks


def _place(check: Check, paths: Mapping[Side, HandPath]) -> tuple[float, float] | None:
    sides = [side for side in SIDES if check.hand in (side, "both", None)]
    for side in reversed(sides):
        path = paths.get(side)
        if path is None or len(path.time_s) == 0:
            continue
        nearest = int(np.abs(path.time_s - (check.start_s + check.end_s) / 2).argmin())
        away_s = abs(float(path.time_s[nearest]) - (check.start_s + check.end_s) / 2)
        if away_s <= NEAR_S and path.observed[nearest]:
            return float(path.palm_back[nearest, 0]), float(path.palm_back[nearest, 1])
    return None
