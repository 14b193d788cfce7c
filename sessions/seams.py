"""Where the glances of one lane give way to those of the next.

MediaPipe follows hands from one picture to the next, and finds them anew far less surely; who is
left and right takes it some pictures to know, too. So a lane begins some time before it is needed,
and takes over where both see the same.
"""

from collections.abc import Sequence
from typing import Final

import numpy as np

from sessions.hand_watch import Looked
from sessions.lane import Glance
from vision.hands import SIDES, TrackedHand
from vision.sightings import hand_length_px

OVERLAP_S: Final = 2.0
"""So long both look."""

ALONE_S: Final = 1.0
"""The later lane needs so much of it to find the hands and to name them."""

SAME_LENGTHS: Final = 0.25
"""Palms nearer than this, in hand's lengths, are of the same hand."""

DRIFT_SHARE: Final = 0.01
"""Of the picture's width: two looks at the camera's drift that differ by more tell of two charts
(its steps are 0.6 %)."""

_EXACT_S: Final = 1e-6


def seam(before: Sequence[Glance], after: Sequence[Glance]) -> int | None:
    """How many of their common frames are the earlier lane's; None where the later one can't go on.

    It can't where a search in the file did not lead to the same frames, or where it knows nothing
    of the camera's drift.
    """
    if not before or len(before) != len(after):
        return None
    times_s = np.array([[one.time_s for one in lane] for lane in (before, after)])
    if np.abs(times_s[0] - times_s[1]).max() > _EXACT_S:
        return None
    one, other = _last_looked(before), _last_looked(after)
    if one is None or other is None or not _drifted_alike(one, other, before[-1]):
        return None
    for index, glance in enumerate(before):
        one, other = glance.looked, after[index].looked
        late = glance.time_s - before[0].time_s >= ALONE_S
        if late and one and other and _see_the_same(one, other):
            return index + 1
    return len(before)


def _last_looked(lane: Sequence[Glance]) -> Looked | None:
    return next((one.looked for one in reversed(lane) if one.looked), None)


def _drifted_alike(one: Looked, other: Looked, glance: Glance) -> bool:
    apart_px = float(np.abs(one.drift_px - other.drift_px).max())
    return apart_px <= DRIFT_SHARE * glance.noted.full_size[0]


def _see_the_same(one: Looked, other: Looked) -> bool:
    return all(_is_same(one.pair.side(side), other.pair.side(side)) for side in SIDES)


def _is_same(one: TrackedHand | None, other: TrackedHand | None) -> bool:
    if one is None or other is None:
        return one is other
    apart_px = float(np.linalg.norm(one.palm_px - other.palm_px))
    return one.observed and other.observed and apart_px < SAME_LENGTHS * hand_length_px(one)
