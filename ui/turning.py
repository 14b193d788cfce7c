"""How the camera's picture is turned before anything else looks at it."""

from dataclasses import dataclass
from typing import Final, cast

import cv2

from vision.arrays import ImageRGB
from vision.errors import CoachError

_ROTATIONS: Final = {
    1: cv2.ROTATE_90_CLOCKWISE,
    2: cv2.ROTATE_180,
    3: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """So many quarters clockwise, and then, where it is mirrored, left and right swapped."""

    quarters: int = 0
    """0 to 3."""
    mirrored: bool = False

    def __post_init__(self) -> None:
        if self.quarters not in range(4):
            raise CoachError(
                f"The picture can't be turned by {self.quarters!r} quarters; choose 0, 1, 2 or 3."
            )

    def to_json(self) -> list[int]:
        """As JSON values: quarters, and 1 where it is mirrored."""
        return [self.quarters, int(self.mirrored)]

    @property
    def changes(self) -> bool:
        """False where the picture stays as it is."""
        return self != Turn()

    def apply(self, image_rgb: ImageRGB) -> ImageRGB:
        """The turned picture; the same object where nothing changes."""
        if self.quarters:
            image_rgb = cast(ImageRGB, cv2.rotate(image_rgb, _ROTATIONS[self.quarters]))
        if self.mirrored:
            image_rgb = cast(ImageRGB, cv2.flip(image_rgb, 1))
        return image_rgb


def turn_from_json(obj: object) -> Turn:
    """The turn that was kept; none where it is not one."""
    for quarters in range(4):
        for mirrored in (False, True):
            if obj == (turn := Turn(quarters, mirrored)).to_json():
                return turn
    return Turn()
