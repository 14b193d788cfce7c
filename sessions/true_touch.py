"""A calibration by touch as it would have been in a clip: from where the true palms passed."""

from typing import Final

import numpy as np

from routines.path import phase_path_back
from routines.reps import PhaseSpan
from routines.routine import Phase, Routine
from sessions.truth import TrueRep, Truth
from vision.arrays import Floats, distances_along
from vision.calibration import Calibration
from vision.errors import CalibrationError
from vision.hands import PALM, SIDES, Side
from vision.sightings import MIDDLE_TIP, WRIST
from vision.touch import PLACES_BACK, Place, calibrate_by_touch

LENGTH_OF_WIDTH: Final = 2.15
"""v = 1 in half shoulder widths, for distances along a path on the chart."""


def calibrate_by_true_touch(
    truth: Truth, routine: Routine, image_size: tuple[int, int]
) -> Calibration | None:
    """The back from the palms' true places where clean strokes pass the places of a touch.

    The places are told by time and by the way gone, without any calibration: the start of a
    stroke, the end of its way up, and a share of its way out. None where no stroke is clean, where
    nobody knows where the hands were, or where the places are those of no back.
    """
    clean = [rep for rep in truth.reps if rep.fault is None and len(rep.phases) > 1]
    if not clean or not truth.hands:
        return None
    share = _share_of_out(routine.phases[1])
    palms: dict[Place, tuple[Floats, Floats]] = {}
    for place in PLACES_BACK:
        left, right = (
            np.median([_palm_at(truth, rep, side, place, share) for rep in clean], axis=0)
            for side in SIDES
        )
        palms[place] = (left, right)
    try:
        return calibrate_by_touch(palms, _hand_px(truth, clean), image_size)
    except CalibrationError:
        return None


def _palm_at(truth: Truth, rep: TrueRep, side: Side, place: Place, share: float) -> Floats:
    """(2,) px of a palm where it passes the place."""
    up, out = rep.phases[0], rep.phases[1]
    if place == "lower_back":
        return _along(_way(truth, up, side), 0.0)
    return _along(_way(truth, out, side), 0.0 if place == "neck" else share)


def _way(truth: Truth, span: PhaseSpan, side: Side) -> Floats:
    """(frames, 2) px of a palm during a phase."""
    first, last = round(span.start_s * truth.fps), round(span.end_s * truth.fps)
    palms: Floats = truth.hands[side].landmarks_px[first : last + 1, list(PALM)].mean(axis=1)
    return palms


def _along(way: Floats, share: float) -> Floats:
    """(2,) the place at that share of a way's length."""
    gone = distances_along(way)
    place: Floats = np.array([np.interp(share * gone[-1], gone, column) for column in way.T])
    return place


def _share_of_out(out: Phase) -> float:
    """Share of the way out across the shoulders at which the touch's place lies."""
    scale = np.array([1.0, LENGTH_OF_WIDTH])
    way = phase_path_back(out, "right") * scale
    nearest = np.linalg.norm(way - np.array(PLACES_BACK["shoulders"]) * scale, axis=1).argmin()
    gone = distances_along(way)
    return float(gone[nearest] / gone[-1])


def _hand_px(truth: Truth, clean: list[TrueRep]) -> float:
    """A hand's length where it is seen at its longest on the way up."""
    lengths = []
    for rep in clean:
        first, last = (round(at * truth.fps) for at in (rep.phases[0].start_s, rep.phases[0].end_s))
        for side in SIDES:
            marks = truth.hands[side].landmarks_px[first:last]
            lengths.append(np.linalg.norm(marks[:, MIDDLE_TIP] - marks[:, WRIST], axis=1))
    return float(np.quantile(np.concatenate(lengths), 0.8))
