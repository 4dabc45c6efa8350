"""Trouble between the house and its channels: nothing is sent twice without a doubt, nothing holds up the rest."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.errors import StoreUnavailable
from bot.core.message import Attachment, OutboundMessage
from bot.steps.deliver import deliver_due
from bot.steps.erase import erase_on_wish
from bot.steps.fetch import fetch_due
from bot.steps.receive import receive
from bot.steps.triage import triage_next
from bot.store import conversations, outbox
from bot.store.tables import attachment_bytes, attachments
from bot.store.tables import outbox as letters
from tests.night import Night, at
from tests.prove.citizens import PICTURE

NIGHT = at("Thu 2026-11-26 22:14")
LANTERN = "Die Laterne vor Haus 3 ist aus."


async def _rows(night: Night, query: sa.Select[Any]) -> list[Any]:
    async with night.database.read() as tx:
        return list((await tx.execute(query)).all())


async def _hear(night: Night, photos: tuple[str, ...] = ()) -> None:
    raw = {"id": "1", "from": "citizen-1", "at": NIGHT.isoformat(), "text": LANTERN, "photos": list(photos)}
    await receive(raw, database=night.database, channel="chat", bot="", update_key="1", now=NIGHT)
    assert await triage_next(night.house, NIGHT)


async def test_what_has_left_is_noted_even_if_the_database_takes_nothing_for_a_moment(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    await _hear(night)
    mark, refusals = outbox.mark_sent, [StoreUnavailable(), StoreUnavailable()]

    async def locked(*given: Any) -> None:
        if refusals:
            raise refusals.pop()
        await mark(*given)

    monkeypatch.setattr(outbox, "mark_sent", locked)
    await deliver_due(night.house, NIGHT)

    assert len(night.chat.sent) == 1
    assert [row.sent_at for row in await _rows(night, sa.select(letters.c.sent_at))] == [NIGHT]


async def test_a_claim_that_nobody_has_ended_counts_as_a_doubt(night: Night) -> None:
    await _hear(night)
    async with night.database.begin() as tx:
        first = await outbox.claim(tx, NIGHT)
    async with night.database.begin() as tx:
        again = await outbox.claim(tx, NIGHT + timedelta(seconds=61))

    assert [parcel.id for parcel in first] == [parcel.id for parcel in again]
    assert [row.doubtful for row in await _rows(night, sa.select(letters.c.doubtful))] == [1]


async def test_a_channel_that_stumbles_is_tried_again_later_and_given_up_in_the_end(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(_message: OutboundMessage) -> str:
        raise TypeError("nobody has thought of this")

    monkeypatch.setattr(night.chat, "send", broken)
    await _hear(night)
    for hours in range(30):
        await deliver_due(night.house, NIGHT + timedelta(hours=3 * hours))

    [row] = await _rows(night, sa.select(letters.c.attempts, letters.c.failed_at, letters.c.reason))
    assert row.attempts == 12
    assert row.failed_at is not None
    assert row.reason == "unerwarteter Fehler (TypeError)"


async def test_a_file_that_comes_after_the_erasure_is_not_kept(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    async def slow(_attachment: Attachment) -> bytes:
        async with night.database.begin() as tx:
            exchange = await conversations.open_for(tx, "chat", "citizen-1", NIGHT)
            await erase_on_wish(tx, night.house, exchange, "de", NIGHT, key="w")
        return PICTURE

    monkeypatch.setattr(night.chat, "fetch", slow)
    await _hear(night, photos=("dunkel",))
    assert await fetch_due(night.house, NIGHT) == 1

    assert await _rows(night, sa.select(attachment_bytes.c.attachment_id)) == []


async def test_a_file_nobody_can_make_sense_of_does_not_hold_up_the_next(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fetch(attachment: Attachment) -> bytes:
        if attachment.remote_id == "bad":
            raise MemoryError
        return PICTURE

    monkeypatch.setattr(night.chat, "fetch", fetch)
    await _hear(night, photos=("bad", "good"))
    await fetch_due(night.house, NIGHT)

    stored = await _rows(night, sa.select(attachments.c.name, attachments.c.stored_at).order_by(attachments.c.id))
    assert [(row.name, row.stored_at is not None) for row in stored] == [("bad.jpg", False), ("good.jpg", True)]
