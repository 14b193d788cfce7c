"""One review in the queue: find the back, judge, keep the session, leave nothing else behind."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Final
from uuid import uuid4

from messages import ENGLISH
from routines.routine import Routine
from sessions.files import OutputError
from sessions.keep import LandmarkKeeper, draft_of_review
from sessions.picture_words import picture_words
from sessions.record import Review
from sessions.review import Progress, review_recording
from sessions.self_calibration import calibrate_recording
from sessions.store.errors import StoreError
from sessions.store.store import Store
from sessions.store.values import SessionDraft
from ui.review_files import TemporaryFolder
from ui.review_queue import Outcome, Report
from ui.review_records import Job, Record, write_record
from ui.review_uploads import UPLOADS, Recording
from vision.calibration import Calibration
from vision.errors import CalibrationError, VideoError

ANNOTATED: Final = "annotated.mp4"

NOT_WRITTEN: Final = ("error.passing_not_written", "error.video_not_written")
"""What speaks against the annotated video alone."""

Reviewer = Callable[..., Review]
Finder = Callable[[Path, Routine, Callable[[Progress], None]], Calibration]

FINDER: Final[Finder] = partial(calibrate_recording, with_share=True)
"""A page has a bar for each stage, so each tells a share of its own."""


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

    An upload is removed as soon as it is judged and in the store, its pictures too where that was
    wished. What is to become of it is written down beside it: after a kill it begins anew.
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
        language: str = ENGLISH,
        now: datetime | None = None,
        before: Job | None = None,
        reviewer: Reviewer = review_recording,
        finder: Finder = FINDER,
    ) -> None:
        """Without a `calibration` the giver's own hands are asked where the back is.

        The annotated video is lettered in `language`. `before` is what was written down when it was
        queued by a program that was killed.
        """
        self._upload = recording if isinstance(recording, Recording) else None
        self._path = recording.path if isinstance(recording, Recording) else recording
        self._calibration = calibration
        self._routine = routine
        self._wish = wish
        self._open_store = open_store
        self._owner = owner
        made = recording.made if isinstance(recording, Recording) else None
        self._job = before or Job(
            session_id=uuid4().hex,
            started=made or now or datetime.now(UTC),
            learner_id=wish.learner_id,
            annotate=wish.annotate,
            forget_on=wish.forget_on,
            language=language,
            calibration=None if calibration is None else calibration.to_json(),
        )
        self._reviewer = reviewer
        self._finder = finder
        self._folder: TemporaryFolder | None = None
        self._draft: SessionDraft | None = None
        self._write_down()

    @property
    def name(self) -> str:
        """Of the recording."""
        return self._path.name

    @property
    def session_id(self) -> str:
        """Under which it is kept."""
        return self._job.session_id

    def run(self, report: Report) -> Outcome:
        """Judge, and keep. Raises CoachError."""
        self._job = replace(self._job, begun=self._job.begun + 1)
        self._write_down()
        outcome = self._kept_before() or self._judge(report)
        self._let_go(outcome)
        return outcome

    def keep_again(self, outcome: Outcome) -> Outcome:
        """Try once more to keep what could not be kept."""
        if not outcome.unkept:
            return outcome
        again = self._keep(outcome.review, outcome.annotated)
        self._let_go(again)
        return again

    def give_back(self) -> None:
        """The recording can be chosen again: with other points, or simply once more."""
        self._drop_video()
        if self._upload is not None:
            UPLOADS.add(self._owner, self._upload)

    def close(self) -> None:
        """Remove the annotated video, and a recording that could not be kept."""
        self._drop_video()
        if self._upload is not None:
            self._upload.folder.remove()

    def _drop_video(self) -> None:
        if self._folder is not None:
            self._folder.remove()

    def _let_go(self, outcome: Outcome) -> None:
        """Of the recording, once all that was wished is in the store."""
        if self._upload is not None and not outcome.unkept:
            self._upload.folder.remove()

    def _write_down(self) -> None:
        upload = self._upload
        if upload is not None:
            record = Record(self._owner, upload.id, upload.name, upload.made, self._job)
            if write_record(upload.folder.path, record):
                upload.folder.outlive()

    def _kept_before(self) -> Outcome | None:
        """What is in the store already: the program was killed right after it was kept."""
        if self._job.begun == 1:
            return None
        try:
            store = self._open_store()
            if not store.has_session(self.session_id):
                return None
            review = store.session(self.session_id).review
        except StoreError:
            return None
        return self._keep(review, None)

    def _judge(self, report: Report) -> Outcome:
        calibration = self._calibration
        if calibration is None:
            calibration = self._finder(self._path, self._routine, report.finding)
        problem: str | None = None
        try:
            keeper, review, annotated = self._looked_at(calibration, report, self._video())
        except (OutputError, VideoError) as error:
            if error.sentence.key not in NOT_WRITTEN:
                raise
            # The strokes are judged all the same.
            self._drop_video()
            problem = error.sentence
            keeper, review, annotated = self._looked_at(calibration, report, None)
        try:
            self._draft = self._drafted(review, keeper, calibration)
        except CalibrationError as error:
            return Outcome(review, None, annotated, error.sentence)
        outcome = self._keep(review, annotated)
        return replace(outcome, problem=outcome.problem or problem)

    def _video(self) -> Path | None:
        """Where the annotated video goes. Raises OutputError."""
        if not self._job.annotate:
            return None
        self._folder = TemporaryFolder()
        return self._folder.path / f"{self._path.stem}.{ANNOTATED}"

    def _looked_at(
        self, calibration: Calibration, report: Report, annotate_to: Path | None
    ) -> tuple[LandmarkKeeper, Review, Path | None]:
        keeper = LandmarkKeeper()
        review = self._reviewer(
            self._path,
            calibration,
            self._routine,
            on_progress=report.judging,
            cancelled=report.cancelled,
            annotate_to=annotate_to,
            words=picture_words(self._routine, self._job.language),
            on_moment=keeper.step,
        )
        return keeper, review, annotate_to

    def _drafted(
        self, review: Review, keeper: LandmarkKeeper, calibration: Calibration
    ) -> SessionDraft:
        return draft_of_review(
            review,
            keeper.track((review.video.width, review.video.height)),
            calibration,
            started=self._job.started,
            kind="recorded",
            learner_id=self._job.learner_id,
        )

    def _keep(self, review: Review, annotated: Path | None) -> Outcome:
        """What cannot be kept was judged all the same: the reason goes with the result."""
        session_id: str | None = None
        try:
            store = self._open_store()
            if self._draft is not None and not store.has_session(self.session_id):
                store.add_session(self._draft, self.session_id)
            session_id = self.session_id
            forget_on = self._job.forget_on
            if forget_on is not None and store.session(session_id).pictures is None:
                store.keep_pictures(
                    session_id, self._path, partner_agreed=True, forget_on=forget_on
                )
        except StoreError as error:
            return Outcome(review, session_id, annotated, error.sentence, unkept=True)
        self._draft = None
        return Outcome(review, session_id, annotated)
