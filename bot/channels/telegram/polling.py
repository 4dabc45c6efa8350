"""Long polling that confirms an update only after the house has stored it.

The library's own Updater confirms before anybody has handled anything, so a crash loses what it had fetched.
"""

import asyncio
import warnings
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from typing import Any, TypeVar

import structlog
from telegram.error import Conflict, InvalidToken, NetworkError, TelegramError
from telegram.ext import ExtBot
from telegram.warnings import PTBUserWarning

from bot.channels.telegram.door import ALLOWED, Door, pressed
from bot.channels.telegram.failures import jittered, pause_after

log = structlog.get_logger()
T = TypeVar("T")


async def poll(
    bot: "ExtBot[Any]",
    receive: Callable[[Mapping[str, Any]], Awaitable[None]],
    *,
    stop: asyncio.Event,
    receive_unreadable: Callable[[bytes], Awaitable[None]] | None = None,
    blocked: Callable[[str], Awaitable[None]] | None = None,
    heard: Callable[[], Awaitable[None]] | None = None,
    timeout: int = 30,  # noqa: ASYNC109 -- Telegram's own parameter: how long it holds the line
    pause: Callable[[int], float] = jittered,
) -> None:
    """Hands every update to `receive` until `stop`; survives everything but being cancelled.

    `heard` is told after each answer of Telegram, so that the house knows since when nothing could come in.
    `pause` gives the seconds to wait after the n-th failure in a row.
    """
    # fetched raw on purpose: the library would parse first, and spin for ever on one update it cannot parse
    warnings.filterwarnings("ignore", r"Please use 'Bot.getUpdates'", PTBUserWarning)
    poller = _Poller(bot, Door(receive, receive_unreadable, blocked), heard, timeout)
    failures = 0
    try:
        while not stop.is_set():
            try:
                await poller.turn(stop)
                failures = 0
            except Exception as error:  # the line must never stop: 3 a.m. has nobody to start it again
                failures += 1
                _complain(error, failures)
                await _unless(stop, asyncio.sleep(pause_after(error, failures, pause)))
    finally:
        await poller.close()


class _Poller:
    """Where the line stands: the offset, and buttons that still spin."""

    def __init__(
        self, bot: "ExtBot[Any]", door: Door, heard: Callable[[], Awaitable[None]] | None, timeout: int
    ) -> None:
        self._bot = bot
        self._door = door
        self._heard = heard
        self._timeout = timeout
        self._offset: int | None = None
        self._ours = False  # no webhook is set
        self._answers: set[asyncio.Task[None]] = set()

    async def turn(self, stop: asyncio.Event) -> None:
        """One fetch and everything in it."""
        if not self._ours:
            await self._bot.delete_webhook(drop_pending_updates=False)
            self._ours = True
        updates = await _unless(stop, self._fetch())
        if updates is None:
            return
        if self._heard:
            await self._heard()

        for raw in updates:
            if stop.is_set():
                return
            await self._door.take_in(raw)
            self._offset = raw["update_id"] + 1  # told to Telegram with the next fetch
            self._answer(raw)
        if not updates:
            # all is confirmed: forget the number, for after a quiet week Telegram counts from anywhere
            self._offset = None

    async def close(self) -> None:
        """Waits for the last answers to buttons."""
        await asyncio.gather(*self._answers, return_exceptions=True)

    async def _fetch(self) -> list[dict[str, Any]]:
        found = await self._bot.do_api_request(
            "getUpdates",
            api_kwargs={"offset": self._offset, "timeout": self._timeout, "allowed_updates": ALLOWED},
            read_timeout=self._timeout + 10,
        )
        if not isinstance(found, list) or not all(_is_numbered(one) for one in found):
            raise NetworkError("an answer without numbered updates")
        return found

    def _answer(self, raw: Mapping[str, Any]) -> None:
        """Beside the line: a button that spins is no reason to keep the next citizen waiting."""
        if query := pressed(raw):
            task = asyncio.create_task(_stop_spinning(self._bot, query))
            self._answers.add(task)
            task.add_done_callback(self._answers.discard)


def _is_numbered(update: object) -> bool:
    return isinstance(update, dict) and isinstance(update.get("update_id"), int)


async def _stop_spinning(bot: "ExtBot[Any]", query: str) -> None:
    try:
        await bot.answer_callback_query(query)
    except TelegramError as error:  # too late after an outage, mostly; the button itself has been stored
        log.debug("A button could not be answered", error=type(error).__name__)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, T]) -> T | None:
    """The work's result, or None if `stop` comes first."""
    task, stopped = asyncio.ensure_future(work), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopped}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else None
    finally:
        task.cancel()
        stopped.cancel()
        await asyncio.gather(task, stopped, return_exceptions=True)


def _complain(error: Exception, failures: int) -> None:
    """One sentence for whoever reads the log; never the error's own words, which may hold token or text."""
    match error:
        case Conflict():
            said = "Another program fetches this bot's messages, or a webhook is set: only one may"
        case InvalidToken():
            said = "Telegram does not know the bot's token; correct TELEGRAM_TOKEN and start again"
        case TelegramError():
            said = "Telegram cannot be reached; trying again"
        case _:
            said = "The house could not store an update; Telegram keeps it, trying again"
    log.warning(said, error=type(error).__name__, failures=failures)
