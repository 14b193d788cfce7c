"""Which store it is, so that its recordings are not taken for another's."""

from uuid import uuid4

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """To this version."""
    about = op.create_table(
        "about",
        sa.Column("id", sa.String(32), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_about"),
    )
    op.bulk_insert(about, [{"id": uuid4().hex}])


def downgrade() -> None:
    """Back to the one before; recordings that were kept are not found from there."""
    op.drop_table("about")
