"""Purge: what is past its retention leaves the database; counts stay."""

from datetime import datetime, timedelta

from bot.steps.house import House
from bot.store import erasure, retention
from bot.store.retention import Counts

#: the web page has shown the farewell by then, or nobody will ask for it any more
_FAREWELL = timedelta(hours=1)


async def purge(house: House, now: datetime, *, dry_run: bool = False) -> Counts:
    """Erases what is past its time, all or nothing, and says how much; with `dry_run` nothing changes."""
    keep = house.settings.retention
    async with house.database.begin() as tx:
        held = await retention.held_cases(tx)
        for case in held:
            await erasure.erase_case_words(tx, case, now, cause="wish")
        cases = await retention.cases_ended(tx, now - keep.texts)
        for case in cases:
            await erasure.erase_case_words(tx, case, now, cause="retention")
        addresses = await retention.silent_conversations(tx, now - keep.addresses)
        for conversation in addresses:
            await erasure.forget_address(tx, conversation, now)
        counts = Counts(
            held=len(held),
            cases=len(cases),
            addresses=len(addresses),
            texts=await retention.erase_caseless_words(tx, now - keep.texts),
            files=await retention.erase_files(tx, now - keep.attachments),
            raw=await retention.erase_raw(tx, now - keep.inbox),
            dead_letters=await retention.erase_dead_letters(tx, now - keep.dead_letters, now),
            letters=await retention.erase_letters(tx, now - keep.outbox),
            farewells=await retention.erase_farewells(tx, now - _FAREWELL),
            uploads=await retention.drop_orphaned_uploads(tx, now - keep.dead_letters),
            sessions=await retention.drop_sessions(tx, now, now - keep.sessions),
            names=await retention.forget_who(tx, now - keep.audit),
            shadows=await retention.drop_shadows(tx, now - keep.audit),
            judges=await retention.forget_judges(tx, now - keep.audit),
            log=await retention.shorten_log(tx, now - keep.deletion_log),
        )
        if dry_run:
            await tx.rollback()
    return counts
