"""What stands in a place's database after a night: cases, and what staff have said of them."""

from datetime import UTC, datetime

import sqlalchemy as sa

from bot.cli.place import Place
from bot.cli.storage import opened
from bot.core.case import Urgency
from bot.core.staff import Role
from bot.core.verdict import Verdict
from bot.steps import review
from bot.steps.staff import add_staff
from bot.store.tables import cases
from tests.night import begin


async def cases_of_a_night(place: Place, *texts: str) -> list[str]:
    """Each text written by a citizen just now; returns the references of all cases, the oldest first."""
    async with opened(place):
        night = await begin(place.state / "nachtschalter.db", tables=False)
    async with night.database.read() as tx:
        night.heard = (await tx.execute(sa.select(sa.func.count()).select_from(cases))).scalar_one() * 100
    for text in texts:
        await night.hear(text, datetime.now(UTC), sender=f"citizen-{night.heard}")
    async with night.database.read() as tx:
        found = (await tx.execute(sa.select(cases.c.reference).order_by(cases.c.id))).scalars().all()
    await night.database.close()
    return [str(reference) for reference in found]


async def give_verdict(place: Place, reference: str, department: str) -> None:
    """Somebody says whose the case is."""
    night, now = await begin(place.state / "nachtschalter.db", tables=False), datetime.now(UTC)
    name = f"Anna {reference}"
    clerk = await add_staff(night.database, name=name, role=Role.CLERK, password="lang genug dafür", now=now)
    verdict = Verdict(department, Urgency.NORMAL)
    await review.judge(reference, verdict, house=night.house, staff=clerk, now=now)
    await night.database.close()
