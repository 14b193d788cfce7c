"""Which instructors have looked at a session."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    op.create_table(
        "looks",
        sa.Column("session_id", sa.String(32), nullable=False),
        sa.Column("author_id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("session_id", "author_id", name="pk_looks"),
        _key("session_id", "sessions"),
        _key("author_id", "people"),
    )
    op.create_index("ix_looks_author_id", "looks", ["author_id"])


def downgrade() -> None:
    """Back to the one before; who looked is lost, that somebody did stays."""
    op.drop_table("looks")


def _key(column: str, of: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(
        [column], [f"{of}.id"], name=f"fk_looks_{column}", ondelete="CASCADE"
    )
