"""A calibration from the giver's hands alone: from the settle hold, or from the strokes."""

from collections.abc import Sequence
from contextlib import suppress
from typing import Final

import numpy as np

from vision.arrays import Floats
from vision.calibration import Calibration
from vision.errors import CalibrationError
from vision.path_fit import Anchor, Laid, PathFit
from vision.settle import NAPE_PALM_V, PALM_U_SD, WAIST_PALM_V, Hold
from vision.sightings import Trace
from vision.stroking import Motion, motion_of

SPINE_HALF_WIDTHS: Final = 2.15
"""Length of v = 1 in half shoulder widths."""

ENOUGH_ON_PATH: Final = 0.85
"""Share of what hands did again and again that lies on the path, from which on they are taken to
have done the stroke (see `Laid`). Seven clips of strokes had at least 0.88; towel, oil, waves and
kneading circles had at most 0.71, drawn ones that wander all over the back 0.83."""

ENOUGH_COVERED: Final = 0.85
"""Share of the path that they must have gone along, where nothing else tells the back's size."""
ENOUGH_AFTER_HOLD: Final = 0.5
"""The same where a settle hold tells it: half the path shows the tilt. From the foot end forearms
hide the hands for half of each stroke."""

FEWEST_CELLS: Final = 40
"""Places and headings that a stroke of two hands passes at least."""
FEWEST_AFTER_HOLD: Final = 24
"""The same on the way up alone."""

AGREEING: Final = 0.3
"""Length of the mean of the fingers' directions from which on they say where the head is."""


def calibrate_by_settle(
    hold: Hold, image_size: tuple[int, int], path_back: Floats, traces: Sequence[Trace] = ()
) -> Calibration:
    """The back from a settle hold: place, direction and scale from the two resting hands.

    They leave the camera's tilt open. Where `traces` show strokes along `path_back` (N, 2), the
    right hand's closed path on the chart, these tell it; else the camera is taken to look down.
    Strokes that lie elsewhere tell that what looked like a hold was none: the back is theirs then,
    as of `calibrate_by_motion`. Raises CalibrationError where the back would not lie in the
    picture.
    """
    anchors = (
        Anchor((0.0, NAPE_PALM_V[0]), _spread(NAPE_PALM_V[1]), hold.nape.palm_px),
        Anchor((0.0, WAIST_PALM_V[0]), _spread(WAIST_PALM_V[1]), hold.waist.palm_px),
    )
    up = hold.nape.palm_px - hold.waist.palm_px
    middle_px = (hold.nape.palm_px + hold.waist.palm_px) / 2
    hand_px = max(hold.nape.length_px, hold.waist.length_px)
    motion = _strokes(traces, FEWEST_AFTER_HOLD)
    if motion is not None:
        laid = PathFit(image_size, motion.hand_px, anchors, motion, path_back).lay(up, middle_px)
        if _is_stroke(laid, ENOUGH_AFTER_HOLD):
            return laid.calibration(image_size, "settle")
        with suppress(CalibrationError):
            return calibrate_by_motion(traces, image_size, path_back)
    laid = PathFit(image_size, hand_px, anchors).lay(up, middle_px)
    return laid.calibration(image_size, "settle")


def calibrate_by_motion(
    traces: Sequence[Trace], image_size: tuple[int, int], path_back: Floats
) -> Calibration:
    """The back from the strokes: the one that the path `path_back` (N, 2) fits best.

    Its size is the path's, so how far a hand reaches can't be judged by it.
    Raises CalibrationError where the hands did not go along the path often enough.
    """
    motion = _strokes(traces, FEWEST_CELLS)
    if motion is None or np.linalg.norm(motion.up) < AGREEING:
        raise _no_strokes()
    low, high = np.quantile(motion.palm_px, [0.1, 0.9], axis=0)
    laid = PathFit(image_size, motion.hand_px, (), motion, path_back).lay(
        motion.up, (low + high) / 2
    )
    if not _is_stroke(laid, ENOUGH_COVERED):
        raise _no_strokes()
    return laid.calibration(image_size, "motion")


def _strokes(traces: Sequence[Trace], fewest: int) -> Motion | None:
    motion = motion_of(traces)
    return None if motion is None or len(motion.weight) < fewest else motion


def _is_stroke(laid: Laid, enough_covered: float) -> bool:
    return laid.on_path >= ENOUGH_ON_PATH and laid.covered >= enough_covered


def _spread(along_v: float) -> float:
    """One spread for both directions, in half shoulder widths."""
    return (PALM_U_SD + along_v * SPINE_HALF_WIDTHS) / 2


def _no_strokes() -> CalibrationError:
    return CalibrationError(
        "The hands alone do not tell where the back is, because too few of them were seen to go "
        "along the stroke; begin with one hand on the nape and one on the waist, in full view, or "
        "set the points.",
        key="error.hands_tell_too_little",
    )
