"""Digests: one row a department and day, and what they are counted from."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import OPEN, Status, Urgency
from bot.core.message import Fate
from bot.core.queue import QueueRow
from bot.store.inbox import insert_or_skip
from bot.store.tables import cases, digests, inbox, outbox


async def written(tx: AsyncConnection, on: date) -> frozenset[str]:
    """The departments whose digest of this day is written."""
    rows = await tx.execute(sa.select(digests.c.department).where(digests.c.date == on))
    return frozenset(department for (department,) in rows.all())


async def add(tx: AsyncConnection, department: str, on: date, counts: Mapping[str, int], now: datetime) -> bool:
    """False if the department has its digest of this day already: then nothing else may be written."""
    values = {"department": department, "date": on, "created_at": now, "counts": dict(counts)}
    row = (await tx.execute(insert_or_skip(tx, digests, values).returning(digests.c.id))).first()
    return row is not None


async def last_at(tx: AsyncConnection, department: str, before: datetime) -> datetime | None:
    """When the department last got one."""
    query = sa.select(sa.func.max(digests.c.created_at)).where(
        digests.c.department == department, digests.c.created_at < before
    )
    value: datetime | None = (await tx.execute(query)).scalar()
    return value


async def departments(tx: AsyncConnection) -> list[str]:
    """Every department that ever had a case, also one the town no longer has."""
    return list((await tx.execute(sa.select(cases.c.department).distinct())).scalars())


async def open_cases(tx: AsyncConnection, names: Sequence[str]) -> list[QueueRow]:
    """The open cases of a department and those it has taken over, without their words."""
    wanted = [status.value for status in OPEN]
    query = sa.select(cases).where(cases.c.department.in_(names), cases.c.status.in_(wanted))
    return [
        QueueRow(
            id=row.id,
            reference=row.reference,
            department=row.department,
            urgency=Urgency(row.urgency),
            status=Status(row.status),
            sure=row.sure,
            opened_at=row.opened_at,
            due_at=row.due_at,
            due_told=row.due_told,
            dangers=tuple(row.dangers),
        )
        for row in (await tx.execute(query)).all()
    ]


async def count_undelivered(tx: AsyncConnection, names: Sequence[str], *, without_case: bool) -> int:
    """Messages about these departments' cases that did not arrive and nobody has looked at."""
    own = cases.c.department.in_(names)
    query = (
        sa.select(sa.func.count())
        .select_from(outbox.outerjoin(cases, cases.c.id == outbox.c.case_id))
        .where(outbox.c.failed_at.is_not(None), outbox.c.seen_at.is_(None))
        .where(sa.or_(own, outbox.c.case_id.is_(None)) if without_case else own)
    )
    return int((await tx.execute(query)).scalar_one())


async def count_dead_letters(tx: AsyncConnection) -> int:
    """Updates nobody could parse and nobody has looked at."""
    query = (
        sa.select(sa.func.count())
        .select_from(inbox)
        .where(inbox.c.fate == Fate.UNREADABLE.value, inbox.c.seen_at.is_(None))
    )
    return int((await tx.execute(query)).scalar_one())
