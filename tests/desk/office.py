"""An office for tests: a night's house with its desk, and browsers that speak to it without a network."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from html.parser import HTMLParser

import httpx
from fastapi import FastAPI

from bot.core.staff import Role
from bot.desk import build
from bot.steps.staff import add_staff
from bot.web.app import web_app
from tests.night import Night, at

PASSWORD = "sieben kleine Raben"
EVENING = at("Wed 2026-11-25 22:14")
MORNING = at("Thu 2026-11-26 08:05")


@dataclass
class Office:
    """The desk of a night; `now` may be set."""

    night: Night
    app: FastAPI
    now: datetime = MORNING
    woken: int = 0

    @asynccontextmanager
    async def visitor(self) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody with a browser who is not logged in."""
        transport = httpx.ASGITransport(self.app)
        async with httpx.AsyncClient(transport=transport, base_url="http://desk.test") as client:
            yield client

    @asynccontextmanager
    async def clerk(self, name: str = "Anna", role: Role = Role.CLERK) -> AsyncIterator[httpx.AsyncClient]:
        """Somebody who is logged in."""
        await add_staff(self.night.database, name=name, role=role, password=PASSWORD, now=self.now)
        async with self.visitor() as client:
            answer = await client.post("/desk/login", data={"name": name, "password": PASSWORD})
            assert answer.status_code == 303
            yield client


def open_office(night: Night) -> Office:
    """The office of this night's house, on the morning after."""
    office: Office

    def wake() -> None:
        office.woken += 1

    desk = build(night.house, now=lambda: office.now)
    office = Office(night, web_app(night.house.settings, routers=(desk.router,), wake=wake))
    return office


class _Hidden(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: dict[str, str] = {}

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "input" and values.get("type") == "hidden" and values.get("name"):
            self.found[str(values["name"])] = values.get("value") or ""


def hidden(page: str) -> dict[str, str]:
    """The hidden fields of a page; of the same name the last one."""
    parser = _Hidden()
    parser.feed(page)
    return parser.found
