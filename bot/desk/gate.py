"""The gate: who is at the desk, and whether a form was really sent from one of its pages."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, cast
from urllib.parse import quote

from fastapi import HTTPException, Request
from starlette.responses import Response

from bot.core.staff import Staff
from bot.steps.staff import session_of
from bot.web import origin

if TYPE_CHECKING:
    from bot.desk.build import Desk

COOKIE = "nachtschalter_desk"
LOGIN = "/desk/login"
START = "/desk"


@dataclass(frozen=True, slots=True)
class Guest:
    """A request of somebody who is logged in; `now` is one moment for all of it."""

    request: Request
    staff: Staff
    csrf: str
    now: datetime

    def wake(self) -> None:
        """Something lies in the outbox."""
        wake = getattr(self.request.app.state, "wake", None)
        if wake:
            wake()


async def enter(desk: "Desk", request: Request) -> Guest:
    """Who asks; others are sent to the login and back."""
    now = desk.now()
    session = await session_of(desk.house.database, token_of(request), now)
    if session is None:
        raise HTTPException(303, headers={"Location": login_address(request), "Cache-Control": "no-store"})
    return Guest(request, session.staff, session.csrf, now)


async def enter_with_form(desk: "Desk", request: Request) -> tuple[Guest, Mapping[str, str]]:
    """Who asks, and the form's fields; 403 if another page has sent it."""
    guest = await enter(desk, request)
    fields = await fields_of(request)
    if not hmac.compare_digest(fields.get("csrf", "").encode(), guest.csrf.encode()):
        raise HTTPException(403, "Dieses Formular ist abgelaufen. Bitte laden Sie die Seite neu.")
    return guest, fields


async def fields_of(request: Request) -> Mapping[str, str]:
    """The text fields of a form from one of our own pages; 403 otherwise."""
    if not origin.is_own(request.headers):
        raise HTTPException(403, "Dieses Formular kam nicht von hier.")
    form = await request.form(max_files=0, max_fields=30, max_part_size=64 * 1024)
    return {name: value for name, value in form.items() if isinstance(value, str)}


def token_of(request: Request) -> str:
    """The session's token in the cookie."""
    return request.cookies.get(COOKIE, "")


def base_of(request: Request) -> str:
    """What stands before our addresses when the house lives below another path."""
    return cast(str, request.scope.get("root_path", "")).rstrip("/")


def remember(response: Response, desk: "Desk", request: Request, token: str) -> None:
    """Has the browser keep the token, where no script can read it."""
    public = desk.house.settings.secrets.public_url or ""
    response.set_cookie(
        COOKIE,
        token,
        max_age=int(desk.house.settings.retention.sessions.total_seconds()),
        path=f"{base_of(request)}{START}",
        secure=request.url.scheme == "https" or public.startswith("https:"),
        httponly=True,
        samesite="lax",
    )


def forget(response: Response, request: Request) -> None:
    """Has the browser forget the token."""
    response.delete_cookie(COOKIE, path=f"{base_of(request)}{START}", httponly=True, samesite="lax")


def login_address(request: Request) -> str:
    """The login that leads back to this page."""
    wanted = request.url.path.removeprefix(base_of(request))
    back = f"?next={quote(wanted)}" if request.method == "GET" and wanted != START and "/queue" not in wanted else ""
    return f"{base_of(request)}{LOGIN}{back}"


def safe_next(wanted: str) -> str:
    """A page of the desk to go on to; never another site."""
    inside = wanted == START or wanted.startswith(f"{START}/")
    return wanted if inside and "//" not in wanted and "\\" not in wanted and ".." not in wanted else START
