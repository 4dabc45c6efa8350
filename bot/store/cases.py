"""Cases: opened, joined, judged, moved; what is appended is never edited."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Status, Urgency, move
from bot.core.errors import UnknownReference
from bot.store.inbox import insert_or_skip
from bot.store.tables import case_messages, cases, moves, triages


async def create(
    tx: AsyncConnection,
    *,
    reference: str,
    conversation: int,
    department: str,
    urgency: Urgency,
    sure: bool,
    opened_at: datetime,
    touched_at: datetime,
    due_at: datetime | None,
    due_told: bool,
    due_reasons: Sequence[Any],
    dangers: Mapping[str, str],
    person_wished: bool = False,
) -> int | None:
    """A new waiting case; None if the reference is taken (draw another)."""
    values = {
        "reference": reference,
        "conversation_id": conversation,
        "department": department,
        "urgency": urgency.value,
        "status": Status.WAITING.value,
        "sure": sure,
        "opened_at": opened_at,
        "touched_at": touched_at,
        "due_at": due_at,
        "due_told": due_told,
        "due_reasons": list(due_reasons),
        "dangers": dict(dangers),
        "person_wished": person_wished,
    }
    row = (await tx.execute(insert_or_skip(tx, cases, values).returning(cases.c.id))).first()
    return int(row.id) if row else None


async def join(tx: AsyncConnection, case: int, message: int) -> None:
    """The message belongs to the case."""
    await tx.execute(insert_or_skip(tx, case_messages, {"case_id": case, "message_id": message}))


async def change(tx: AsyncConnection, case: int, **values: Any) -> None:
    """What the case is now: department, urgency, promise, last touch."""
    await tx.execute(cases.update().where(cases.c.id == case).values(**values))


async def get(tx: AsyncConnection, case: int) -> Any:
    """The row of a case."""
    return (await tx.execute(sa.select(cases).where(cases.c.id == case))).one()


async def by_reference(tx: AsyncConnection, reference: str) -> Any:
    """The row of the case with this reference; raises UnknownReference."""
    row = (await tx.execute(sa.select(cases).where(cases.c.reference == reference))).first()
    if row is None:
        raise UnknownReference(reference)
    return row


async def move_to(
    tx: AsyncConnection, case: int, wanted: Status, *, now: datetime, staff: int | None = None, **values: Any
) -> None:
    """Moves the case's status where the table allows it, and appends who and when; raises IllegalMove."""
    present = Status((await tx.execute(sa.select(cases.c.status).where(cases.c.id == case))).scalar_one())
    after = move(present, wanted)
    ended = now if after in (Status.CLOSED, Status.WITHDRAWN) else None
    await tx.execute(cases.update().where(cases.c.id == case).values(status=after.value, ended_at=ended, **values))
    await tx.execute(
        moves.insert().values(case_id=case, at=now, staff_id=staff, before=present.value, after=after.value)
    )


async def add_triage(tx: AsyncConnection, **values: Any) -> None:
    """Appends what rules and model thought of the case."""
    await tx.execute(triages.insert().values(**values))
