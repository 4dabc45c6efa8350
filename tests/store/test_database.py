"""The database: its migrations make the tables the code speaks of, and what is erased is gone."""

from pathlib import Path

import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from bot.core.message import Content, InboundMessage
from bot.store import conversations, erasure, inbox
from bot.store.database import Database, connect, url_of
from bot.store.migrations.upgrade import upgrade
from bot.store.tables import bodies, metadata
from bot.store.tables import conversations as conversations_table
from tests.night import at

NOW = at("Tue 2026-11-24 22:14")


async def test_the_migrations_make_exactly_the_tables_of_the_code(tmp_path: Path) -> None:
    database = connect(url_of(tmp_path / "town.db"))
    await upgrade(database)

    def differences(connection: sa.Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection), metadata))

    async with database.read() as tx:
        found = await tx.run_sync(differences)
    await database.close()

    assert found == []


async def test_erasing_takes_words_and_address_and_keeps_the_row(database: Database) -> None:
    async with database.begin() as tx:
        exchange = await conversations.open_for(tx, "chat", "address-4711", NOW)
        row = await inbox.put(tx, channel="chat", bot="", update_key="1", raw={"text": "Geheimnis"}, now=NOW)
        assert row
        message = InboundMessage("chat", "address-4711", "1", NOW, Content.TEXT, "Geheimnis")
        await conversations.add_message(tx, row, exchange.id, message, NOW)

        await erasure.erase_conversation(tx, exchange.id, NOW)

        assert (await tx.execute(sa.select(sa.func.count()).select_from(bodies))).scalar_one() == 0
        assert (await tx.execute(sa.select(conversations_table.c.address))).scalar_one() is None
        assert await conversations.find(tx, "chat", "address-4711") is None


async def test_a_failed_transaction_leaves_nothing(database: Database) -> None:
    try:
        async with database.begin() as tx:
            await conversations.open_for(tx, "chat", "1", NOW)
            raise RuntimeError("power cut")
    except RuntimeError:
        pass

    async with database.read() as tx:
        assert await conversations.find(tx, "chat", "1") is None
