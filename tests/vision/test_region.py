"""The square around the back: its pictures, its px, and when it changes its size."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.arrays import Floats, ImageRGB
from vision.region import (
    CLOSE_PX,
    LARGEST_PX,
    SMALLEST_PX,
    ZOOMS,
    Gaze,
    Region,
    paint_over,
    region_of_back,
)

WAIST, NAPE, LEFT, RIGHT = (
    np.array(point) for point in ([300.0, 350.0], [340.0, 150.0], [230.0, 170.0], [420.0, 200.0])
)


def dot(place_px: Floats) -> ImageRGB:
    picture = np.zeros((480, 640, 3), np.uint8)
    x, y = (round(float(value)) for value in place_px)
    cv2.circle(picture, (x, y), 4, (255, 255, 255), -1)
    return picture


def brightest(picture: ImageRGB) -> Floats:
    rows, columns = np.nonzero(picture[..., 0] > 128)
    return np.array([columns.mean(), rows.mean()])


@pytest.mark.parametrize("mirrored", [False, True])
@pytest.mark.parametrize("place_px", [NAPE, LEFT, RIGHT, WAIST])
def test_what_is_seen_in_the_square_comes_back_to_its_place(
    place_px: Floats, mirrored: bool
) -> None:
    left, right = (RIGHT, LEFT) if mirrored else (LEFT, RIGHT)
    view = region_of_back(WAIST, NAPE, left, right).looked_at(1.0)
    cut = view.cut(dot(place_px))
    assert cut.shape == (*view.size, 3)
    assert cut.flags.c_contiguous
    back = view.to_full(brightest(cut)[None])[0]
    assert back == pytest.approx(np.round(place_px), abs=1.5)


@pytest.mark.parametrize("mirrored", [False, True])
def test_the_head_is_up_and_the_left_shoulder_is_on_the_left(mirrored: bool) -> None:
    left, right = (RIGHT, LEFT) if mirrored else (LEFT, RIGHT)
    view = region_of_back(WAIST, NAPE, left, right).looked_at(1.0)
    seen = {
        name: brightest(view.cut(dot(place)))
        for name, place in {"waist": WAIST, "nape": NAPE, "left": left, "right": right}.items()
    }
    assert seen["nape"][1] < seen["waist"][1]
    assert seen["nape"][0] == pytest.approx(seen["waist"][0], abs=2)
    assert seen["left"][0] < seen["right"][0]


def test_a_picture_of_half_the_size_shows_the_same() -> None:
    region = region_of_back(WAIST, NAPE, LEFT, RIGHT)
    small = np.asarray(cv2.resize(dot(NAPE), (320, 240)), dtype=np.uint8)
    view = region.looked_at(2.0)
    back = view.to_full(brightest(view.cut(small))[None])[0]
    assert back == pytest.approx(NAPE, abs=3)


@given(st.floats(20, 5000), st.floats(1, 4))
def test_the_square_has_a_size_that_suits_the_detector(side_px: float, scale: float) -> None:
    region = Region(np.array([500.0, 500.0]), np.array([1.0, 1.0]), side_px)
    width, height = region.looked_at(scale).size
    assert SMALLEST_PX <= width == height <= LARGEST_PX


def sides(gaze: Gaze, found: list[bool], fps: float) -> list[float]:
    """Length in the picture of one px of the view, frame by frame, for hands found or not."""
    lengths = []
    for index, complete in enumerate(found):
        corners = gaze.view(1.0).to_full(np.array([[0.0, 0.0], [1.0, 0.0]]))
        lengths.append(float(np.linalg.norm(corners[1] - corners[0])))
        gaze.report(index / fps, complete)
    return lengths


def test_the_gaze_rests_while_both_hands_are_found() -> None:
    gaze = Gaze(region_of_back(WAIST, NAPE, LEFT, RIGHT))
    assert len(set(sides(gaze, [True] * 300, 30.0))) == 1


@pytest.mark.parametrize("fps", [10.0, 30.0, 60.0])
def test_the_gaze_changes_in_turns_of_seconds_while_a_hand_is_missing(fps: float) -> None:
    gaze = Gaze(region_of_back(WAIST, NAPE, LEFT, RIGHT))
    seen = sides(gaze, [False] * round(3 * fps), fps)
    changes = np.count_nonzero(np.diff(seen))
    assert 3 <= changes <= 4
    assert max(seen) / min(seen) > 1.1
    assert len(set(seen)) == len(ZOOMS)


def test_a_time_that_goes_back_is_no_reason_to_look_elsewhere() -> None:
    gaze = Gaze(region_of_back(WAIST, NAPE, LEFT, RIGHT))
    gaze.report(100.0, complete=True)
    before = gaze.view(1.0)
    gaze.report(0.0, complete=False)
    assert gaze.view(1.0) is before


@pytest.mark.parametrize("pixels_per_px", [1.0, 2.0])
def test_a_close_look_is_small_and_knows_both_ways(pixels_per_px: float) -> None:
    view = Region(NAPE, NAPE - WAIST, 150.0).looked_at_closely(pixels_per_px)
    assert view.size == (CLOSE_PX, CLOSE_PX)
    assert view.from_full(NAPE[None])[0] == pytest.approx([CLOSE_PX / 2, CLOSE_PX / 2])
    points = np.stack([WAIST, LEFT, RIGHT])
    assert view.to_full(view.from_full(points)) == pytest.approx(points)


def test_a_painted_hand_takes_the_colour_around_it_and_nothing_else_changes() -> None:
    skin = (200, 150, 120)
    picture = np.full((200, 200, 3), skin, np.uint8)
    outline = 100 + 40 * np.array([(np.cos(a), np.sin(a)) for a in np.linspace(0, 6, 21)])
    cv2.fillConvexPoly(picture, outline.astype(np.int32), (90, 60, 40))
    picture[10:20, 10:20] = 255
    paint_over(picture, outline)
    assert (picture[100, 100] == skin).all()
    assert (picture[60:140, 60:140] == skin).all()
    assert (picture[10:20, 10:20] == 255).all()


def test_a_hand_outside_the_picture_is_painted_without_harm() -> None:
    picture = np.full((50, 50, 3), 80, np.uint8)
    paint_over(picture, np.random.default_rng(1).uniform(300, 400, (21, 2)))
    assert (picture == 80).all()
