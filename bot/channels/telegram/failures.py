"""What Telegram's errors mean for the house: try again and when, perhaps arrived, or never."""

import random
from collections.abc import Callable
from datetime import timedelta

import httpx  # what python-telegram-bot speaks HTTP with; only its errors tell how far a request came
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.core.errors import DeliveryFailed, FetchFailed

#: the request never left
NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
#: seconds
LONGEST_PAUSE = 30.0


def delivery_failed(error: TelegramError) -> DeliveryFailed:
    """The house's error for a failed sending; its words are ours, for the library's may quote the token."""
    match error:
        case RetryAfter():
            return DeliveryFailed("Telegram asks for a pause (429)", retry_after=seconds_asked(error))
        case Forbidden():
            return DeliveryFailed("the citizen has blocked the bot or left Telegram (403)", permanent=True)
        case ChatMigrated():
            return DeliveryFailed("the chat has moved and is no citizen's", permanent=True)
        case BadRequest():
            return DeliveryFailed(_refused(error), permanent=True)
        case InvalidToken():
            return DeliveryFailed("Telegram does not know the bot's token (401): correct TELEGRAM_TOKEN")
        case NetworkError() if isinstance(error.__cause__, httpx.HTTPError):
            return _broken(error.__cause__)
    # the bare error is what the library makes of an answer it cannot read
    unknown = type(error) is TelegramError
    return DeliveryFailed(f"Telegram could not take it ({type(error).__name__})", unknown=unknown)


def fetch_failed(error: TelegramError) -> FetchFailed:
    """The house's error for a failed download; 404 may be an expired link, and a new one helps."""
    permanent = isinstance(error, (BadRequest, Forbidden))
    return FetchFailed(f"Telegram did not hand out the file ({type(error).__name__})", permanent=permanent)


def seconds_asked(error: RetryAfter) -> timedelta:
    """How long Telegram wants to be left alone."""
    asked = error.retry_after
    return asked if isinstance(asked, timedelta) else timedelta(seconds=asked)


def pause_after(error: Exception, failures: int, pause: Callable[[int], float]) -> float:
    """Seconds until the next try: what Telegram asked for, else `pause` after so many failures in a row."""
    return seconds_asked(error).total_seconds() if isinstance(error, RetryAfter) else pause(failures)


def jittered(failures: int) -> float:
    """Seconds: doubling, and never the same twice, so that many bots do not knock in step."""
    return random.uniform(0.5, 1.0) * min(2.0 ** min(failures, 10) / 2, LONGEST_PAUSE)  # noqa: S311 -- no secret


def _broken(cause: httpx.HTTPError) -> DeliveryFailed:
    if isinstance(cause, NOT_SENT):
        return DeliveryFailed(f"Telegram cannot be reached ({type(cause).__name__})")
    return DeliveryFailed(f"no answer of Telegram, it may have arrived ({type(cause).__name__})", unknown=True)


def _refused(error: BadRequest) -> str:
    """Telegram's reasons name what is wrong and never quote the message, but only the known one is worth passing on."""
    if "chat not found" in error.message.lower():
        return "Telegram does not know this chat (400)"
    return "Telegram refuses this message (400)"
