"""The tables of the store. Nobody outside this package sees a row: values go in and come out.

A session holds what was watched and, once more, the figures of its newest judgement, so that lists
read one table. Reps, their phases and their checks belong to a judgement. What is bulky has a table
of its own, so that nothing else has to step over it.
"""

from datetime import UTC, date, datetime
from typing import Any, Final

from sqlalchemy import (
    JSON,
    CheckConstraint,
    DateTime,
    Dialect,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    TypeDecorator,
    false,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

CASCADE: Final = "CASCADE"

WITHOUT_ROWID: Final = {"sqlite_with_rowid": False}
"""The rows lie in the order of their long keys, which are then kept once."""


class UtcTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite keeps no zone, so it is taken off there and put on again."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """To the database."""
        return None if value is None else value.astimezone(UTC)

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """From the database."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """All tables. Constraints have names, so that migrations can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy reads it so
        str: Text(),
        float: Double(),
        datetime: UtcTime(),
        dict[str, Any]: JSON(none_as_null=True),
        list[Any]: JSON(none_as_null=True),
        bytes: LargeBinary(),
    }


Id = String(32)


class AboutRow(Base):
    """Which store it is, in one row."""

    __tablename__ = "about"

    id: Mapped[str] = mapped_column(Id, primary_key=True)


class PersonRow(Base):
    """Somebody who practises or teaches."""

    __tablename__ = "people"
    __table_args__ = (CheckConstraint("role IN ('learner', 'instructor')", "role"),)

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str]
    folded: Mapped[str]
    """The name for searching in any case, which SQLite knows for ASCII alone."""
    role: Mapped[str] = mapped_column(String(16))
    created: Mapped[datetime]


class SessionRow(Base):
    """What was watched, and the figures of the newest judgement."""

    __tablename__ = "sessions"
    __table_args__ = (
        CheckConstraint("kind IN ('live', 'recorded')", "kind"),
        CheckConstraint("felt_evenness BETWEEN 1 AND 5", "felt_evenness"),
        Index(None, "started", "id"),
        Index(None, "learner_id", "started"),
    )

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str]
    folded: Mapped[str]
    started: Mapped[datetime]
    learner_id: Mapped[str | None] = mapped_column(Id, ForeignKey("people.id", ondelete=CASCADE))
    goal: Mapped[int | None]
    felt_evenness: Mapped[int | None]
    has_landmarks: Mapped[bool]
    looked_at: Mapped[bool] = mapped_column(server_default=false(), default=False)
    """By an instructor."""

    video: Mapped[dict[str, Any]]
    tracking: Mapped[dict[str, Any]]
    calibration: Mapped[dict[str, Any] | None]
    calibration_facts: Mapped[dict[str, Any]]
    scale: Mapped[dict[str, Any] | None]
    unseen: Mapped[list[Any]]
    warnings: Mapped[list[Any]]
    cues: Mapped[list[Any]]

    duration_s: Mapped[float]
    judgement: Mapped[int]
    """Number of the newest one."""
    engine: Mapped[str]
    count: Mapped[int]
    attempts: Mapped[int]
    clean: Mapped[int]
    evenness: Mapped[float | None]
    faults: Mapped[dict[str, Any]]
    judged: Mapped[dict[str, Any]]


class TrackRow(Base):
    """A session's tracks, as Parquet."""

    __tablename__ = "tracks"

    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("sessions.id", ondelete=CASCADE), primary_key=True
    )
    paths: Mapped[bytes]
    """Both hands' ways over the chart, for drawing."""
    landmarks: Mapped[bytes | None]


class JudgementRow(Base):
    """What one engine and one routine said of a session."""

    __tablename__ = "judgements"

    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("sessions.id", ondelete=CASCADE), primary_key=True
    )
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """1 for the first."""
    engine: Mapped[str]
    routine_id: Mapped[str]
    routine_version: Mapped[int]
    at: Mapped[datetime]
    settle: Mapped[dict[str, Any] | None]


class _OfJudgement:
    """Key of the judgement that a row belongs to."""

    session_id: Mapped[str] = mapped_column(Id, primary_key=True, sort_order=-2)
    judgement: Mapped[int] = mapped_column(primary_key=True, autoincrement=False, sort_order=-1)


def _judgement_key() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(
        ["session_id", "judgement"],
        ["judgements.session_id", "judgements.number"],
        ondelete=CASCADE,
    )


class RepRow(_OfJudgement, Base):
    """An attempt."""

    __tablename__ = "reps"
    __table_args__ = (_judgement_key(), WITHOUT_ROWID)

    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    """In the judgement, 0 for the first."""
    index: Mapped[int]
    start_s: Mapped[float]
    end_s: Mapped[float]
    counted: Mapped[bool]
    unseen_share: Mapped[float]
    score: Mapped[float | None]


class PhaseRow(_OfJudgement, Base):
    """A phase of an attempt."""

    __tablename__ = "phases"
    __table_args__ = (_judgement_key(), WITHOUT_ROWID)

    rep: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str]
    start_s: Mapped[float]
    end_s: Mapped[float]


class CheckRow(_OfJudgement, Base):
    """The verdict on one kind of fault in an attempt."""

    __tablename__ = "checks"
    __table_args__ = (
        _judgement_key(),
        CheckConstraint("outcome IN ('fine', 'fault', 'not_seen')", "outcome"),
        CheckConstraint("hand IN ('left', 'right', 'both')", "hand"),
        # To find sessions with a fault, among the few rows that are faults.
        Index(
            "ix_checks_faults",
            "session_id",
            "judgement",
            "code",
            sqlite_where=text("outcome = 'fault'"),
            postgresql_where=text("outcome = 'fault'"),
        ),
        WITHOUT_ROWID,
    )

    rep: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(64))
    outcome: Mapped[str] = mapped_column(String(16))
    start_s: Mapped[float]
    end_s: Mapped[float]
    hand: Mapped[str | None] = mapped_column(String(16))
    measured: Mapped[float | None]
    limit: Mapped[float | None]
    unit: Mapped[str]


class _Said:
    """Something that somebody said of a session."""

    id: Mapped[str] = mapped_column(Id, primary_key=True, sort_order=-4)
    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("sessions.id", ondelete=CASCADE), index=True, sort_order=-3
    )
    author_id: Mapped[str] = mapped_column(
        Id, ForeignKey("people.id", ondelete=CASCADE), index=True, sort_order=-2
    )
    created: Mapped[datetime] = mapped_column(sort_order=-1)


class CommentRow(_Said, Base):
    """Words, and perhaps drawn marks, at a moment."""

    __tablename__ = "comments"

    time_s: Mapped[float]
    text: Mapped[str]
    marks: Mapped[list[Any]]


class VerdictRow(_Said, Base):
    """An instructor's word on a fault or a rep."""

    __tablename__ = "verdicts"
    __table_args__ = (
        CheckConstraint("word IN ('right', 'wrong', 'missed', 'counts', 'does_not_count')", "word"),
        CheckConstraint("hand IN ('left', 'right', 'both')", "hand"),
    )

    word: Mapped[str] = mapped_column(String(16))
    start_s: Mapped[float]
    end_s: Mapped[float]
    code: Mapped[str | None] = mapped_column(String(64))
    hand: Mapped[str | None] = mapped_column(String(16))


class CorrectionRow(_Said, Base):
    """Boundaries of a rep as an instructor set them."""

    __tablename__ = "corrections"

    of_start_s: Mapped[float]
    of_end_s: Mapped[float]
    phases: Mapped[list[Any]]


class LookRow(Base):
    """An instructor has looked at a session; what they left untouched they agree with."""

    __tablename__ = "looks"

    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("sessions.id", ondelete=CASCADE), primary_key=True
    )
    author_id: Mapped[str] = mapped_column(
        Id, ForeignKey("people.id", ondelete=CASCADE), primary_key=True, index=True
    )


class PicturesRow(Base):
    """The recording of a session, kept until a day."""

    __tablename__ = "pictures"

    session_id: Mapped[str] = mapped_column(
        Id, ForeignKey("sessions.id", ondelete=CASCADE), primary_key=True
    )
    file: Mapped[str]
    """Its name in the folder of pictures."""
    forget_on: Mapped[date] = mapped_column(index=True)
