"""Words drawn into a picture, in a typeface with the letters of Europe's languages."""

import unicodedata
from functools import cache, lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from vision.arrays import ImageRGB

_MARGIN: Final = 4

BASE_LINE: Final = 0.8
"""Where the base line lies in a mask without an outline, as a share of its height."""

HEIGHT: Final = 1.3
"""Of a mask, in sizes of the typeface: dots above capitals and what hangs down both fit in."""

TYPEFACE: Final = Path("mpl-data", "fonts", "ttf", "DejaVuSans.ttf")
"""In Matplotlib, which MediaPipe brings along. Pillow's own typeface has no letters but English."""

_Font = ImageFont.FreeTypeFont | ImageFont.ImageFont


@lru_cache(maxsize=256)
def text_mask(text: str, size_px: int, outline_px: int = 0) -> NDArray[np.uint8]:
    """(height, width) how much of each pixel the text covers, 0 to 255; its base line is fixed.

    `size_px` is the height of the typeface, of which capitals fill about 0.7. Texts of one size
    have masks of one height.
    """
    font = _font(max(size_px, 6))
    words = text if _typeface() else _plain(text)
    width = int(font.getlength(words)) + 2 * (outline_px + _MARGIN)
    height = round(size_px * HEIGHT)
    image = Image.new("L", (width, height + 2 * outline_px))
    place = (_MARGIN + outline_px, outline_px + round(BASE_LINE * height))
    draw = ImageDraw.Draw(image)
    draw.text(place, words, fill=255, font=font, stroke_width=outline_px, anchor="ls")
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


def _font(size_px: int) -> _Font:
    path = _typeface()
    return ImageFont.load_default(size_px) if path is None else ImageFont.truetype(path, size_px)


@cache
def _typeface() -> Path | None:
    """The typeface's file; None where there is none. Nothing of the package is run for it."""
    spec = find_spec("matplotlib")
    folders = [] if spec is None else spec.submodule_search_locations or []
    return next((path for folder in folders if (path := Path(folder, TYPEFACE)).is_file()), None)


def _plain(text: str) -> str:
    """The nearest letters of English: a dot too few is better than a box."""
    spread = unicodedata.normalize("NFKD", text.replace("ß", "ss"))
    return spread.encode("ascii", "ignore").decode("ascii")
