"""The chart of the back with its words in the tab's language."""

from collections.abc import Mapping, Sequence

from routines.routine import Routine
from sessions.drawing import back_chart
from sessions.drawing.back_chart import (
    AVERAGE,
    GAP_S,
    LONGEST_HATCH,
    PX_PER_CM,
    ChartMark,
    ChartWords,
    Sheet,
    on_back,
    phases_svg,
    smooth,
)
from sessions.drawing.chart_hands import ChartHand
from sessions.record import HandPath
from ui.texts import text
from vision.hands import Side
from vision.samples import BackScale

__all__ = [
    "AVERAGE",
    "GAP_S",
    "LONGEST_HATCH",
    "PX_PER_CM",
    "ChartMark",
    "Sheet",
    "back_chart_svg",
    "on_back",
    "phases_svg",
    "smooth",
]


def back_chart_svg(
    routine: Routine,
    *,
    scale: BackScale | None = None,
    paths: Mapping[Side, HandPath] | None = None,
    marks: Sequence[ChartMark] = (),
    hands: Sequence[ChartHand] = (),
    name: str = "chart",
) -> str:
    """The chart as an SVG element; see `sessions.drawing.back_chart`."""
    return back_chart.back_chart_svg(
        routine, _words(), scale=scale, paths=paths, marks=marks, hands=hands, name=name
    )


def _words() -> ChartWords:
    return ChartWords(
        title=text("chart.title"),
        left=text("chart.left"),
        right=text("chart.right"),
        unseen=text("chart.unseen"),
        fault=text("chart.fault"),
        letter_left=text("chart.letter_left"),
        letter_right=text("chart.letter_right"),
    )
