"""Reviews a recording from its first frame to its last."""

import hashlib
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from routines.routine import Routine
from sessions.annotate import IN_ENGLISH, AnnotatedVideo, Annotator, PictureWords
from sessions.coach import Coach, Moment
from sessions.fitness import warnings_of
from sessions.onlooker import Onlooker
from sessions.preflight import Preflight
from sessions.readahead import ReadAhead
from sessions.record import CalibrationFacts, Review, RoutineRef, Unseen, VideoFacts
from sessions.recorder import Recorder
from vision.calibration import Calibration
from vision.errors import CoachError
from vision.frames import Frame, VideoInfo, VideoReader
from vision.tracker import Detector

Watcher = Callable[[Frame, Moment], None]

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
) -> Review:
    """Watch a whole recording and say what was seen.

    `on_progress` and `on_moment` are called after every frame; `cancelled` is asked before every
    frame. `annotate_to` names an MP4 with hands, path, phase and count drawn in; it appears only
    when the review is complete, and is lettered with `words`. The result hangs on the file alone,
    never on the machine's speed. Without a `calibration` nobody knows where the back is: no stroke
    is found, and the review says why.

    Raises `VideoError`, `CalibrationError`, `HandModelError`, and `ReviewCancelled`.
    """
    with ExitStack() as held:
        reader = held.enter_context(VideoReader(path))
        fitted = calibration and calibration.fitted_to(reader.info.width, reader.info.height)
        # Decoding begins while the hand model is still loading.
        frames = held.enter_context(ReadAhead(reader))
        coach: Coach | Onlooker = (
            Onlooker(detector) if fitted is None else Coach(fitted, routine, detector=detector)
        )
        held.enter_context(coach)
        watchers = [] if on_moment is None else [on_moment]
        if annotate_to is not None:
            annotator = Annotator(routine, coach.back_frame, words)
            video = AnnotatedVideo(annotate_to, annotator, reader.info.fps_hint)
            watchers.append(held.enter_context(video).step)
        watch = _Watch(coach, fitted, routine, watchers)
        for frame in frames:
            if cancelled is not None and cancelled():
                raise ReviewCancelled(
                    "The review of {file} was stopped; start it again.",
                    key="error.review_stopped",
                    file=path.name,
                )
            watch.step(frame)
            if on_progress is not None:
                on_progress(_progress(reader.info, watch.recorder))
        watch.recorder.take(coach.finish())
        return watch.review(_video_facts(path, reader, watch.recorder))


class _Watch:
    """What is done with each frame, and what comes of it."""

    def __init__(
        self,
        coach: Coach | Onlooker,
        calibration: Calibration | None,
        routine: Routine,
        watchers: Sequence[Watcher],
    ) -> None:
        self.recorder = Recorder()
        self._coach = coach
        self._calibration = calibration
        self._routine = routine
        self._watchers = watchers
        self._preflight = Preflight(routine, window_s=None)

    def step(self, frame: Frame) -> None:
        moment = self._coach.step(frame)
        self.recorder.step(moment)
        back_frame = self._coach.back_frame
        self._preflight.step(frame, moment.pair, self._calibration, back_frame=back_frame)
        for watcher in self._watchers:
            watcher(frame, moment)

    def review(self, video: VideoFacts) -> Review:
        back_frame = self._coach.back_frame
        return Review(
            video=video,
            routine=RoutineRef(self._routine.id, self._routine.version),
            calibration=self._calibration_facts(),
            tracking=self.recorder.tracking(),
            settle=self.recorder.settle,
            reps=tuple(self.recorder.reps),
            unseen=self._unseen(),
            warnings=warnings_of(video, self._preflight.remarks, self._calibration),
            paths=self.recorder.paths(),
            scale=None if back_frame is None else back_frame.scale,
        )

    def _calibration_facts(self) -> CalibrationFacts:
        calibration, back_frame = self._calibration, self._coach.back_frame
        if calibration is None or back_frame is None:
            return CalibrationFacts(LAST_TRIED, {}, None)
        found_from_px = calibration.residual_px
        rms_px = back_frame.rms_px if found_from_px is None else found_from_px
        return CalibrationFacts(calibration.source, calibration.points_px, rms_px)

    def _unseen(self) -> tuple[Unseen, ...]:
        """Which of two hands is missing is not known without the back."""
        unseen = self.recorder.unseen()
        return tuple(gap for gap in unseen if self._calibration or gap.hand == "both")


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
