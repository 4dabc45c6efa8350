"""Attachments: files citizens sent, with their own names, fetched once and kept in the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.message import Attachment, Content
from bot.store.tables import attachment_bytes, attachments, conversations, messages


@dataclass(frozen=True, slots=True)
class Fetchable:
    """An attachment whose bytes are still with its channel."""

    id: int
    channel: str
    attachment: Attachment
    attempts: int


async def note(tx: AsyncConnection, message: int, found: Sequence[Attachment]) -> list[int]:
    """Rows for a message's attachments, in order."""
    numbers = []
    for a in found:
        values = {
            "message_id": message,
            "kind": a.kind.value,
            "remote_id": a.remote_id,
            "name": a.name[-200:] if a.name else None,
            "mime": a.mime,
            "size": a.size,
        }
        numbers.append(
            int((await tx.execute(attachments.insert().values(**values).returning(attachments.c.id))).scalar_one())
        )
    return numbers


async def keep(tx: AsyncConnection, number: int, data: bytes, mime: str, now: datetime) -> None:
    """The bytes, already freed of what should not be kept."""
    await tx.execute(attachment_bytes.insert().values(attachment_id=number, data=data))
    values = {"stored_at": now, "mime": mime, "size": len(data), "remote_id": None}
    await tx.execute(attachments.update().where(attachments.c.id == number).values(**values))


async def refuse(tx: AsyncConnection, number: int, reason: str, now: datetime) -> None:
    """It will not be fetched; `reason` is a key the desk has a sentence for."""
    values = {"failed_at": now, "reason": reason[:40], "remote_id": None}
    await tx.execute(attachments.update().where(attachments.c.id == number).values(**values))


async def postpone(tx: AsyncConnection, number: int, until: datetime) -> None:
    """Tried again later."""
    values = {"not_before": until, "attempts": attachments.c.attempts + 1}
    await tx.execute(attachments.update().where(attachments.c.id == number).values(**values))


async def due(tx: AsyncConnection, now: datetime, *, most: int = 5) -> list[Fetchable]:
    """What is still to be fetched."""
    query = (
        sa.select(attachments, conversations.c.channel)
        .join(messages, messages.c.id == attachments.c.message_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(attachments.c.stored_at.is_(None), attachments.c.failed_at.is_(None))
        .where(attachments.c.remote_id.is_not(None))
        .where(sa.or_(attachments.c.not_before.is_(None), attachments.c.not_before <= now))
        .order_by(attachments.c.id)
        .limit(most)
    )
    return [
        Fetchable(r.id, r.channel, Attachment(Content(r.kind), r.remote_id, r.name, r.mime, r.size), r.attempts)
        for r in (await tx.execute(query)).all()
    ]


async def is_wanted(tx: AsyncConnection, number: int) -> bool:
    """Whether its bytes are still to come: neither here already, nor refused, nor erased."""
    query = sa.select(attachments.c.id).where(
        attachments.c.id == number, attachments.c.stored_at.is_(None), attachments.c.remote_id.is_not(None)
    )
    return (await tx.execute(query)).first() is not None
