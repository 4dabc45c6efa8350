"""Bad weather: what the house says and does when the machine under it fails."""

import asyncio
import os
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
import sqlalchemy as sa

from bot.cli import serving
from bot.cli.place import Place
from tests.channels.web_town import web_town
from tests.fakes.bot_api import BotApi
from tests.fakes.bot_api import serving as telegram
from tests.night import BORKEN
from tests.patience import until
from tests.prove.ledger import Books
from tests.prove.lives import Life, by_command
from tests.prove.proof import TOKEN, free_port

GAS = "Im Treppenhaus riecht es stark nach Gas"


@dataclass
class Started:
    """A house in a process of its own."""

    life: Life
    web: httpx.AsyncClient
    state: Path
    log: Path

    @property
    def books(self) -> Books:
        return Books(self.state / "nachtschalter.db")

    def said(self) -> str:
        """Everything it has logged."""
        return self.log.read_text(encoding="utf-8")

    async def post(self, text: str, *, json: bool = True) -> httpx.Response:
        headers = {"Accept": "application/json"} if json else {}
        return await self.web.post(
            "/chat/messages", data={"text": text, "id": f"n{time.monotonic_ns()}"}, headers=headers
        )


@asynccontextmanager
async def started(folder: Path, **env: str) -> AsyncIterator[Started]:
    """`nachtschalter serve`, once it answers."""
    port, log, state = free_port(), folder / "log", folder / "state"
    argv = ["--state", str(state), "serve", "--port", str(port), "--clock", "2026-11-25T22:14"]
    life = await by_command(argv, {"PATH": os.environ["PATH"], "HOME": str(folder), **env}, log)
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=20) as web:
        house = Started(life, web, state, log)
        try:
            await until(lambda: "Web-Chat" in house.said() or life.ended.done(), 60)
            assert not life.ended.done(), house.said()
            yield house
        finally:
            await life.end()


# --- the database ------------------------------------------------------------------------------------------------


@asynccontextmanager
async def locked(file: Path) -> AsyncIterator[None]:
    """Another process has the database for itself."""
    with closing(sqlite3.connect(file, isolation_level=None, timeout=10)) as other:
        other.execute("BEGIN EXCLUSIVE")
        yield
        other.execute("ROLLBACK")


async def test_while_the_database_is_locked_nobody_hears_that_anything_was_received(tmp_path: Path) -> None:
    api = BotApi(token=TOKEN)
    async with telegram(api), started(tmp_path, TELEGRAM_TOKEN=TOKEN, TELEGRAM_API=api.url) as house:
        await house.post("Die Laterne vor Haus 3 ist aus.")
        await until(lambda: any(name == "getUpdates" for name, _ in api.calls), 20)
        async with locked(house.state / "nachtschalter.db"):
            api.say(4711, "Vor Haus 12 ist ein Schlagloch.")
            begun = time.monotonic()
            scripted, plain = await asyncio.gather(house.post(GAS), house.post(GAS, json=False))
            took = time.monotonic() - begun
            await asyncio.sleep(max(0.0, 3 - took))
            assert len(api.updates.waiting()) == 1
            assert api.sent == []

        assert took < 2.8
        assert (scripted.status_code, plain.status_code) == (503, 503)
        assert scripted.json()["accepted"] is False
        assert "112" in scripted.json()["safety"]
        assert "NICHT angenommen" in scripted.json()["sentences"][0]
        assert "nicht angenommen" in plain.text.lower()

        await until(lambda: not api.updates.waiting(), 15)
        again = await house.post(GAS)
        assert again.status_code == 200
        await until(lambda: house.books.number("SELECT count(*) FROM inbox WHERE done_at IS NOT NULL") >= 3, 15)
        assert house.books.number("SELECT count(*) FROM inbox WHERE raw LIKE '%Gas%'") == 1


async def serve_here(state: Path, port: int = 0) -> int:
    """`serve` without a process of its own; only for starts that fail."""
    return await serving.serve(Place(BORKEN, state), clock=None, host="127.0.0.1", port=port or free_port(), pilot=None)


@pytest.fixture
def quiet_town(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of this machine's environment."""
    for name in ("TELEGRAM_TOKEN", "DATABASE_URL", "PUBLIC_URL", "SMTP_HOST"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(serving, "configure_logs", lambda *_: None)  # the log of other tests is not ours to set


def damaged_in_the_middle(file: Path) -> None:
    """A sound file with a page that has gone bad."""
    with closing(sqlite3.connect(file)) as made:
        made.execute("CREATE TABLE t (x TEXT)")
        made.executemany("INSERT INTO t VALUES (?)", [("Nachtschalter " * 40,)] * 200)
        made.commit()
    data = bytearray(file.read_bytes())
    data[4096 * 3 : 4096 * 4] = b"\xff" * 4096
    file.write_bytes(data)


def no_database(file: Path) -> None:
    """Something else under its name."""
    file.write_bytes(b"Das ist ein Brief und keine Datenbank.\n" * 100)


@pytest.mark.parametrize("spoil", [no_database, damaged_in_the_middle])
@pytest.mark.usefixtures("quiet_town")
async def test_a_damaged_database_is_named_left_alone_and_the_way_back_is_told(
    spoil: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "nachtschalter.db"
    spoil(file)
    before = file.read_bytes()

    assert await serve_here(tmp_path) == 2

    told = capsys.readouterr().err
    assert "Die Datenbank ist beschädigt" in told
    assert "nachtschalter restore" in told
    assert "Traceback" not in told
    assert file.read_bytes() == before
    assert os.listdir(tmp_path) == ["nachtschalter.db"]  # noqa: PTH208 - no journal, no copy


async def test_on_a_full_disk_the_citizen_hears_that_nothing_was_accepted_and_danger_still_gets_its_words(
    tmp_path: Path,
) -> None:
    async with web_town(tmp_path) as town:
        full = True

        def measure(connection: Any, _: Any) -> None:
            cursor = connection.cursor()
            cursor.execute("PRAGMA page_count")
            pages = cursor.fetchone()[0]
            cursor.execute(f"PRAGMA max_page_count = {pages if full else 10**6}")
            cursor.close()

        sa.event.listen(town.database.engine.sync_engine, "connect", measure)
        await town.database.engine.dispose()
        form, files = {"text": GAS, "id": "abcdefgh1"}, {"files": ("plan.pdf", b"%PDF-1.7\n" + bytes(60_000))}
        refused = await town.citizen(accept="application/json").post("/chat/messages", data=form, files=files)

        full = False
        await town.database.engine.dispose()
        taken = await town.citizen(accept="application/json").post("/chat/messages", data=form, files=files)

        assert refused.status_code == 503
        assert refused.json()["accepted"] is False
        assert "112" in refused.json()["safety"]
        assert taken.status_code == 200
        async with town.database.read() as tx:
            assert (await tx.execute(sa.text("SELECT count(*) FROM inbox"))).scalar_one() == 1


# --- model, token, port ------------------------------------------------------------------------------------------


async def test_with_a_wrong_token_and_a_foreign_model_the_web_chat_still_answers(tmp_path: Path) -> None:
    foreign = tmp_path / "state" / "models" / "20260101-000000-00000000"
    foreign.mkdir(parents=True)
    (foreign / "model.skops").write_bytes(b"not of ours")
    (foreign / "manifest.json").write_text('{"model_id": "20260101-000000-00000000"}', encoding="utf-8")
    (tmp_path / "state" / "models" / "current").write_text("20260101-000000-00000000\n", encoding="utf-8")
    wrong = TOKEN.replace("a-token", "wrong-token")
    api = BotApi(token=TOKEN)

    async with telegram(api), started(tmp_path, TELEGRAM_TOKEN=wrong, TELEGRAM_API=api.url) as house:
        assert (await house.post(GAS)).status_code == 200
        await until(lambda: house.books.number("SELECT count(*) FROM outbox WHERE sent_at IS NOT NULL") >= 2, 30)
        page = (await house.web.get("/")).text
        await until(lambda: "model_refused" in house.said() or "manifest" in house.said(), 20)

    assert "112" in page
    assert "BOR-" in page
    assert "does not know the bot's token; correct TELEGRAM_TOKEN" in house.said()
    assert wrong not in house.said()
    assert wrong.partition(":")[2] not in house.said()
    assert GAS not in house.said()


@pytest.mark.usefixtures("quiet_town")
async def test_a_taken_port_is_named_with_the_way_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    port = free_port()
    other = await asyncio.start_server(lambda _reader, writer: writer.close(), "127.0.0.1", port)
    async with other:
        assert await serve_here(tmp_path, port) == 2

    assert f"Anschluss {port} ist schon belegt" in capsys.readouterr().err
    assert not (tmp_path / "nachtschalter.db").exists()
