"""Polling through the real library: nothing is lost, whatever dies when, and nothing holds up the line."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import structlog
from telegram.error import NetworkError, RetryAfter

from bot.channels.telegram import TelegramChannel, build, poll, update_key
from bot.channels.telegram.failures import LONGEST_PAUSE, jittered, pause_after
from bot.core.errors import StoreUnavailable
from tests.fakes.bot_api import TOKEN, BotApi, Trouble, serving
from tests.patience import until

ANNA = 4711


class House:
    """Stores updates by key, as the inbox does; `refuse` says what goes wrong with one."""

    def __init__(self) -> None:
        self.rows: dict[str, Mapping[str, Any]] = {}
        self.handed_over: list[str] = []
        self.dead_letters: list[bytes] = []
        self.blocked: list[str] = []
        self.refuse: Callable[[Mapping[str, Any]], Awaitable[None] | None] = lambda raw: None

    async def receive(self, raw: Mapping[str, Any]) -> None:
        self.handed_over.append(update_key(raw))
        if waits := self.refuse(raw):
            await waits
        self.rows.setdefault(update_key(raw), raw)

    async def receive_unreadable(self, body: bytes) -> None:
        self.dead_letters.append(body)

    async def told_blocked(self, address: str) -> None:
        self.blocked.append(address)

    def texts(self) -> list[str]:
        return [raw["message"]["text"] for raw in self.rows.values() if isinstance(raw.get("message"), dict)]


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    async with serving(BotApi(speed=10)) as found:
        yield found


@pytest.fixture
def house() -> House:
    return House()


@asynccontextmanager
async def polling(api: BotApi, house: House, token: str = TOKEN, **more: Any) -> AsyncIterator[TelegramChannel]:
    stop = asyncio.Event()
    async with build(token, api.url) as channel:
        running = asyncio.create_task(
            poll(
                channel.bot,
                house.receive,
                stop=stop,
                receive_unreadable=house.receive_unreadable,
                blocked=house.told_blocked,
                pause=lambda failures: 0.01,
                **more,
            )
        )
        try:
            yield channel
        finally:
            stop.set()
            with suppress(asyncio.CancelledError):
                await asyncio.wait_for(running, 5)


async def test_what_citizens_write_is_stored_in_order_and_then_confirmed(api: BotApi, house: House) -> None:
    api.say(ANNA, "vor dem Start")
    async with polling(api, house):
        await until(lambda: house.rows)
        api.say(ANNA, "danach")
        api.say(4712, "jemand anders")
        await until(lambda: len(house.rows) == 3)
        await until(lambda: not api.updates.waiting())

    assert house.texts() == ["vor dem Start", "danach", "jemand anders"]
    assert len(house.handed_over) == 3


@pytest.mark.parametrize("stored", [False, True])
async def test_a_crash_between_fetch_and_confirm_loses_nothing(api: BotApi, house: House, stored: bool) -> None:
    """The process dies with the third of five: before or after its commit."""
    for number in range(5):
        api.say(ANNA, f"Nachricht {number}")

    async def die(raw: Mapping[str, Any]) -> None:
        if stored:
            house.rows[update_key(raw)] = raw
        await asyncio.Event().wait()

    house.refuse = lambda raw: die(raw) if len(house.handed_over) == 3 else None
    async with build(TOKEN, api.url) as channel:
        first = asyncio.create_task(poll(channel.bot, house.receive, stop=asyncio.Event()))
        await until(lambda: len(house.handed_over) == 3)
        first.cancel()
        with suppress(asyncio.CancelledError):
            await first

    house.refuse = lambda raw: None
    async with polling(api, house):
        await until(lambda: len(house.rows) == 5 and not api.updates.waiting())

    assert house.texts() == [f"Nachricht {number}" for number in range(5)]
    assert len(house.handed_over) > 5  # some came again, under the same key


async def test_poison_does_not_stop_the_line(api: BotApi, house: House) -> None:
    api.poison()
    api.say(ANNA, "hinter dem Gift")
    async with polling(api, house):
        await until(lambda: house.texts()[-1:] == ["hinter dem Gift"])


async def test_an_update_the_house_cannot_store_goes_to_the_dead_letters(api: BotApi, house: House) -> None:
    def no_utf8(raw: Mapping[str, Any]) -> None:
        raw["message"]["text"].encode()

    house.refuse = no_utf8
    api.say(ANNA, "halbes \ud83d")
    api.say(ANNA, "ganz")
    async with polling(api, house):
        await until(lambda: house.rows)

    assert house.texts() == ["ganz"]
    assert b"halbes" in house.dead_letters[0]


async def test_while_the_store_is_down_telegram_keeps_the_message(api: BotApi, house: House) -> None:
    def down(raw: Mapping[str, Any]) -> None:
        raise StoreUnavailable

    house.refuse = down
    api.say(ANNA, "bitte warten")
    async with polling(api, house):
        await until(lambda: len(house.handed_over) > 2)
        assert api.updates.waiting()
        assert not house.dead_letters
        house.refuse = lambda raw: None
        await until(lambda: house.rows and not api.updates.waiting())

    assert len(set(house.handed_over)) == 1


@pytest.mark.parametrize(
    "trouble",
    [
        {"trouble": Trouble.REFUSED, "status": 502},
        {"trouble": Trouble.REFUSED, "status": 401},
        {"trouble": Trouble.REFUSED, "status": 409},
        {"trouble": Trouble.RESET},
        {"trouble": Trouble.LOST},
        {"trouble": Trouble.GARBAGE},
    ],
)
async def test_the_line_outlives_every_trouble(api: BotApi, house: House, trouble: dict[str, Any]) -> None:
    api.say(ANNA, "eins")
    api.trouble(**trouble, method="getUpdates", times=2)
    async with polling(api, house):
        await until(lambda: house.rows)
        api.trouble(**trouble, method="getUpdates")
        api.say(ANNA, "zwei")
        await until(lambda: len(house.rows) == 2)

    assert house.texts() == ["eins", "zwei"]


async def test_a_server_that_is_not_there_yet_is_waited_for(house: House) -> None:
    api = BotApi(speed=10)
    async with serving(api):
        port = int(api.url.rsplit(":", 1)[1])
    async with polling(api, house), serving(api, port):
        api.say(ANNA, "spät")
        await until(lambda: house.rows)


async def test_after_a_quiet_week_a_lower_number_is_as_good(house: House) -> None:
    async with serving(BotApi(speed=100, seed=5)) as api, polling(api, house, timeout=1):
        api.say(ANNA, "vorher")
        await until(lambda: house.rows)
        empty_answers = len(api.calls) + 3
        await until(lambda: len(api.calls) > empty_answers)

        api.advance(days=8)
        api.say(ANNA, "nachher")
        await until(lambda: len(house.rows) == 2)

    before, after = map(int, house.handed_over)
    assert after < before  # this seed draws so


async def test_a_webhook_left_from_before_is_taken_down(api: BotApi, house: House) -> None:
    api.webhook.url = "http://127.0.0.1:9/nobody"
    api.say(ANNA, "hallo")
    async with polling(api, house):
        await until(lambda: house.rows)
    assert not api.webhook.url


async def test_two_pollers_are_told_so_in_the_log_and_share_the_work(api: BotApi, house: House) -> None:
    with structlog.testing.capture_logs() as logs:
        async with polling(api, house), polling(api, house):
            await until(lambda: any("only one may" in one["event"] for one in logs))
            api.say(ANNA, "hallo")
            await until(lambda: house.rows)


async def test_the_log_never_shows_token_or_text(api: BotApi, house: House, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(raw: Mapping[str, Any]) -> None:
        raise RuntimeError(raw["message"]["text"])

    house.refuse = broken
    api.say(ANNA, "sehr persönlich")
    for trouble in (Trouble.GARBAGE, Trouble.RESET):
        api.trouble(trouble, method="getUpdates")
    async with polling(api, house, token="4710000:wrong"):
        await asyncio.sleep(0.05)
    async with polling(api, house):
        await until(lambda: house.dead_letters)

    logged = "".join(capsys.readouterr())
    assert "correct TELEGRAM_TOKEN" in logged
    for secret in (TOKEN, "4710000:wrong", "sehr persönlich"):
        assert secret not in logged


async def test_a_pressed_button_stops_spinning(api: BotApi, house: House) -> None:
    api.say(ANNA, "hallo")
    api.record(ANNA, "?", {"inline_keyboard": [[{"text": "Ja", "callback_data": "y"}]]}, silent=True, preview=False)
    queries = [api.press(ANNA, "Ja"), api.press(ANNA, "Ja")]
    api.callbacks.pop(queries[0])  # too late for this one: no harm
    async with polling(api, house):
        await until(lambda: len(house.rows) == 3 and api.answered)
    assert api.answered == queries[1:]


async def test_who_blocks_the_bot_is_told_to_the_house_and_groups_are_not_stored(api: BotApi, house: House) -> None:
    heard = 0

    async def count() -> None:
        nonlocal heard
        heard += 1

    api.block(ANNA)
    api.say(-100471, "im Gruppenchat", group=True)
    api.say(4712, "hallo")
    async with polling(api, house, heard=count):
        await until(lambda: house.rows and not api.updates.waiting())

    assert house.blocked == [str(ANNA)]
    assert house.texts() == ["hallo"]
    assert heard


async def test_stopping_does_not_wait_for_the_long_poll(house: House) -> None:
    async with serving(BotApi(speed=1)) as api:
        async with polling(api, house, timeout=50):
            await until(lambda: api.poller)
            started = asyncio.get_running_loop().time()
        assert asyncio.get_running_loop().time() - started < 3


def test_pauses_double_up_to_half_a_minute_and_vary() -> None:
    assert jittered(1) <= 1 < 3 < jittered(5) <= 16
    assert LONGEST_PAUSE / 2 <= jittered(10_000) <= LONGEST_PAUSE
    assert jittered(9) != jittered(9)


def test_a_pause_telegram_asks_for_is_kept() -> None:
    assert pause_after(NetworkError("?"), 3, float) == 3
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # the library's own, where nobody has built a channel yet
        assert pause_after(RetryAfter(17), 3, float) == 17
