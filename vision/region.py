"""The part of a picture in which hands are looked for: the back and some room around it.

The palm detector sees whatever it is given at 192 x 192, so a hand that is small in a wide
picture is lost; turned head up and filled with the back, the picture shows it hands as large
as they come, and pointing the way it knows best.
"""

from dataclasses import dataclass, replace
from typing import Final

import cv2
import numpy as np
from numpy.typing import ArrayLike, NDArray

from vision.arrays import Floats, ImageRGB, readonly

ROOM: Final = 2.2
"""Side of the square, in lengths of the back (waist to nape) or shoulder widths, the larger."""

CENTRE_V: Final = 0.45
"""Where on the spine the square's centre lies; the giver's forearms need room below the waist."""

ZOOMS: Final = (1.0, 1.28)
PATIENCE_S: Final = 0.7
"""While a hand is missing, the square is looked at in these sizes, in turns of so many seconds.
More sizes and shorter turns found fewer hands and more phantoms."""

SMALLEST_PX: Final = 512
LARGEST_PX: Final = 768
"""Side of the square as MediaPipe gets it: under 512 landmarks move, over 768 only costs."""

CLOSE_PX: Final = 256
"""The same for a square hardly larger than a hand: the landmark model sees hands at 224."""

FLESH: Final = 0.12
"""How far a hand reaches beyond its landmarks, in lengths from wrist to middle knuckle."""


@dataclass(frozen=True, slots=True, eq=False)
class Region:
    """A square of the full-size picture, turned so that the receiver's head is up."""

    centre_px: Floats
    """(2,) in the full-size picture."""
    up_px: Floats
    """(2,) unit vector from the waist to the nape."""
    side_px: float
    mirrored: bool = False
    """True where the picture shows the receiver's left on the right of the spine."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "centre_px", readonly(self.centre_px))
        up = np.asarray(self.up_px, dtype=np.float64)
        object.__setattr__(self, "up_px", readonly(up / np.linalg.norm(up)))

    def widened(self, times: float) -> "Region":
        """The same square, `times` as large."""
        return replace(self, side_px=self.side_px * times)

    def looked_at(self, pixels_per_px: float) -> "RegionView":
        """The view of it in pictures of `pixels_per_px` full-size px per picture px."""
        return self._view(
            int(np.clip(round(self.side_px / pixels_per_px), SMALLEST_PX, LARGEST_PX)),
            pixels_per_px,
        )

    def looked_at_closely(self, pixels_per_px: float) -> "RegionView":
        """The same for a square around one hand."""
        return self._view(CLOSE_PX, pixels_per_px)

    def _view(self, size: int, pixels_per_px: float) -> "RegionView":
        zoom = size / self.side_px
        right = np.array([-self.up_px[1], self.up_px[0]])
        if self.mirrored:  # Turned back, so that MediaPipe's left and right are the giver's.
            right = -right
        turn = np.stack([right, -self.up_px]) * zoom
        shift = size / 2 - turn @ self.centre_px
        return RegionView(size, turn * pixels_per_px, turn, shift)


class RegionView:
    """Cuts a region out of pictures of one size, and takes points back to the full size."""

    def __init__(self, size: int, from_image: Floats, from_full: Floats, shift: Floats) -> None:
        self.size = (size, size)
        self._matrix = np.column_stack([from_image, shift])
        self._from_full = from_full
        self._back = np.linalg.inv(from_full)
        self._shift = shift

    def cut(self, image_rgb: ImageRGB) -> ImageRGB:
        """(size, size, 3), contiguous; black beyond the picture's edge."""
        return np.asarray(
            cv2.warpAffine(image_rgb, self._matrix, self.size, flags=cv2.INTER_LINEAR),
            dtype=np.uint8,
        )

    def from_full(self, points_px: Floats) -> Floats:
        """(N, 2) px of the full-size picture to px of the cut picture."""
        cut: Floats = points_px @ self._from_full.T + self._shift
        return cut

    def to_full(self, points_px: Floats) -> Floats:
        """(N, 2) px of the cut picture to px of the full-size picture."""
        full: Floats = (points_px - self._shift) @ self._back.T
        return full


class Gaze:
    """How large a square to look at: another size, when a hand has been missing for a while.

    The palm detector may miss a hand at one size for seconds and find it at once at another.
    Each change costs MediaPipe the hands it follows for a frame or two, so it is rare.
    """

    def __init__(self, region: Region) -> None:
        self._regions = [region.widened(times) for times in ZOOMS]
        self._at = 0
        self._complete_s: float | None = None
        self._views: dict[tuple[int, float], RegionView] = {}

    def view(self, pixels_per_px: float) -> RegionView:
        """How to look at the next picture (full-size px per picture px)."""
        key = (self._at, pixels_per_px)
        if key not in self._views:
            self._views[key] = self._regions[self._at].looked_at(pixels_per_px)
        return self._views[key]

    def report(self, time_s: float, complete: bool) -> None:
        """Says whether all hands were found in the picture of that time."""
        since_s = self._complete_s
        if complete or since_s is None or time_s < since_s:
            self._complete_s = time_s
        elif time_s - since_s >= PATIENCE_S:
            self._at = (self._at + 1) % len(self._regions)
            self._complete_s = time_s


def region_of_back(
    waist_px: ArrayLike,
    nape_px: ArrayLike,
    left_shoulder_px: ArrayLike,
    right_shoulder_px: ArrayLike,
) -> Region:
    """The square around a back of which four points are known, each (2,) full-size px."""
    waist, nape, left, right = (
        np.asarray(point, dtype=np.float64)
        for point in (waist_px, nape_px, left_shoulder_px, right_shoulder_px)
    )
    spine = nape - waist
    across = right - left
    longer = max(np.linalg.norm(spine), np.linalg.norm(across))
    # Seen from behind, the receiver's right is clockwise from the head.
    mirrored = bool(spine[0] * across[1] - spine[1] * across[0] < 0)
    return Region(waist + CENTRE_V * spine, spine, float(ROOM * longer), mirrored)


def paint_over(image_rgb: ImageRGB, landmarks_px: Floats) -> None:
    """Paints a hand (21, 2) in the colour around it, so that it is not found again."""
    outline = cv2.convexHull(landmarks_px.astype(np.float32)).astype(np.int32)
    hand = np.zeros(image_rgb.shape[:2], np.uint8)
    cv2.fillConvexPoly(hand, outline, 255)
    reach = float(np.linalg.norm(landmarks_px[9] - landmarks_px[0]))
    hand = _grown(hand, FLESH * reach)
    rim = _grown(hand, FLESH * reach) > hand
    if rim.any():
        image_rgb[hand > 0] = np.median(image_rgb[rim], axis=0)


def _grown(mask: NDArray[np.uint8], by_px: float) -> NDArray[np.uint8]:
    size = 2 * max(1, round(by_px)) + 1
    return np.asarray(cv2.dilate(mask, np.ones((size, size), np.uint8)), dtype=np.uint8)
