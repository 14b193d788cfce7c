"""The strip of strokes is sound SVG, and says nothing by colour alone."""

import xml.etree.ElementTree as ET

from sessions.drawing.palette import FAULT, PHASE
from sessions.drawing.rep_strip import COLUMNS, rep_strip_svg
from sessions.drawing.session_bars import Bar, BarWords, session_bars_svg
from tests.stored import ROUTINE, attempts

SVG = "{http://www.w3.org/2000/svg}"
WORDS = BarWords("title", "clean & fine", "counted", "<not>")


def strip(faults, listed: int | None = None) -> ET.Element:
    reps = attempts(faults)
    found = [check for rep in reps for check in rep.faults][:listed]
    seconds = [f"{rep.end_s - rep.start_s:.1f} s" for rep in reps]
    return ET.fromstring(rep_strip_svg(reps, ROUTINE, "all <strokes>", seconds, found))


def words_of(root: ET.Element) -> list[str]:
    return [each.text or "" for each in root.iter(f"{SVG}text")]


def test_a_bar_is_as_high_as_its_stroke_took_long_and_numbered_by_phase() -> None:
    root = strip([[], []])
    bars = [each for each in root.iter(f"{SVG}rect") if each.get("fill") in PHASE.values()]
    assert len(bars) == 2 * len(ROUTINE.phases)
    reps = attempts([[], []])
    tall = [sum(float(each.get("height", 0)) + 1.5 for each in bars[at : at + 4]) for at in (0, 4)]
    took = [rep.end_s - rep.start_s for rep in reps]
    assert abs(tall[0] / tall[1] - took[0] / took[1]) < 0.01
    assert {"1", "2", "3"} <= set(words_of(root))


def test_a_stroke_that_does_not_count_has_a_dashed_ring() -> None:
    rings = [
        each.get("stroke-dasharray") for each in strip([[], ["short_reach"]]).iter(f"{SVG}circle")
    ]
    assert rings[0] is None
    assert rings[1] is not None


def test_faults_are_numbered_triangles_and_the_rest_is_counted() -> None:
    root = strip([["pause", "rushed", "asymmetric"], ["on_spine"]], listed=3)
    triangles = [each for each in root.iter(f"{SVG}path") if each.get("fill") == FAULT]
    assert len(triangles) == 2
    assert words_of(root).count("+1") == 2, "a third one, and one that is not listed"


def test_many_strokes_go_on_below_on_the_same_width() -> None:
    one, two = strip([[]] * COLUMNS), strip([[]] * (COLUMNS + 1))
    (_, _, width, tall), (_, _, as_wide, taller) = (
        [float(part) for part in each.attrib["viewBox"].split()] for each in (one, two)
    )
    assert as_wide == width
    assert taller == 2 * tall


def test_bars_of_sessions_differ_by_more_than_colour() -> None:
    svg = session_bars_svg([Bar("2.3.", 3, 2, 1), Bar("9.3.", 0, 0, 0)], WORDS, "one")
    root = ET.fromstring(svg)
    boxes = [each for each in root.iter(f"{SVG}rect") if "fill" in each.attrib and each.get("x")]
    heights = [float(each.attrib["height"]) for each in boxes[:3]]
    assert heights[0] == 1.5 * heights[1] == 3 * heights[2]
    assert len({(each.get("fill"), each.get("fill-opacity")) for each in boxes[:3]}) == 3
    assert "<not>" not in svg
    assert "6" in words_of(root), "the scale says how many"
