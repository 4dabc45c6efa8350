"""The webhook: Telegram posts, the house stores, and only then says 200."""

import asyncio
import hmac
import json
import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from telegram.error import BadRequest, TelegramError
from telegram.ext import ExtBot

from bot.channels.telegram.door import ALLOWED, Door, pressed
from bot.channels.telegram.failures import jittered, pause_after
from bot.core.errors import ConfigError

PATH = "/telegram/webhook"
#: bytes; a real update has a few thousand
MAX_BODY = 1024 * 1024
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 -- a header's name

log = structlog.get_logger()


async def register(
    bot: "ExtBot[Any]", public_url: str, secret: str, *, pause: Callable[[int], float] = jittered
) -> None:
    """Tells Telegram where to post what comes and what waits there; tries until Telegram answers.

    Raises ConfigError if Telegram does not accept the address.
    """
    url, secret, failures = public_url.rstrip("/") + PATH, _checked(secret), 0
    while True:
        try:
            await bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED, drop_pending_updates=False)
        except BadRequest:
            raise ConfigError("Telegram refuses PUBLIC_URL: https on port 443, 80, 88 or 8443 is needed") from None
        except TelegramError as error:
            failures += 1
            log.warning("The webhook is not registered yet; trying again", error=type(error).__name__)
            await asyncio.sleep(pause_after(error, failures, pause))
        else:
            return


def router(
    receive: Callable[[Mapping[str, Any]], Awaitable[None]],
    secret: str,
    *,
    receive_unreadable: Callable[[bytes], Awaitable[None]],
    blocked: Callable[[str], Awaitable[None]] | None = None,
) -> APIRouter:
    """The route Telegram posts to. Everything but 200 makes Telegram post the same again, for a day."""
    routes = APIRouter()
    door = Door(receive, receive_unreadable, blocked)
    expected = _checked(secret).encode()

    @routes.post(PATH, include_in_schema=False)
    async def webhook(request: Request) -> Response:
        given = request.headers.get(SECRET_HEADER, "").encode()
        if not hmac.compare_digest(given, expected):
            return Response(status_code=403)
        body = await _body(request)
        if body is None:
            return Response(status_code=413)
        return await _taken_in(door, body)

    return routes


async def _taken_in(door: Door, body: bytes) -> Response:
    raw = _parsed(body)
    try:
        if raw is None:
            await _keep(door, body)
            return Response()
        await door.take_in(raw)
    except Exception as error:  # StoreUnavailable, or worse: Telegram keeps it and posts it again
        log.warning("The house could not store an update; Telegram will post it again", error=type(error).__name__)
        return Response(status_code=503)

    if query := pressed(raw):  # answered in the same breath: the button stops spinning
        return JSONResponse({"method": "answerCallbackQuery", "callback_query_id": query})
    return Response()


async def _keep(door: Door, body: bytes) -> None:
    if door.receive_unreadable:
        await door.receive_unreadable(body)


def _parsed(body: bytes) -> dict[str, Any] | None:
    """None for what is no JSON object; refused, Telegram would post it for ever."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


async def _body(request: Request) -> bytes | None:
    found = bytearray()
    async for chunk in request.stream():
        found += chunk
        if len(found) > MAX_BODY:
            return None
    return bytes(found)


def _checked(secret: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise ValueError("the webhook's secret needs 1 to 256 of A-Z a-z 0-9 _ -")
    return secret
