"""Rings fill by their share, ghosts let the picture through, and nothing falls outside."""

import numpy as np
import pytest

from vision.marks import Area, Ghost, Mark, Ring, put_marks

BLUE = (0, 0, 255)


def grey() -> np.ndarray:
    return np.full((200, 300, 3), 100, np.uint8)


def blue_share(share: float) -> float:
    picture = grey()
    put_marks(picture, [Ring((150.0, 100.0), 60.0, share, BLUE)])
    return float((picture[..., 2].astype(int) - picture[..., 0] > 150).sum())


def test_a_ring_fills_by_its_share() -> None:
    full = blue_share(1.0)
    assert blue_share(0.0) == 0
    assert blue_share(0.25) == pytest.approx(full / 4, rel=0.1)
    assert blue_share(2.0) == full


def test_a_quarter_of_a_ring_lies_at_the_upper_right() -> None:
    picture = grey()
    put_marks(picture, [Ring((150.0, 100.0), 60.0, 0.25, BLUE)])
    blue = picture[..., 2].astype(int) - picture[..., 0] > 150
    assert blue[:96, 154:].any()
    assert not blue[110:].any()
    assert not blue[:, :140].any()


def test_a_ghost_lets_the_picture_through() -> None:
    picture = grey()
    put_marks(picture, [Ghost((150.0, 100.0), 30.0, BLUE)])
    inside = picture[100, 150].astype(int)
    assert 50 < inside[0] < 100 < inside[2] < 200
    assert (picture[0] == 100).all()


def test_an_area_is_clear_and_bounded() -> None:
    picture = grey()
    put_marks(picture, [Area(np.array([(20.0, 20.0), (60.0, 20.0), (60.0, 60.0)]), BLUE)])
    assert picture[30, 50, 2] > 130
    assert picture[50, 30, 2] == 100


@pytest.mark.parametrize(
    "mark",
    [
        Ring((float("nan"), 10.0), 20.0, 0.5),
        Ring((1e9, 10.0), 20.0, 0.5),
        Ghost((10.0, float("inf")), 20.0, BLUE),
        Ghost((-500.0, -500.0), 20.0, BLUE),
        Area(np.array([(float("nan"), 0.0), (9.0, 9.0), (0.0, 9.0)]), BLUE),
        Area(np.array([(-90.0, -90.0), (-80.0, -90.0), (-80.0, -80.0)]), BLUE),
    ],
)
def test_what_lies_nowhere_is_not_drawn(mark: Mark) -> None:
    picture = grey()
    put_marks(picture, [mark])
    assert (picture == 100).all()


def test_marks_are_given_in_full_size_pixels() -> None:
    whole, half = np.zeros((400, 600, 3), np.uint8), np.zeros((200, 300, 3), np.uint8)
    put_marks(whole, [Ghost((300.0, 200.0), 60.0, BLUE)])
    put_marks(half, [Ghost((300.0, 200.0), 60.0, BLUE)], scale=2.0)
    assert np.argwhere(half.any(axis=2)).mean(axis=0) == pytest.approx(
        np.argwhere(whole.any(axis=2)).mean(axis=0) / 2, abs=1.0
    )
