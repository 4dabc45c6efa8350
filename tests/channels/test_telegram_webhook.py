"""The webhook over real HTTP: 200 only after the commit, and Telegram posts again until then."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI

from bot.channels.telegram import build, register, router, update_key
from bot.core.errors import ConfigError, StoreUnavailable
from tests.fakes.bot_api import TOKEN, BotApi, Trouble, serving
from tests.patience import until

ANNA, SECRET = 4711, "a-secret_of-47"


class House:
    """Stores updates by key; `trouble` is raised as long as it is set."""

    def __init__(self) -> None:
        self.url = ""
        self.rows: dict[str, Mapping[str, Any]] = {}
        self.handed_over: list[str] = []
        self.dead_letters: list[bytes] = []
        self.trouble: Exception | None = None
        self.trouble_after_commit = False

    async def receive(self, raw: Mapping[str, Any]) -> None:
        self.handed_over.append(update_key(raw))
        if self.trouble and not self.trouble_after_commit:
            raise self.trouble
        self.rows.setdefault(update_key(raw), raw)
        if self.trouble:
            raise self.trouble

    async def receive_unreadable(self, body: bytes) -> None:
        if self.trouble:
            raise self.trouble
        self.dead_letters.append(body)

    def texts(self) -> list[str]:
        return [raw["message"]["text"] for raw in self.rows.values()]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi(speed=200)) as found:
        yield found


@pytest.fixture
async def house() -> AsyncIterator[House]:
    found, app = House(), FastAPI()
    app.include_router(router(found.receive, SECRET, receive_unreadable=found.receive_unreadable))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off", ws="none"))
    serving_app = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    found.url = f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    yield found
    server.should_exit = True
    await serving_app


async def registered(api: BotApi, house: House) -> None:
    async with build(TOKEN, api.url) as channel:
        await register(channel.bot, house.url + "/", SECRET)


async def post(house: House, body: bytes, secret: str | None = SECRET) -> httpx.Response:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret} if secret is not None else {}
    async with httpx.AsyncClient(trust_env=False) as http:
        return await http.post(f"{house.url}/telegram/webhook", content=body, headers=headers)


async def test_what_citizens_write_is_posted_stored_and_confirmed(api: BotApi, house: House) -> None:
    api.say(ANNA, "vor der Anmeldung")
    await registered(api, house)
    await until(lambda: house.rows)
    for number in range(3):
        api.say(ANNA, str(number))
    await until(lambda: len(house.rows) == 4 and not api.updates.waiting())

    assert house.texts() == ["vor der Anmeldung", "0", "1", "2"]
    assert api.webhook.secret == SECRET
    assert set(api.updates.allowed) >= {"message", "edited_message", "callback_query"}


@pytest.mark.parametrize("after_commit", [False, True])
@pytest.mark.parametrize("trouble", [StoreUnavailable(), OSError("disk")])
async def test_an_update_comes_again_until_the_house_has_it(
    api: BotApi, house: House, trouble: Exception, after_commit: bool
) -> None:
    house.trouble, house.trouble_after_commit = trouble, after_commit
    await registered(api, house)
    api.say(ANNA, "hartnäckig")
    await until(lambda: len(house.handed_over) >= 3)
    house.trouble = None
    await until(lambda: not api.updates.waiting())

    assert house.texts() == ["hartnäckig"]
    assert len(set(house.handed_over)) == 1  # every time under the same key
    assert [status for _, status in api.webhook.attempts][:2] == [503, 503]
    assert not house.dead_letters


async def test_a_chat_that_waits_does_not_hold_up_the_others_and_keeps_its_order(api: BotApi, house: House) -> None:
    await registered(api, house)
    house.trouble = StoreUnavailable()
    api.say(ANNA, "erste")
    await until(lambda: house.handed_over)
    api.say(ANNA, "zweite")
    house.trouble = None
    api.say(4712, "Nachbar")
    await until(lambda: len(house.rows) == 3)

    anna = [text for text in house.texts() if text != "Nachbar"]
    assert anna == ["erste", "zweite"]


async def test_a_house_that_was_away_gets_everything_when_it_is_back(api: BotApi, house: House) -> None:
    address, house.url = house.url, "http://127.0.0.1:9"
    await registered(api, house)
    api.say(ANNA, "niemand da")
    await until(lambda: len(api.webhook.attempts) >= 2)
    assert api.webhook.last_error
    house.url = address
    await registered(api, house)
    await until(lambda: house.rows)
    assert house.texts() == ["niemand da"]


async def test_poison_reaches_the_house_once_and_never_stops_the_line(api: BotApi, house: House) -> None:
    await registered(api, house)
    api.poison({"message": 17}, {"edited_message": {"text": {"a": ["b"]}}}, {"message": []})
    api.say(ANNA, "dahinter")
    await until(lambda: not api.updates.waiting())
    assert len(house.rows) == 4
    assert {status for _, status in api.webhook.attempts} == {200}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET[:-1], SECRET.upper()])
async def test_nobody_else_may_post(house: House, secret: str | None) -> None:
    answer = await post(house, b'{"update_id": 1}', secret)
    assert answer.status_code == 403
    assert not house.handed_over
    assert not house.dead_letters


@pytest.mark.parametrize("body", [b"{", b"[1]", b"\xff\xfe", b"[" * 100_000, b"", b"9" * 5000])
async def test_what_is_no_json_object_is_kept_and_not_asked_for_again(house: House, body: bytes) -> None:
    assert (await post(house, body)).status_code == 200
    assert house.dead_letters == [body]

    house.trouble = StoreUnavailable()
    assert (await post(house, body)).status_code == 503


async def test_more_than_a_megabyte_is_refused(house: House) -> None:
    fitting = json.dumps({"update_id": 1, "message": {"text": "x" * 1_000_000}}).encode()
    assert (await post(house, fitting)).status_code == 200
    assert (await post(house, fitting + b" " * 100_000)).status_code == 413


async def test_a_pressed_button_stops_spinning(api: BotApi, house: House) -> None:
    await registered(api, house)
    api.say(ANNA, "hallo")
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}
    api.record(ANNA, "Wirklich?", markup, silent=False, preview=False)
    query = api.press(ANNA, "Ja")
    await until(lambda: api.answered)
    assert api.answered == [query]
    assert len(house.rows) == 2


async def test_registering_waits_for_telegram_and_names_an_address_it_refuses(api: BotApi, house: House) -> None:
    api.trouble(Trouble.REFUSED, method="setWebhook", status=502)
    async with build(TOKEN, api.url) as channel:
        await register(channel.bot, house.url, SECRET, pause=lambda failures: 0.01)
        assert api.webhook.url

        api.trouble(Trouble.REFUSED, method="setWebhook", status=400)
        with pytest.raises(ConfigError, match="PUBLIC_URL"):
            await register(channel.bot, "ftp://nowhere", SECRET)


@pytest.mark.parametrize("secret", ["", "ä", "with space", "x" * 257])
async def test_a_secret_telegram_would_refuse_is_refused_here(house: House, secret: str) -> None:
    with pytest.raises(ValueError):
        router(house.receive, secret, receive_unreadable=house.receive_unreadable)
