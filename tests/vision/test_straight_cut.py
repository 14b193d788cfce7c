"""A square along the picture's sides shows the same, whether it is cut straight or warped."""

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vision.arrays import Floats, ImageRGB
from vision.region import LEAN_DEGREES, Region
from vision.straight_cut import StraightCut

SIZE = 64
UPS = [(0.0, -1.0), (1.0, 0.0), (0.0, 1.0), (-1.0, 0.0)]


def smooth_picture() -> ImageRGB:
    """(120, 200, 3) without sharp edges: half a px changes little."""
    rows, columns = np.mgrid[0:120, 0:200]
    channels = [columns, rows * 2, 120 + 100 * np.sin(columns / 30) * np.cos(rows / 25)]
    return np.asarray(np.clip(np.stack(channels, axis=-1), 0, 255), np.uint8)


def straight_matrix(up: tuple[float, float], mirrored: bool, zoom: float, centre: Floats) -> Floats:
    right = np.array([-up[1], up[0]]) * (-1 if mirrored else 1)
    turn = np.stack([right, -np.array(up)]) * zoom
    return np.column_stack([turn, SIZE / 2 - turn @ centre])


@given(
    st.sampled_from(UPS),
    st.booleans(),
    st.floats(0.2, 2.0),
    st.floats(-20, 220),
    st.floats(-20, 140),
)
def test_a_straight_cut_shows_what_a_warp_shows(
    up: tuple[float, float], mirrored: bool, zoom: float, x: float, y: float
) -> None:
    picture = smooth_picture()
    matrix = straight_matrix(up, mirrored, zoom, np.array([x, y]))
    straight = StraightCut.of(matrix, SIZE, (200, 120))
    assert straight is not None
    cut = straight.cut(picture)
    assert cut.shape == (SIZE, SIZE, 3)
    assert cut.flags.c_contiguous
    warped = cv2.warpAffine(picture, matrix, (SIZE, SIZE), flags=cv2.INTER_LINEAR)
    # Beside the picture's rim, which may be rounded to either side.
    filled = np.full((120, 200), 255, np.uint8)
    shown = cv2.warpAffine(filled, matrix, (SIZE, SIZE)) == 255
    inner = cv2.erode(shown.astype(np.uint8), np.ones((5, 5)), borderValue=0) > 0
    off = np.abs(cut.astype(int) - warped.astype(int))[inner]
    steepest = 5 / zoom + 2
    assert off.size == 0 or off.max() <= steepest
    assert not cut[cv2.dilate(shown.astype(np.uint8), np.ones((5, 5))) == 0].any()


def test_a_turned_square_can_not_be_cut_straight() -> None:
    assert StraightCut.of(np.array([[1.0, 0.1, 0.0], [-0.1, 1.0, 0.0]]), SIZE, (200, 120)) is None


@pytest.mark.parametrize(
    ("degrees", "turned"), [(LEAN_DEGREES - 1, False), (LEAN_DEGREES + 1, True)]
)
@pytest.mark.parametrize("edge", range(4))
@pytest.mark.parametrize("sign", [-1, 1])
def test_a_back_that_hardly_leans_is_not_turned_for_it(
    degrees: float, turned: bool, edge: int, sign: int
) -> None:
    angle = np.radians(90 * edge + sign * degrees)
    up = np.array([np.sin(angle), -np.cos(angle)])
    view = Region(np.array([100.0, 60.0]), up, 80.0).looked_at_closely(1.0)
    picture = smooth_picture()
    mark = np.array([[108.0, 52.0]])
    bright = np.zeros_like(picture)
    cv2.circle(bright, (108, 52), 3, (255, 255, 255), -1)
    rows, columns = np.nonzero(view.cut(bright)[..., 0] > 128)
    assert view.to_full(np.array([[columns.mean(), rows.mean()]]))[0] == pytest.approx(
        mark[0], abs=0.7
    )
    corner = view.to_full(np.array([[0.0, 0.0], [0.0, 1.0]]))
    down = corner[1] - corner[0]
    straight = min(abs(down)) == pytest.approx(0, abs=1e-9)
    assert straight != turned
