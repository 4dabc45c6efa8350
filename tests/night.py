"""A night at the sample city: a house on a real SQLite file, one channel, a classifier that knows a few words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.errors import FetchFailed
from bot.core.message import Attachment, Content, InboundMessage, OutboundMessage
from bot.settings.load import load
from bot.settings.town import Settings
from bot.steps.deliver import deliver_due
from bot.steps.fetch import fetch_due
from bot.steps.house import House
from bot.steps.receive import receive
from bot.steps.triage import flush_quiet, triage_next
from bot.store.database import Database, connect, url_of
from bot.store.migrations.upgrade import create_all
from tests.fakes.classifier import KeywordClassifier

BERLIN = ZoneInfo("Europe/Berlin")
BORKEN = Path(__file__).parents[1] / "config" / "borken"


def at(text: str) -> datetime:
    """`Thu 2026-11-26 22:14` in Borken; a wrong weekday is a mistake of the test."""
    instant = datetime.strptime(text, "%a %Y-%m-%d %H:%M").replace(tzinfo=BERLIN)
    assert instant.strftime("%a") == text[:3], f"{text} is a {instant:%A}"
    return instant


@dataclass
class Chat:
    """A channel whose updates are written as they are read, and that keeps what it sends."""

    sent: list[OutboundMessage] = field(default_factory=list)
    name: str = "chat"

    def read(self, raw: Mapping[str, Any]) -> InboundMessage:
        files = tuple(Attachment(Content.PHOTO, name, name=f"{name}.jpg") for name in raw.get("photos", ()))
        return InboundMessage(
            channel=self.name,
            address=raw["from"],
            external_id=raw["id"],
            sent_at=datetime.fromisoformat(raw["at"]),
            content=Content.PHOTO if files else Content.TEXT,
            text=raw["text"],
            attachments=files,
        )

    async def send(self, message: OutboundMessage) -> str:
        self.sent.append(message)
        return str(len(self.sent))

    async def fetch(self, attachment: Attachment) -> bytes:
        raise FetchFailed("no files tonight", permanent=True)


@dataclass
class Night:
    """The house with its file; `hear` runs a message through the whole line."""

    house: House
    file: Path
    chat: Chat
    heard: int = 0

    @property
    def database(self) -> Database:
        return self.house.database

    async def hear(self, text: str, now: datetime, *, sender: str = "citizen-1", photos: Sequence[str] = ()) -> None:
        self.heard += 1
        raw = {"id": str(self.heard), "from": sender, "at": now.isoformat(), "text": text, "photos": list(photos)}
        await receive(raw, database=self.database, channel="chat", bot="", update_key=str(self.heard), now=now)
        await self.work(now)

    async def work(self, now: datetime) -> None:
        while await triage_next(self.house, now):
            pass
        await flush_quiet(self.house, now + timedelta(minutes=20))
        await fetch_due(self.house, now)
        while await deliver_due(self.house, now):
            pass

    def bytes(self) -> bytes:
        """Everything that stands in the database file and beside it."""
        beside = self.file.parent.glob(f"{self.file.name}*")
        return b"".join(path.read_bytes() for path in beside)


def town(**secrets: Any) -> Settings:
    """Borken with these secrets."""
    settings = _borken()
    return replace(settings, secrets=replace(settings.secrets, **secrets))


@cache
def _borken() -> Settings:
    return load(BORKEN, {})


async def begin(file: Path, settings: Settings | None = None, *, chat_name: str = "chat", tables: bool = True) -> Night:
    """A house on this file, a new one unless it has its tables. Close its database in the end."""
    settings = settings or town()
    database, chat = connect(url_of(file)), Chat(name=chat_name)
    if tables:
        await create_all(database)
    house = House(settings, database, KeywordClassifier(), {chat_name: chat}, pilot=False)
    return Night(house, file, chat)
