"""The chart of the back is sound SVG, and shows what was seen as seen and the rest as not."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from routines.path import path_back
from routines.routine import load_routine
from sessions.record import HandPath
from ui.back_chart import AVERAGE, ChartMark, back_chart_svg
from ui.palette import FAULT, HAND, PHASE
from vision.hands import SIDES, Side
from vision.samples import BackScale

ROUTINE = load_routine()
SVG = "{http://www.w3.org/2000/svg}"


def along_the_path(side: Side, *, unseen: slice | None = None, late: bool = False) -> HandPath:
    corners = path_back(ROUTINE, side)
    places = np.linspace(0, len(corners) - 1, 80)
    points = [np.interp(places, range(len(corners)), corners[:, axis]) for axis in (0, 1)]
    observed = np.ones(80, dtype=bool)
    if unseen is not None:
        observed[unseen] = False
    times = np.arange(80, dtype=np.float64) * 0.1
    if late:
        times[40:] += 1.0
    return HandPath(times, np.column_stack(points), observed)


def lines_of(svg: str, stroke: str) -> list[ET.Element]:
    root = ET.fromstring(svg)
    return [line for line in root.iter(f"{SVG}polyline") if line.get("stroke") == stroke]


def points_of(line: ET.Element) -> list[tuple[float, float]]:
    pairs = (pair.split(",") for pair in line.get("points", "").split())
    return [(float(x), float(y)) for x, y in pairs]


def test_the_routine_is_drawn_in_numbered_phases_on_both_sides() -> None:
    svg = back_chart_svg(ROUTINE)
    for phase in ROUTINE.phases:
        assert len(lines_of(svg, PHASE[phase.name])) == len(SIDES)
    numbers = [word.text for word in ET.fromstring(svg).iter(f"{SVG}text")]
    assert numbers == ["1", "2", "3", "4"] * 2


@pytest.mark.parametrize("u_cm", [16.0, 24.0])
@pytest.mark.parametrize("shoulder_line_v", [0.7, 0.8, 0.95])
def test_everything_lies_on_the_sheet(u_cm: float, shoulder_line_v: float) -> None:
    scale = BackScale(u_cm, 40.0, shoulder_line_v, assumed=False)
    root = ET.fromstring(back_chart_svg(ROUTINE, scale=scale))
    _, _, width, height = (float(part) for part in root.attrib["viewBox"].split())
    for line in root.iter(f"{SVG}polyline"):
        for x, y in points_of(line):
            assert 0 <= x <= width
            assert 0 <= y <= height
    head = next(root.iter(f"{SVG}ellipse"))
    assert float(head.attrib["cy"]) - float(head.attrib["ry"]) >= 0


def test_hands_are_drawn_in_their_colours_on_their_sides() -> None:
    svg = back_chart_svg(ROUTINE, paths={side: along_the_path(side) for side in SIDES})
    left, right = (lines_of(svg, HAND[side]) for side in SIDES)
    assert len(left) == len(right) == 1
    assert max(x for x, _ in points_of(left[0])) < min(x for x, _ in points_of(right[0]))


@pytest.mark.parametrize("late", [False, True])
def test_what_was_not_seen_is_hatched_and_not_drawn_as_seen(late: bool) -> None:
    unseen = None if late else slice(38, 42)
    svg = back_chart_svg(
        ROUTINE, paths={"left": along_the_path("left", unseen=unseen, late=late)}, name="one"
    )
    seen, hatched = lines_of(svg, HAND["left"]), lines_of(svg, "url(#one-unseen)")
    assert len(seen) == 2
    assert len(hatched) == 1
    assert points_of(seen[0])[-1] == points_of(hatched[0])[0]
    assert points_of(hatched[0])[-1] == points_of(seen[1])[0]
    assert 'id="one-unseen"' in svg


def test_a_gap_over_the_whole_back_is_no_way() -> None:
    points = np.array([[-0.4, 0.0], [-0.4, 0.05], [-1.0, 0.8], [-1.0, 0.82]])
    path = HandPath(np.array([0.0, 0.1, 9.0, 9.1]), points, np.ones(4, dtype=bool))
    svg = back_chart_svg(ROUTINE, paths={"left": path}, name="far")
    assert lines_of(svg, "url(#far-unseen)") == []
    assert len(lines_of(svg, HAND["left"])) == 2


def test_marks_carry_a_number_and_stay_on_the_sheet() -> None:
    svg = back_chart_svg(
        ROUTINE,
        paths={},
        marks=[ChartMark("1", 0.4, 0.5), ChartMark("<2>", 9.0, -9.0)],
    )
    root = ET.fromstring(svg)
    triangles = [path for path in root.iter(f"{SVG}path") if path.get("fill") == FAULT]
    assert len(triangles) == 3, "two marks and the key"
    assert "<2>" not in svg


def test_an_empty_path_draws_no_hand() -> None:
    nothing = HandPath(np.empty(0), np.empty((0, 2)), np.empty(0, dtype=bool))
    svg = back_chart_svg(ROUTINE, paths={"left": nothing})
    assert lines_of(svg, HAND["left"]) == []


def test_the_same_values_give_the_same_drawing() -> None:
    paths = {side: along_the_path(side) for side in SIDES}
    assert back_chart_svg(ROUTINE, paths=paths) == back_chart_svg(
        ROUTINE, paths=paths, scale=AVERAGE
    )
