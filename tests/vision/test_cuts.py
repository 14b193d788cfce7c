"""A cut is noticed by the picture; hands, lamps and shaking cameras are none."""

from collections.abc import Sequence
from itertools import chain, islice
from pathlib import Path

import cv2
import numpy as np
import pytest

from vision.arrays import ImageRGB
from vision.cuts import CutWatch
from vision.frames import VideoReader

SAMPLES = Path(__file__).parents[2] / "sample_videos"


def pictures(name: str, count: int) -> list[ImageRGB]:
    """The first of a sample, at half the size."""
    with VideoReader(SAMPLES / f"{name}.mp4") as reader:
        return [frame.image_rgb[::2, ::2] for frame in islice(reader, count)]


def cuts(film: Sequence[ImageRGB], fps: float = 30.0) -> list[int]:
    """Numbers of the pictures that begin a new film."""
    watch = CutWatch()
    return [i for i, picture in enumerate(film) if watch.step(picture, i / fps)]


@pytest.mark.parametrize(("first", "second"), [("order", "side"), ("place", "wide")])
def test_two_films_joined_have_one_cut(first: str, second: str) -> None:
    assert cuts([*pictures(first, 40), *pictures(second, 40)]) == [40]


def test_a_cut_at_few_frames_a_second() -> None:
    film = chain(pictures("order", 90)[::6], pictures("hands", 90)[::6])
    assert cuts(list(film), 5.0) == [15]


def test_a_flickering_lamp_a_shaking_camera_and_noise_are_no_cut() -> None:
    chance = np.random.default_rng(2)
    film = []
    for picture in pictures("order", 30):
        shift = chance.normal(0, 0.01 * picture.shape[1], 2)
        moved = cv2.warpAffine(
            picture, np.array([[1, 0, shift[0]], [0, 1, shift[1]]]), picture.shape[1::-1]
        )
        light = chance.uniform(0.5, 1.2)
        film.append(
            np.clip(moved * light + chance.normal(0, 8, picture.shape), 0, 255).astype(np.uint8)
        )
    assert cuts(film) == []


def test_hands_that_rush_through_the_picture_are_no_cut() -> None:
    still = pictures("side", 1)[0]
    film = []
    for index in range(60):
        picture = still.copy()
        x = 60 * (index % 20) - 200
        cv2.ellipse(picture, (x // 2, 120), (80, 45), 0, 0, 360, (240, 200, 180), -1)
        film.append(picture)
    assert cuts(film) == []


def test_a_dark_picture_with_noise_has_no_cuts() -> None:
    chance = np.random.default_rng(3)
    film = [chance.integers(0, 6, (240, 320, 3), dtype=np.uint8) for _ in range(40)]
    assert cuts(film) == []
