"""The queue as rows: open cases with what a clerk needs to choose among them. A query, never a copy."""

from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import OPEN, Status, Urgency
from bot.core.message import Fate
from bot.core.queue import QueueRow
from bot.store.tables import attachments, bodies, case_messages, cases, inbox, messages, outbox, staff

#: more than a town of this size meets in a flood night; whatever lies behind comes up as these are answered
_MOST = 1000
_FIRST_WORDS = 240  # characters


async def open_rows(tx: AsyncConnection) -> list[QueueRow]:
    """All open cases, the pressing and the promised first when there are too many."""
    own = sa.select(sa.func.count(attachments.c.id)).join(
        case_messages, case_messages.c.message_id == attachments.c.message_id
    )
    files = own.where(case_messages.c.case_id == cases.c.id).scalar_subquery().label("files")
    lost = sa.exists().where(
        outbox.c.case_id == cases.c.id, outbox.c.failed_at.is_not(None), outbox.c.seen_at.is_(None)
    )
    urgency_rank = sa.case({u.value: u.rank for u in Urgency}, value=cases.c.urgency)
    query = (
        sa.select(cases, staff.c.name, files, lost.label("lost"))
        .outerjoin(staff, staff.c.id == cases.c.taken_by)
        .where(cases.c.status.in_([status.value for status in OPEN]))
        .order_by(urgency_rank, cases.c.due_at, cases.c.id)
        .limit(_MOST)
    )
    rows = (await tx.execute(query)).all()
    words = await _first_words(tx)
    return [_row(row, words.get(row.id, "")) for row in rows]


async def _first_words(tx: AsyncConnection) -> dict[int, str]:
    """How each open case begins: its first message with words."""
    query = (
        sa.select(case_messages.c.case_id, sa.func.substr(bodies.c.text, 1, _FIRST_WORDS).label("text"))
        .join(cases, cases.c.id == case_messages.c.case_id)
        .join(bodies, bodies.c.message_id == case_messages.c.message_id)
        .join(messages, messages.c.id == bodies.c.message_id)
        .join(inbox, inbox.c.id == messages.c.id)
        .where(cases.c.status.in_([status.value for status in OPEN]))
        .where(messages.c.replaced_by.is_(None), inbox.c.fate != Fate.COMMAND.value)
        .order_by(bodies.c.message_id.desc())
    )
    return {row.case_id: row.text for row in (await tx.execute(query)).all()}


async def claim(tx: AsyncConnection, case: int, staff_id: int, *, instead_of: int | None) -> bool:
    """Writes a name on the case if nobody (or still the one named in `instead_of`) has it; False: too late."""
    free = cases.c.taken_by.is_(None) if instead_of is None else cases.c.taken_by == instead_of
    done = await tx.execute(cases.update().where(cases.c.id == case, free).values(taken_by=staff_id))
    return bool(done.rowcount)


def _row(row: Any, words: str) -> QueueRow:
    return QueueRow(
        id=row.id,
        reference=row.reference,
        department=row.department,
        urgency=Urgency(row.urgency),
        status=Status(row.status),
        sure=row.sure,
        opened_at=row.opened_at,
        due_at=row.due_at,
        due_told=row.due_told,
        text=words,
        taken_by=row.taken_by,
        taken_name=row.name,
        dangers=tuple(row.dangers),
        person_wished=row.person_wished,
        files=row.files,
        undelivered=bool(row.lost),
    )
