"""Where a missing hand is looked for."""

import numpy as np
import pytest

from vision.arrays import Floats
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration
from vision.second_look import (
    APART,
    AT_ONCE,
    EVERY_S,
    PATIENCE,
    RARELY_S,
    RECENT_S,
    SQUARE,
    SecondLook,
)

HAND_PX = 110.0


def back_frame(mirrored: bool = False) -> BackFrame:
    left, right = ((430.0, 175.0), (210.0, 175.0))[:: 1 if mirrored else -1]
    points = {
        "waist": (320.0, 360.0),
        "nape": (320.0, 120.0),
        "left_shoulder": left,
        "right_shoulder": right,
    }
    return fit_back_frame(Calibration((640, 480), points, 39.0))


def guesses(look: SecondLook, seen_px: dict[str, Floats], count: int = 12) -> Floats:
    """(N, 2) px of the next squares, none of which holds the hand."""
    places = []
    for _ in range(count):
        square = look.guess(5.0, seen_px)  # type: ignore[arg-type]
        assert square is not None
        assert square.side_px == pytest.approx(SQUARE * HAND_PX)
        places.append(square.centre_px)
        look.report(5.0, found=False)
    return np.array(places)


@pytest.mark.parametrize("mirrored", [False, True])
def test_half_of_the_looks_go_across_from_the_other_hand_the_rest_all_over(
    mirrored: bool,
) -> None:
    back = back_frame(mirrored)
    across, palm = back.to_image(np.array([[0.5, 0.4], [-0.5, 0.4]]))
    places = guesses(SecondLook(back, HAND_PX), {"left": palm})
    at_it = np.linalg.norm(places - across, axis=1) < 0.2 * HAND_PX
    assert 4 <= at_it.sum() <= 8
    assert len({tuple(np.round(place)) for place in places}) >= 5
    assert np.linalg.norm(places - palm, axis=1).min() > APART * HAND_PX
    on_its_side = back.to_back(places)[0][:, 0] > -0.1
    assert on_its_side.all()


def test_the_place_where_it_was_lost_is_tried_while_that_is_recent() -> None:
    back = back_frame()
    palm, lost = back.to_image(np.array([[-0.4, 0.9], [0.6, 0.1]]))
    look = SecondLook(back, HAND_PX)
    look.remember("right", lost, 4.5)
    assert (guesses(look, {"left": palm}) == lost).all(axis=1).any()
    look.remember("right", lost, 5.0 - RECENT_S - 0.1)
    assert not (guesses(look, {"left": palm}) == lost).all(axis=1).any()


def test_nothing_is_guessed_from_nothing() -> None:
    look = SecondLook(back_frame(), HAND_PX)
    assert look.guess(5.0, {}) is None
    look.remember("left", np.array([300.0, 300.0]), 4.9)
    assert look.guess(5.0, {}) is not None
    look.forget()
    assert look.guess(5.0, {}) is None


def test_looks_that_fail_become_rare_and_one_that_finds_is_followed_at_once() -> None:
    look = SecondLook(back_frame(), HAND_PX)
    for _ in range(AT_ONCE):
        assert look.may_look(1.0)
        look.report(1.0, found=False)
    assert not look.may_look(1.0 + EVERY_S / 2)
    assert look.may_look(1.0 + EVERY_S)
    look.report(1.0 + EVERY_S, found=True)
    assert look.may_look(1.0 + EVERY_S + 0.01)


def test_a_hand_that_stays_away_is_looked_for_less_and_less() -> None:
    look = SecondLook(back_frame(), HAND_PX)
    for _ in range(PATIENCE):
        look.report(1.0, found=False)
    assert not look.may_look(1.0 + EVERY_S)
    assert look.may_look(1.0 + RARELY_S)
