"""A camera that drifts moves no hand, and one that stands still is left alone."""

import numpy as np
import pytest

from vision.arrays import ImageRGB
from vision.camera_shift import WIDTH
from vision.frames import Frame
from vision.hands import HandPair, TrackedHand
from vision.steady import Steady, shifted, shifted_back

FPS = 10.0


def room(seed: int = 3) -> ImageRGB:
    """Furniture before a plain wall, wider than the picture."""
    picture = np.full((480, 840, 3), 90, np.uint8)
    random = np.random.default_rng(seed)
    places = zip(
        random.integers(0, 800, 120),
        random.integers(0, 440, 120),
        random.integers(0, 255, 120),
        strict=True,
    )
    for x, y, light in places:
        picture[y : y + 24, x : x + 34] = light
    return picture


ROOM = room()


def frame(index: int, right_px: float = 0.0, view: ImageRGB = ROOM, times: int = 1) -> Frame:
    """The room as it is seen when everything has gone so far to the right."""
    left = 100 - round(right_px)
    image = np.ascontiguousarray(view[:, left : left + 640])
    return Frame(index, index / FPS, image, (640 * times, 480 * times))


def test_a_camera_at_rest_gives_its_pictures_as_they_are() -> None:
    steady = Steady()
    for index in range(50):
        seen = frame(index)
        assert shifted_back(seen, steady.watch(seen)) is seen
        assert not steady.shift_px.any()


@pytest.mark.slow
@pytest.mark.parametrize("times", [1, 2])
def test_a_drift_is_taken_out(times: int) -> None:
    steady = Steady()
    for index in range(200):
        drifted_px = min(index / 150, 1.0) * 32
        drifted = frame(index, drifted_px, times=times)
        given = shifted_back(drifted, steady.watch(drifted))
        assert np.abs(steady.shift_px - (drifted_px * times, 0)).max() < 12 * times
    assert steady.shift_px == pytest.approx([32 * times, 0], abs=0.1)
    inner = given.image_rgb[:, 50:590].astype(int)
    assert np.abs(inner - frame(0).image_rgb[:, 50:590]).mean() < 1


def test_hands_are_given_where_the_picture_shows_them() -> None:
    steady = Steady()
    for index in range(60):
        steady.watch(frame(index, 0.0 if index == 0 else 32.0))
    hand = TrackedHand(np.full((21, 2), 200.0), observed=True)
    seen = shifted(HandPair(6.0, hand, None), steady.shift_px)
    assert seen.left is not None
    assert seen.left.landmarks_px == pytest.approx(np.tile([232.0, 200.0], (21, 1)), abs=0.1)
    assert seen.right is None


def test_a_leap_is_followed_slowly_because_hands_leap_too() -> None:
    steady = Steady()
    before = np.zeros(2)
    for index in range(60):
        steady.watch(frame(index, 0.0 if index < 10 else 32.0))
        assert np.abs(steady.shift_px - before).max() <= 640 / WIDTH / FPS / 0.5 + 1e-6
        before = steady.shift_px


def test_hands_and_arms_before_a_camera_at_rest_are_no_drift() -> None:
    steady, random = Steady(), np.random.default_rng(5)
    for index in range(80):
        view = ROOM.copy()
        x = 150 + 4 * index
        view[120:420, x : x + 160] = random.integers(120, 200, (300, 160, 3))
        steady.watch(frame(index, view=view))
        assert not steady.shift_px.any()


@pytest.mark.parametrize("other", [np.full_like(ROOM, 90), room(9)])
def test_another_scene_is_no_drift(other: ImageRGB) -> None:
    steady = Steady()
    for index in range(40):
        steady.watch(frame(index, view=ROOM if index < 5 else other))
    assert not steady.shift_px.any()


def test_a_plain_wall_tells_nothing() -> None:
    steady = Steady()
    for index in range(20):
        steady.watch(frame(index, view=np.full_like(ROOM, 90)))
    assert not steady.shift_px.any()


def test_who_begins_in_the_middle_is_soon_where_the_film_began() -> None:
    steady = Steady(frame(0))
    for index in range(600, 611):
        steady.watch(frame(index, 32.0))
    assert steady.shift_px == pytest.approx([32, 0], abs=0.1)
