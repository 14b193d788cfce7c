"""Reviews a recording from its first frame to its last."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from routines.routine import Routine
from sessions.annotate import AnnotatedVideo, Annotator
from sessions.coach import Coach, Moment
from sessions.fitness import PictureLog, calibration_warning, warnings_of
from sessions.readahead import ReadAhead
from sessions.record import CalibrationFacts, Review, RoutineRef, VideoFacts
from sessions.recorder import Recorder
from vision.calibration import Calibration
from vision.errors import CoachError
from vision.frames import Frame, VideoInfo, VideoReader
from vision.tracker import Detector

Watcher = Callable[[Frame, Moment], None]


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
    calibration: Calibration,
    routine: Routine,
    *,
    on_progress: Callable[[Progress], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    annotate_to: Path | None = None,
    on_moment: Watcher | None = None,
    detector: Detector | None = None,
) -> Review:
    """Watch a whole recording and say what was seen.

    `on_progress` and `on_moment` are called after every frame; `cancelled` is asked before every
    frame. `annotate_to` names an MP4 with hands, path, phase and count drawn in; it appears only
    when the review is complete. The result hangs on the file alone, never on the machine's speed.

    Raises `VideoError`, `CalibrationError`, `HandModelError`, and `ReviewCancelled`.
    """
    with ExitStack() as held:
        reader = held.enter_context(VideoReader(path))
        fitted = calibration.fitted_to(reader.info.width, reader.info.height)
        # Decoding begins while the hand model is still loading.
        frames = held.enter_context(ReadAhead(reader))
        coach = held.enter_context(Coach(fitted, routine, detector=detector))
        watchers = [] if on_moment is None else [on_moment]
        if annotate_to is not None:
            annotator = Annotator(routine, coach.back_frame)
            video = AnnotatedVideo(annotate_to, annotator, reader.info.fps_hint)
            watchers.append(held.enter_context(video).step)
        watch = _Watch(coach, watchers)
        for frame in frames:
            if cancelled is not None and cancelled():
                raise ReviewCancelled(f"The review of {path.name} was stopped; start it again.")
            watch.step(frame)
            if on_progress is not None:
                on_progress(_progress(reader.info, watch.recorder))
        watch.recorder.take(coach.finish())
        found_from_px = fitted.residual_px
        rms_px = coach.back_frame.rms_px if found_from_px is None else found_from_px
        calibration_facts = CalibrationFacts(fitted.source, fitted.points_px, rms_px)
        return watch.review(_video_facts(path, reader, watch.recorder), routine, calibration_facts)


class _Watch:
    """What is done with each frame, and what comes of it."""

    def __init__(self, coach: Coach, watchers: Sequence[Watcher]) -> None:
        self.recorder = Recorder()
        self._coach = coach
        self._watchers = watchers
        self._pictures = PictureLog()

    def step(self, frame: Frame) -> None:
        moment = self._coach.step(frame)
        self.recorder.step(moment)
        self._pictures.step(frame)
        for watcher in self._watchers:
            watcher(frame, moment)

    def review(self, video: VideoFacts, routine: Routine, calibration: CalibrationFacts) -> Review:
        tracking = self.recorder.tracking()
        unsure = calibration_warning(calibration.source)
        return Review(
            video=video,
            routine=RoutineRef(routine.id, routine.version),
            calibration=calibration,
            tracking=tracking,
            settle=self.recorder.settle,
            reps=tuple(self.recorder.reps),
            unseen=self.recorder.unseen(),
            warnings=(
                *warnings_of(video, tracking, self._pictures.brightness),
                *([] if unsure is None else [unsure]),
            ),
            paths=self.recorder.paths(),
            scale=self._coach.back_frame.scale,
        )


def _progress(info: VideoInfo, recorder: Recorder) -> Progress:
    share = min(1.0, recorder.last_s / info.duration_s) if info.duration_s else None
    return Progress(share, recorder.last_s, recorder.frames)


def _video_facts(path: Path, reader: VideoReader, recorder: Recorder) -> VideoFacts:
    info = reader.info
    return VideoFacts(
        name=info.name,
        sha256=_sha256(path),
        width=info.width,
        height=info.height,
        duration_s=recorder.last_s if info.duration_s is None else info.duration_s,
        frames_read=reader.frames_read,
        readable_share=reader.readable_share,
    )


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
