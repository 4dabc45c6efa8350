"""The inbox: raw updates, kept before anybody is told that they arrived, and what became of them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.message import Fate
from bot.store.tables import inbox, uploads


@dataclass(frozen=True, slots=True)
class InboxRow:
    """A raw update that waits to be read."""

    id: int
    channel: str
    raw: str
    received_at: datetime
    attempts: int


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a web message."""

    name: str
    mime: str
    data: bytes


async def put(
    tx: AsyncConnection,
    *,
    channel: str,
    bot: str,
    update_key: str,
    raw: Mapping[str, Any] | str,
    now: datetime,
    files: tuple[Upload, ...] = (),
) -> int | None:
    """Keeps a raw update; None if the same one is here already. `raw` of type str could not be parsed as JSON."""
    values = {
        "channel": channel,
        "bot": bot,
        "update_key": update_key,
        "raw": raw if isinstance(raw, str) else json.dumps(raw, ensure_ascii=False),
        "received_at": now,
    }
    row = (await tx.execute(insert_or_skip(tx, inbox, values).returning(inbox.c.id))).first()
    if row is None:
        return None
    if files:
        await tx.execute(
            uploads.insert(), [{"inbox_id": row.id, "name": f.name, "mime": f.mime, "data": f.data} for f in files]
        )
    return int(row.id)


def insert_or_skip(tx: AsyncConnection, table: sa.Table, values: Mapping[str, Any]) -> Any:
    """An INSERT that does nothing where a unique row exists already."""
    make = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    return make(table).values(**values).on_conflict_do_nothing()


async def next_waiting(tx: AsyncConnection, now: datetime) -> InboxRow | None:
    """The oldest update nobody has dealt with."""
    query = (
        sa.select(inbox.c.id, inbox.c.channel, inbox.c.raw, inbox.c.received_at, inbox.c.attempts)
        .where(inbox.c.done_at.is_(None))
        .order_by(inbox.c.id)
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return InboxRow(*row) if row else None


async def finish(
    tx: AsyncConnection, number: int, fate: Fate, *, now: datetime, conversation: int | None, error: str | None = None
) -> None:
    """The update is dealt with and has its fate."""
    await tx.execute(
        inbox.update()
        .where(inbox.c.id == number)
        .values(done_at=now, fate=fate.value, conversation_id=conversation, error=error)
    )


async def count_attempt(tx: AsyncConnection, number: int) -> None:
    """One more try that did not come to its end."""
    await tx.execute(inbox.update().where(inbox.c.id == number).values(attempts=inbox.c.attempts + 1))


async def change_fate(tx: AsyncConnection, numbers: tuple[int, ...], fate: Fate) -> None:
    """A waiting fragment has found its place."""
    if numbers:
        await tx.execute(inbox.update().where(inbox.c.id.in_(numbers)).values(fate=fate.value))


async def uploads_of(tx: AsyncConnection, number: int) -> list[Upload]:
    """The files that came with this update."""
    query = sa.select(uploads.c.name, uploads.c.mime, uploads.c.data).where(uploads.c.inbox_id == number)
    return [Upload(*row) for row in (await tx.execute(query.order_by(uploads.c.id))).all()]


async def drop_uploads(tx: AsyncConnection, number: int) -> None:
    """The files have become attachments."""
    await tx.execute(uploads.delete().where(uploads.c.inbox_id == number))


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An update nobody could parse."""

    id: int
    channel: str
    received_at: datetime
    error: str
    raw: str | None


async def dead_letters(tx: AsyncConnection, *, unseen_only: bool = True) -> list[DeadLetter]:
    """What staff should look at, newest first."""
    query = sa.select(inbox.c.id, inbox.c.channel, inbox.c.received_at, inbox.c.error, inbox.c.raw).where(
        inbox.c.fate == Fate.UNREADABLE.value
    )
    if unseen_only:
        query = query.where(inbox.c.seen_at.is_(None))
    rows = (await tx.execute(query.order_by(inbox.c.id.desc()).limit(200))).all()
    return [DeadLetter(row.id, row.channel, row.received_at, row.error or "", row.raw) for row in rows]


async def mark_seen(tx: AsyncConnection, number: int, now: datetime) -> None:
    """Staff have looked at the dead letter."""
    await tx.execute(inbox.update().where(inbox.c.id == number).values(seen_at=now))


async def fates(tx: AsyncConnection, since: datetime, until: datetime) -> dict[str, int]:
    """How many updates received in this span had which fate; `waiting`: not yet dealt with."""
    query = (
        sa.select(inbox.c.fate, sa.func.count())
        .where(inbox.c.received_at >= since, inbox.c.received_at < until)
        .group_by(inbox.c.fate)
    )
    found = {fate or "waiting": count for fate, count in (await tx.execute(query)).all()}
    counts = {fate.value: int(found.get(fate.value, 0)) for fate in Fate}
    return {**counts, "waiting": int(found.get("waiting", 0)), "received": sum(int(n) for n in found.values())}
