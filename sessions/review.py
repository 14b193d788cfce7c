"""Reviews a recording from its first frame to its last."""

import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

from routines.routine import Routine
from sessions.annotate import IN_ENGLISH, AnnotatedVideo, Annotator, PictureWords, each_in_its_frame
from sessions.coach import StrokeJudge, region_of
from sessions.fitness import warnings_of
from sessions.lane import AT_ONCE, LaneOpener, Manner
from sessions.lanes import Lanes, starts_of
from sessions.onlooker import Onlooker
from sessions.pace import ByMotion, EveryFrame
from sessions.preflight import Preflight
from sessions.record import CalibrationFacts, Review, RoutineRef, Unseen, VideoFacts
from sessions.recorder import Recorder
from sessions.watch import Watch, Watcher
from sessions.workplaces import Workplaces
from vision.back_frame import BackFrame, fit_back_frame
from vision.calibration import Calibration
from vision.errors import CoachError
from vision.frames import VideoInfo
from vision.gate import hand_length_px
from vision.recording import open_recording
from vision.tracker import Detector

LAST_TRIED: Final = "motion"
"""The source that stands in a review in which no calibration was found: it is the last one that is
tried, and there are no points with it."""


class ReviewCancelled(CoachError):  # noqa: N818 - nothing went wrong
    """The review was stopped before its end; nothing was written."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a review has come."""

    share: float | None
    """Of the recording, 0 to 1; None where the file does not say how long it is."""
    time_s: float
    """Media time that was looked at."""
    frames: int


def review_recording(
    path: Path,
    calibration: Calibration | None,
    routine: Routine,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    annotate_to: Path | None = None,
    words: PictureWords = IN_ENGLISH,
    on_moment: Watcher | None = None,
    detector: Detector | None = None,
    every_frame: bool = False,
) -> Review:
    """Watch a whole recording and say what was seen.

    Hands are looked for the more often the faster they move, and in `every_frame` where that is
    wanted. `on_moment` is called after every frame that was looked at,
    `on_progress` after every frame; `cancelled` is asked before every frame. `annotate_to` names an
    MP4 with hands, path, phase and count drawn in; it appears only when the review is complete, and
    is lettered with `words`. The result hangs on the file alone, never on the machine's speed.
    Without a `calibration` nobody knows where the back is: no stroke is found, and the review says
    why.

    Raises `VideoError`, `CalibrationError`, `HandModelError`, and `ReviewCancelled`.
    """
    with ExitStack() as held:
        reader = held.enter_context(open_recording(path, lent=True, asking=not every_frame))
        fitted = calibration and calibration.fitted_to(reader.info.width, reader.info.height)
        watch = _watch(fitted, routine)
        if on_moment is not None:
            watch.on_look.append(on_moment)
        if annotate_to is not None:
            frames = held.enter_context(open_recording(path))
            annotator = Annotator(routine, watch.back_frame, words)
            video = AnnotatedVideo(annotate_to, annotator, reader.info.fps_hint)
            draw = held.enter_context(video).step
            watch.on_frame.append(each_in_its_frame(iter(frames), draw))
        starts_s = starts_of(reader.info.duration_s) if detector is None else (0.0,)
        region = None if fitted is None else region_of(fitted)
        places = held.enter_context(Workplaces(min(AT_ONCE, len(starts_s)), region, detector))
        opener = LaneOpener(path, reader, places, _manner(watch, every_frame=every_frame))
        lanes = held.enter_context(Lanes(starts_s, opener))
        if on_progress is not None:
            watch.on_done.append(lambda: on_progress(_progress(reader.info, lanes, watch.recorder)))
        for glance in lanes:
            if cancelled is not None and cancelled():
                raise _stopped(path)
            watch.step(glance)
        watch.finish()
        facts = _video_facts(path, reader.info, watch.recorder, lanes.readable_share)
        return _review(facts, watch, fitted, routine)


def _watch(calibration: Calibration | None, routine: Routine) -> Watch:
    judge: StrokeJudge | Onlooker = Onlooker()
    if calibration is not None:
        judge = StrokeJudge(fit_back_frame(calibration), routine, foresees=False)
    preflight = Preflight(routine, window_s=None)
    preflight.know(judge.back_frame)
    return Watch(judge, preflight)


def _manner(watch: Watch, *, every_frame: bool) -> Manner:
    back_frame = watch.back_frame
    hand_px = None if back_frame is None else hand_length_px(back_frame)
    pace = EveryFrame if every_frame else partial(ByMotion, hand_px)
    return Manner(back_frame, watch.preflight.notes, pace, asking=not every_frame)


def _stopped(path: Path) -> ReviewCancelled:
    return ReviewCancelled(
        "The review of {file} was stopped; start it again.",
        key="error.review_stopped",
        file=path.name,
    )


def _review(
    video: VideoFacts, watch: Watch, calibration: Calibration | None, routine: Routine
) -> Review:
    back_frame, recorder = watch.back_frame, watch.recorder
    return Review(
        video=video,
        routine=RoutineRef(routine.id, routine.version),
        calibration=_calibration_facts(calibration, back_frame),
        tracking=recorder.tracking(),
        settle=recorder.settle,
        reps=tuple(recorder.reps),
        unseen=_unseen(recorder, calibration),
        warnings=warnings_of(video, watch.preflight.remarks, calibration),
        paths=recorder.paths(),
        scale=None if back_frame is None else back_frame.scale,
    )


def _calibration_facts(
    calibration: Calibration | None, back_frame: BackFrame | None
) -> CalibrationFacts:
    if calibration is None or back_frame is None:
        return CalibrationFacts(LAST_TRIED, {}, None)
    found_from_px = calibration.residual_px
    rms_px = back_frame.rms_px if found_from_px is None else found_from_px
    return CalibrationFacts(calibration.source, calibration.points_px, rms_px)


def _unseen(recorder: Recorder, calibration: Calibration | None) -> tuple[Unseen, ...]:
    """Which of two hands is missing is not known without the back."""
    return tuple(gap for gap in recorder.unseen() if calibration or gap.hand == "both")


def _progress(info: VideoInfo, lanes: Lanes, recorder: Recorder) -> Progress:
    share = min(1.0, lanes.seen_s / info.duration_s) if info.duration_s else None
    return Progress(share, recorder.last_s, recorder.frames)


def _video_facts(
    path: Path, info: VideoInfo, recorder: Recorder, readable_share: float
) -> VideoFacts:
    return VideoFacts(
        name=info.name,
        sha256=_sha256(path),
        width=info.width,
        height=info.height,
        duration_s=recorder.last_s if info.duration_s is None else info.duration_s,
        frames_read=recorder.frames,
        readable_share=readable_share,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
