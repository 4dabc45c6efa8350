"""Opening Telegram's door for a house: what arrives goes into the database first."""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import FastAPI

from bot.channels.telegram.channel import TelegramChannel, build
from bot.channels.telegram.door import update_key
from bot.channels.telegram.introduction import COMMANDS, Introduction, introduce
from bot.channels.telegram.polling import poll
from bot.channels.telegram.webhook import register, router
from bot.core.reply import Words
from bot.steps.house import House
from bot.steps.receive import receive
from bot.store import conversations

_NAME = "telegram"


@asynccontextmanager
async def telegram_open(
    house: House, web: FastAPI, wake: Callable[[], None], now: Callable[[], datetime]
) -> AsyncIterator[TelegramChannel]:
    """The webhook where the house has a public address, long polling elsewhere. `wake`: something has arrived."""
    told = house.settings.secrets
    assert told.telegram_token, "only opened where there is a token"
    channel = build(told.telegram_token, told.telegram_api, staff_chat=told.telegram_staff_chat)
    mailbox = _Mailbox(house, told.telegram_token.partition(":")[0], wake, now)
    stop = asyncio.Event()
    async with channel:
        if told.public_url:
            secret = secrets.token_urlsafe(32)
            web.include_router(
                router(mailbox.take, secret, receive_unreadable=mailbox.take_unreadable, blocked=mailbox.blocked)
            )
            door = register(channel.bot, told.public_url, secret)
        else:
            door = poll(
                channel.bot,
                mailbox.take,
                stop=stop,
                receive_unreadable=mailbox.take_unreadable,
                blocked=mailbox.blocked,
            )
        words = introduce(channel.bot, *_introductions(house.words))
        tasks = [asyncio.create_task(door), asyncio.create_task(words)]
        try:
            yield channel
        finally:
            stop.set()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


@dataclass(frozen=True, slots=True)
class _Mailbox:
    """What the door does with updates: into the database, and only then back to Telegram."""

    house: House
    bot: str
    wake: Callable[[], None]
    now: Callable[[], datetime]

    async def take(self, raw: Mapping[str, Any]) -> None:
        await self._put(raw, update_key(raw))

    async def take_unreadable(self, raw: bytes) -> None:
        await self._put(raw.decode("utf-8", errors="replace"), update_key(raw))

    async def blocked(self, address: str) -> None:
        async with self.house.database.begin() as tx:
            exchange = await conversations.find(tx, _NAME, address)
            if exchange:
                await conversations.update(tx, exchange.id, blocked_at=self.now())

    async def _put(self, raw: Mapping[str, Any] | str, key: str) -> None:
        await receive(raw, database=self.house.database, channel=_NAME, bot=self.bot, update_key=key, now=self.now())
        self.wake()


def _introductions(words: Words) -> list[Introduction]:
    return [
        Introduction(
            description=words.say(lang, "description"),
            short_description=words.say(lang, "machine_short")[:120],
            commands={name: words.say(lang, f"menu.{name}") for name in COMMANDS},
            lang=None if lang == words.languages[0] else lang,
        )
        for lang in words.languages
    ]
