"""The whole line: a weekend from the first word to its erasure. Only Telegram's server and the clock are not real."""

import asyncio
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

import bot.app
from bot.core.staff import Role
from bot.steps.house import House
from bot.steps.staff import add_staff
from bot.store import examples
from classifier.registry import Registry
from classifier.training import train
from tests.desk.office import PASSWORD, hidden
from tests.fakes.bot_api import BotApi, serving
from tests.night import at, town
from tests.patience import until
from tests.prove import models
from tests.prove.citizens import GAS, PICTURE
from tests.prove.ledger import Books
from tests.prove.mailbox import Mailbox, mail_server
from tests.prove.proof import TOKEN, Clock, free_port
from tests.prove.trap import quick_timetable

ANNA, BERND, CARLA = 4711, 4712, 4713
ANSWER = "Der Bauhof kommt am Dienstag mit dem Steiger in den Fledermausweg."


@dataclass
class Weekend:
    """The house that runs, and everybody around it."""

    house: House
    state: Path
    api: BotApi
    mailbox: Mailbox
    clock: Clock
    web: httpx.AsyncClient
    forms: dict[str, str] = field(default_factory=dict)

    @property
    def books(self) -> Books:
        return Books(self.state / "nachtschalter.db")

    def bytes(self) -> bytes:
        """Everything that stands in the database file and beside it."""
        return b"".join(path.read_bytes() for path in self.state.glob("nachtschalter.db*"))

    async def told(self, chat: int, words: str) -> str:
        """The first text with these words that this citizen gets."""
        await until(lambda: any(words in text for text in self.api.texts(chat)), 20)
        return next(text for text in self.api.texts(chat) if words in text)

    async def act(self, reference: str, action: str, **fields: str) -> None:
        """A clerk opens the case's page and sends one of its forms."""
        page = await self.web.get(f"/desk/cases/{reference}")
        sent = {"csrf": hidden(page.text)["csrf"], "nonce": hidden(page.text).get("nonce", ""), **fields}
        answer = await self.web.post(f"/desk/cases/{reference}/{action}", data=sent)
        assert answer.status_code == 303, answer.text


@asynccontextmanager
async def weekend(folder: Path, start: datetime) -> AsyncIterator[Weekend]:
    """The real house on a real file and a real port, until SIGTERM."""
    clock, port, opened = Clock(start), free_port(), asyncio.Event()
    api, houses = BotApi(token=TOKEN, now=clock.now, speed=20), list[House]()
    async with serving(api), mail_server() as mailbox:
        settings = town(
            telegram_token=TOKEN,
            telegram_api=api.url,
            smtp_host="127.0.0.1",
            smtp_port=mailbox.port,
            smtp_security="none",
        )

        async def ready(house: House) -> None:
            houses.append(house)
            opened.set()

        # The server hands the signal on when it has stopped; here is somebody to take it.
        before = signal.signal(signal.SIGTERM, lambda *_: None)
        serve = bot.app.serve(settings, bot.app.Options(folder, port=port), clock.now, ready)
        running = asyncio.create_task(serve)
        try:
            await asyncio.wait_for(opened.wait(), 30)
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as web:
                yield Weekend(houses[0], folder, api, mailbox, clock, web)
        finally:
            signal.raise_signal(signal.SIGTERM)
            await asyncio.wait_for(running, 20)
            signal.signal(signal.SIGTERM, before)


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.app.Timetable", quick_timetable())


async def test_from_friday_night_to_the_last_byte(tmp_path: Path) -> None:
    async with weekend(tmp_path, at("Fri 2026-11-27 21:40")) as town_:
        reference = await _friday_night(town_)
        await _danger_goes_first(town_)
        await _monday_morning(town_, reference)
        await _at_the_desk(town_, reference)
        await _learn(town_)
        await _erase(town_, reference)


async def _friday_night(town_: Weekend) -> str:
    town_.api.say(ANNA, "hallo")
    town_.api.say(ANNA, "im Fledermausweg ist es ganz dunkel")
    town_.api.photo(ANNA, data=PICTURE)
    await until(lambda: town_.books.number("SELECT count(*) FROM inbox WHERE done_at IS NOT NULL") == 3, 20)
    town_.clock.set(town_.clock.now() + timedelta(seconds=60))

    receipt = await town_.told(ANNA, "BOR-")

    case = town_.books.rows("SELECT * FROM cases")
    assert len(case) == 1
    assert "Montag, 30. November" in receipt or "Dienstag, 1. Dezember" in receipt
    assert "Computer" in " ".join(town_.api.texts(ANNA))
    assert sum("BOR-" in text for text in town_.api.texts(ANNA)) == 1
    await until(lambda: town_.books.number("SELECT count(*) FROM attachment_bytes") == 1)
    return str(case[0]["reference"])


async def _danger_goes_first(town_: Weekend) -> None:
    town_.api.say(BERND, GAS.format(7))
    await town_.told(BERND, "BOR-")

    first, second, *_ = town_.api.texts(BERND)
    assert "112" in first
    assert "BOR-" not in first
    assert "BOR-" in second


async def _monday_morning(town_: Weekend, reference: str) -> None:
    town_.clock.set(at("Mon 2026-11-30 07:14"))
    await asyncio.sleep(1)
    to_front_office = [m for m in town_.mailbox.mails if "rathaus@" in str(m["To"])]
    assert to_front_office == []

    town_.clock.set(at("Mon 2026-11-30 07:15") + timedelta(seconds=5))
    await until(lambda: any("rathaus@" in str(m["To"]) for m in town_.mailbox.mails), 20)
    await asyncio.sleep(2)  # time for a second one, which must not come

    times = Counter(str(mail["Message-ID"]) for mail in town_.mailbox.mails)
    assert set(times.values()) == {1}
    bodies = [m.get_body(("plain",)) for m in town_.mailbox.mails if "rathaus@" in str(m["To"])]
    assert any(reference in body.get_content() for body in bodies if body)


async def _at_the_desk(town_: Weekend, reference: str) -> None:
    town_.clock.set(at("Mon 2026-11-30 08:05"))
    now = town_.clock.now()
    await add_staff(town_.house.database, name="Anna", role=Role.CLERK, password=PASSWORD, now=now)
    entered = await town_.web.post("/desk/login", data={"name": "Anna", "password": PASSWORD})
    assert entered.status_code == 303
    assert reference in (await town_.web.get("/desk")).text

    await town_.act(reference, "verdict", department="strassen", urgency="normal")
    update = await town_.told(ANNA, "Straßen & Bauhof")
    assert reference in update

    await town_.act(reference, "answer", text=ANSWER)
    assert reference in await town_.told(ANNA, ANSWER)
    assert town_.books.rows("SELECT status FROM cases WHERE reference = ?", reference)[0]["status"] == "answered"
    learnt = town_.books.rows("SELECT department, text FROM examples")
    assert [row["department"] for row in learnt] == ["strassen"]
    assert "Fledermausweg" in learnt[0]["text"] or "dunkel" in learnt[0]["text"]


async def _learn(town_: Weekend) -> None:
    async with town_.house.database.read() as tx:
        told = [*models.examples(), *(replace(one.example, lang="de") for one in await examples.everything(tx))]
    registry = Registry(town_.state / "models")

    model = await asyncio.to_thread(train, told)
    made = registry.add(model, examples=told, created_at=town_.clock.now())
    registry.promote(made.model_id, now=town_.clock.now())

    await until(lambda: getattr(town_.house.classifier, "model_id", "") == made.model_id, 20)
    town_.api.say(CARLA, "Die Tonne wurde nicht geleert")
    query = "SELECT count(*) FROM inbox WHERE done_at IS NOT NULL"
    before = town_.books.number("SELECT count(*) FROM inbox")
    await until(lambda: town_.books.number(query) > before - 1, 20)
    town_.clock.set(town_.clock.now() + timedelta(seconds=60))
    await town_.told(CARLA, "BOR-")
    newest = town_.books.rows("SELECT model_id FROM triages ORDER BY id DESC LIMIT 1")
    assert newest[0]["model_id"] == made.model_id


async def _erase(town_: Weekend, reference: str) -> None:
    assert b"Fledermausweg" in town_.bytes()
    town_.api.say(ANNA, "/loeschen")
    await until(lambda: any("x:yes" in data for one in town_.api.sent for _, data in one.buttons), 20)
    label = next(label for one in town_.api.sent for label, data in one.buttons if data == "x:yes")
    town_.api.press(ANNA, label)

    await until(lambda: town_.books.number("SELECT count(*) FROM deletions") == 1, 20)
    await town_.told(ANNA, "Sicherungen")
    await until(
        lambda: town_.books.number("SELECT count(*) FROM outbox WHERE sent_at IS NULL AND failed_at IS NULL") == 0
    )

    left: dict[str, Any] = {"words": b"Fledermausweg" in town_.bytes(), "files": PICTURE[-200:] in town_.bytes()}
    assert left == {"words": False, "files": False}
    assert town_.books.number("SELECT count(*) FROM attachment_bytes") == 0
    assert town_.books.number("SELECT count(*) FROM examples") == 0
    assert str(ANNA).encode() not in _raws(town_.books)
    assert town_.books.rows("SELECT reference FROM cases WHERE reference = ?", reference)


def _raws(books: Books) -> bytes:
    return "".join(str(row["raw"]) for row in books.rows("SELECT raw FROM inbox WHERE raw IS NOT NULL")).encode()
