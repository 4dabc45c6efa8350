"""Verdicts: appended, never edited; the newest of a case is also an example to learn from."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Urgency
from bot.core.verdict import Verdict
from bot.store.tables import examples, staff, triages, verdicts


@dataclass(frozen=True, slots=True)
class GivenVerdict:
    """A verdict with who gave it and when."""

    id: int
    at: datetime
    by: str
    verdict: Verdict
    topic: str | None


async def append(
    tx: AsyncConnection, case: int, verdict: Verdict, *, topic: str | None, revision: str, staff: int, now: datetime
) -> None:
    """What a person says about the case."""
    await tx.execute(
        verdicts.insert().values(
            case_id=case,
            at=now,
            staff_id=staff,
            department=verdict.department,
            urgency=verdict.urgency.value,
            topic=topic,
            revision=revision,
        )
    )


async def of_case(tx: AsyncConnection, case: int) -> list[GivenVerdict]:
    """All verdicts of a case, oldest first."""
    query = (
        sa.select(verdicts, staff.c.name)
        .join(staff, staff.c.id == verdicts.c.staff_id)
        .where(verdicts.c.case_id == case)
        .order_by(verdicts.c.id)
    )
    rows = (await tx.execute(query)).all()
    return [GivenVerdict(r.id, r.at, r.name, Verdict(r.department, Urgency(r.urgency)), r.topic) for r in rows]


async def guessed_topic(tx: AsyncConnection, case: int) -> str | None:
    """The likeliest topic of the newest triage."""
    query = sa.select(triages.c.topic).where(triages.c.case_id == case).order_by(triages.c.id.desc()).limit(1)
    return (await tx.execute(query)).scalar()


async def keep_example(
    tx: AsyncConnection,
    case: int,
    verdict: Verdict,
    *,
    conversation: int,
    text: str,
    topic: str | None,
    lang: str,
    now: datetime,
) -> None:
    """The case's one example: scrubbed words with the newest label; nothing for a case without words.

    It stays as old as the case's first verdict, because a model may have learnt from that.
    """
    first_at = (await tx.execute(sa.select(examples.c.at).where(examples.c.case_id == case))).scalar()
    await tx.execute(examples.delete().where(examples.c.case_id == case))
    if not text.strip():
        return
    await tx.execute(
        examples.insert().values(
            case_id=case,
            conversation_id=conversation,
            text=text,
            department=verdict.department,
            urgency=verdict.urgency.value,
            topic=topic,
            lang=lang,
            source="verdict",
            at=first_at or now,
        )
    )
