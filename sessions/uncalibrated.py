"""How well a clip is understood when nobody says where the back is."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from routines.routine import Routine
from sessions.accuracy import ClipScore, score_clip
from sessions.batch import calibration_of
from sessions.calibration_error import CalibrationMiss, calibration_error
from sessions.review import Progress
from sessions.self_calibration import search_recording
from sessions.true_touch import calibrate_by_true_touch
from sessions.truth import load_truth
from vision.calibration import load_calibration
from vision.errors import CalibrationError


@dataclass(frozen=True, slots=True)
class UncalibratedScore:
    """One clip, with the calibration that its hands tell instead of its file."""

    clip: str
    settles: bool
    """True where the truth has a settle hold."""
    miss: CalibrationMiss | None
    """How far the calibration lies from the file's; None where none was found."""
    sources: tuple[CalibrationMiss, ...]
    """The same for each source that tells a back: `miss`, motion where the hold was used, and touch
    as it would have been (`sessions.true_touch`)."""
    score: ClipScore | None
    """None where no calibration was found: nothing is counted then, and the review says why."""


def score_uncalibrated(
    video: Path,
    truth_file: Path,
    routine: Routine,
    on_progress: Callable[[Progress], None] | None = None,
) -> UncalibratedScore:
    """Find the calibration from the hands, review with it, and score what came out.

    Raises `CoachError` where the clip, its truth or its calibration file can't be used.
    """
    truth = load_truth(truth_file)
    given = load_calibration(calibration_of(video))
    search = search_recording(video, routine, on_progress)
    touched = calibrate_by_true_touch(truth, routine, given.image_size)
    told = [*search.results(), *([] if touched is None else [touched])]
    sources = tuple(calibration_error(one, given) for one in told)
    settles = bool(truth.settle)
    try:
        found = search.result()
    except CalibrationError:
        return UncalibratedScore(video.stem, settles, None, sources, None)
    run = score_clip(video, truth_file, routine, on_progress, calibration=found)
    return UncalibratedScore(video.stem, settles, sources[0], sources, run.score)
