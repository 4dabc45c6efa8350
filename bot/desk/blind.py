"""The blind sample's page: one case at a time, without the guess, and what has come of it so far."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from fastapi import Request
from starlette.responses import RedirectResponse, Response

from bot.core.blind import ENOUGH, ENOUGH_OF_ONE
from bot.core.case import Urgency
from bot.core.errors import IllegalMove, UnknownReference
from bot.core.verdict import Verdict
from bot.desk.gate import Guest, base_of, enter, enter_with_form
from bot.steps import blind

if TYPE_CHECKING:
    from bot.desk.build import Desk

_Fields = Mapping[str, str]


def mount(desk: "Desk") -> None:
    """Adds the routes."""
    router, house = desk.router, desk.house

    @router.get("/blind")
    async def page(request: Request) -> Response:
        guest = await enter(desk, request)
        asked = request.query_params
        return await _page(desk, guest, wanted=asked.get("next", ""), said=asked.get("said", ""))

    @router.post("/blind")
    async def judge(request: Request) -> Response:
        guest, fields = await enter_with_form(desk, request)
        reference = fields.get("reference", "")
        try:
            await blind.judge(reference, _said(fields), house=house, staff=guest.staff, now=guest.now)
        except ValueError as error:
            return await _page(
                desk, guest, wanted=reference, status=422, problem="invalid", detail=str(error), typed=fields
            )
        except (IllegalMove, UnknownReference):
            return await _page(desk, guest, status=409, problem="not_waiting")
        return RedirectResponse(f"{base_of(request)}/desk/blind?said=judged", 303)

    @router.post("/blind/undo")
    async def undo(request: Request) -> Response:
        guest, fields = await enter_with_form(desk, request)
        number = fields.get("judgement", "")
        try:
            reference = await blind.take_back(
                int(number) if number.isdecimal() else 0, house=house, staff=guest.staff, now=guest.now
            )
        except IllegalMove:
            return await _page(desk, guest, status=409, problem="not_last")
        return RedirectResponse(f"{base_of(request)}/desk/blind?said=undone&next={reference}", 303)


def _said(fields: _Fields) -> Verdict | None:
    if fields.get("unclear"):
        return None
    department, urgency = fields.get("department", ""), fields.get("urgency", "")
    if not department or urgency not in list(Urgency):
        raise ValueError("Bitte wählen Sie ein Amt und eine Dringlichkeit.")
    return Verdict(department, Urgency(urgency))


async def _page(
    desk: "Desk",
    guest: Guest,
    *,
    wanted: str = "",
    status: int = 200,
    said: str = "",
    problem: str = "",
    detail: str = "",
    typed: _Fields | None = None,
) -> Response:
    found = await blind.round_of(guest.staff, house=desk.house, wanted=wanted)
    figures = await blind.honest_figures(desk.house.database)
    return desk.pages.answer(
        guest.request,
        "blind.html",
        guest=guest,
        status=status,
        round=found,
        found=figures,
        percent=desk.house.settings.blind_sample_percent,
        enough=ENOUGH,
        enough_of_one=ENOUGH_OF_ONE,
        said=said,
        problem=problem,
        detail=detail,
        typed=typed or {},
    )
