"""The store of people and sessions: one for a process, shared by its threads.

>>> with open_store() as store:
...     anna = store.add_person("Anna", "learner")
...     session_id = store.add_session(draft)
...     for line in store.sessions(SessionFilter(learner_id=anna.id)):
...         print(line.name, line.count)
"""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Final, Self
from uuid import uuid4

from sqlalchemy import select

from sessions.store import lines, people, rows
from sessions.store.database import Database, chosen_url, data_folder, private_folder
from sessions.store.engine_version import engine_name
from sessions.store.errors import StoreError
from sessions.store.migrate import migrate
from sessions.store.parquet import landmarks_from_parquet
from sessions.store.tables import JudgementRow, TrackRow
from sessions.store.values import (
    Judged,
    LandmarkTrack,
    Person,
    Role,
    SessionDraft,
    SessionFilter,
    SessionLine,
    StoredSession,
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
    except StoreError:
        database.close()
        raise
    return Store(database, home, now)


class Store:
    """People and their sessions. Every method raises `StoreError` where it can't do its work."""

    def __init__(self, database: Database, folder: Path, now: Callable[[], datetime]) -> None:
        self._database: Final = database
        self._folder: Final = folder
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
            session.delete(people.row_of(session, person_id))
        self._database.forget_deleted()

    def add_session(self, draft: SessionDraft) -> str:
        """Keep a session; gives its id. All of it is kept, or nothing."""
        session_id = uuid4().hex
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
                comments=(),
                verdicts=(),
                corrections=(),
                pictures=None,
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
            session.delete(lines.session_row(session, session_id))
        self._database.forget_deleted()
