"""Telegram as a channel: reads, sends and fetches with python-telegram-bot."""

import logging
import os
from collections.abc import Mapping
from typing import Any, Self

import structlog
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import InvalidToken, TelegramError
from telegram.ext import AIORateLimiter, ExtBot
from telegram.request import HTTPXRequest

from bot.channels.telegram import read as reading
from bot.channels.telegram.failures import delivery_failed, fetch_failed
from bot.channels.telegram.split import split
from bot.core.errors import DeliveryFailed, FetchFailed, Unreadable
from bot.core.message import Attachment, Button, InboundMessage, OutboundMessage

API = "https://api.telegram.org"
#: bytes; more a bot cannot download
MAX_DOWNLOAD = 20 * 1024 * 1024

log = structlog.get_logger()


class TelegramChannel:
    """Implements `bot.ports.Channel`; open it before use and close it after."""

    name = reading.CHANNEL

    def __init__(self, bot: "ExtBot[Any]", *, staff_chat: str | None = None) -> None:
        self.bot = bot
        self._staff_chat = staff_chat
        self._under_way: dict[str, list[str]] = {}  # key of a message in parts → ids of the parts already sent

    async def open(self) -> None:
        """Gets ready; a Telegram that does not answer now is no reason not to open the house."""
        try:
            await self.bot.initialize()
        except InvalidToken:
            log.error("Telegram does not know the bot's token; correct TELEGRAM_TOKEN and start again")
        except TelegramError as error:
            log.warning("Telegram does not answer yet; trying on", error=type(error).__name__)

    async def close(self) -> None:
        """Closes the connections."""
        await self.bot.shutdown()

    async def __aenter__(self) -> Self:
        await self.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    def read(self, raw: Mapping[str, Any]) -> InboundMessage:
        """The raw update as a message; raises Unreadable."""
        message = reading.read(raw)
        if message.address == self._staff_chat:
            raise Unreadable("the staff's own chat")
        return message

    async def send(self, message: OutboundMessage) -> str:
        """Sends, in parts if it must, and returns the last part's id; tried again, it goes on where it stopped."""
        parts = split(message.text)
        chat = _chat(message)
        if not parts:
            raise DeliveryFailed("a message without text", permanent=True)

        ids = self._under_way.setdefault(message.key, [])
        try:
            for number in range(len(ids), len(parts)):
                ids.append(await self._send_part(chat, message, parts, number))
        except TelegramError as error:
            failed = delivery_failed(error)
            if failed.permanent or not ids:
                del self._under_way[message.key]
            raise failed from None  # the library's words may quote the token

        del self._under_way[message.key]
        return ids[-1]

    async def _send_part(self, chat: int, message: OutboundMessage, parts: list[str], number: int) -> str:
        sent = await self.bot.send_message(
            chat_id=chat,
            text=parts[number],
            reply_markup=_keyboard(message.buttons) if number == len(parts) - 1 else None,
            disable_notification=message.silent or number > 0,  # one message rings once
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )
        return str(sent.message_id)

    async def fetch(self, attachment: Attachment) -> bytes:
        """The attachment's bytes, 20 MB at most; raises FetchFailed."""
        if attachment.remote_id is None or (attachment.size or 0) > MAX_DOWNLOAD:
            raise FetchFailed("nothing to fetch, or more than 20 MB", permanent=True)
        try:
            file = await self.bot.get_file(attachment.remote_id)
            if not file.file_path:
                raise FetchFailed("Telegram names no place for the file")
            return bytes(await file.download_as_bytearray())
        except TelegramError as error:
            raise fetch_failed(error) from None  # the library's words may quote the token


def build(
    token: str, base_url: str | None = None, *, staff_chat: str | None = None, timeout: float = 10.0
) -> TelegramChannel:
    """A channel for one bot. `base_url`: another server than Telegram's own; `timeout` in seconds."""
    # they write addresses with the token and answers with the citizen's text; what matters, we log ourselves
    for name in ("httpx", "httpcore", "telegram"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    # the library's own switch to durations as timedelta; without it, every 429 warns
    os.environ.setdefault("PTB_TIMEDELTA", "true")

    server = (base_url or API).rstrip("/")
    bot = ExtBot(
        token,
        base_url=f"{server}/bot",
        base_file_url=f"{server}/file/bot",
        request=HTTPXRequest(read_timeout=timeout, connect_timeout=timeout),
        # with retries it holds every chat on one 429; the outbox reschedules instead
        rate_limiter=AIORateLimiter(max_retries=0),
    )
    return TelegramChannel(bot, staff_chat=staff_chat)


def _chat(message: OutboundMessage) -> int:
    try:
        return int(message.address)
    except ValueError:
        raise DeliveryFailed("not a Telegram address", permanent=True) from None


def _keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    rows = [[InlineKeyboardButton(one.label, callback_data=one.data)] for one in buttons]
    return InlineKeyboardMarkup(rows) if rows else None
