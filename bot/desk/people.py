"""People: an admin says who may work at the desk."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException, Request
from starlette.responses import Response

from bot.core.errors import NotAllowed
from bot.core.staff import Role
from bot.desk.gate import Guest, enter, enter_with_form
from bot.steps import staff
from bot.store import staff as store

if TYPE_CHECKING:
    from bot.desk.build import Desk


def mount(desk: "Desk") -> None:
    """Adds the routes; everybody but an admin finds nothing here."""
    router, database = desk.router, desk.house.database

    async def page(guest: Guest, status: int = 200, **told: Any) -> Response:
        async with database.read() as tx:
            people = await store.everyone(tx)
        values = {"problem": None, "password": None, "password_of": None} | told
        return desk.pages.answer(guest.request, "people.html", guest=guest, status=status, people=people, **values)

    @router.get("/staff")
    async def people(request: Request) -> Response:
        return await page(_admin(await enter(desk, request)))

    @router.post("/staff")
    async def add(request: Request) -> Response:
        guest, fields = await enter_with_form(desk, request)
        _admin(guest)
        password, name = staff.readable_password(), fields.get("name", "")
        try:
            made = await staff.add_staff(database, name=name, role=_role(fields), password=password, now=guest.now)
        except ValueError as error:
            return await page(guest, 422, problem=str(error))
        return await page(guest, 201, password=password, password_of=made.name)

    @router.post("/staff/{number}/{action}")
    async def change(request: Request, number: int, action: str) -> Response:
        guest, _ = await enter_with_form(desk, request)
        _admin(guest)
        async with database.read() as tx:
            person = await store.get(tx, number)
        if person is None or action not in ("disable", "enable", "password"):
            raise HTTPException(404)
        try:
            if action == "password":
                password = await staff.reset_password(database, number=number, by=guest.staff)
                return await page(guest, password=password, password_of=person.name)
            disabled = action == "disable"
            await staff.set_disabled(database, number=number, disabled=disabled, by=guest.staff, now=guest.now)
        except NotAllowed as error:
            return await page(guest, 409, problem=str(error))
        return await page(guest)


def _admin(guest: Guest) -> Guest:
    if not guest.staff.is_admin:
        raise HTTPException(404)
    return guest


def _role(fields: Mapping[str, str]) -> Role:
    return Role.ADMIN if fields.get("role") == Role.ADMIN.value else Role.CLERK
