"""Where a film was cut: the picture is another one from one frame to the next."""

from collections import deque
from typing import Final

import cv2
import numpy as np

from vision.arrays import Floats, ImageRGB

SIZE: Final = (32, 24)
"""Pictures are compared this small, so that neither shake nor noise counts."""

SAMPLED: Final = 160
"""Columns of the picture that are read for it."""

UNLIKE: Final = 0.35
"""Unlikeness from which a picture may begin a new film. Films of massages reach 0.24 from frame to
frame at 15 frames a second, with both arms leaving at once; one film beside another 0.44 to 1.4."""

TIMES: Final = 3.0
RECENT_S: Final = 1.0
"""A cut is so many times as unlike as the liveliest frame of this time before it: where much moves,
or frames are rare, they differ anyway."""

FAINT: Final = 4.0
"""Variance (grey levels squared) under which a picture shows nothing but noise."""


class CutWatch:
    """Notices cuts; one watch serves one film."""

    def __init__(self) -> None:
        self._before: Floats | None = None
        self._recent: deque[tuple[float, float]] = deque()

    def step(self, image_rgb: ImageRGB, time_s: float) -> bool:
        """Whether the next picture, at that time, begins a new film."""
        small = _small(image_rgb)
        before, self._before = self._before, small
        if before is None:
            return False
        unlike = _unlikeness(before, small)
        while self._recent and not 0 <= time_s - self._recent[0][0] <= RECENT_S:
            self._recent.popleft()
        liveliest = max((value for _, value in self._recent), default=0.0)
        cut = unlike > UNLIKE and unlike > TIMES * liveliest
        if cut:
            self._recent.clear()
        else:
            self._recent.append((time_s, unlike))
        return cut


def _small(image_rgb: ImageRGB) -> Floats:
    """(24, 32) of the green channel, its mean taken off: a lamp that flickers is no cut."""
    step = max(1, image_rgb.shape[1] // SAMPLED)
    sampled = image_rgb[::step, ::step, 1].astype(np.float32)
    small = np.asarray(cv2.resize(sampled, SIZE, interpolation=cv2.INTER_AREA), dtype=np.float64)
    centred: Floats = small - small.mean()
    return centred


def _unlikeness(one: Floats, other: Floats) -> float:
    """0 for the same picture, about 1 for two that have nothing in common."""
    variances = (one**2).mean() + (other**2).mean()
    return float(((one - other) ** 2).mean() / (variances + FAINT))
