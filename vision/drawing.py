"""Draws hands, lines and a caption into a picture. Knows only places, words and colours."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.arrays import Floats, ImageRGB, distances_along, readonly
from vision.hands import SIDES, HandPair, Side, TrackedHand
from vision.lettering import BASE_LINE, put_text, text_mask

ColourRGB = tuple[int, int, int]

HAND_COLOURS: Final[dict[Side, ColourRGB]] = {"left": (0, 114, 178), "right": (230, 159, 0)}
"""Okabe and Ito's blue and orange: told apart by colour-blind eyes."""

WHITE: Final[ColourRGB] = (255, 255, 255)
INK: Final[ColourRGB] = (20, 20, 22)

LETTERS: Final[Mapping[Side, str]] = {"left": "L", "right": "R"}
"""What stands at a hand, so that colour is not all that tells it: in English."""

BONES: Final = (
    *((0, 1), (1, 2), (2, 3), (3, 4)),
    *((0, 5), (5, 6), (6, 7), (7, 8)),
    *((5, 9), (9, 10), (10, 11), (11, 12)),
    *((9, 13), (13, 14), (14, 15), (15, 16)),
    *((13, 17), (17, 18), (18, 19), (19, 20), (0, 17)),
)

_BONE_ENDS: Final = np.array(BONES)
_SUBPIXEL_BITS: Final = 4
_PANEL_OPACITY: Final = 0.62
_FAR_PX: Final = 20_000.0
"""Points beyond this lie far outside any picture; cv2 takes no larger coordinates."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """A line to draw, in px of the full-size picture."""

    points_px: Floats
    """(N, 2); a point that is not finite breaks the line."""
    colour: ColourRGB
    dashed: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "points_px", readonly(self.points_px))


@dataclass(frozen=True, slots=True)
class Caption:
    """What is written in the picture's corner."""

    number: str
    """Short and large."""
    words: str
    """In letters of Latin, Greek or Cyrillic: the typeface has no others."""
    colour: ColourRGB = WHITE
    """Of the bar beside the words."""


@dataclass(frozen=True, slots=True)
class Strokes:
    """Thickness and sizes that suit a picture, px of that picture."""

    thin: int
    bold: int
    joint: int
    dash: float
    text: float
    """Height of the words' capitals."""

    @classmethod
    def fit(cls, image: ImageRGB) -> "Strokes":
        """Sizes for this picture: readable at 480 lines as at 1080."""
        short = min(image.shape[:2])
        thin = max(1, round(short / 400))
        text = max(9.0, short / 28)
        return cls(thin, thin + 2, max(2, round(short / 190)), max(6.0, short / 50), text)


def draw(
    image_rgb: ImageRGB,
    pair: HandPair | None = None,
    lines: Iterable[Line] = (),
    caption: Caption | None = None,
    scale: float = 1.0,
    letters: Mapping[Side, str] = LETTERS,
) -> ImageRGB:
    """A copy of the picture with lines, then hands, then the caption drawn in.

    `scale` is full-size px per px of `image_rgb` (`Frame.scale`). Bridged hands are hollow and
    dashed: nobody may take them for seen. `letters` name the hands.
    """
    picture: ImageRGB = np.array(image_rgb, order="C")
    strokes = Strokes.fit(picture)
    for line in lines:
        _draw_line(picture, line, scale, strokes)
    for side in SIDES if pair is not None else ():
        hand = pair.side(side) if pair is not None else None
        if hand is not None:
            points = hand.landmarks_px / scale
            if np.isfinite(points).all():
                _draw_hand(picture, points, hand, HAND_COLOURS[side], strokes)
                _write_letter(picture, points, letters[side], HAND_COLOURS[side], strokes)
    if caption is not None:
        _draw_caption(picture, caption, strokes)
    return picture


def _draw_line(picture: ImageRGB, line: Line, scale: float, strokes: Strokes) -> None:
    bundles = [run[None] for run in _finite_runs(line.points_px / scale)]
    if line.dashed:
        bundles = [_dashes(run[0], strokes.dash) for run in bundles]
    _polylines(picture, bundles, INK, strokes.thin + 3)
    _polylines(picture, bundles, line.colour, strokes.thin + 1)


def _draw_hand(
    picture: ImageRGB, points: Floats, hand: TrackedHand, colour: ColourRGB, strokes: Strokes
) -> None:
    bones = [points[_BONE_ENDS]]
    if not hand.observed:
        bones = [_dashes(bone, strokes.dash * 0.8) for bone in points[_BONE_ENDS]]
    width = strokes.bold if hand.observed else strokes.thin + 1
    _polylines(picture, bones, WHITE, width + 2)
    _polylines(picture, bones, colour, width)
    for centre in _fixed(points).tolist():
        _dot(picture, centre, colour, strokes, filled=hand.observed)


def _dot(
    picture: ImageRGB, centre: list[int], colour: ColourRGB, strokes: Strokes, *, filled: bool
) -> None:
    radius = strokes.joint << _SUBPIXEL_BITS
    ring = strokes.thin if filled else 1
    if filled:
        cv2.circle(picture, centre, radius, WHITE, -1, cv2.LINE_AA, _SUBPIXEL_BITS)
    cv2.circle(picture, centre, radius, colour, ring, cv2.LINE_AA, _SUBPIXEL_BITS)


def _write_letter(
    picture: ImageRGB, points: Floats, letter: str, colour: ColourRGB, strokes: Strokes
) -> None:
    # Beyond the wrist, away from the fingers, where it hides nothing.
    away = points[0] - points[9]
    length = float(np.hypot(*away)) or 1.0
    place = np.clip(points[0] + away / length * strokes.text, -_FAR_PX, _FAR_PX)
    for outline, ink in ((strokes.thin + 1, WHITE), (0, colour)):
        mask = text_mask(letter, round(strokes.text * 1.2), outline)
        corner = (round(place[0] - mask.shape[1] / 2), round(place[1] - mask.shape[0] / 2))
        put_text(picture, mask, corner, ink)


def _draw_caption(picture: ImageRGB, caption: Caption, strokes: Strokes) -> None:
    """A dark panel in the lower left corner: bar, number, words."""
    gap = round(strokes.text)
    number = text_mask(caption.number, round(strokes.text * 3.0))
    words = text_mask(caption.words, round(strokes.text * 1.5))
    height = round(strokes.text * 2.2) + 2 * gap
    width = min(picture.shape[1], number.shape[1] + words.shape[1] + 3 * gap)
    top = max(0, picture.shape[0] - height)
    panel = picture[top:, :width]
    ink = np.full_like(panel, INK)
    panel[:] = cv2.addWeighted(panel, 1 - _PANEL_OPACITY, ink, _PANEL_OPACITY, 0.0)
    panel[:, : max(3, gap // 3)] = caption.colour
    left = gap + gap // 3
    for mask in (number, words):
        top_of_text = picture.shape[0] - gap - round(BASE_LINE * mask.shape[0])
        put_text(picture, mask, (left, top_of_text), WHITE)
        left += mask.shape[1] + gap // 3


def _polylines(
    picture: ImageRGB, bundles: Iterable[Floats], colour: ColourRGB, thickness: int
) -> None:
    """Draws bundles of lines, each (lines, points, 2)."""
    fixed = [line for bundle in bundles for line in _fixed(bundle)]
    cv2.polylines(
        picture, fixed, isClosed=False, color=colour, thickness=thickness,
        lineType=cv2.LINE_AA, shift=_SUBPIXEL_BITS,
    )  # fmt: skip


def _fixed(points: Floats) -> NDArray[np.int32]:
    """Fixed-point coordinates as cv2 takes them."""
    near = np.clip(points, -_FAR_PX, _FAR_PX)
    return np.round(near * (1 << _SUBPIXEL_BITS)).astype(np.int32)


def _finite_runs(points: Floats) -> Iterator[Floats]:
    """The stretches of a line whose points are all finite, two points or more."""
    broken = np.flatnonzero(~np.isfinite(points).all(axis=1))
    for run in np.split(points, broken):
        kept = run[np.isfinite(run).all(axis=1)]
        if len(kept) > 1:
            yield kept


def _dashes(points: Floats, dash: float) -> Floats:
    """(dashes, 3, 2) pieces of length `dash` along a line, with gaps of the same length."""
    along = distances_along(np.clip(points, -_FAR_PX, _FAR_PX))
    starts = np.arange(0.0, along[-1], 2 * dash)[:, None]
    places = np.minimum(starts + dash * np.array([0.0, 0.5, 1.0]), along[-1])
    return np.stack([np.interp(places, along, points[:, axis]) for axis in (0, 1)], axis=-1)
