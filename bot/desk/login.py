"""Login: in, out, and another password."""

from typing import TYPE_CHECKING

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot.desk.gate import base_of, enter, enter_with_form, fields_of, forget, remember, safe_next, token_of
from bot.steps import staff

if TYPE_CHECKING:
    from bot.desk.build import Desk


def mount(desk: "Desk") -> None:
    """Adds the routes."""
    router, pages, database = desk.router, desk.pages, desk.house.database
    lasts = desk.house.settings.retention.sessions

    @router.get("/login")
    async def form(request: Request) -> Response:
        wanted = safe_next(request.query_params.get("next", ""))
        return pages.answer(request, "login.html", wanted=wanted, name="", problem=None, until=None)

    @router.post("/login")
    async def log_in(request: Request) -> Response:
        fields, now = await fields_of(request), desk.now()
        name, wanted = fields.get("name", ""), safe_next(fields.get("next", ""))
        address = request.client.host if request.client else ""
        until = desk.throttle.wait_until(name, address, now)
        if until:
            return pages.answer(
                request, "login.html", status=429, wanted=wanted, name=name, problem="wait", until=until
            )

        # Counted before it is tried: many at once must not slip through while argon2 thinks.
        desk.throttle.failed(name, address, now)
        made = await staff.log_in(database, name=name, password=fields.get("password", ""), lasts=lasts, now=now)

        if made is None:
            return pages.answer(
                request, "login.html", status=401, wanted=wanted, name=name, problem="wrong", until=None
            )
        desk.throttle.succeeded(name, address)
        response = RedirectResponse(f"{base_of(request)}{wanted}", 303)
        remember(response, desk, request, made.token)
        return response

    @router.post("/logout")
    async def log_out(request: Request) -> Response:
        await enter_with_form(desk, request)
        await staff.log_out(database, token_of(request))
        response = RedirectResponse(f"{base_of(request)}/desk/login", 303)
        forget(response, request)
        return response

    @router.get("/password")
    async def password(request: Request) -> Response:
        guest = await enter(desk, request)
        return pages.answer(request, "password.html", guest=guest, problem=None, shortest=staff.SHORTEST_PASSWORD)

    @router.post("/password")
    async def change(request: Request) -> Response:
        guest, fields = await enter_with_form(desk, request)
        try:
            if fields.get("new", "") != fields.get("again", ""):
                raise ValueError("Die beiden neuen Passwörter sind nicht gleich.")
            made = await staff.change_password(
                database,
                staff=guest.staff,
                old=fields.get("old", ""),
                new=fields.get("new", ""),
                lasts=lasts,
                now=guest.now,
            )
        except ValueError as error:
            shortest = staff.SHORTEST_PASSWORD
            return pages.answer(
                request, "password.html", guest=guest, status=422, problem=str(error), shortest=shortest
            )
        response = RedirectResponse(f"{base_of(request)}/desk?said=password", 303)
        remember(response, desk, request, made.token)
        return response
