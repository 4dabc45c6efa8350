"""Deliver: due messages leave the outbox; each is sent, given up, or waits for a better moment."""

import asyncio
import random
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from bot.core.errors import DeliveryFailed, StoreUnavailable
from bot.core.message import OutboundMessage
from bot.steps.house import House
from bot.store import conversations, outbox
from bot.store.outbox import Parcel

log = structlog.get_logger(__name__)

#: a citizen's answer is worth a day of trying; after that a person has to see to it
_TRIES = 12
_FIRST_WAIT = timedelta(seconds=2)
_LONGEST_WAIT = timedelta(hours=2)
#: seconds between tries to note what has left; together less than a claim lasts
_MARKING = (0.2, 0.5, 1, 2, 4)


class Mailer(Protocol):
    """Sends to staff: e-mail, or the staff's chat."""

    async def send_parcel(self, parcel: Parcel) -> str:
        """Sends and returns an id; raises DeliveryFailed."""
        ...


async def deliver_due(house: House, now: datetime, *, mailers: dict[str, Mailer] | None = None) -> int:
    """Sends what is due; returns how many were tried."""
    async with house.database.begin() as tx:
        parcels = await outbox.claim(tx, now)
    # Side by side: at most one a conversation is claimed, so one slow chat holds up nobody else.
    await asyncio.gather(*(_deliver(house, parcel, mailers or {}, now) for parcel in parcels))
    return len(parcels)


async def _deliver(house: House, parcel: Parcel, mailers: dict[str, Mailer], now: datetime) -> None:
    try:
        external_id = await _send(house, parcel, mailers)
    except DeliveryFailed as error:
        await _put_off(house, parcel, error, now)
    except Exception as error:  # one row must never hold up its conversation for ever
        log.exception("delivery_stumbled", outbox=parcel.id, error=type(error).__name__)
        failed = DeliveryFailed(f"unerwarteter Fehler ({type(error).__name__})", unknown=True)
        await _put_off(house, parcel, failed, now)
    else:
        await _note_sent(house, parcel, external_id, now)


async def _note_sent(house: House, parcel: Parcel, external_id: str, now: datetime) -> None:
    """It has left; a database that takes nothing for a moment must not make it leave twice."""
    for pause in _MARKING:
        try:
            async with house.database.begin() as tx:
                await outbox.mark_sent(tx, parcel.id, external_id, now)
            return
        except StoreUnavailable:
            await asyncio.sleep(pause)
    log.error("sent_and_not_noted", outbox=parcel.id)  # due again when its claim ends, and counted as doubtful


async def _send(house: House, parcel: Parcel, mailers: dict[str, Mailer]) -> str:
    if parcel.address is None:
        raise DeliveryFailed("Adresse gelöscht", permanent=True)
    if parcel.channel in mailers:
        return await mailers[parcel.channel].send_parcel(parcel)
    channel = house.channels.get(parcel.channel)
    if channel is None:
        raise DeliveryFailed("Kanal nicht eingeschaltet")
    message = OutboundMessage(parcel.key, parcel.address, parcel.kind, parcel.text, parcel.buttons, parcel.silent)
    return await channel.send(message)


async def _put_off(house: House, parcel: Parcel, error: DeliveryFailed, now: datetime) -> None:
    log.warning("delivery_failed", outbox=parcel.id, attempt=parcel.attempts, permanent=error.permanent)
    async with house.database.begin() as tx:
        if error.permanent or parcel.attempts >= _TRIES:
            await outbox.mark_failed(tx, parcel.id, str(error), now)
            if error.permanent and parcel.conversation_id:
                await conversations.update(tx, parcel.conversation_id, blocked_at=now)
            return
        until = now + (error.retry_after or waiting_time(parcel.attempts))
        await outbox.postpone(tx, parcel.id, until, str(error), doubtful=error.unknown)


def waiting_time(attempts: int) -> timedelta:
    """2 s, 4 s, 8 s … at most two hours, a little spread so that not all come back at once."""
    spread = random.uniform(0.8, 1.2)  # noqa: S311 - nothing secret
    return min(_FIRST_WAIT * (1 << (attempts - 1)), _LONGEST_WAIT) * spread
