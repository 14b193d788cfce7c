"""Whether the camera still stands where it stood: what is fixed around the hands must not wander.

Corners of a small grey picture are kept as descriptors, from which no picture can be made. When the
camera moves, most corners that are found again have moved together; hands, arms and a breathing
back move each for itself, and leave the room where it was.
"""

import base64
import binascii
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from vision.arrays import Floats, readonly
from vision.calibration import Calibration
from vision.camera_shift import CameraShift
from vision.errors import CalibrationError
from vision.frames import Frame

Bytes = NDArray[np.uint8]

LOOK_EVERY_S: Final = 0.4
LOOKS: Final = 4
MOVED_LOOKS: Final = 3
"""Moved in so many of the last looks that told anything: noticed in some 1.2 s, and one jolt of the
table is none."""

LONG_SIDE_PX: Final = 480
"""Of the small picture: large enough for corners of furniture, small enough to cost 5 ms."""
MOST_CORNERS: Final = 600
WHOLE_BYTES: Final = 32
"""Of a corner's descriptor."""
CELLS: Final = 6
"""The picture is cut in so many cells a side, each with its share of the corners: a patterned
towel would have them all."""
CORNER_LEVEL: Final = 5
"""A corner stands out by so many grey levels: rooms are dim, and walls are plain."""

ALIKE_BITS: Final = 50 / 256
"""Descriptors that differ in a smaller share of their bits are of the same corner (random ones
differ in half of them, and those of one corner, seen twice, in some 20 of 256)."""

KEPT_BYTES: Final = 8
"""Of the 32 bytes of a descriptor so many are kept on disk."""
KEPT_CORNERS: Final = 150
"""And of so many corners at most."""
PERSON: Final = (
    *((-0.6, 1.5), (0.0, 1.6), (0.6, 1.5)),
    *((1.5, 0.9), (1.5, 0.0), (1.0, -0.4)),
    *((-1.0, -0.4), (-1.5, 0.0), (-1.5, 0.9)),
)
"""Chart places (u, v) around the receiver: head, arms and hips."""

STILL_SHARE: Final = 0.008
"""A corner that is found nearer than this share of the longer side has not moved."""
MOVED_SHARE: Final = 0.015
"""Moved further than this, the back lies elsewhere than the chart says: on a back that fills half
of the picture, 3 % of its length."""
AGREE_SHARE: Final = 0.006
"""Corners that moved as one lie this near to where the common movement takes them."""

SHIFTED_SHARE: Final = 0.02
"""The same where edges tell it, which they do in steps of 0.6 % of the width."""

LEAST_CORNERS: Final = 10
"""Fewer that moved together can be an arm in a patterned sleeve."""
MORE_THAN_STILL: Final = 2.0
"""So many times as many corners moved together as stayed."""


@dataclass(frozen=True, slots=True, eq=False)
class Surround:
    """What stood in the picture at one time."""

    points: Floats
    """(N, 2) places, as shares of the picture's longer side."""
    descriptors: Bytes
    """(N, 32); of one that was kept on disk (N, `KEPT_BYTES`)."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "points", readonly(self.points))
        descriptors = np.array(self.descriptors, dtype=np.uint8)
        descriptors.setflags(write=False)
        object.__setattr__(self, "descriptors", descriptors)

    def without_people(self, calibration: Calibration) -> "Surround":
        """What of it may be kept on disk: nobody can be seen in it.

        Corners on the receiver are left out, so what is left is furniture, floor, and at most an
        arm of the giver. Of these no grey level is kept, but 64 answers each to "is this spot
        lighter than that one?", for spots of a patch that is a fifteenth of the picture wide; that
        is a quarter of what a corner is told by in a session, and too little to draw even the
        patch. 150 corners cover a small part of the picture, and fill 2 kilobytes.
        """
        longer = max(calibration.image_size)
        hull = cv2.convexHull((_person_px(calibration) / longer).astype(np.float32))
        outside = np.array(
            [cv2.pointPolygonTest(hull, (x, y), False) < 0 for x, y in self.points.tolist()], bool
        )
        points, descriptors = self.points[outside], self.descriptors[outside]
        # Evenly over all of them: they stand in the order of the picture's cells.
        kept = np.linspace(0, len(points) - 1, min(len(points), KEPT_CORNERS)).astype(int)
        return Surround(points[kept], descriptors[kept][:, _kept_bytes(descriptors)])

    def to_json(self) -> dict[str, Any]:
        """The object that `surround_from_json` reads."""
        return {
            "points": self.points.round(5).tolist(),
            "descriptors": base64.b64encode(self.descriptors.tobytes()).decode("ascii"),
        }


def surround_from_json(obj: Mapping[str, Any]) -> Surround:
    """The surround in a decoded JSON object. Raises CalibrationError where it is none."""
    try:
        points = np.array(obj["points"], dtype=np.float64).reshape(-1, 2)
        packed = np.frombuffer(base64.b64decode(obj["descriptors"], validate=True), np.uint8)
        whole = len(packed) != KEPT_BYTES * len(points) or not len(points)
        shape = len(points), WHOLE_BYTES if whole else KEPT_BYTES
        return Surround(points, packed.reshape(shape))
    except (KeyError, TypeError, ValueError, binascii.Error) as error:
        raise CalibrationError(
            "What was kept of the camera's view can't be read ({reason}); find the back anew.",
            key="error.view_unreadable",
            reason=error,
        ) from None


def look_around(frame: Frame) -> Surround:
    """The corners of a frame."""
    grey = _small_grey(frame)
    orb = cv2.ORB.create(
        nfeatures=4 * MOST_CORNERS, nlevels=3, edgeThreshold=12, fastThreshold=CORNER_LEVEL
    )
    corners, described = orb.detectAndCompute(grey, None)
    if described is None or not corners:
        return Surround(np.empty((0, 2)), np.empty((0, 32), np.uint8))
    places = np.array([corner.pt for corner in corners])
    kept = _spread(places, np.array([corner.response for corner in corners]), grey.shape)
    return Surround(places[kept] / max(grey.shape), cast(Bytes, described)[kept])


def has_moved(before: Surround, now: Surround) -> bool | None:
    """Whether the camera moved between two looks; None where too little is found again to tell."""
    if min(len(before.points), len(now.points)) < LEAST_CORNERS:
        return None
    own, others = before.descriptors, now.descriptors
    if own.shape[1] != others.shape[1]:
        own, others = own[:, _kept_bytes(own)], others[:, _kept_bytes(others)]
    matcher = cv2.BFMatcher(cv2.NORM_HAMMING, crossCheck=True)
    pairs = matcher.match(np.ascontiguousarray(own), np.ascontiguousarray(others))
    alike = [pair for pair in pairs if pair.distance < ALIKE_BITS * 8 * own.shape[1]]
    if len(alike) < LEAST_CORNERS:
        return None
    was = before.points[[pair.queryIdx for pair in alike]]
    is_ = now.points[[pair.trainIdx for pair in alike]]
    strayed = np.linalg.norm(is_ - was, axis=1)
    still = int((strayed < STILL_SHARE).sum())
    together = _together(was[strayed >= STILL_SHARE], is_[strayed >= STILL_SHARE])
    if together >= max(LEAST_CORNERS, MORE_THAN_STILL * still):
        return True
    return False if still >= LEAST_CORNERS else None


class CameraWatch:
    """Notices that the camera was moved; one `step` a frame, a look every `LOOK_EVERY_S`.

    Where corners tell nothing, as on a plain couch that fills the picture, its edges do (see
    `vision.camera_shift`); these are kept for the session alone.
    """

    def __init__(self, surround: Surround | None = None) -> None:
        """Without a `surround` the first frame says how it was."""
        self.begin(surround)

    @property
    def surround(self) -> Surround | None:
        """How it was; None before the first frame."""
        return self._surround

    def begin(self, surround: Surround | None = None) -> None:
        """From here on the camera stands rightly where it stands."""
        self._surround = surround
        self._looked_s: float | None = None
        self._moved: deque[bool] = deque(maxlen=LOOKS)
        self._edges = CameraShift()

    def step(self, frame: Frame) -> bool:
        """Take the next frame: True when the camera was moved, until `begin`."""
        last_s = self._looked_s
        if last_s is None or frame.time_s - last_s >= LOOK_EVERY_S - 1e-6:
            self._looked_s = frame.time_s
            moved = self._look(frame, first=last_s is None)
            if moved is not None:
                self._moved.append(moved)
        return sum(self._moved) >= MOVED_LOOKS

    def _look(self, frame: Frame, *, first: bool) -> bool | None:
        now = look_around(frame)
        moved = None if self._surround is None else has_moved(self._surround, now)
        self._surround = self._surround or now
        if moved is None or first:
            shift = self._edges.step(frame.image_rgb)
            if moved is None and shift is not None:
                return bool(np.abs(shift).max() > SHIFTED_SHARE)
        return moved


def _kept_bytes(descriptors: Bytes) -> slice:
    """Which bytes of descriptors of any length are kept on disk."""
    return slice(None, None, descriptors.shape[1] // KEPT_BYTES)


def _person_px(calibration: Calibration) -> Floats:
    """(N, 2) px of the corners of an area around the receiver, on a flat chart."""
    points = {name: np.array(place) for name, place in calibration.points_px.items()}
    spine = points["nape"] - points["waist"]
    half = (points["right_shoulder"] - points["left_shoulder"]) / 2
    around: Floats = np.array([points["waist"] + u * half + v * spine for u, v in PERSON])
    return around


def _small_grey(frame: Frame) -> Bytes:
    height, width = frame.image_rgb.shape[:2]
    shrink = LONG_SIDE_PX / max(height, width)
    size = (max(round(width * shrink), 1), max(round(height * shrink), 1))
    grey = cv2.cvtColor(frame.image_rgb, cv2.COLOR_RGB2GRAY)
    return cast(Bytes, cv2.resize(grey, size, interpolation=cv2.INTER_AREA))


def _spread(places: Floats, strength: Floats, shape: tuple[int, ...]) -> NDArray[np.intp]:
    """The strongest corners of each cell."""
    side_px = max(shape) / CELLS
    cell = (places // side_px) @ np.array([1.0, CELLS + 1.0])
    most = MOST_CORNERS // CELLS**2
    order = np.lexsort((-strength, cell))
    begins = np.concatenate([[True], np.diff(cell[order]) != 0])
    first = np.maximum.accumulate(np.where(begins, np.arange(len(order)), 0))
    kept: NDArray[np.intp] = order[np.arange(len(order)) - first < most]
    return kept


def _together(was: Floats, is_: Floats) -> int:
    """How many corners took one turn, shift and zoom that is more than a tremble."""
    if len(was) < LEAST_CORNERS:
        return 0
    move, agreeing = cv2.estimateAffinePartial2D(
        was, is_, method=cv2.RANSAC, ransacReprojThreshold=AGREE_SHARE
    )
    if agreeing.sum() < LEAST_CORNERS:
        return 0
    went = np.linalg.norm(was @ move[:, :2].T + move[:, 2] - was, axis=1)
    return int(((agreeing.ravel() > 0) & (went >= MOVED_SHARE)).sum())
