"""Storage: the town's database for one command, brought up to date, closed again afterwards."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from bot.cli.place import Place
from bot.store.database import Database, connect, url_of
from bot.store.migrations.upgrade import upgrade

_SQLITE = "sqlite+aiosqlite:///"


def database_file(place: Place) -> Path | None:
    """The file of the town's database; None for a server."""
    url = place.settings.secrets.database_url
    if url is None:
        return place.state / "nachtschalter.db"
    return Path(url.removeprefix(_SQLITE)) if url.startswith(_SQLITE) else None


@asynccontextmanager
async def opened(place: Place) -> AsyncIterator[Database]:
    """The database; made if there is none."""
    place.state.mkdir(parents=True, exist_ok=True)
    url = place.settings.secrets.database_url
    database = connect(url or url_of(place.state / "nachtschalter.db"))
    try:
        await upgrade(database)
        yield database
    finally:
        await database.close()
