"""What one browser tab holds while it prepares a review: one object in the session state."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Protocol

import streamlit as st

from routines.routine import Routine, load_routine
from ui.review_queue import QUEUE
from ui.review_uploads import UPLOADS, Recording
from ui.review_work import ReviewWork, Wish
from ui.routine_words import in_words
from ui.session_browser import browser
from ui.store_handle import store
from ui.texts import language, text
from vision.calibration import Calibration, PointPx, calibration_from_bytes, load_calibration
from vision.errors import CalibrationError, CoachError
from vision.frames import Frame
from vision.recording import frame_at
from vision.strict_json import NotStrictError

_KEY: Final = "review"


class Upload(Protocol):
    """What is used of a small file that Streamlit received."""

    name: str

    def getbuffer(self) -> memoryview:
        """All bytes of the file."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordingStill:
    """A frame of a recording to click on."""

    name: str
    frame: Frame


@dataclass(slots=True)
class ReviewState:
    """From choosing a recording to its place in the queue."""

    points: dict[str, dict[str, PointPx]] = field(default_factory=dict)
    """What was clicked so far, by recording."""
    still: RecordingStill | None = None
    shown: str | None = None
    """The job whose result is shown below; None for the newest."""
    message: str | None = None
    """What went wrong with the last step, or its text's key, until the next one."""
    _routine: Routine = field(default_factory=load_routine)

    @property
    def routine(self) -> Routine:
        """What was practised, named in the tab's language."""
        return in_words(self._routine)

    def points_of(self, recording: Recording) -> dict[str, PointPx]:
        """What was clicked on this recording so far."""
        return self.points.setdefault(recording.id, {})

    def still_at(self, recording: Recording, time_s: float) -> RecordingStill:
        """The frame at `time_s`, or the last one before. Raises VideoError."""
        name = f"{recording.id}@{time_s:g}"
        if self.still is None or self.still.name != name:
            # The camera stands still: points that were clicked on another frame hold here too.
            self.still = RecordingStill(name, frame_at(recording.path, time_s))
        return self.still

    def queue_sample(self, recording: Path, calibration: Path, wish: Wish) -> None:
        """Queue one of the samples."""
        self.message = None
        try:
            self._add(recording, load_calibration(calibration), wish)
        except CoachError as error:
            self.message = error.sentence

    def queue_found(self, recordings: Sequence[Recording], wish: Wish) -> None:
        """Queue recordings in which the hands tell where the back is."""
        self.message = None
        for recording in recordings:
            self._take(recording, None, wish)

    def queue_clicked(
        self,
        recording: Recording,
        still: RecordingStill,
        points: Mapping[str, PointPx],
        wish: Wish,
    ) -> None:
        """Queue a recording with points that were clicked on a frame."""
        self.message = None
        try:
            self._take(recording, Calibration(still.frame.full_size, points), wish)
        except CoachError as error:
            self.message = error.sentence

    def queue_with_file(self, recording: Recording, calibration: Upload, wish: Wish) -> None:
        """Queue a recording with an uploaded calibration."""
        self.message = None
        try:
            self._take(recording, read_calibration(calibration), wish)
        except CoachError as error:
            self.message = error.sentence

    def drop(self, recording: Recording) -> None:
        """Remove a recording from disk."""
        self.message = None
        UPLOADS.drop(browser(), recording.id)
        self.points.pop(recording.id, None)

    def _take(self, recording: Recording, calibration: Calibration | None, wish: Wish) -> None:
        # A second click finds it gone: it is in the queue already.
        taken = UPLOADS.take(browser(), recording.id)
        if taken is not None:
            self._add(taken, calibration, wish)

    def _add(
        self, recording: Path | Recording, calibration: Calibration | None, wish: Wish
    ) -> None:
        work = ReviewWork(
            recording,
            calibration,
            self._routine,
            wish,
            store,
            owner=browser(),
            language=language(),
        )
        self.shown = QUEUE.add(browser(), work)


def review_state() -> ReviewState:
    """This tab's state; made on the first run and kept over reruns and pages."""
    state: ReviewState = st.session_state.setdefault(_KEY, None) or ReviewState()
    st.session_state[_KEY] = state
    return state


def read_calibration(upload: Upload) -> Calibration:
    """The calibration in an uploaded file. Raises CalibrationError."""
    try:
        return calibration_from_bytes(bytes(upload.getbuffer()))
    except NotStrictError as error:
        raise CalibrationError(text("review.not_json", name=upload.name)) from error
