"""What instructors say of a session, whether they looked at it, and pictures that were kept."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.schema import SchemaItem

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

TIME = sa.DateTime(timezone=True)
JSON = sa.JSON(none_as_null=True)


def upgrade() -> None:
    """To this version."""
    with op.batch_alter_table("sessions") as sessions:
        sessions.add_column(
            sa.Column("looked_at", sa.Boolean, server_default=sa.false(), nullable=False)
        )
    _comments()
    _verdicts()
    _corrections()
    _pictures()


def downgrade() -> None:
    """Back to the one before; what was said, and the consents to pictures, are lost."""
    for table in ("pictures", "corrections", "verdicts", "comments"):
        op.drop_table(table)
    with op.batch_alter_table("sessions") as sessions:
        sessions.drop_column("looked_at")


def _comments() -> None:
    op.create_table(
        "comments",
        *_said_of_session("comments"),
        sa.Column("time_s", sa.Double, nullable=False),
        sa.Column("text", sa.Text, nullable=False),
        sa.Column("marks", JSON, nullable=False),
    )
    _index("comments")


def _verdicts() -> None:
    words = "word IN ('right', 'wrong', 'missed', 'counts', 'does_not_count')"
    hands = "hand IN ('left', 'right', 'both')"
    op.create_table(
        "verdicts",
        *_said_of_session("verdicts"),
        sa.Column("word", sa.String(16), nullable=False),
        sa.Column("start_s", sa.Double, nullable=False),
        sa.Column("end_s", sa.Double, nullable=False),
        sa.Column("code", sa.String(64)),
        sa.Column("hand", sa.String(16)),
        sa.CheckConstraint(words, name=op.f("ck_verdicts_word")),
        sa.CheckConstraint(hands, name=op.f("ck_verdicts_hand")),
    )
    _index("verdicts")


def _corrections() -> None:
    op.create_table(
        "corrections",
        *_said_of_session("corrections"),
        sa.Column("of_start_s", sa.Double, nullable=False),
        sa.Column("of_end_s", sa.Double, nullable=False),
        sa.Column("phases", JSON, nullable=False),
    )
    _index("corrections")


def _pictures() -> None:
    op.create_table(
        "pictures",
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("file", sa.Text, nullable=False),
        sa.Column("forget_on", sa.Date, nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_pictures"),
        _key("pictures", "session_id", "sessions"),
    )
    op.create_index("ix_pictures_forget_on", "pictures", ["forget_on"])


def _said_of_session(table: str) -> tuple[SchemaItem, ...]:
    """The columns of all that somebody says of a session."""
    return (
        sa.Column("id", sa.String(32), nullable=False),
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.Column("created", TIME, nullable=False),
        sa.PrimaryKeyConstraint("id", name=f"pk_{table}"),
        _key(table, "session_id", "sessions"),
        _key(table, "author_id", "people"),
    )


def _key(table: str, column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{of}.id"], name=f"fk_{table}_{column}", ondelete="CASCADE"
    )


def _index(table: str) -> None:
    op.create_index(f"ix_{table}_session_id", table, ["session_id"])
    op.create_index(f"ix_{table}_author_id", table, ["author_id"])
