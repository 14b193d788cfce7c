"""Brings a database to the version of the tables that this program knows."""

from pathlib import Path
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, inspect, text

from sessions.store.database import Database
from sessions.store.errors import StoreError

if TYPE_CHECKING:
    from alembic.config import Config

HEAD: Final = "0004"
"""The newest version; a test compares it with the steps in migrations/."""

SCRIPTS: Final = Path(__file__).with_name("migrations")


def migrate(database: Database, to: str = HEAD) -> None:
    """Step up (or down, for tests and repairs) to a version, with all that is in the tables.

    Raises `StoreError` where the database was made by a newer version, or can't be reached.
    """
    with database.reading() as session:
        if version_of(session.connection()) == to:
            return
    # Alembic takes its time to import, and is needed once.
    from alembic.command import downgrade, upgrade

    config, steps = _config(), versions()
    with database.changing_tables() as connection:
        config.attributes["connection"] = connection
        at = version_of(connection)
        if at is not None and at not in steps:
            raise StoreError(
                "The sessions were kept by a newer version of this program than this "
                "one; update this program, or use the newer one.",
                key="error.store_newer",
            )
        down = at is not None and to in steps and steps.index(to) < steps.index(at)
        (downgrade if down or to == "base" else upgrade)(config, to)


def versions() -> tuple[str, ...]:
    """All versions of the tables that this program knows, the oldest first."""
    from alembic.script import ScriptDirectory

    steps = ScriptDirectory.from_config(_config()).walk_revisions()
    return tuple(step.revision for step in steps)[::-1]


def _config() -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    return config


def version_of(connection: Connection) -> str | None:
    """The version of the tables; None where there are none yet."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    found = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return None if found is None else str(found)
