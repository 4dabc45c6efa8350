"""Borken's web chat on a real file: the real steps, a citizen's browser without scripts, and a clock to turn."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from bot.channels.webchat.build import build
from bot.channels.webchat.channel import WebChat
from bot.ports import Channel
from bot.settings.town import Settings
from bot.steps.deliver import deliver_due
from bot.steps.house import House
from bot.steps.triage import flush_quiet, triage_next
from bot.store.database import Database, connect, url_of
from bot.store.migrations.upgrade import create_all
from bot.web.app import web_app
from tests.fakes.classifier import KeywordClassifier
from tests.night import at, town

EVENING = at("Mon 2026-11-23 23:02")


@dataclass
class WebTown:
    """The town at night. `tick` lets the house work at the present moment."""

    house: House
    chat: WebChat
    web: FastAPI
    classifier: KeywordClassifier
    now: datetime = EVENING
    woken: int = 0
    clients: list[httpx.AsyncClient] = field(default_factory=list)

    @property
    def database(self) -> Database:
        return self.house.database

    def citizen(self, **headers: str) -> httpx.AsyncClient:
        """A browser of their own, with its own cookies."""
        transport = httpx.ASGITransport(app=self.web)
        client = httpx.AsyncClient(transport=transport, base_url="http://chat.test", headers=headers)
        self.clients.append(client)
        return client

    async def tick(self, seconds: float = 0) -> None:
        self.now += timedelta(seconds=seconds)
        while await triage_next(self.house, self.now):
            pass
        await flush_quiet(self.house, self.now)
        while await deliver_due(self.house, self.now):
            self.now += timedelta(milliseconds=1)


@asynccontextmanager
async def web_town(folder: Path, **limits: Any) -> AsyncIterator[WebTown]:
    """Opens and closes the house; `limits` differ from Borken's."""
    settings: Settings = town()
    settings = replace(settings, limits=replace(settings.limits, **limits))
    database = connect(url_of(folder / "town.db"))
    await create_all(database)
    classifier, channels = KeywordClassifier(), dict[str, Channel]()
    house = House(settings, database, classifier, channels)
    made = WebTown(house, chat=build(house, now=lambda: made.now), web=FastAPI(), classifier=classifier)
    channels["web"] = made.chat

    def wake() -> None:
        made.woken += 1

    made.web = web_app(settings, routers=(made.chat.router,), wake=wake)
    try:
        yield made
    finally:
        for client in made.clients:
            await client.aclose()
        await database.close()
