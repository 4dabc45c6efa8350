"""The fake Bot API keeps Telegram's promises, and breaks them only on demand."""

import asyncio
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from itertools import islice
from typing import Any

import httpx
import pytest

from tests.fakes.bot_api import TOKEN, BotApi, Trouble, serving, serving_in_thread
from tests.fakes.bot_api.delivery import pauses

ANNA, BEN = 4711, 4712


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    clock = datetime(2026, 11, 24, 21, 0, tzinfo=UTC)
    async with serving(BotApi(speed=100, now=lambda: clock)) as found:
        yield found


@pytest.fixture
async def http() -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(trust_env=False, timeout=5) as found:
        yield found


async def call(http: httpx.AsyncClient, api: BotApi, method: str, **params: Any) -> dict[str, Any]:
    answer = await http.post(f"{api.url}/bot{TOKEN}/{method}", json=params)
    found: dict[str, Any] = answer.json()
    assert found["ok"] == answer.is_success
    return found


async def fetched(http: httpx.AsyncClient, api: BotApi, **params: Any) -> list[Any]:
    found: list[Any] = (await call(http, api, "getUpdates", **params))["result"]
    return found


async def test_an_update_comes_again_until_a_higher_offset_confirms_it(api: BotApi, http: httpx.AsyncClient) -> None:
    api.say(ANNA, "eins")
    api.say(ANNA, "zwei")

    first = await fetched(http, api)
    again = await fetched(http, api)
    rest = await fetched(http, api, offset=first[0]["update_id"] + 1)

    assert [one["message"]["text"] for one in first] == ["eins", "zwei"]
    assert again == first
    assert rest == first[1:]
    assert first[1]["update_id"] == first[0]["update_id"] + 1


async def test_limit_and_negative_offset(api: BotApi, http: httpx.AsyncClient) -> None:
    for number in range(5):
        api.say(ANNA, str(number))

    assert len(await fetched(http, api, limit=2)) == 2
    assert [one["message"]["text"] for one in await fetched(http, api, offset=-1)] == ["4"]
    assert len(await fetched(http, api)) == 1  # the others are forgotten


async def test_a_long_poll_returns_as_soon_as_somebody_writes(api: BotApi, http: httpx.AsyncClient) -> None:
    poll = asyncio.create_task(fetched(http, api, timeout=300))
    await asyncio.sleep(0.05)
    api.say(ANNA, "da bin ich")

    assert len(await asyncio.wait_for(poll, 2)) == 1
    assert await fetched(http, api, offset=10**9, timeout=1) == []  # 10 ms at this speed


async def test_updates_are_kept_for_a_day(api: BotApi, http: httpx.AsyncClient) -> None:
    api.say(ANNA, "alt")
    api.advance(hours=23)
    api.say(ANNA, "neu")
    api.advance(hours=2)

    assert [one["message"]["text"] for one in await fetched(http, api)] == ["neu"]
    assert len(api.updates.expired) == 1


async def test_numbers_start_anywhere_after_a_quiet_week(api: BotApi, http: httpx.AsyncClient) -> None:
    api.say(ANNA, "vorher")
    before = (await fetched(http, api))[0]["update_id"]
    api.advance(days=8)
    api.say(ANNA, "nachher")

    assert abs((await fetched(http, api))[0]["update_id"] - before) > 1


async def test_a_bot_gets_only_the_kinds_it_asked_for(api: BotApi, http: httpx.AsyncClient) -> None:
    await fetched(http, api, allowed_updates=["message"])
    api.edit(ANNA, api.say(ANNA, "vertipt"), "vertippt")
    api.block(ANNA)

    assert [list(one) for one in await fetched(http, api)] == [["update_id", "message"]]


async def test_the_second_poller_sends_the_first_away(api: BotApi, http: httpx.AsyncClient) -> None:
    first = asyncio.create_task(call(http, api, "getUpdates", timeout=300))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(call(http, api, "getUpdates", timeout=10))

    refused = await asyncio.wait_for(first, 2)
    assert refused["error_code"] == 409
    assert (await second)["ok"]


async def test_nobody_polls_while_a_webhook_is_set(api: BotApi, http: httpx.AsyncClient) -> None:
    await call(http, api, "setWebhook", url="http://127.0.0.1:9/nobody")
    assert (await call(http, api, "getUpdates"))["error_code"] == 409

    await call(http, api, "deleteWebhook")
    assert (await call(http, api, "getUpdates"))["ok"]


def test_a_webhook_is_tried_again_after_doubling_pauses() -> None:
    tries = list(islice(pauses(), 8))
    assert tries[:6] == [1, 2, 4, 8, 16, 32]
    assert all(60 <= pause <= 120 for pause in tries[6:])


@pytest.mark.parametrize(
    ("params", "status", "sentence"),
    [
        ({"chat_id": ANNA, "text": "x" * 4097}, 400, "message is too long"),
        ({"chat_id": ANNA, "text": "😀" * 2049}, 400, "message is too long"),
        ({"chat_id": ANNA, "text": "  "}, 400, "message text is empty"),
        ({"chat_id": 1, "text": "hallo"}, 400, "chat not found"),
        ({"chat_id": BEN, "text": "hallo"}, 403, "bot was blocked by the user"),
        (
            {
                "chat_id": ANNA,
                "text": "hallo",
                "reply_markup": {"inline_keyboard": [[{"text": "ja", "callback_data": "ä" * 33}]]},
            },
            400,
            "BUTTON_DATA_INVALID",
        ),
    ],
)
async def test_what_telegram_refuses_to_send(
    api: BotApi, http: httpx.AsyncClient, params: dict[str, Any], status: int, sentence: str
) -> None:
    api.say(ANNA, "hallo")
    api.say(BEN, "hallo")
    api.block(BEN)

    answer = await call(http, api, "sendMessage", **params)

    assert answer["error_code"] == status
    assert sentence in answer["description"]
    assert not api.sent


async def test_a_button_is_pressed_and_answered_once(api: BotApi, http: httpx.AsyncClient) -> None:
    api.say(ANNA, "hallo")
    markup = {"inline_keyboard": [[{"text": "Ja", "callback_data": "yes"}]]}
    sent = await call(http, api, "sendMessage", chat_id=ANNA, text="Wirklich?", reply_markup=markup)
    query = api.press(ANNA, "Ja")

    pressed = (await fetched(http, api, offset=-1))[0]["callback_query"]
    assert (pressed["data"], pressed["message"]["text"]) == ("yes", "Wirklich?")
    assert (await call(http, api, "answerCallbackQuery", callback_query_id=query))["ok"]
    assert not (await call(http, api, "answerCallbackQuery", callback_query_id=query))["ok"]
    assert api.answered == [query]

    message = sent["result"]["message_id"]
    assert (await call(http, api, "editMessageReplyMarkup", chat_id=ANNA, message_id=message))["ok"]
    assert api.sent[0].buttons == ()
    assert (await call(http, api, "deleteMessage", chat_id=ANNA, message_id=message))["ok"]
    assert api.sent[0].deleted


async def test_files_are_served_up_to_twenty_megabytes(api: BotApi, http: httpx.AsyncClient) -> None:
    api.document(ANNA, data=b"inhalt")
    api.document(ANNA, size=20 * 1024 * 1024 + 1)
    small, large = (one["message"]["document"]["file_id"] for one in await fetched(http, api))

    path = (await call(http, api, "getFile", file_id=small))["result"]["file_path"]
    assert (await http.get(f"{api.url}/file/bot{TOKEN}/{path}")).content == b"inhalt"
    assert "too big" in (await call(http, api, "getFile", file_id=large))["description"]
    assert "wrong file_id" in (await call(http, api, "getFile", file_id="nothing"))["description"]


@pytest.mark.parametrize(("token", "status"), [("4710000:another", 401), ("no-token-at-all", 404)])
async def test_a_wrong_token_opens_nothing(api: BotApi, http: httpx.AsyncClient, token: str, status: int) -> None:
    assert (await http.get(f"{api.url}/bot{token}/getMe")).status_code == status


async def test_troubles_come_on_demand_and_pass(api: BotApi, http: httpx.AsyncClient) -> None:
    api.say(ANNA, "hallo")
    say = {"chat_id": ANNA, "text": "Angekommen"}

    api.trouble(Trouble.FLOOD, method="sendMessage", retry_after=7)
    assert (await call(http, api, "sendMessage", **say))["parameters"] == {"retry_after": 7}
    api.trouble(Trouble.REFUSED, status=502)
    assert (await call(http, api, "sendMessage", **say))["error_code"] == 502
    api.trouble(Trouble.RESET, chat=ANNA)
    with pytest.raises(httpx.ReadError):
        await call(http, api, "sendMessage", **say)
    assert api.texts(ANNA) == []

    api.trouble(Trouble.SILENCE)
    with pytest.raises(httpx.ReadTimeout):
        await http.post(f"{api.url}/bot{TOKEN}/sendMessage", json=say, timeout=0.3)
    api.trouble(Trouble.LOST)
    with pytest.raises(httpx.ReadError):
        await call(http, api, "sendMessage", **say)
    assert api.doubles() == {(ANNA, "Angekommen"): 2}  # accepted both times
    assert api.doubles(marker=r"An\w+") == {(ANNA, "Angekommen"): 2}
    assert (await call(http, api, "sendMessage", **say))["ok"]


async def test_it_runs_in_a_thread_of_its_own() -> None:
    def work() -> list[str]:
        with serving_in_thread(BotApi()) as api:
            api.say(ANNA, "hallo")
            httpx.post(f"{api.url}/bot{TOKEN}/sendMessage", data={"chat_id": str(ANNA), "text": "da"})
            return api.texts(ANNA)

    assert await asyncio.to_thread(work) == ["da"]


def test_it_runs_as_a_process_and_is_steered_over_http() -> None:
    with subprocess.Popen([sys.executable, "-m", "tests.fakes.bot_api"], stdout=subprocess.PIPE) as process:
        assert process.stdout
        url = process.stdout.readline().decode().strip()
        httpx.post(f"{url}/control/say", json={"chat": ANNA, "text": "hallo"})
        httpx.post(f"{url}/bot{TOKEN}/sendMessage", data={"chat_id": str(ANNA), "text": "da"})
        sent = httpx.get(f"{url}/control/sent").json()
        process.terminate()

    assert [one["text"] for one in sent] == ["da"]
    assert process.returncode == 0
