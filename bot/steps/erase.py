"""Erase: a citizen wants everything gone; open cases end as withdrawn, danger stays until a person has closed it."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import OPEN, Status
from bot.core.message import ReplyKind
from bot.steps.house import House
from bot.store import cases, conversations, erasure, outbox
from bot.store.conversations import Exchange


async def erase_on_wish(
    tx: AsyncConnection, house: House, exchange: Exchange, lang: str, now: datetime, *, key: str
) -> None:
    """Withdraws open cases, erases, and sends the farewell to an address that is already forgotten."""
    known = (await conversations.load(tx, exchange, now)).cases
    held = [case for case in known if case.is_open and case.dangers]
    for case in known:
        if case.status in OPEN | {Status.ANSWERED} and case not in held:
            await cases.move_to(tx, case.id, Status.WITHDRAWN, now=now)
    await erasure.erase_conversation(tx, exchange.id, now, keep_cases=tuple(c.id for c in held))

    farewell = house.words.say(
        lang,
        "deletion.done",
        backup_until=now + house.settings.retention.backups,
        held=", ".join(f"Nr. {case.reference}" for case in held),
    )
    # The farewell carries its own address: the conversation's is gone with everything else.
    await outbox.put(
        tx,
        key=f"{key}:farewell",
        channel=exchange.channel,
        kind=ReplyKind.DELETION.value,
        text=farewell,
        now=now,
        target=exchange.address,
    )
