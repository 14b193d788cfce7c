"""One review in the queue: find the back, judge, keep the session, leave nothing else behind."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Final

from routines.routine import Routine
from sessions.annotate import IN_ENGLISH, PictureWords
from sessions.keep import LandmarkKeeper, draft_of_review
from sessions.record import Review
from sessions.review import Progress, review_recording
from sessions.self_calibration import calibrate_recording
from sessions.store.errors import StoreError
from sessions.store.store import Store
from ui.review_files import TemporaryFolder
from ui.review_queue import Outcome, Report
from ui.review_uploads import UPLOADS, Recording
from vision.calibration import Calibration
from vision.errors import CalibrationError

ANNOTATED: Final = "annotated.mp4"

Reviewer = Callable[..., Review]
Finder = Callable[[Path, Routine, Callable[[Progress], None]], Calibration]


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of a recording."""

    learner_id: str | None = None
    annotate: bool = True
    """Also draw what was seen into a copy, which is kept as long as the job is listed."""
    forget_on: date | None = None
    """Keep the pictures until then, the partner having agreed; None keeps none."""


class ReviewWork:
    """Judges one recording and keeps what came of it in the store.

    An upload is removed as soon as it is judged and, where that was wished, in the store.
    """

    def __init__(
        self,
        recording: Path | Recording,
        calibration: Calibration | None,
        routine: Routine,
        wish: Wish,
        open_store: Callable[[], Store],
        *,
        owner: str,
        words: PictureWords = IN_ENGLISH,
        now: datetime | None = None,
        reviewer: Reviewer = review_recording,
        finder: Finder = calibrate_recording,
    ) -> None:
        """Without a `calibration` the giver's own hands are asked where the back is.

        `words` are written into the annotated video.
        """
        self._upload = recording if isinstance(recording, Recording) else None
        self._path = recording.path if isinstance(recording, Recording) else recording
        self._calibration = calibration
        self._routine = routine
        self._wish = wish
        self._open_store = open_store
        self._owner = owner
        self._words = words
        made = recording.made if isinstance(recording, Recording) else None
        self._started = made or now or datetime.now(UTC)
        self._reviewer = reviewer
        self._finder = finder
        self._folder: TemporaryFolder | None = None

    @property
    def name(self) -> str:
        """Of the recording."""
        return self._path.name

    def run(self, report: Report) -> Outcome:
        """Judge, and keep. Raises CoachError."""
        calibration = self._calibration
        if calibration is None:
            calibration = self._finder(self._path, self._routine, report.finding)
        self._folder = TemporaryFolder() if self._wish.annotate else None
        annotated = None if self._folder is None else self._folder.path / self._annotated_name
        keeper = LandmarkKeeper()
        review = self._reviewer(
            self._path,
            calibration,
            self._routine,
            on_progress=report.judging,
            cancelled=report.cancelled,
            annotate_to=annotated,
            words=self._words,
            on_moment=keeper.watch,
        )
        outcome = self._keep(review, calibration, keeper, annotated)
        if self._upload is not None:
            self._upload.folder.remove()
        return outcome

    def give_back(self) -> None:
        """The recording can be chosen again: with other points, or simply once more."""
        self.close()
        if self._upload is not None:
            UPLOADS.add(self._owner, self._upload)

    def close(self) -> None:
        """Remove the annotated video."""
        if self._folder is not None:
            self._folder.remove()

    @property
    def _annotated_name(self) -> str:
        return f"{self._path.stem}.{ANNOTATED}"

    def _keep(
        self,
        review: Review,
        calibration: Calibration,
        keeper: LandmarkKeeper,
        annotated: Path | None,
    ) -> Outcome:
        """What cannot be kept was judged all the same: the reason goes with the result."""
        session_id: str | None = None
        problem: str | None = None
        try:
            store = self._open_store()
            size = (review.video.width, review.video.height)
            session_id = store.add_session(
                draft_of_review(
                    review,
                    keeper.track(size),
                    calibration,
                    started=self._started,
                    kind="recorded",
                    learner_id=self._wish.learner_id,
                )
            )
            if self._wish.forget_on is not None:
                store.keep_pictures(
                    session_id, self._path, partner_agreed=True, forget_on=self._wish.forget_on
                )
        except (CalibrationError, StoreError) as error:
            problem = error.sentence
        return Outcome(review, session_id, annotated, problem)
