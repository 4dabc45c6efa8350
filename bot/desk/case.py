"""A case's page: everything said and done, and the few things a clerk does with it."""

import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

from fastapi import HTTPException, Request
from starlette.responses import RedirectResponse, Response

from bot.core.case import OPEN, Status, Urgency
from bot.core.errors import (
    AlreadyTaken,
    CitizenGone,
    IllegalMove,
    NachtschalterError,
    NotAllowed,
    StoreUnavailable,
    UnknownReference,
)
from bot.core.queue import open_time_left
from bot.core.verdict import Verdict
from bot.desk.gate import Guest, base_of, enter, enter_with_form
from bot.desk.queue import hours_of
from bot.steps import blind, review
from bot.steps.house import House
from bot.store import casefile, cases, verdicts
from bot.store import staff as staff_store

if TYPE_CHECKING:
    from bot.desk.build import Desk

_OFFERED = 3  # departments with a button of their own
#: what is shown when an action cannot be done: key of the sentence, HTTP status
_PROBLEMS: tuple[tuple[type[Exception], str, int], ...] = (
    (AlreadyTaken, "already_taken", 409),
    (IllegalMove, "illegal_move", 409),
    (CitizenGone, "citizen_gone", 409),
    (NotAllowed, "not_allowed", 403),
    (StoreUnavailable, "store_unavailable", 503),
    (ValueError, "invalid", 422),
)

_Fields = Mapping[str, str]


def mount(desk: "Desk") -> None:
    """Adds the routes."""
    router = desk.router

    @router.get("/cases/{reference}")
    async def page(request: Request, reference: str) -> Response:
        guest = await enter(desk, request)
        return await _page(desk, guest, reference.upper(), said=request.query_params.get("said", ""))

    @router.post("/cases/{reference}/{action}")
    async def act(request: Request, reference: str, action: str) -> Response:
        guest, fields = await enter_with_form(desk, request)
        work = _ACTIONS.get(action)
        if work is None:
            raise HTTPException(404)
        try:
            said = await work(desk.house, guest, reference, fields)
        except UnknownReference:
            return _unknown(desk, guest, reference)
        except (NachtschalterError, ValueError) as error:
            return await _refused(desk, guest, reference, fields, error)
        guest.wake()
        return RedirectResponse(f"{base_of(request)}/desk/cases/{reference}?said={said}", 303)


# --- what can be done --------------------------------------------------------------------------------------------


async def _judge(house: House, guest: Guest, reference: str, fields: _Fields) -> str:
    urgency = fields.get("urgency", "")
    if urgency not in list(Urgency):
        raise ValueError("Bitte wählen Sie eine Dringlichkeit.")
    verdict = Verdict(fields.get("department", ""), Urgency(urgency))
    await review.judge(reference, verdict, house=house, staff=guest.staff, now=guest.now)
    return "confirmed" if fields.get("confirm") else "corrected"


async def _undo(house: House, guest: Guest, reference: str, fields: _Fields) -> str:
    await review.undo(reference, house=house, staff=guest.staff, now=guest.now)
    return "undone"


async def _take(house: House, guest: Guest, reference: str, fields: _Fields) -> str:
    instead_of = int(fields["instead_of"]) if fields.get("instead_of", "").isdigit() else None
    await review.take_over(reference, house=house, staff=guest.staff, now=guest.now, instead_of=instead_of)
    return "taken"


async def _hand_back(house: House, guest: Guest, reference: str, fields: _Fields) -> str:
    await review.hand_back(reference, house=house, staff=guest.staff, now=guest.now)
    return "handed_back"


async def _answer(house: House, guest: Guest, reference: str, fields: _Fields) -> str:
    text, nonce = fields.get("text", ""), _nonce(fields)
    if _bare(text) == _bare(fields.get("prefilled", "")):
        text = ""  # a greeting alone is no answer
    await review.answer(reference, text, nonce=nonce, house=house, staff=guest.staff, now=guest.now)
    return "answered"


async def _close(house: House, guest: Guest, reference: str, fields: _Fields) -> str:
    text, tell = fields.get("closing", ""), bool(fields.get("tell"))
    await review.close(
        reference,
        house=house,
        staff=guest.staff,
        now=guest.now,
        text=text if tell else "",
        tell=tell,
        nonce=_nonce(fields),
    )
    return "closed"


async def _reopen(house: House, guest: Guest, reference: str, fields: _Fields) -> str:
    await review.reopen(reference, house=house, staff=guest.staff, now=guest.now, tell=bool(fields.get("tell")))
    return "reopened"


_ACTIONS: Mapping[str, Callable[[House, Guest, str, _Fields], Awaitable[str]]] = {
    "verdict": _judge,
    "undo": _undo,
    "take": _take,
    "hand-back": _hand_back,
    "answer": _answer,
    "close": _close,
    "reopen": _reopen,
}


# --- what is shown -----------------------------------------------------------------------------------------------


async def _page(
    desk: "Desk", guest: Guest, reference: str, *, status: int = 200, said: str = "", **typed: Any
) -> Response:
    await blind.note_seen(reference, house=desk.house, staff=guest.staff, now=guest.now)
    try:
        view = await _view(desk.house, guest, reference)
    except UnknownReference:
        return _unknown(desk, guest, reference)
    told = {"problem": None, "detail": "", "typed": {}} | typed
    return desk.pages.answer(guest.request, "case.html", guest=guest, status=status, said=said, **view, **told)


async def _refused(desk: "Desk", guest: Guest, reference: str, fields: _Fields, error: Exception) -> Response:
    """The page again with the reason, and with whatever was typed."""
    problem, status = next((key, code) for kind, key, code in _PROBLEMS if isinstance(error, kind))
    return await _page(desk, guest, reference, status=status, problem=problem, detail=str(error), typed=fields)


def _unknown(desk: "Desk", guest: Guest, reference: str) -> Response:
    return desk.pages.answer(guest.request, "unknown.html", guest=guest, status=404, reference=reference[:20])


async def _view(house: House, guest: Guest, reference: str) -> dict[str, Any]:
    async with house.database.read() as tx:
        case = await cases.by_reference(tx, reference)
        entries = await casefile.entries(tx, case.id)
        reach = await casefile.reach(tx, case.conversation_id)
        judged = await casefile.triage_history(tx, case.id)
        given = await verdicts.of_case(tx, case.id)
        moved = await casefile.move_history(tx, case.id)
        holder = await staff_store.get(tx, case.taken_by) if case.taken_by else None

    acting, ranking = house.acting(case.department), _today(house, judged[0].ranking if judged else [])
    likely = [department for department, _ in ranking if department != acting]
    left = open_time_left(hours_of(house, case.department), guest.now, case.due_at) if case.due_at else None
    return {
        "case": case,
        "acting": acting,
        "entries": entries,
        "reach": reach,
        "triage": judged[0] if judged else None,
        "triages": judged,
        "verdicts": given,
        "moves": moved,
        "holder": holder,
        "ranking": [(d, p) for d, p in ranking[:5] if p >= 0.01],
        "likely": likely[:_OFFERED],
        "is_open": Status(case.status) in OPEN,
        "overdue": bool(case.due_at and case.due_at < guest.now and Status(case.status) in OPEN),
        "left": left,
        "nonce": secrets.token_urlsafe(9),
        "foreign": reach.lang and reach.lang not in house.settings.city.languages[:1],
    }


def _today(house: House, ranking: Iterable[tuple[str, float]]) -> list[tuple[str, float]]:
    """An old ranking over the departments of today."""
    shares: dict[str, float] = {}
    for department, share in ranking:
        shares[house.acting(department)] = shares.get(house.acting(department), 0.0) + share
    return sorted(shares.items(), key=lambda one: -one[1])


def _nonce(fields: _Fields) -> str:
    nonce = fields.get("nonce", "")
    if not nonce or len(nonce) > 40:
        raise ValueError("Dieses Formular ist abgelaufen. Bitte laden Sie die Seite neu.")
    return nonce


def _bare(text: str) -> str:
    return " ".join(text.split())
