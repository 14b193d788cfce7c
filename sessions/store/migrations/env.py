"""Read by Alembic at each migration: the connection and its transaction are the caller's."""

from alembic import context

from sessions.store.tables import Base

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=Base.metadata,
    # SQLite changes a table by making it anew.
    render_as_batch=True,
)
context.run_migrations()
