"""Rings that fill, and the ghost of a hand: marks that guide, drawn into a picture in place."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np

from vision.arrays import Floats, ImageRGB, readonly
from vision.drawing import INK, WHITE, ColourRGB, Strokes

_BITS: Final = 4
_FAR_PX: Final = 20_000.0
_CLEAR: Final = 0.4
_FROM_TOP_DEG: Final = -90.0


@dataclass(frozen=True, slots=True)
class Ring:
    """A ring that fills clockwise from the top. All in full-size px."""

    centre_px: tuple[float, float]
    radius_px: float
    share: float
    """0 to 1 of the ring is filled."""
    colour: ColourRGB = WHITE


@dataclass(frozen=True, slots=True)
class Ghost:
    """Where a hand should be now: a clear disc with a rim, in full-size px."""

    centre_px: tuple[float, float]
    radius_px: float
    colour: ColourRGB


@dataclass(frozen=True, slots=True, eq=False)
class Area:
    """A surface to show clearly through, in full-size px."""

    outline_px: Floats
    """(N, 2), closed; not drawn where one of it is not finite."""
    colour: ColourRGB

    def __post_init__(self) -> None:
        object.__setattr__(self, "outline_px", readonly(self.outline_px))


Mark = Ring | Ghost | Area


def put_marks(picture: ImageRGB, marks: Iterable[Mark], scale: float = 1.0) -> None:
    """Draw the marks into the picture; `scale` is full-size px per px of it (`Frame.scale`)."""
    strokes = Strokes.fit(picture)
    for mark in marks:
        match mark:
            case Ring():
                _ring(picture, mark, scale, strokes)
            case Ghost():
                _ghost(picture, mark, scale, strokes)
            case Area():
                _area(picture, mark, scale)


def _ring(picture: ImageRGB, ring: Ring, scale: float, strokes: Strokes) -> None:
    place = _place(ring.centre_px, ring.radius_px, scale)
    if place is None:
        return
    centre, radius = place
    wide = 3 * strokes.bold
    _arc(picture, centre, radius, 1.0, INK, wide + 2)
    _arc(picture, centre, radius, 1.0, WHITE, strokes.thin)
    if ring.share > 0:
        _arc(picture, centre, radius, min(ring.share, 1.0), ring.colour, wide)


def _arc(
    picture: ImageRGB,
    centre: tuple[int, int],
    radius: int,
    share: float,
    colour: ColourRGB,
    thickness: int,
) -> None:
    cv2.ellipse(
        picture, centre, (radius, radius), _FROM_TOP_DEG, 0.0, 360.0 * share, colour, thickness,
        cv2.LINE_AA, _BITS,
    )  # fmt: skip


def _ghost(picture: ImageRGB, ghost: Ghost, scale: float, strokes: Strokes) -> None:
    place = _place(ghost.centre_px, ghost.radius_px, scale)
    if place is None:
        return
    centre, radius = place
    outline = cv2.ellipse2Poly(
        (centre[0] >> _BITS, centre[1] >> _BITS), (radius >> _BITS, radius >> _BITS), 0, 0, 360, 6
    )
    _blend(picture, np.asarray(outline, dtype=np.float64), ghost.colour)
    for colour, more in ((INK, 2), (WHITE, 0)):
        _arc(picture, centre, radius, 1.0, colour, strokes.bold + more)


def _area(picture: ImageRGB, area: Area, scale: float) -> None:
    outline = area.outline_px / scale
    if np.isfinite(outline).all():
        _blend(picture, np.clip(outline, -_FAR_PX, _FAR_PX), area.colour)


def _blend(picture: ImageRGB, outline: Floats, colour: ColourRGB) -> None:
    """Fill the outline (N, 2) px clearly; only the box around it is touched."""
    height, width = picture.shape[:2]
    low = np.maximum(np.floor(outline.min(axis=0)).astype(int), 0)
    high = np.minimum(np.ceil(outline.max(axis=0)).astype(int) + 1, (width, height))
    if (low >= high).any():
        return
    part = picture[low[1] : high[1], low[0] : high[0]]
    filled = part.copy()
    cv2.fillPoly(filled, [np.round(outline - low).astype(np.int32)], colour, cv2.LINE_AA)
    cv2.addWeighted(filled, _CLEAR, part, 1 - _CLEAR, 0.0, dst=part)


def _place(
    centre_px: tuple[float, float], radius_px: float, scale: float
) -> tuple[tuple[int, int], int] | None:
    """Centre and radius in cv2's fixed point; None where there is nothing to draw."""
    x, y, radius = (value / scale for value in (*centre_px, radius_px))
    if not np.isfinite([x, y, radius]).all() or radius < 1 or max(abs(x), abs(y)) > _FAR_PX:
        return None
    fixed = 1 << _BITS
    return (round(x * fixed), round(y * fixed)), round(radius * fixed)
