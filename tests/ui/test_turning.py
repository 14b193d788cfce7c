"""Turning the camera's picture."""

import numpy as np
import pytest

from ui.turning import Turn
from vision.errors import CoachError

PICTURE = np.arange(2 * 3 * 3, dtype=np.uint8).reshape(2, 3, 3)


def test_no_turn_keeps_the_very_picture() -> None:
    assert Turn().apply(PICTURE) is PICTURE
    assert not Turn().changes


@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_quarters_go_clockwise(quarters: int) -> None:
    turned = Turn(quarters).apply(PICTURE)
    assert (turned == np.rot90(PICTURE, -quarters)).all()
    assert turned.flags.c_contiguous


def test_mirroring_comes_after_turning() -> None:
    turned = Turn(1, mirrored=True).apply(PICTURE)
    assert (turned == np.rot90(PICTURE, -1)[:, ::-1]).all()


def test_another_number_of_quarters_is_refused() -> None:
    with pytest.raises(CoachError, match="choose 0, 1, 2 or 3"):
        Turn(4)
