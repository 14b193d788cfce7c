"""Words in a picture: letters of all Europe are drawn, on one base line, cut off at the edge."""

import numpy as np
import pytest

from vision import lettering
from vision.arrays import ImageRGB
from vision.lettering import BASE_LINE, put_text, text_mask

SIZE_PX = 40


def rows_of(text: str) -> tuple[int, int]:
    """First and last row with ink."""
    rows = np.flatnonzero(text_mask(text, SIZE_PX).max(axis=1) > 60)
    return int(rows[0]), int(rows[-1])


@pytest.mark.parametrize("letters", ["äöüÄÖÜß", "éèñçåøłžő", "ΑΩ", "Жя"])
def test_letters_are_drawn_and_no_boxes(letters: str) -> None:
    box = text_mask("\N{REPLACEMENT CHARACTER}", SIZE_PX)
    drawn = [text_mask(letter, SIZE_PX) for letter in letters]
    for one in drawn:
        assert (one > 127).any()
        assert not np.array_equal(one, box)
    assert len({one.tobytes() for one in drawn}) == len(letters)


def test_dots_stand_above_their_letter_and_nothing_is_cut_off() -> None:
    height = text_mask("U", SIZE_PX).shape[0]
    plain, dotted, below = rows_of("U"), rows_of("Ü"), rows_of("gpß")
    assert 0 < dotted[0] < plain[0]
    assert plain[1] == pytest.approx(BASE_LINE * height, abs=1.5)
    assert plain[1] < below[1] < height - 1


def test_a_word_is_drawn_once_and_kept() -> None:
    assert text_mask("hinauf", SIZE_PX) is text_mask("hinauf", SIZE_PX)
    assert not text_mask("hinauf", SIZE_PX).flags.writeable


def test_an_outline_is_wider_than_its_letter() -> None:
    thin, thick = text_mask("L", SIZE_PX), text_mask("L", SIZE_PX, 3)
    assert (thick > 127).sum() > (thin > 127).sum()
    assert thick.shape == (thin.shape[0] + 6, thin.shape[1] + 6)


def test_what_lies_outside_is_cut_off() -> None:
    picture: ImageRGB = np.zeros((20, 20, 3), np.uint8)
    put_text(picture, text_mask("M", SIZE_PX), (-10, -20), (255, 255, 255))
    assert picture.any()
    before = picture.copy()
    put_text(picture, text_mask("M", SIZE_PX), (100, 100), (255, 255, 255))
    assert np.array_equal(picture, before)


def test_without_the_typeface_letters_are_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lettering, "_typeface", lambda: None)
    text_mask.cache_clear()
    try:
        same = np.array_equal(text_mask("über Maß", SIZE_PX), text_mask("uber Mass", SIZE_PX))
    finally:
        text_mask.cache_clear()
    assert same
