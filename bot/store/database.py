"""The database: opened, brought up to date, and handed out as transactions."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any, TypeAlias

import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import StaticPool

from bot.core.errors import StoreUnavailable

#: a transaction; the steps pass it on and never look inside
Tx: TypeAlias = AsyncConnection

#: seconds a writer waits for another process; a reader less, because somebody is looking at an empty page
_WRITER_WAITS, _READER_WAITS = 5.0, 0.5
_MEMORY = "sqlite+aiosqlite://"


class Database:
    """Transactions on one town's database. SQLite: one writer at a time, `BEGIN IMMEDIATE`, `synchronous=FULL`."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self._writer = engine.execution_options(writes=True)
        self._turn = asyncio.Lock()
        self.is_sqlite = engine.dialect.name == "sqlite"
        self._one_connection = isinstance(engine.pool, StaticPool)

    @asynccontextmanager
    async def begin(self) -> AsyncIterator[AsyncConnection]:
        """A writing transaction; committed at the end, rolled back on any error. Raises StoreUnavailable."""
        async with self._alone(), self._guard(), self._writer.begin() as tx:
            yield tx

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A short reading transaction."""
        async with (
            self._alone() if self._one_connection else nullcontext(),
            self._guard(),
            self._engine.connect() as tx,
        ):
            yield tx

    @asynccontextmanager
    async def _alone(self) -> AsyncIterator[None]:
        # Writers of one process queue here, where waiting costs nothing, instead of in SQLite's busy loop.
        if not self.is_sqlite:
            yield
            return
        async with self._turn:
            yield

    @asynccontextmanager
    async def _guard(self) -> AsyncIterator[None]:
        try:
            yield
        except (OperationalError, DBAPIError) as error:
            if isinstance(error, sa.exc.IntegrityError | sa.exc.ProgrammingError):
                raise
            raise StoreUnavailable(f"{type(error.orig).__name__}: {error.orig}") from error

    async def check(self) -> None:
        """Raises StoreUnavailable for a SQLite file that is damaged, or is none; changes nothing in it."""
        if not self.is_sqlite:
            return
        async with self.read() as tx:
            told = str((await tx.exec_driver_sql("PRAGMA quick_check(1)")).scalar_one())
        if told != "ok":
            raise StoreUnavailable(f"malformed: {told}")

    async def close(self) -> None:
        """Gives all connections back."""
        await self._engine.dispose()

    @property
    def engine(self) -> AsyncEngine:
        """For migrations, backup and erasure only."""
        return self._engine


def url_of(path: Path) -> str:
    """The address of a SQLite file."""
    return f"sqlite+aiosqlite:///{path}"


def connect(url: str) -> Database:
    """A database for `postgresql://…`, `sqlite+aiosqlite:///file` or `sqlite+aiosqlite://` (in memory)."""
    if url.startswith("postgresql"):
        _, _, rest = url.partition("://")
        return Database(create_async_engine(f"postgresql+psycopg://{rest}", pool_pre_ping=True))
    if url == _MEMORY:
        # One connection shared by all: a second one would see another, empty database.
        engine = create_async_engine(url, poolclass=StaticPool)
    else:
        engine = create_async_engine(url, connect_args={"timeout": _READER_WAITS})
    sa.event.listen(engine.sync_engine, "connect", _on_connect)
    sa.event.listen(engine.sync_engine, "begin", _on_begin)
    return Database(engine)


def _on_connect(connection: Any, _: Any) -> None:
    # The driver must not begin transactions by itself: ours begin IMMEDIATE, so a reader never has to become a writer.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (
        "foreign_keys=ON",
        "secure_delete=ON",  # erased words leave the file's bytes, not only its index
        "synchronous=FULL",
        "journal_mode=DELETE",  # write-ahead logs may corrupt before SQLite 3.51.3; Debian 12 has 3.40
        "temp_store=MEMORY",
    ):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _on_begin(connection: sa.Connection) -> None:
    writes = connection.get_execution_options().get("writes")
    connection.exec_driver_sql(f"PRAGMA busy_timeout = {round(1000 * (_WRITER_WAITS if writes else _READER_WAITS))}")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
