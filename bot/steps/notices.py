"""Notices: what a citizen hears because staff have done something; nothing for one who is erased."""

from datetime import datetime
from typing import Any

from bot.core.case import Urgency
from bot.core.errors import CitizenGone
from bot.core.promise import Promise
from bot.core.staff import Staff
from bot.steps import letters
from bot.steps.house import House
from bot.steps.letters import Letter, Told
from bot.store import casefile, outbox
from bot.store.database import Tx


async def put(tx: Tx, case: Any, letter: Letter, key: str, now: datetime, *, staff: Staff | None = None) -> bool:
    """Puts a letter about the case into the outbox; False if it is there already.

    Raises CitizenGone if nobody is there to read what `staff` has written; what the house says by itself falls away.
    """
    reach = await casefile.reach(tx, case.conversation_id)
    if reach.erased:
        if staff is None:
            return False
        raise CitizenGone
    return await outbox.put(
        tx,
        key=key,
        channel=reach.channel,
        kind=letter.kind.value,
        text=letter.text,
        now=now,
        conversation=case.conversation_id,
        case=case.id,
        staff=staff.id if staff else None,
    )


async def update(tx: Tx, house: House, case: Any, key: str, told: Told, now: datetime, *, reopened: bool) -> None:
    """Department, urgency or promise have changed."""
    letter = letters.update(house, await lang_of(tx, house, case), told, reopened=reopened)
    await put(tx, case, letter, key, now)


async def lang_of(tx: Tx, house: House, case: Any) -> str:
    """What the citizen is answered in."""
    spoken = (await casefile.reach(tx, case.conversation_id)).lang
    return house.words.speaks(spoken or house.settings.city.languages[0])


def told(case: Any, department: str, urgency: Urgency, promise: Promise, now: datetime) -> Told:
    """What may be told of a case that has changed."""
    return Told(case.reference, department, urgency, promise, now, case=case.id)


def facts(house: House, case: Any) -> dict[str, Any]:
    """The placeholders of the sentences staff set off."""
    return {"reference": case.reference, "greeting": house.department(case.department).greeting}
