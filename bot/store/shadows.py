"""Shadows: what the model that runs beside the serving one would have decided, appended; no words."""

from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Urgency
from bot.core.rerouting import Placing
from bot.core.shadow import Compared
from bot.store.inbox import insert_or_skip
from bot.store.tables import cases, shadows, triages, verdicts


@dataclass(frozen=True, slots=True)
class TriagedCase:
    """A triage that the shadow has not dealt with."""

    triage: int
    case: int
    at: datetime


async def last_seen(tx: AsyncConnection, begun_at: datetime) -> int:
    """The last triage this run has dealt with; for one that begins, the last there is."""
    own = sa.select(sa.func.max(shadows.c.triage_id)).where(shadows.c.begun_at == begun_at).scalar_subquery()
    newest = sa.select(sa.func.max(triages.c.id)).scalar_subquery()
    return int((await tx.execute(sa.select(sa.func.coalesce(own, newest, 0)))).scalar_one())


async def next_after(tx: AsyncConnection, triage: int) -> TriagedCase | None:
    """The oldest triage after this one."""
    query = sa.select(triages.c.id, triages.c.case_id, triages.c.at).where(triages.c.id > triage)
    row = (await tx.execute(query.order_by(triages.c.id).limit(1))).first()
    return TriagedCase(*row) if row else None


async def append(
    tx: AsyncConnection,
    found: TriagedCase,
    *,
    begun_at: datetime,
    model_id: str,
    placing: Placing | None,
    serving_id: str,
    serving: Placing,
) -> None:
    """What both models say of one text; `placing` None: the shadow gave no answer. Once a run and triage."""
    values = {
        "case_id": found.case,
        "triage_id": found.triage,
        "at": found.at,
        "begun_at": begun_at,
        "model_id": model_id,
        "department": placing.department if placing else None,
        "urgency": placing.urgency.value if placing else None,
        "serving_id": serving_id,
        "serving_department": serving.department,
        "serving_urgency": serving.urgency.value,
    }
    await tx.execute(insert_or_skip(tx, shadows, values))


async def of_run(tx: AsyncConnection, begun_at: datetime) -> list[Compared]:
    """All texts of a run in order, with the newest verdict of their cases."""
    newest = sa.select(sa.func.max(verdicts.c.id)).group_by(verdicts.c.case_id)
    query = (
        sa.select(
            shadows,
            cases.c.reference,
            verdicts.c.department.label("judged_department"),
            verdicts.c.urgency.label("judged_urgency"),
        )
        .join(cases, cases.c.id == shadows.c.case_id)
        .outerjoin(verdicts, (verdicts.c.case_id == shadows.c.case_id) & verdicts.c.id.in_(newest))
        .where(shadows.c.begun_at == begun_at)
        .order_by(shadows.c.id)
    )
    return [
        Compared(
            reference=row.reference,
            serving_id=row.serving_id,
            serving=Placing(row.serving_department, Urgency(row.serving_urgency)),
            shadow=_placing(row.department, row.urgency),
            verdict=_placing(row.judged_department, row.judged_urgency),
        )
        for row in (await tx.execute(query)).all()
    ]


def _placing(department: str | None, urgency: str | None) -> Placing | None:
    return Placing(department, Urgency(urgency)) if department and urgency else None
