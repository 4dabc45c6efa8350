"""The outbox: one message of a conversation at a time, danger first, and nothing lost by a crash."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.message import ReplyKind
from bot.store import conversations, outbox
from bot.store.database import Database
from tests.night import at

NOW = at("Tue 2026-11-24 22:14")
LATER = NOW + timedelta(minutes=2)


async def talk(tx: AsyncConnection, address: str = "1") -> int:
    return (await conversations.open_for(tx, "chat", address, NOW)).id


async def put(tx: AsyncConnection, key: str, conversation: int, kind: ReplyKind = ReplyKind.RECEIPT) -> bool:
    return await outbox.put(tx, key=key, channel="chat", kind=kind.value, text=key, now=NOW, conversation=conversation)


async def claim(database: Database, now: datetime) -> list[str]:
    async with database.begin() as tx:
        return [parcel.key for parcel in await outbox.claim(tx, now)]


async def test_the_same_key_is_put_once(database: Database) -> None:
    async with database.begin() as tx:
        number = await talk(tx)
        assert await put(tx, "m1:0", number)
        assert not await put(tx, "m1:0", number)


async def test_a_conversation_hears_one_message_at_a_time_in_order(database: Database) -> None:
    async with database.begin() as tx:
        one, other = await talk(tx), await talk(tx, "2")
        for key, number in (("a1", one), ("a2", one), ("b1", other)):
            await put(tx, key, number)

    assert await claim(database, NOW) == ["a1", "b1"]
    assert await claim(database, NOW) == []


async def test_danger_overtakes_what_waits(database: Database) -> None:
    async with database.begin() as tx:
        number = await talk(tx)
        await put(tx, "receipt", number)
        await put(tx, "danger", number, ReplyKind.SAFETY)

    assert await claim(database, NOW) == ["danger"]


async def test_what_is_not_due_holds_back_what_comes_after_it(database: Database) -> None:
    async with database.begin() as tx:
        number = await talk(tx)
        await put(tx, "first", number)
        await put(tx, "second", number)
        parcel = (await outbox.claim(tx, NOW))[0]
        await outbox.postpone(tx, parcel.id, LATER, "busy", doubtful=False)

    assert await claim(database, NOW) == []
    assert await claim(database, LATER) == ["first"]


async def test_a_claim_of_an_earlier_life_is_released_at_start(database: Database) -> None:
    async with database.begin() as tx:
        await put(tx, "receipt", await talk(tx))
    assert await claim(database, NOW) == ["receipt"]

    async with database.begin() as tx:
        assert await outbox.release_claims(tx) == 1

    assert await claim(database, NOW) == ["receipt"]


async def test_a_forgotten_claim_ends_by_itself(database: Database) -> None:
    async with database.begin() as tx:
        await put(tx, "receipt", await talk(tx))

    assert await claim(database, NOW) == ["receipt"]
    assert await claim(database, LATER) == ["receipt"]


async def test_what_was_sent_or_given_up_is_not_due_again(database: Database) -> None:
    async with database.begin() as tx:
        number = await talk(tx)
        await put(tx, "sent", number)
        await put(tx, "failed", number)
        parcel = (await outbox.claim(tx, NOW))[0]
        await outbox.mark_sent(tx, parcel.id, "x1", NOW)
        parcel = (await outbox.claim(tx, NOW))[0]
        await outbox.mark_failed(tx, parcel.id, "blocked", NOW)

    assert await claim(database, LATER) == []
    async with database.read() as tx:
        assert [u.reason for u in await outbox.undelivered(tx)] == ["blocked"]
