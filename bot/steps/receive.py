"""Receive: a raw update is in the database before anybody is told that it arrived."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.store import inbox
from bot.store.database import Database
from bot.store.inbox import Upload


async def receive(
    raw: Mapping[str, Any] | str,
    *,
    database: Database,
    channel: str,
    bot: str,
    update_key: str,
    now: datetime,
    files: tuple[Upload, ...] = (),
) -> bool:
    """Keeps the update; False if it was here already. Raises StoreUnavailable: then nothing may be acknowledged."""
    async with database.begin() as tx:
        number = await inbox.put(tx, channel=channel, bot=bot, update_key=update_key, raw=raw, now=now, files=files)
    return number is not None
