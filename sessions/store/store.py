"""The store of people and sessions: one for a process, shared by its threads.

>>> with open_store() as store:
...     anna = store.add_person("Anna", "learner")
...     session_id = store.add_session(draft)
...     for line in store.sessions(SessionFilter(learner_id=anna.id)):
...         print(line.name, line.count)
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

from sqlalchemy import select
from sqlalchemy.orm import Session

from routines.reps import Hand, PhaseSpan
from routines.routine import Routine
from sessions.data_folder import data_folder
from sessions.rejudge import changes, judged_again
from sessions.store import archive, intake, lines, notes, people, rows, teaching, unfinished
from sessions.store.database import Database, chosen_url
from sessions.store.engine_version import engine_name
from sessions.store.errors import StoreError
from sessions.store.folder import private_folder
from sessions.store.migrate import migrate
from sessions.store.parquet import landmarks_from_parquet
from sessions.store.pictures import PictureFolder, opened_recording
from sessions.store.tables import (
    AboutRow,
    CommentRow,
    CorrectionRow,
    JudgementRow,
    SessionRow,
    TrackRow,
    VerdictRow,
)
from sessions.store.values import (
    Changes,
    Comment,
    Correction,
    DrawnMark,
    Imported,
    Judged,
    LandmarkTrack,
    Person,
    Pictures,
    Role,
    SessionDraft,
    SessionFilter,
    SessionLine,
    StoredSession,
    TaughtSession,
    Verdict,
    Word,
)

ALL: Final = SessionFilter()


def utc_now() -> datetime:
    """The time of day."""
    return datetime.now(UTC)


def open_store(
    url: str | None = None,
    *,
    folder: Path | None = None,
    now: Callable[[], datetime] = utc_now,
) -> "Store":
    """The store, made on first use, and brought to this program's version of the tables.

    `url` names the database; without it the environment's TSTROKE_DATABASE_URL does, and without
    that it is a file in `folder`, which is the user's own data folder where none is given. Raises
    `StoreError`.
    """
    home = private_folder(folder or data_folder())
    database = Database(chosen_url(url, home))
    try:
        database.make_private()
        migrate(database)
        return Store(database, home, now)
    except StoreError:
        database.close()
        raise


class Store:
    """People and their sessions. Every method raises `StoreError` where it can't do its work."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], datetime]) -> None:
        """The tables are at this program's version. Raises `StoreError`."""
        self._database: Final = database
        self._folder: Final = folder
        with database.reading() as session:
            store_id = session.scalars(select(AboutRow.id)).one()
        self._pictures: Final = PictureFolder(folder, store_id)
        self._now: Final = now

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the database back."""
        self._database.close()

    def people(self, role: Role | None = None) -> tuple[Person, ...]:
        """All people, or those of one role, by name."""
        with self._database.reading() as session:
            return people.people(session, role)

    def add_person(self, name: str, role: Role) -> Person:
        """Two people may have the same name."""
        with self._database.writing() as session:
            return people.add(session, uuid4().hex, name, role, self._now())

    def rename_person(self, person_id: str, name: str) -> Person:
        """Give somebody another name."""
        with self._database.writing() as session:
            return people.rename(session, person_id, name)

    def delete_person(self, person_id: str) -> None:
        """Delete somebody with all their sessions, and with what they said of others' sessions."""
        with self._database.writing() as session:
            person = people.row_of(session, person_id)
            theirs = select(SessionRow.id).where(SessionRow.learner_id == person_id)
            self._pictures.forget(session, *session.scalars(theirs))
            session.delete(person)
        unfinished.drop_of_learner(person_id, self._folder)
        self._database.forget_deleted()

    def has_session(self, session_id: str) -> bool:
        """Whether a session is there."""
        with self._database.reading() as session:
            return session.get(SessionRow, session_id) is not None

    def add_session(self, draft: SessionDraft, session_id: str | None = None) -> str:
        """Keep a session; gives its id, which may be settled before. All is kept, or nothing."""
        session_id = session_id or uuid4().hex
        routine = draft.review.routine
        judged = Judged(engine_name(), routine.id, routine.version, self._now())
        with self._database.writing() as session:
            if draft.learner_id is not None:
                people.row_of(session, draft.learner_id)
            rows.insert_session(session, session_id, draft, judged)
        return session_id

    def sessions(
        self, chosen: SessionFilter = ALL, *, limit: int | None = None, offset: int = 0
    ) -> tuple[SessionLine, ...]:
        """The sessions that pass the filter, newest first."""
        with self._database.reading() as session:
            return lines.lines(session, chosen, limit, offset)

    def count_sessions(self, chosen: SessionFilter = ALL) -> int:
        """How many pass the filter."""
        with self._database.reading() as session:
            return lines.count(session, chosen)

    def session(self, session_id: str) -> StoredSession:
        """All that is known of a session."""
        with self._database.reading() as session:
            row = lines.session_row(session, session_id)
            judgement = session.get_one(JudgementRow, (row.id, row.judgement))
            return StoredSession(
                line=lines.line(session, session_id),
                review=rows.review_of(session, row, judgement),
                judged=rows.judged_of(judgement),
                calibration=rows.calibration_of(row),
                cues=rows.cues_of(row),
                felt_evenness=row.felt_evenness,
                comments=notes.comments_of(session, session_id),
                verdicts=notes.verdicts_of(session, session_id),
                corrections=notes.corrections_of(session, session_id),
                pictures=self._pictures.of(session, session_id),
                looked_at_by=notes.looked_at_by(session, session_id),
            )

    def landmarks(self, session_id: str) -> LandmarkTrack | None:
        """Both hands over the session; None where they were not kept."""
        with self._database.reading() as session:
            lines.session_row(session, session_id)
            chosen = select(TrackRow.landmarks).where(TrackRow.session_id == session_id)
            data = session.scalars(chosen).one()
        return None if data is None else landmarks_from_parquet(data)

    def delete_session(self, session_id: str) -> None:
        """Delete everything of a session."""
        with self._database.writing() as session:
            row = lines.session_row(session, session_id)
            self._pictures.forget(session, session_id)
            session.delete(row)
        self._database.forget_deleted()

    def judge_again(
        self,
        session_id: str,
        routine: Routine,
        on_progress: Callable[[float], None] | None = None,
    ) -> Changes:
        """Judge a session's landmarks by this program's engine; says what that changed.

        The new judgement is kept beside the older ones, and is the one that is read from now on.
        `on_progress` is called with the share that is done.
        """
        stored, track = self.session(session_id), self.landmarks(session_id)
        if track is None or stored.calibration is None:
            raise StoreError(
                "Of this session the hands or the place of the back were not kept, so it can't be "
                "judged again; review the recording anew.",
                key="error.not_judged_again",
            )
        review = judged_again(stored.review, track, stored.calibration, routine, on_progress)
        after = Judged(engine_name(), routine.id, routine.version, self._now())
        with self._writing_on(session_id) as session:
            rows.add_judgement(session, session_id, after, review)
        return changes(stored.judged, stored.review.reps, after, review.reps)

    def judgements(self, session_id: str) -> tuple[Judged, ...]:
        """Who has judged a session, and when, the newest last."""
        with self._database.reading() as session:
            lines.session_row(session, session_id)
            return rows.judgements_of(session, session_id)

    def set_learner(self, session_id: str, person_id: str | None) -> None:
        """Whose session it is."""
        with self._database.writing() as session:
            if person_id is not None:
                people.row_of(session, person_id)
            lines.session_row(session, session_id).learner_id = person_id

    def set_felt_evenness(self, session_id: str, felt: int | None) -> None:
        """The learner's own word on "how even was that?", 1 to 5."""
        if felt is not None and felt not in range(1, 6):
            raise StoreError(
                "How even it felt is told from 1 to 5, not {felt}; choose one of them.",
                key="error.felt_range",
                felt=felt,
            )
        with self._database.writing() as session:
            lines.session_row(session, session_id).felt_evenness = felt

    def set_looked_at(self, session_id: str, looked_at: bool, by: str | None = None) -> None:
        """Whether an instructor has looked at it, and who (`by`); it waits until then.

        Who looked agrees with what they left untouched. Taken back, nobody has looked at it.
        """
        with self._writing_on(session_id) as session:
            lines.session_row(session, session_id).looked_at = looked_at
            if not looked_at:
                notes.take_back_looks(session, session_id)
            elif by is not None:
                notes.add_look(session, session_id, by)

    def taught(self, chosen: SessionFilter = ALL) -> tuple[TaughtSession, ...]:
        """The sessions that were looked at, with what people said of them, newest first."""
        with self._database.reading() as session:
            return teaching.taught(session, chosen)

    def comment(
        self,
        session_id: str,
        author_id: str,
        time_s: float,
        text: str,
        marks: Sequence[DrawnMark] = (),
    ) -> Comment:
        """Say, and perhaps draw, something at a moment of a session."""
        said = Comment(uuid4().hex, author_id, "", time_s, text, tuple(marks), self._now())
        with self._writing_on(session_id) as session:
            return notes.add_comment(session, said, session_id)

    def delete_comment(self, comment_id: str) -> None:
        """Take a comment back."""
        self._delete_said(CommentRow, comment_id)

    def verdict(
        self,
        session_id: str,
        author_id: str,
        word: Word,
        start_s: float,
        end_s: float,
        code: str | None = None,
        hand: Hand | None = None,
    ) -> Verdict:
        """An instructor's word on a fault (`code`) or a rep, by its times."""
        said = Verdict(uuid4().hex, author_id, "", word, start_s, end_s, code, hand, self._now())
        with self._writing_on(session_id) as session:
            return notes.add_verdict(session, said, session_id)

    def delete_verdict(self, verdict_id: str) -> None:
        """Take a verdict back."""
        self._delete_said(VerdictRow, verdict_id)

    def correct(
        self,
        session_id: str,
        author_id: str,
        of_start_s: float,
        of_end_s: float,
        phases: Sequence[PhaseSpan],
    ) -> Correction:
        """Other boundaries for the rep that the machine had from `of_start_s` to `of_end_s`."""
        said = Correction(
            uuid4().hex, author_id, "", of_start_s, of_end_s, tuple(phases), self._now()
        )
        with self._writing_on(session_id) as session:
            return notes.add_correction(session, said, session_id)

    def delete_correction(self, correction_id: str) -> None:
        """Take a correction back."""
        self._delete_said(CorrectionRow, correction_id)

    def keep_pictures(
        self, session_id: str, source: Path, *, partner_agreed: bool, forget_on: date
    ) -> Pictures:
        """Copy a recording into the store's own folder, until a day in the future.

        Only where the partner agreed: their back is in it.
        """
        if not partner_agreed:
            raise StoreError(
                "Pictures show your partner's back, so they are kept only when your "
                "partner agrees; ask, and tick it.",
                key="error.partner_not_asked",
            )
        if forget_on <= self._now().date():
            raise StoreError(
                "Pictures are kept until a day that comes, and {day} does not; choose a later one.",
                key="error.day_over",
                day=forget_on,
            )
        with self._database.reading() as session:
            lines.session_row(session, session_id)
        with (
            opened_recording(source) as file,
            self._pictures.bringing(session_id, forget_on, source.suffix, file) as brought,
            self._database.writing() as session,
        ):
            return self._pictures.take(session, brought)

    def forget_pictures(self, session_id: str) -> None:
        """Delete a session's recording; the rest of it stays."""
        with self._writing_on(session_id) as session:
            self._pictures.forget(session, session_id)
        self._database.forget_deleted()

    def forget_due(self, today: date) -> tuple[str, ...]:
        """Delete the recordings whose day has come; gives whose sessions'. Call it daily."""
        with self._database.writing() as session:
            due = self._pictures.due(session, today)
            self._pictures.forget(session, *due)
            self._pictures.sweep(session, self._now(), today)
        self._database.forget_deleted()
        intake.sweep_stages(self._folder, self._now())
        return due

    def export_all(self, path: Path, *, with_pictures: bool = False) -> None:
        """Write all of the store to one archive, with the recordings or without.

        Raises `OutputError` where it can't be written, and `StoreError`.
        """
        with self._database.reading() as session:
            now = self._now()
            archive.export(session, self._pictures, path, now, with_pictures=with_pictures)

    def import_all(self, path: Path) -> Imported:
        """Take in what an archive has and this store has not: all of that, or nothing."""
        return intake.take_in(
            path, self._database, self._pictures, self._folder, self._now().date()
        )

    @contextmanager
    def _writing_on(self, session_id: str) -> Iterator[Session]:
        """A transaction on a session that is there."""
        with self._database.writing() as session:
            lines.session_row(session, session_id)
            yield session

    def _delete_said(
        self, table: type[CommentRow] | type[VerdictRow] | type[CorrectionRow], said_id: str
    ) -> None:
        with self._database.writing() as session:
            notes.delete(session, table, said_id)
        self._database.forget_deleted()
