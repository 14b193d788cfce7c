"""The annotated video of a stored session, drawn from what was kept: nothing is looked at anew."""

import bisect
import hashlib
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import Final

import numpy as np

from messages import ENGLISH
from routines.reps import Progress, Rep
from routines.routine import Routine
from sessions.annotate import AnnotatedVideo, Annotator
from sessions.coach import Moment
from sessions.exports.errors import ExportError
from sessions.picture_words import picture_words
from sessions.review import Progress as Drawn
from sessions.store.values import LandmarkTrack, StoredSession
from vision.back_frame import BackFrame, fit_back_frame
from vision.frames import Frame
from vision.hands import HandPair, Side, TrackedHand
from vision.recording import RecordingReader, open_recording
from vision.samples import BackSample

NEAR_S: Final = 0.02
"""A picture and the landmarks of the same picture differ by the rounding of their times."""


class ExportCancelled(ExportError):  # noqa: N818 - nothing went wrong
    """Stopped before its end; nothing was written."""


def annotated_mp4(
    session: StoredSession,
    landmarks: LandmarkTrack | None,
    routine: Routine,
    to: Path,
    *,
    recording: Path | None = None,
    language: str = ENGLISH,
    on_progress: Callable[[Drawn], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> None:
    """Write the recording with hands, path, phase and count drawn in; it appears when complete.

    `recording` stands in for kept pictures: the very file that was reviewed. `on_progress` is
    called after every picture, as of a review. Raises `ExportError`
    where there are no pictures or landmarks, `ExportCancelled`, and `VideoError`.
    """
    source = _source(session, recording)
    if landmarks is None:
        raise ExportError(
            "{session} can't be drawn, because where the hands were was not kept with "
            "this session; review its recording again with --annotate.",
            key="error.no_hands_kept",
            session=session.line.name,
        )
    told = Retold(session, landmarks)
    with ExitStack() as held:
        reader = held.enter_context(open_recording(source))
        words = picture_words(routine, language)
        annotator = Annotator(routine, _back_frame(session, reader), words)
        video = held.enter_context(AnnotatedVideo(to, annotator, reader.info.fps_hint))
        for frame in reader:
            if cancelled is not None and cancelled():
                raise ExportCancelled(
                    "Drawing {session} was stopped; start it again.",
                    key="error.drawing_stopped",
                    session=session.line.name,
                )
            video.step(frame, told.moment(frame))
            if on_progress is not None:
                on_progress(_drawn(reader, frame))


def _drawn(reader: RecordingReader, frame: Frame) -> Drawn:
    length_s = reader.info.duration_s
    share = min(1.0, frame.time_s / length_s) if length_s else None
    return Drawn(share, frame.time_s, reader.frames_read)


def _source(session: StoredSession, recording: Path | None) -> Path:
    if recording is not None:
        return _checked(session, recording)
    if session.pictures is None:
        raise ExportError(
            "{session} has no pictures to draw on, because none were kept; name the "
            "recording itself, or choose another format.",
            key="error.no_pictures_kept",
            session=session.line.name,
        )
    if not session.pictures.path.is_file():
        raise ExportError(
            "The pictures of {session} are gone from {path}; name the recording "
            "itself, or choose another format.",
            key="error.pictures_gone",
            session=session.line.name,
            path=session.pictures.path,
        )
    return session.pictures.path


def _checked(session: StoredSession, recording: Path) -> Path:
    try:
        with recording.open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ExportError(
            "{path} can't be read ({reason}); name the recording of the session.",
            key="error.recording_unreadable",
            path=recording,
            reason=error.strerror,
        ) from error
    if found != session.review.video.sha256:
        raise ExportError(
            "{path} is not the recording of {session}; name the file that was reviewed, unchanged.",
            key="error.other_recording",
            path=recording,
            session=session.line.name,
        )
    return recording


def _back_frame(session: StoredSession, reader: RecordingReader) -> BackFrame | None:
    if session.calibration is None:
        return None
    return fit_back_frame(session.calibration.fitted_to(reader.info.width, reader.info.height))


class Retold:
    """What was known at each picture of a stored session, told again from its record."""

    def __init__(self, session: StoredSession, landmarks: LandmarkTrack) -> None:
        self._review = session.review
        self._track = landmarks

    def moment(self, frame: Frame) -> Moment:
        """Hands and progress at this picture; its chart sample is empty."""
        pair = HandPair(frame.time_s, self._hand("left", frame), self._hand("right", frame))
        sample = BackSample(frame.time_s, None, None)
        return Moment(frame.time_s, pair, sample, self._progress(frame.time_s), ())

    def _hand(self, side: Side, frame: Frame) -> TrackedHand | None:
        index = self._index(frame.time_s)
        if index is None:
            return None
        places = self._track.landmarks_px[side][index]
        if not np.isfinite(places).all():
            return None
        scale = np.array(frame.full_size) / np.array(self._track.image_size)
        return TrackedHand(places * scale, bool(self._track.observed[side][index]))

    def _index(self, time_s: float) -> int | None:
        times = self._track.time_s
        if len(times) == 0:
            return None
        after = int(np.searchsorted(times, time_s))
        near = [at for at in (after - 1, after) if 0 <= at < len(times)]
        nearest = min(near, key=lambda at: abs(float(times[at]) - time_s))
        return nearest if abs(float(times[nearest]) - time_s) <= NEAR_S else None

    def _progress(self, time_s: float) -> Progress:
        reps, settle = self._review.reps, self._review.settle
        over = bisect.bisect_right([rep.end_s for rep in reps], time_s)
        return Progress(
            count=sum(rep.counted for rep in reps[:over]),
            attempts=over,
            phase=_phase_at(reps, time_s),
            settling=settle is not None and settle.start_s <= time_s < settle.end_s,
        )


def _phase_at(reps: tuple[Rep, ...], time_s: float) -> str | None:
    spans = (phase for rep in reps for phase in rep.phases)
    return next((span.name for span in spans if span.start_s <= time_s < span.end_s), None)
