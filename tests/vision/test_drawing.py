"""Drawing: hands where they are, bridged ones hollow, sizes that suit, the frame left alone."""

import numpy as np
import pytest

from vision.arrays import Floats, ImageRGB
from vision.drawing import HAND_COLOURS, INK, WHITE, Caption, ColourRGB, Line, draw
from vision.hands import HandPair, TrackedHand

GREEN: ColourRGB = (0, 200, 0)


def _picture(width: int = 640, height: int = 480) -> ImageRGB:
    return np.full((height, width, 3), 90, np.uint8)


def _hand(x: float, y: float, size: float = 60.0) -> Floats:
    """An open hand, wrist at (x, y), fingers upward."""
    fan = np.linspace(-0.6, 0.6, 5)
    reach = np.array([0.45, 0.65, 0.85, 1.0])
    tips = [[(x + size * r * np.sin(a), y - size * r * np.cos(a)) for r in reach] for a in fan]
    return np.array([(x, y), *(point for finger in tips for point in finger)])


def _area(picture: ImageRGB, colour: ColourRGB) -> int:
    return int((picture == np.array(colour, np.uint8)).all(axis=2).sum())


def _drawn(*, left: bool | None = None, right: bool | None = None, scale: float = 1.0) -> ImageRGB:
    """Hands that are observed (True), bridged (False) or absent (None)."""
    hands = [
        None if seen is None else TrackedHand(_hand(x, 300.0), seen)
        for seen, x in ((left, 200.0), (right, 440.0))
    ]
    return draw(_picture(), HandPair(0.0, *hands), scale=scale)


def test_the_frame_itself_is_left_alone() -> None:
    frame = _picture()
    frame.setflags(write=False)
    drawn = draw(frame, HandPair(0.0, TrackedHand(_hand(200, 300), True), None))
    assert (frame == 90).all()
    assert drawn.shape == frame.shape
    assert drawn.flags.writeable
    assert not (drawn == 90).all()


def test_each_hand_has_its_colour() -> None:
    drawn = _drawn(left=True)
    assert _area(drawn, HAND_COLOURS["left"]) > 300
    assert _area(drawn, HAND_COLOURS["right"]) == 0
    drawn = _drawn(right=True)
    assert _area(drawn, HAND_COLOURS["left"]) == 0
    assert _area(drawn, HAND_COLOURS["right"]) > 300


def test_a_bridged_hand_is_dashed_and_hollow() -> None:
    wrist, knuckle, tip = (_hand(200, 300, 150)[index] for index in (0, 5, 12))
    along = wrist + np.linspace(0.1, 0.9, 60)[:, None] * (knuckle - wrist)
    columns, rows = np.round(along).astype(int).T
    bare, centre = {}, {}
    for observed in (True, False):
        hand = TrackedHand(_hand(200, 300, 150), observed)
        drawn = draw(_picture(), HandPair(0.0, hand, None))
        bare[observed] = (drawn[rows, columns] == 90).all(axis=1).mean()
        centre[observed] = (drawn[round(tip[1]), round(tip[0])] > 240).all()
    assert bare[True] == 0
    assert 0.05 < bare[False] < 0.6
    assert centre[True]
    assert not centre[False]


def test_places_are_those_of_the_full_size_picture() -> None:
    rows, columns = np.nonzero((_drawn(left=True, scale=2.0) != 90).any(axis=2))
    assert columns.min() > 50
    assert columns.max() < 150
    assert rows.max() < 200


def test_lines_are_whole_or_dashed_and_break_where_a_place_is_unknown() -> None:
    points = np.array([[50.0, 240.0], [590.0, 240.0]])
    whole = _area(draw(_picture(), lines=[Line(points, GREEN)]), GREEN)
    dashed = _area(draw(_picture(), lines=[Line(points, GREEN, dashed=True)]), GREEN)
    assert 0.35 * whole < dashed < 0.75 * whole
    gap = np.insert(points, 1, [[200.0, 240.0], [np.nan, np.nan], [400.0, 240.0]], axis=0)
    broken = draw(_picture(), lines=[Line(gap, GREEN)])
    assert (broken[240, 230:370] == 90).all()
    assert (broken[240, 100] == GREEN).all()


def test_unknown_and_far_places_do_not_disturb() -> None:
    wild = [
        Line(np.full((3, 2), np.nan), GREEN, dashed=True),
        Line(np.array([[0.0, 0.0], [1e9, -1e9]]), GREEN, dashed=True),
        Line(np.array([[5.0, 5.0], [5.0, 5.0]]), GREEN, dashed=True),
        Line(np.zeros((0, 2)), GREEN),
    ]
    nowhere = TrackedHand(np.full((21, 2), np.nan), True)
    far = TrackedHand(_hand(1e7, -1e7), True)
    assert draw(_picture(), HandPair(0.0, nowhere, far), wild).shape == (480, 640, 3)


@pytest.mark.parametrize("size", [(640, 480), (1280, 720), (480, 854)])
def test_the_caption_lies_in_the_lower_left_corner(size: tuple[int, int]) -> None:
    drawn = draw(_picture(*size), caption=Caption("3", "up", GREEN))
    height = drawn.shape[0]
    assert (drawn[: height // 2] == 90).all()
    assert (drawn[-5, 0] == GREEN).all()
    assert _area(drawn, WHITE) > 0.001 * min(size) ** 2


def test_a_caption_longer_than_the_picture_is_cut_off() -> None:
    drawn = draw(_picture(200, 150), caption=Caption("12", "long words " * 9))
    assert drawn.shape == (150, 200, 3)


def test_a_caption_darkens_what_is_behind_it() -> None:
    drawn = draw(_picture(), caption=Caption("", ""))
    assert (drawn[-3, 20] < 90).all()
    assert (drawn[-3, 20] >= np.array(INK)).all()
