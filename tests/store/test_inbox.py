"""The inbox: what arrived is there once, and stays until it has its fate."""

from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.core.message import Fate
from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Upload
from tests.night import at

NOW = at("Tue 2026-11-24 22:14")


async def put(database: Database, key: str, *, bot: str = "", raw: dict[str, str] | str | None = None) -> int | None:
    async with database.begin() as tx:
        return await inbox.put(tx, channel="chat", bot=bot, update_key=key, raw=raw or {"text": "Hallo"}, now=NOW)


async def test_the_same_update_arrives_once(database: Database) -> None:
    assert await put(database, "7") is not None
    assert await put(database, "7") is None


async def test_another_bot_may_count_from_the_same_number(database: Database) -> None:
    assert await put(database, "7", bot="a") is not None
    assert await put(database, "7", bot="b") is not None


async def test_the_oldest_waits_first_and_finished_ones_no_longer(database: Database) -> None:
    first, second = await put(database, "1"), await put(database, "2")
    assert first
    assert second

    async with database.begin() as tx:
        row = await inbox.next_waiting(tx, NOW)
        assert row
        assert row.id == first
        await inbox.finish(tx, first, Fate.NO_CONCERN, now=NOW, conversation=None)
        row = await inbox.next_waiting(tx, NOW)

    assert row
    assert row.id == second


async def test_attempts_are_counted(database: Database) -> None:
    number = await put(database, "1")
    assert number

    async with database.begin() as tx:
        await inbox.count_attempt(tx, number)
        row = await inbox.next_waiting(tx, NOW)

    assert row
    assert row.attempts == 1


async def test_what_is_no_json_is_kept_as_it_came(database: Database) -> None:
    await put(database, "1", raw="{broken")

    async with database.read() as tx:
        row = await inbox.next_waiting(tx, NOW)

    assert row
    assert row.raw == "{broken"


async def test_files_of_a_web_message_come_with_it(database: Database) -> None:
    files = (Upload("a.jpg", "image/jpeg", b"\xff\xd8"),)
    async with database.begin() as tx:
        number = await inbox.put(tx, channel="web", bot="", update_key="1", raw={}, now=NOW, files=files)
        assert number
        kept = await inbox.uploads_of(tx, number)
        await inbox.drop_uploads(tx, number)
        gone = await inbox.uploads_of(tx, number)

    assert [(f.name, f.data) for f in kept] == [("a.jpg", b"\xff\xd8")]
    assert gone == []


async def test_instants_come_back_as_they_were_and_naive_ones_are_refused(database: Database) -> None:
    await put(database, "1")

    async with database.read() as tx:
        row = await inbox.next_waiting(tx, NOW)
    assert row
    assert row.received_at == NOW
    assert row.received_at.utcoffset() is not None

    with pytest.raises(sa.exc.StatementError, match="time zone"):
        async with database.begin() as tx:
            await inbox.put(tx, channel="chat", bot="", update_key="2", raw={}, now=datetime(2026, 11, 24))  # noqa: DTZ001
