"""What one browser tab holds while it reviews: one object in the session state."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import streamlit as st

from routines.routine import Routine, load_routine
from ui.review_job import ReviewJob, TemporaryFolder
from ui.routine_words import in_words
from ui.texts import text
from vision.calibration import Calibration, PointPx, calibration_from_json, load_calibration
from vision.errors import CalibrationError, CoachError
from vision.frames import Frame, VideoReader

_KEY: Final = "review"


class Upload(Protocol):
    """What is used of a file that Streamlit received."""

    name: str
    file_id: str

    def getbuffer(self) -> memoryview:
        """All bytes of the file."""


@dataclass(frozen=True, slots=True, eq=False)
class UploadedRecording:
    """An upload, on disk while it is needed."""

    file_id: str
    path: Path
    folder: TemporaryFolder


@dataclass(frozen=True, slots=True, eq=False)
class RecordingStill:
    """A frame of the upload to click on."""

    name: str
    frame: Frame


@dataclass(slots=True)
class ReviewState:
    """From choosing a recording to its result. Uploads lie on disk only while they are chosen."""

    upload: UploadedRecording | None = None
    still: RecordingStill | None = None
    points: dict[str, PointPx] = field(default_factory=dict)
    """What was clicked on the still so far."""
    job: ReviewJob | None = None
    message: str | None = None
    """What went wrong with the last step, or its text's key, until the next one."""
    _routine: Routine = field(default_factory=load_routine)

    @property
    def routine(self) -> Routine:
        """What was practised, named in the tab's language."""
        return in_words(self._routine)

    @property
    def running(self) -> bool:
        """A review is under way."""
        return self.job is not None and self.job.view.stage == "running"

    def keep(self, upload: Upload) -> UploadedRecording:
        """The upload as a file; written once."""
        if self.upload is None or self.upload.file_id != upload.file_id:
            self.drop_upload()
            folder = TemporaryFolder()
            path = folder.path / (Path(upload.name).name or "recording")
            path.write_bytes(upload.getbuffer())
            self.upload = UploadedRecording(upload.file_id, path, folder)
        return self.upload

    def drop_upload(self) -> None:
        """Remove the upload from disk."""
        if self.upload is not None:
            self.upload.folder.remove()
        self.upload = self.still = None
        self.points = {}

    def still_at(self, upload: UploadedRecording, time_s: float) -> RecordingStill:
        """The frame at `time_s`, or the last one before. Raises VideoError."""
        name = f"{upload.file_id}@{time_s:g}"
        if self.still is None or self.still.name != name:
            # The camera stands still: points that were clicked on another frame hold here too.
            self.still = RecordingStill(name, frame_at(upload.path, time_s))
        return self.still

    def start(self, recording: Path, calibration: Calibration | Path) -> None:
        """Begin to review; what was shown before is removed."""
        self.message = None
        try:
            if isinstance(calibration, Path):
                calibration = load_calibration(calibration)
        except CalibrationError as error:
            self.message = str(error)
            return
        self.close_job()
        self.job = ReviewJob(recording, calibration, self._routine)

    def start_clicked(
        self, upload: UploadedRecording, still: RecordingStill, points: Mapping[str, PointPx]
    ) -> None:
        """Begin to review with points that were clicked on a frame."""
        try:
            calibration = Calibration(still.frame.full_size, points)
        except CalibrationError as error:
            self.message = str(error)
            return
        self.start(upload.path, calibration)

    def start_uploaded(self, upload: UploadedRecording, calibration: Upload) -> None:
        """Begin to review with an uploaded calibration."""
        try:
            self.start(upload.path, read_calibration(calibration))
        except CoachError as error:
            self.message = str(error)

    def settle_job(self) -> None:
        """Take in a job that came to nothing: its reason is told beside the choice."""
        if self.job is None:
            return
        view = self.job.view
        if view.stage in ("failed", "cancelled"):
            self.close_job()
            self.message = view.problem

    def close_job(self) -> None:
        """Stop the job, and remove what it has made."""
        if self.job is not None:
            self.job.close()
        self.job = None


def review_state() -> ReviewState:
    """This tab's state; made on the first run and kept over reruns and pages."""
    state: ReviewState = st.session_state.setdefault(_KEY, None) or ReviewState()
    st.session_state[_KEY] = state
    return state


def frame_at(path: Path, time_s: float) -> Frame:
    """The first frame at or after `time_s`, or the last one. Raises VideoError."""
    with VideoReader(path) as video:
        frames = iter(video)
        found = next(frames)
        for frame in frames:
            if found.time_s >= time_s:
                break
            found = frame
    return found


def read_calibration(upload: Upload) -> Calibration:
    """The calibration in an uploaded file. Raises CalibrationError."""
    try:
        obj = json.loads(bytes(upload.getbuffer()))
    except (ValueError, RecursionError) as error:
        raise CalibrationError(text("review.not_json", name=upload.name)) from error
    return calibration_from_json(obj)
