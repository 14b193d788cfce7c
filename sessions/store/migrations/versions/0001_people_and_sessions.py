"""People, their sessions, and what was judged of them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True)
FAULTS = sa.text("outcome = 'fault'")


def upgrade() -> None:
    """To this version."""
    _people()
    _sessions()
    _tracks()
    _judgements()
    _reps()
    _checks()


def downgrade() -> None:
    """Back to an empty database."""
    for table in ("checks", "phases", "reps", "judgements", "tracks", "sessions", "people"):
        op.drop_table(table)


def _people() -> None:
    op.create_table(
        "people",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("role", sa.String(16), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_people"),
        sa.CheckConstraint("role IN ('learner', 'instructor')", name=op.f("ck_people_role")),
    )


def _sessions() -> None:
    op.create_table(
        "sessions",
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("folded", sa.Text, nullable=False),
        sa.Column("started", TIME, nullable=False),
        sa.Column("learner_id", sa.String(32)),
        sa.Column("goal", sa.Integer),
        sa.Column("felt_evenness", sa.Integer),
        sa.Column("has_landmarks", sa.Boolean, nullable=False),
        *_watched(),
        *_figures(),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.ForeignKeyConstraint(
            ["learner_id"], ["people.id"], name="fk_sessions_learner_id", ondelete="CASCADE"
        ),
        sa.CheckConstraint("kind IN ('live', 'recorded')", name=op.f("ck_sessions_kind")),
        sa.CheckConstraint("felt_evenness BETWEEN 1 AND 5", name=op.f("ck_sessions_felt_evenness")),
    )
    op.create_index("ix_sessions_started_id", "sessions", ["started", "id"])
    op.create_index("ix_sessions_learner_id_started", "sessions", ["learner_id", "started"])


def _watched() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("video", JSON, nullable=False),
        sa.Column("tracking", JSON, nullable=False),
        sa.Column("calibration", JSON),
        sa.Column("calibration_facts", JSON, nullable=False),
        sa.Column("scale", JSON),
        sa.Column("unseen", JSON, nullable=False),
        sa.Column("warnings", JSON, nullable=False),
        sa.Column("cues", JSON, nullable=False),
    )


def _figures() -> tuple[sa.Column[object], ...]:
    return (
        sa.Column("duration_s", sa.Double, nullable=False),
        sa.Column("judgement", sa.Integer, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("count", sa.Integer, nullable=False),
        sa.Column("attempts", sa.Integer, nullable=False),
        sa.Column("clean", sa.Integer, nullable=False),
        sa.Column("evenness", sa.Double),
        sa.Column("faults", JSON, nullable=False),
        sa.Column("judged", JSON, nullable=False),
    )


def _tracks() -> None:
    op.create_table(
        "tracks",
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("paths", sa.LargeBinary, nullable=False),
        sa.Column("landmarks", sa.LargeBinary),
        sa.PrimaryKeyConstraint("session_id", name="pk_tracks"),
        _of_session("tracks"),
    )


def _judgements() -> None:
    op.create_table(
        "judgements",
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("number", sa.Integer, autoincrement=False, nullable=False),
        sa.Column("engine", sa.Text, nullable=False),
        sa.Column("routine_id", sa.Text, nullable=False),
        sa.Column("routine_version", sa.Integer, nullable=False),
        sa.Column("at", TIME, nullable=False),
        sa.Column("settle", JSON),
        sa.PrimaryKeyConstraint("session_id", "number", name="pk_judgements"),
        _of_session("judgements"),
    )


def _of_session(table: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        ["session_id"], ["sessions.id"], name=f"fk_{table}_session_id", ondelete="CASCADE"
    )


def _reps() -> None:
    op.create_table(
        "reps",
        *_of_judgement("reps", "place"),
        sa.Column("index", sa.Integer, nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("end_s", sa.Double, nullable=False),
        sa.Column("counted", sa.Boolean, nullable=False),
        sa.Column("unseen_share", sa.Double, nullable=False),
        sa.Column("score", sa.Double),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "phases",
        *_of_judgement("phases", "rep", "place"),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("end_s", sa.Double, nullable=False),
        sqlite_with_rowid=False,
    )


def _checks() -> None:
    hands = "hand IN ('left', 'right', 'both')"
    outcomes = "outcome IN ('fine', 'fault', 'not_seen')"
    op.create_table(
        "checks",
        *_of_judgement("checks", "rep", "place"),
        sa.Column("code", sa.String(64), nullable=False),
        sa.Column("outcome", sa.String(16), nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("end_s", sa.Double, nullable=False),
        sa.Column("hand", sa.String(16)),
        sa.Column("measured", sa.Double),
        sa.Column("limit", sa.Double),
        sa.Column("unit", sa.Text, nullable=False),
        sa.CheckConstraint(hands, name=op.f("ck_checks_hand")),
        sa.CheckConstraint(outcomes, name=op.f("ck_checks_outcome")),
        sqlite_with_rowid=False,
    )
    op.create_index(
        "ix_checks_faults",
        "checks",
        ["session_id", "judgement", "code"],
        sqlite_where=FAULTS,
        postgresql_where=FAULTS,
    )


def _of_judgement(table: str, *places: str) -> tuple[SchemaItem, ...]:
    """The key of a row that belongs to a judgement, and stands at these places in it."""
    return (
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("judgement", sa.Integer, autoincrement=False, nullable=False),
        *(sa.Column(place, sa.Integer, autoincrement=False, nullable=False) for place in places),
        sa.PrimaryKeyConstraint("session_id", "judgement", *places, name=f"pk_{table}"),
        sa.ForeignKeyConstraint(
            ["session_id", "judgement"],
            ["judgements.session_id", "judgements.number"],
            name=f"fk_{table}_session_id_judgement",
            ondelete="CASCADE",
        ),
    )
