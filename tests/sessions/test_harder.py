"""The harder pictures are as hard as they say."""

import numpy as np
import pytest

from sessions.harder import DRIFT_S, VERSIONS
from vision.arrays import ImageRGB

WIDTH = 400


def _bar(at: int = 200) -> ImageRGB:
    """A white bar, 10 px wide, on black."""
    picture = np.zeros((120, WIDTH, 3), np.uint8)
    picture[:, at : at + 10] = 255
    return picture


def _place(picture: ImageRGB) -> float:
    """Mean column of the light."""
    columns = picture.astype(float).sum(axis=(0, 2))
    return float((columns * np.arange(WIDTH)).sum() / columns.sum())


@pytest.mark.parametrize("version", VERSIONS)
def test_pictures_stay_pictures_and_are_left_as_they_were(version: str) -> None:
    effect, picture = VERSIONS[version](), _bar()
    picture.setflags(write=False)
    for time_s in (0.0, 0.1, 7.0):
        seen = effect(picture, time_s)
        assert seen.dtype.name == "uint8"
        assert seen.shape == picture.shape
    assert (picture == _bar()).all()


@pytest.mark.parametrize("version", VERSIONS)
def test_two_films_get_the_same(version: str) -> None:
    films = [[effect(_bar(at), at / 10) for at in (50, 60, 90)] for effect in _two(version)]
    assert all((one == other).all() for one, other in zip(*films, strict=True))


def _two(version: str):
    return VERSIONS[version](), VERSIONS[version]()


def test_the_drift_goes_as_far_as_it_says_and_no_farther() -> None:
    drift = VERSIONS["drift by 5 %"]()
    places = [
        _place(drift(_bar(), time_s)) - _place(_bar()) for time_s in (0, DRIFT_S, 2 * DRIFT_S)
    ]
    assert places == pytest.approx([0, 20, 20], abs=0.1)


def test_the_shake_stays_within_a_hundredth() -> None:
    shake = VERSIONS["shake by 1 %"]()
    places = np.array([_place(shake(_bar(), index / 30)) - _place(_bar()) for index in range(90)])
    assert 3 < np.abs(places).max() <= 4.1


def test_half_the_light_is_half_with_grain() -> None:
    grey = np.full((120, WIDTH, 3), 160, np.uint8)
    seen = VERSIONS["half the light, with noise"]()(grey, 0.0)
    assert seen.mean() == pytest.approx(80, abs=1)
    assert seen.std() == pytest.approx(8, abs=1)


def test_the_blur_spreads_what_moves() -> None:
    blur = VERSIONS["motion blur"]()
    for at in (100, 120, 140, 160):
        seen = blur(_bar(at), at / 100)
    lit = np.flatnonzero(seen.any(axis=(0, 2)))
    assert (lit[0], lit[-1], len(lit)) == (120, 169, 30)


def test_the_compression_is_strong() -> None:
    noise = np.random.default_rng(1).integers(0, 255, (120, WIDTH, 3)).astype(np.uint8)
    seen = VERSIONS["strong compression"]()(noise, 0.0)
    assert np.abs(seen.astype(float) - noise).mean() > 30
    plain = np.full((120, WIDTH, 3), 160, np.uint8)
    assert np.abs(VERSIONS["strong compression"]()(plain, 0.0).astype(float) - 160).max() < 4
