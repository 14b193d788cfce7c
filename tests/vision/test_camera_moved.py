"""A moved camera is noticed; hands at work, a lamp and a tremble are none."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from vision.arrays import ImageRGB
from vision.camera_moved import (
    CameraWatch,
    Surround,
    has_moved,
    look_around,
    surround_from_json,
)
from vision.errors import CalibrationError
from vision.frames import Frame, VideoReader

SAMPLES = Path(__file__).parents[2] / "sample_videos"
SIZE = (640, 480)
RIM = 0.08
"""Clips are cut at the rim, so that a shifted view has real pictures at all its edges."""


def view(frame: Frame, right: float = 0.0, down: float = 0.0, turn_deg: float = 0.0) -> Frame:
    """What a camera sees that was moved so far, in shares of the picture."""
    height, width = frame.image_rgb.shape[:2]
    zoom = 1 / (1 - 2 * RIM)
    move = cv2.getRotationMatrix2D((width / 2, height / 2), turn_deg, zoom)
    move = move - np.array([[0, 0, right * width], [0, 0, down * height]]) * zoom
    image = np.asarray(cv2.warpAffine(frame.image_rgb, move, (width, height)), np.uint8)
    return Frame(frame.index, frame.time_s, image, frame.full_size)


def room(seed: int = 1) -> ImageRGB:
    rng = np.random.default_rng(seed)
    image = np.full((SIZE[1], SIZE[0], 3), 120, np.uint8)
    for _ in range(80):
        x, y = rng.integers(0, (SIZE[0] - 50, SIZE[1] - 50))
        width, height = rng.integers(10, 50, 2)
        image[y : y + height, x : x + width] = rng.integers(60, 200, 3)
    return image


def frame(image: ImageRGB, time_s: float = 0.0) -> Frame:
    return Frame(round(time_s * 10), time_s, image, (image.shape[1], image.shape[0]))


def noticed_s(watch: CameraWatch, image_at: Callable[[float], ImageRGB]) -> float | None:
    """When a watch of 10 s notices something."""
    for time_s in np.arange(0, 10, 0.1):
        if watch.step(frame(image_at(float(time_s)), float(time_s))):
            return float(time_s)
    return None


@pytest.mark.parametrize("share", [0.02, 0.03, 0.1, 0.3])
@pytest.mark.parametrize("axis", [0, 1])
def test_a_shift_is_noticed_within_three_seconds(share: float, axis: int) -> None:
    before = room()
    after = np.roll(before, round(share * before.shape[axis]), axis=axis)
    at_s = noticed_s(CameraWatch(), lambda time_s: before if time_s < 4.0 else after)
    assert at_s is not None
    assert 4.0 < at_s < 7.0


def test_a_moved_camera_stays_moved_until_it_begins_anew() -> None:
    before = room()
    after = np.roll(before, 40, axis=1)
    watch = CameraWatch()
    watch.step(frame(before, 0.0))
    assert [watch.step(frame(after, 0.1 * index)) for index in range(1, 30)][-1]
    assert watch.step(frame(after, 3.0))
    watch.begin()
    assert not any(watch.step(frame(after, 3.1 + 0.1 * index)) for index in range(30))


@pytest.mark.parametrize("level", [0.6, 1.3])
def test_another_light_moves_nothing(level: float) -> None:
    before = room()
    after = np.clip(before * level, 0, 255).astype(np.uint8)
    assert has_moved(look_around(frame(before)), look_around(frame(after))) is not True


def test_a_jolt_that_is_over_moves_nothing() -> None:
    before = room()
    jolted = np.roll(before, 30, axis=1)
    at_s = noticed_s(CameraWatch(), lambda time_s: jolted if 4.0 < time_s < 4.6 else before)
    assert at_s is None


def test_a_patterned_sleeve_that_moves_alone_moves_nothing() -> None:
    still, sleeve = room(), room(2)[100:260, 200:360]

    def image_at(time_s: float) -> ImageRGB:
        image = still.copy()
        left = 100 + round(30 * time_s)
        image[200:360, left : left + 160] = sleeve
        return image

    assert noticed_s(CameraWatch(), image_at) is None


def test_plain_walls_tell_nothing() -> None:
    plain = np.full((SIZE[1], SIZE[0], 3), 90, np.uint8)
    assert has_moved(look_around(frame(plain)), look_around(frame(plain))) is None
    assert has_moved(look_around(frame(room())), look_around(frame(plain))) is None


def test_another_room_tells_nothing() -> None:
    assert has_moved(look_around(frame(room(1))), look_around(frame(room(9)))) is not True


def test_the_size_that_a_browser_sends_does_not_matter() -> None:
    large = room()
    small = np.asarray(cv2.resize(large, (320, 240), interpolation=cv2.INTER_AREA), np.uint8)
    shrunk = Frame(1, 1.0, small, SIZE)
    assert has_moved(look_around(frame(large)), look_around(shrunk)) is False


def test_a_surround_can_be_kept_and_holds_no_picture() -> None:
    kept = look_around(frame(room()))
    obj = kept.to_json()
    assert set(obj) == {"points", "descriptors"}
    again = surround_from_json(obj)
    assert has_moved(again, look_around(frame(room()))) is False
    assert has_moved(again, look_around(frame(np.roll(room(), 30, axis=1)))) is True
    assert len(str(obj)) < 60_000


@pytest.mark.parametrize(
    "obj",
    [
        {},
        {"points": [[0.1, 0.2]], "descriptors": "AAAA"},
        {"points": [[0.1, 0.2]], "descriptors": "?"},
        {"points": [0.1], "descriptors": ""},
        {"points": None, "descriptors": None},
    ],
)
def test_what_is_no_surround_is_refused(obj: dict[str, Any]) -> None:
    with pytest.raises(CalibrationError, match="find the back anew"):
        surround_from_json(obj)


def test_a_surround_keeps_copies() -> None:
    points = np.zeros((1, 2))
    kept = Surround(points, np.zeros((1, 32), np.uint8))
    points[0] = 1
    assert kept.points[0, 0] == 0
    with pytest.raises(ValueError, match="read-only"):
        kept.descriptors[0] = 1


@pytest.mark.slow
@pytest.mark.parametrize("name", ["distractors", "fps15", "hands", "order", "side", "wide"])
def test_hands_at_work_move_no_camera_and_three_percent_do(name: str) -> None:
    resting, moved = CameraWatch(), CameraWatch()
    noticed: float | None = None
    middle_s = 12.0
    with VideoReader(SAMPLES / f"{name}.mp4") as video:
        for one in video:
            if one.time_s > middle_s + 6.0:
                break
            assert not resting.step(view(one)), one.time_s
            shift = 0.03 if one.time_s >= middle_s else 0.0
            if noticed is None and moved.step(view(one, right=shift, down=shift)):
                noticed = one.time_s
    assert noticed is not None
    assert 0.0 < noticed - middle_s < 3.0
