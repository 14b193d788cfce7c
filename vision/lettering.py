"""Words drawn into a picture, in the typeface that Pillow carries (letters of English)."""

from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vision.arrays import ImageRGB

_MARGIN: Final = 4

BASE_LINE: Final = 0.86
"""Where the base line lies in a mask, as a share of its height."""


@lru_cache(maxsize=256)
def text_mask(text: str, size_px: int, outline_px: int = 0) -> NDArray[np.uint8]:
    """(height, width) how much of each pixel the text covers, 0 to 255; its base line is fixed.

    `size_px` is the height of the typeface, of which capitals fill about 0.7. Texts of one size
    have masks of one height.
    """
    font = ImageFont.load_default(size=max(size_px, 6))
    width = int(font.getlength(text)) + 2 * (outline_px + _MARGIN)
    image = Image.new("L", (width, round(size_px * 1.3) + 2 * outline_px))
    place = (_MARGIN + outline_px, outline_px)
    ImageDraw.Draw(image).text(place, text, fill=255, font=font, stroke_width=outline_px)
    mask = np.array(image)
    mask.setflags(write=False)
    return mask


def put_text(
    picture: ImageRGB, mask: NDArray[np.uint8], left_top: tuple[int, int], colour: tuple[int, ...]
) -> None:
    """Blend a text of one colour into the picture; what lies outside is cut off."""
    left, top = left_top
    first_x, first_y = max(left, 0), max(top, 0)
    last_x = min(left + mask.shape[1], picture.shape[1])
    last_y = min(top + mask.shape[0], picture.shape[0])
    if first_x >= last_x or first_y >= last_y:
        return
    part = mask[first_y - top : last_y - top, first_x - left : last_x - left]
    share = part[..., None].astype(np.uint16)
    target = picture[first_y:last_y, first_x:last_x]
    mixed = target * (255 - share) + np.array(colour, dtype=np.uint16) * share
    target[:] = mixed // 255
