"""How updates reach the bot: long polls, one poller at a time, or posts to its webhook until it says 200."""

import asyncio
import json
import random
from collections.abc import Iterator
from contextlib import suppress

import httpx

from tests.fakes.bot_api.api import BotApi
from tests.fakes.bot_api.faults import ApiError
from tests.fakes.bot_api.methods import METHODS, Params, allow
from tests.fakes.bot_api.updates import Update
from tests.fakes.bot_api.wire import Json

FIRST_PAUSE = 1.0
#: beyond this, Telegram waits between one and two minutes
LONG_PAUSE = 60.0
MAX_LIMIT = 100


class Bell:
    """Wakes everybody who waits for something to change; may be rung from another thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._waiting: list[asyncio.Future[None]] = []

    def listen(self) -> "asyncio.Future[None]":
        """A future the next ring fulfils."""
        self._waiting.append(self._loop.create_future())
        return self._waiting[-1]

    def ring(self) -> None:
        """Wakes them."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._wake)

    def _wake(self) -> None:
        waiting, self._waiting = self._waiting, []
        for one in waiting:
            if not one.done():
                one.set_result(None)


async def get_updates(api: BotApi, params: Params, bell: Bell) -> list[Json]:
    """A long poll; 409 sends away whoever polled before, and everybody while a webhook is set."""
    allow(api, params)
    offset, limit = int(params.get("offset", "0")), int(params.get("limit", "100"))
    loop = asyncio.get_running_loop()
    until = loop.time() + float(params.get("timeout", "0")) / api.speed
    api.poller = me = object()
    api.ring()
    while True:
        changed = bell.listen()
        _refuse_double(api, me)
        found = api.updates.fetch(offset, min(limit, MAX_LIMIT))
        if found or loop.time() >= until:
            api.poller = None
            return [one.body for one in found]
        with suppress(TimeoutError):
            await asyncio.wait_for(changed, until - loop.time())


def _refuse_double(api: BotApi, me: object) -> None:
    if api.webhook.url:
        raise ApiError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    if api.poller is not me:
        raise ApiError(
            409,
            "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
        )


def pauses() -> Iterator[float]:
    """Seconds between two tries of a webhook: doubling from one second, at last between one and two minutes."""
    pause = FIRST_PAUSE
    while pause < LONG_PAUSE:
        yield pause
        pause *= 2
    while True:
        yield random.uniform(LONG_PAUSE, 2 * LONG_PAUSE)


class Webhook:
    """Posts updates: in order within a chat, side by side between chats."""

    def __init__(self, api: BotApi, bell: Bell) -> None:
        self._api = api
        self._bell = bell
        self._busy: dict[int, asyncio.Task[None]] = {}

    async def run(self) -> None:
        """Until cancelled."""
        # trust_env off: a proxy of the machine has no business between a fake and its tests
        async with httpx.AsyncClient(timeout=60, trust_env=False) as client:
            try:
                while True:
                    changed = self._bell.listen()
                    self._post_waiting(client)
                    await changed
            finally:
                await self._stop()

    def _post_waiting(self, client: httpx.AsyncClient) -> None:
        for update in self._api.updates.waiting() if self._api.webhook.url else ():
            if update.chat not in self._busy:
                self._busy[update.chat] = asyncio.create_task(self._deliver(client, update))

    async def _deliver(self, client: httpx.AsyncClient, update: Update) -> None:
        pause = pauses()
        while self._api.webhook.url and update in self._api.updates.waiting():
            if await self._post(client, update):
                self._api.updates.confirm(update)
                break
            await asyncio.sleep(next(pause) / self._api.speed)
        del self._busy[update.chat]
        self._bell.ring()

    async def _post(self, client: httpx.AsyncClient, update: Update) -> bool:
        hook = self._api.webhook
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            answer = await client.post(hook.url, json=update.body, headers=headers)
        except httpx.HTTPError as error:
            hook.attempts.append((update.update_id, 0))
            hook.last_error = f"Connection failed: {type(error).__name__}"
            return False
        hook.attempts.append((update.update_id, answer.status_code))
        if not answer.is_success:
            hook.last_error = f"Wrong response from the webhook: {answer.status_code} {answer.reason_phrase}"
            return False
        _call_in_answer(self._api, answer)
        return True

    async def _stop(self) -> None:
        for task in self._busy.values():
            task.cancel()
        await asyncio.gather(*self._busy.values(), return_exceptions=True)


def _call_in_answer(api: BotApi, answer: httpx.Response) -> None:
    """A bot may call one method in its answer; it never learns how that went."""
    with suppress(ValueError, AttributeError, ApiError, KeyError):
        params = answer.json()
        name = params.pop("method")
        api.calls.append((name, params))
        METHODS[name.lower()](
            api, {key: one if isinstance(one, str) else json.dumps(one) for key, one in params.items()}
        )
