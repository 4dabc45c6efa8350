"""Build: the desk of one town, ready to be mounted."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from fastapi import APIRouter, HTTPException, Request
from fastapi.routing import APIRoute
from starlette.responses import RedirectResponse, Response

from bot.core.errors import StoreUnavailable
from bot.desk.pages import Pages
from bot.desk.throttle import Throttle
from bot.house_clock import Now
from bot.steps.house import House


@dataclass
class Desk:
    """What the desk's routes share; reads nothing of the house before somebody comes."""

    house: House
    now: Now
    throttle: Throttle = field(default_factory=Throttle)

    def __post_init__(self) -> None:
        self.pages = Pages(self.house, self.now)
        route = _readable(self.pages)
        self.router = APIRouter(prefix="/desk", include_in_schema=False, route_class=route)


def build(house: House, *, now: Now) -> Desk:
    """The desk with its routes."""
    from bot.desk import blind, case, files, login, people, queue

    desk = Desk(house, now)
    for room in (login, queue, case, blind, files, people):
        room.mount(desk)
    return desk


def _readable(pages: Pages) -> type[APIRoute]:
    """Routes whose refusals are pages for people, not JSON."""

    class Readable(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
            handle = super().get_route_handler()

            async def answer(request: Request) -> Response:
                try:
                    return await handle(request)
                except HTTPException as error:
                    if error.status_code == 303 and error.headers:
                        return RedirectResponse(error.headers["Location"], 303, error.headers)
                    detail = error.detail if error.status_code == 403 else ""
                    return pages.answer(request, "sorry.html", status=error.status_code, detail=detail)
                except StoreUnavailable:
                    return pages.answer(request, "sorry.html", status=503, detail="")

            return answer

    return Readable
