"""Erase: a citizen wants everything gone; open cases end as withdrawn, danger stays until a person has closed it."""

from collections.abc import Iterable
from datetime import datetime

from bot.core.case import OPEN, Status
from bot.core.conversation.state import CaseView
from bot.core.message import ReplyKind
from bot.steps.house import House
from bot.store import cases, conversations, erasure, outbox
from bot.store.conversations import Exchange
from bot.store.database import Database, Tx
from bot.store.erasure import Deletion


async def erase_on_wish(tx: Tx, house: House, exchange: Exchange, lang: str, now: datetime, *, key: str) -> None:
    """Withdraws open cases, erases, and sends the farewell to an address that is already forgotten."""
    held = await withdraw_and_erase(tx, exchange, now)

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


async def withdraw_and_erase(tx: Tx, exchange: Exchange, now: datetime) -> list[CaseView]:
    """Everything of this conversation goes but open cases with danger in them, which are returned."""
    known = (await conversations.load(tx, exchange, now)).cases
    held = [case for case in known if case.is_open and case.dangers]
    for case in known:
        if case.status in OPEN | {Status.ANSWERED} and case not in held:
            await cases.move_to(tx, case.id, Status.WITHDRAWN, now=now)
    await erasure.erase_conversation(tx, exchange.id, now, keep_cases=tuple(c.id for c in held))
    return held


async def erase_again(database: Database, log: Iterable[Deletion]) -> int:
    """What was erased after a backup, erased once more in what it brought back; returns how much of it was there."""
    done = 0
    async with database.begin() as tx:
        for entry in log:
            if not await erasure.is_here(tx, entry):
                continue
            done += 1
            if entry.case is not None:
                await erasure.erase_case_words(tx, entry.case, entry.at, cause=entry.cause)
            elif entry.cause == "wish":
                await withdraw_and_erase(tx, await conversations.get(tx, entry.conversation), entry.at)
            else:
                await erasure.forget_address(tx, entry.conversation, entry.at)
    return done
