"""Rehearsal: cases given before a replay, and what became of its messages."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Status, Urgency
from bot.core.message import Content, Fate, InboundMessage, ReplyKind
from bot.store import cases, conversations
from bot.store.tables import case_messages, inbox, outbox
from bot.store.tables import cases as cases_table


async def give_case(
    tx: AsyncConnection, conversation: int, given: Mapping[str, Any], urgency: Urgency, opened: datetime, due: datetime
) -> None:
    """A case that exists before the first message, with one message of its own."""
    key = f"given:{given['reference']}"
    made = inbox.insert().values(
        channel="script", bot="", update_key=key, received_at=opened, done_at=opened, fate=Fate.NEW_CASE.value
    )
    row = (await tx.execute(made.returning(inbox.c.id))).scalar_one()
    await tx.execute(inbox.update().where(inbox.c.id == row).values(conversation_id=conversation))
    message = InboundMessage("script", "1", key, opened, Content.TEXT, str(given.get("text", "")))
    await conversations.add_message(tx, row, conversation, message, opened)
    number = await cases.create(
        tx,
        reference=given["reference"],
        conversation=conversation,
        department=given["department"],
        urgency=urgency,
        sure=True,
        opened_at=opened,
        touched_at=opened,
        due_at=due,
        due_told=True,
        due_reasons=[],
        dangers={},
    )
    assert number is not None
    await cases.join(tx, number, row)
    await cases.change(tx, number, status=Status(given.get("status", "waiting")).value)


async def outcome(tx: AsyncConnection, timezone: ZoneInfo) -> dict[str, Any]:
    """Cases with the indexes of their messages, and the messages that belong to none."""
    rows = (await tx.execute(sa.select(inbox.c.id, inbox.c.update_key).order_by(inbox.c.id))).all()
    index = {row.id: int(row.update_key) for row in rows if not row.update_key.startswith("given:")}
    found, placed = [], set()
    for case in (await tx.execute(sa.select(cases_table).order_by(cases_table.c.id))).all():
        query = sa.select(case_messages.c.message_id).where(case_messages.c.case_id == case.id)
        members = sorted(index[n] for (n,) in (await tx.execute(query)).all() if n in index)
        placed.update(members)
        if members:
            found.append({"messages": members, **await _told(tx, case, timezone)})
    return {"cases": found, "none": sorted(set(index.values()) - placed)}


async def _told(tx: AsyncConnection, case: Any, timezone: ZoneInfo) -> dict[str, Any]:
    receipts = (
        sa.select(sa.func.count())
        .select_from(outbox)
        .where(outbox.c.case_id == case.id, outbox.c.kind == ReplyKind.RECEIPT.value)
    )
    return {
        "department": case.department,
        "urgency": case.urgency,
        "receipts": (await tx.execute(receipts)).scalar_one(),
        "due_at": case.due_at.astimezone(timezone).isoformat() if case.due_at else None,
        "status": case.status,
    }
