"""Bringing a database up to date."""

from pathlib import Path

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from bot.store.database import Database
from bot.store.tables import metadata


def config(connection: sa.Connection) -> Config:
    """Alembic's settings, without a file of their own."""
    made = Config()
    made.set_main_option("script_location", str(Path(__file__).parent))
    made.set_main_option("path_separator", "os")
    made.attributes["connection"] = connection
    return made


async def upgrade(database: Database) -> None:
    """Runs every migration the database has not seen; all of them or none."""
    async with database.begin() as tx:
        await tx.run_sync(lambda connection: command.upgrade(config(connection), "head"))


async def schema(database: Database) -> str | None:
    """The newest migration the database has seen."""
    async with database.read() as tx:
        return await tx.run_sync(lambda connection: MigrationContext.configure(connection).get_current_revision())


def newest() -> str | None:
    """The newest migration there is."""
    return _scripts().get_current_head()


def knows(revision: str | None) -> bool:
    """Whether a database of this age can be brought up to date; one of a later version cannot."""
    return revision is None or any(script.revision == revision for script in _scripts().walk_revisions())


def _scripts() -> ScriptDirectory:
    return ScriptDirectory(str(Path(__file__).parent))


async def create_all(database: Database) -> None:
    """All tables at once, for a database that lives only as long as its process."""
    async with database.begin() as tx:
        await tx.run_sync(metadata.create_all)
