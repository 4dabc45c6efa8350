"""Recent: the words of the last weeks' cases, as far as they are still stored."""

from dataclasses import dataclass, field
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.message import Fate
from bot.store.tables import bodies, case_messages, cases, inbox, messages


@dataclass(frozen=True, slots=True)
class RecentCase:
    """A case with all its citizen's words, one message a line."""

    reference: str
    opened_at: datetime
    text: str = field(repr=False)


async def cases_since(tx: AsyncConnection, since: datetime) -> list[RecentCase]:
    """The cases opened since then that still have words, the newest first."""
    query = (
        sa.select(cases.c.reference, cases.c.opened_at, bodies.c.text)
        .join(case_messages, case_messages.c.case_id == cases.c.id)
        .join(messages, messages.c.id == case_messages.c.message_id)
        .join(bodies, bodies.c.message_id == messages.c.id)
        .join(inbox, inbox.c.id == messages.c.id)
        .where(cases.c.opened_at >= since)
        .where(messages.c.replaced_by.is_(None), inbox.c.fate != Fate.COMMAND.value)
        .order_by(cases.c.opened_at.desc(), cases.c.id.desc(), messages.c.id)
    )
    words: dict[tuple[str, datetime], list[str]] = {}
    for row in (await tx.execute(query)).all():
        words.setdefault((row.reference, row.opened_at), []).append(row.text)
    found = (RecentCase(reference, at, "\n".join(said)) for (reference, at), said in words.items())
    return [case for case in found if case.text.strip()]
