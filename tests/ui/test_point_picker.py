"""Points that come from the browser are taken only for the picture that they belong to."""

import base64

import cv2
import numpy as np

from ui.point_picker import MAX_SIDE_PX, data_address, has_all, read_points
from vision.calibration import REQUIRED_POINTS

BEGIN = {"nape": (1.0, 2.0)}


def test_points_of_this_picture_are_taken() -> None:
    state = {"picture": "a", "points": {"waist": [3, 4.5]}}
    assert read_points(state, "a", BEGIN) == {"waist": (3.0, 4.5)}


def test_points_of_another_picture_are_not() -> None:
    state = {"picture": "old", "points": {"waist": [3, 4]}}
    assert read_points(state, "a", BEGIN) == BEGIN
    assert read_points(None, "a", BEGIN) == BEGIN
    assert read_points({}, "a", BEGIN) == BEGIN


def test_all_means_the_four_that_a_calibration_needs() -> None:
    points = dict.fromkeys(REQUIRED_POINTS, (0.0, 0.0))
    assert has_all(points)
    assert not has_all(dict(list(points.items())[1:]))


def test_the_picture_goes_along_in_its_own_colours_and_not_too_large() -> None:
    red = np.zeros((1000, 2000, 3), dtype=np.uint8)
    red[..., 0] = 200
    kind, code = data_address(red).split(",")
    assert kind == "data:image/jpeg;base64"
    bgr = cv2.imdecode(np.frombuffer(base64.b64decode(code), np.uint8), cv2.IMREAD_COLOR)
    assert bgr is not None
    assert bgr.shape == (MAX_SIDE_PX // 2, MAX_SIDE_PX, 3)
    assert bgr[5, 5, 2] > 190
    assert bgr[5, 5, 0] < 10
