"""The queue's page: the night's sum, what went wrong, and what waits, the pressing first."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot.core.case import Urgency
from bot.core.queue import (
    QueueFilter,
    QueueRow,
    department_counts,
    last_closing,
    open_time_left,
    shown,
)
from bot.desk.gate import Guest, base_of, enter, enter_with_form
from bot.steps.house import House
from bot.store import blind, inbox, outbox, queue

if TYPE_CHECKING:
    from bot.desk.build import Desk


@dataclass(frozen=True, slots=True)
class Line:
    """A row as it is shown."""

    row: QueueRow
    overdue: bool
    left: timedelta | None  # open time until the promise


def mount(desk: "Desk") -> None:
    """Adds the routes."""
    router, pages, database = desk.router, desk.pages, desk.house.database

    @router.get("")
    async def page(request: Request) -> Response:
        guest = await enter(desk, request)
        said = request.query_params.get("said", "")
        return pages.answer(request, "queue.html", guest=guest, said=said, **await _view(desk.house, guest))

    @router.get("/queue")
    async def fragment(request: Request) -> Response:
        guest = await enter(desk, request)
        return pages.answer(request, "queue_rows.html", guest=guest, **await _view(desk.house, guest))

    @router.post("/undelivered/{number}/{action}")
    async def undelivered(request: Request, number: int, action: str) -> Response:
        guest, _ = await enter_with_form(desk, request)
        async with database.begin() as tx:
            if action == "retry":
                await outbox.retry(tx, number, guest.now)
            elif action == "seen":
                await outbox.mark_seen(tx, number, guest.now)
        guest.wake()
        return RedirectResponse(f"{base_of(request)}/desk", 303)

    @router.post("/dead-letters/{number}/seen")
    async def dead_letter(request: Request, number: int) -> Response:
        guest, _ = await enter_with_form(desk, request)
        async with database.begin() as tx:
            await inbox.mark_seen(tx, number, guest.now)
        return RedirectResponse(f"{base_of(request)}/desk", 303)


async def _view(house: House, guest: Guest) -> dict[str, Any]:
    hours = house.settings.hours[house.settings.city.front_office]
    since = last_closing(hours, guest.now)
    async with house.database.read() as tx:
        rows = await queue.open_rows(tx)
        fates = await inbox.fates(tx, since, guest.now + timedelta(seconds=1))
        lost = await outbox.undelivered(tx)
        dead = await inbox.dead_letters(tx)
        blindly = await blind.waiting(tx, guest.staff.id)

    asked = guest.request.query_params
    wanted = read_filter(asked, house, guest.staff.id)
    rows = [replace(row, department=house.acting(row.department)) for row in rows]
    found = shown(rows, wanted)

    return {
        "lines": [_line(row, house, guest.now) for row in found],
        "total": len(rows),
        "overdue": sum(row.is_overdue(guest.now) for row in rows),
        "mine": sum(row.taken_by == guest.staff.id for row in rows),
        "counts": department_counts(rows, wanted),
        "wanted": wanted,
        "query": {name: asked[name] for name in ("department", "urgency", "mine", "reference") if asked.get(name)},
        "since": since,
        "fates": fates,
        "undelivered": lost,
        "dead_letters": dead,
        "blind_waiting": len(blindly),
        "office_open": hours.is_open(guest.now),
    }


def read_filter(asked: Mapping[str, str], house: House, staff: int) -> QueueFilter:
    """What the address asks for; what makes no sense is left out."""
    department, urgency = asked.get("department", ""), asked.get("urgency", "")
    department = house.settings.triage.successors.get(department, department)  # of a bookmark
    return QueueFilter(
        department=department if department in house.names else None,
        urgency=Urgency(urgency) if urgency in list(Urgency) else None,
        taken_by=staff if asked.get("mine") else None,
        reference=asked.get("reference", "")[:20],
    )


def _line(row: QueueRow, house: House, now: datetime) -> Line:
    left = open_time_left(hours_of(house, row.department), now, row.due_at) if row.due_at else None
    return Line(row, row.is_overdue(now), left)


def hours_of(house: House, department: str) -> Any:
    """The hours a department's promise counts in."""
    city, acting = house.settings.city, house.acting(department)
    return house.settings.hours[city.front_office if acting == city.other_offices else acting]
