"""Fetch: attachments are brought from their channel into the database."""

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.core.errors import FetchFailed
from bot.steps.house import House
from bot.steps.picture import Cleaned, FileRefused, clean
from bot.store import attachments
from bot.store.attachments import Fetchable

log = structlog.get_logger(__name__)

_TRIES = 8


async def fetch_due(house: House, now: datetime) -> int:
    """Fetches what is due; returns how many were tried."""
    async with house.database.read() as tx:
        due = await attachments.due(tx, now)
    for wanted in due:
        await _fetch(house, wanted, now)
    return len(due)


async def _fetch(house: House, wanted: Fetchable, now: datetime) -> None:
    try:
        cleaned = await _bring(house, wanted)
    except FileRefused as error:
        await _refuse(house, wanted, error.reason, now)
    except FetchFailed as error:
        await _put_off(house, wanted, error, now)
    except Exception as error:  # one file must never hold up those behind it
        log.exception("fetch_stumbled", attachment=wanted.id, error=type(error).__name__)
        await _put_off(house, wanted, FetchFailed(type(error).__name__), now)
    else:
        async with house.database.begin() as tx:
            if await attachments.is_wanted(tx, wanted.id):  # erased meanwhile: its bytes must not come back
                await attachments.keep(tx, wanted.id, cleaned.data, cleaned.mime, now)


async def _put_off(house: House, wanted: Fetchable, error: FetchFailed, now: datetime) -> None:
    if error.permanent or wanted.attempts + 1 >= _TRIES:
        await _refuse(house, wanted, "unreachable", now)
        return
    async with house.database.begin() as tx:
        await attachments.postpone(tx, wanted.id, now + timedelta(seconds=5 * 2**wanted.attempts))


async def _bring(house: House, wanted: Fetchable) -> Cleaned:
    limits = house.settings.limits
    if wanted.attachment.size and wanted.attachment.size > limits.attachment_bytes:
        raise FileRefused("size")
    channel = house.channels.get(wanted.channel)
    if channel is None:
        raise FetchFailed("Kanal nicht eingeschaltet")
    data = await channel.fetch(wanted.attachment)
    return await asyncio.to_thread(clean, data, limits)


async def _refuse(house: House, wanted: Fetchable, reason: str, now: datetime) -> None:
    log.warning("attachment_refused", attachment=wanted.id, reason=reason)
    async with house.database.begin() as tx:
        await attachments.refuse(tx, wanted.id, reason, now)
