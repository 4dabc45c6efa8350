"""Erasure: words, addresses and files leave the database's bytes; counts stay."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import OPEN
from bot.core.message import Fate
from bot.store.tables import (
    attachment_bytes,
    attachments,
    bodies,
    case_messages,
    cases,
    conversations,
    deletions,
    examples,
    inbox,
    messages,
    outbox,
    triages,
    uploads,
)


@dataclass(frozen=True, slots=True)
class Deletion:
    """One entry of the deletion log; `began`: when its conversation did, so that no other is taken for it."""

    conversation: int
    case: int | None
    at: datetime
    cause: str  # wish, retention
    began: datetime | None


#: what an outbox row loses with its words
NO_LETTER: dict[str, Any] = {"text": None, "html": None, "subject": None, "buttons": [], "external_id": None}


async def erase_conversation(
    tx: AsyncConnection, conversation: int, now: datetime, *, keep_cases: tuple[int, ...] = (), cause: str = "wish"
) -> None:
    """Everything of this conversation but what belongs to `keep_cases` (danger, not yet closed)."""
    kept = sa.select(case_messages.c.message_id).where(case_messages.c.case_id.in_(keep_cases))
    gone = sa.select(messages.c.id).where(messages.c.conversation_id == conversation, messages.c.id.not_in(kept))
    await erase_messages(tx, gone)
    own_cases = sa.select(cases.c.id).where(cases.c.conversation_id == conversation, cases.c.id.not_in(keep_cases))
    await tx.execute(triages.update().where(triages.c.case_id.in_(own_cases)).values(reasons=[]))
    await tx.execute(examples.delete().where(examples.c.conversation_id == conversation))
    spoken = outbox.c.conversation_id == conversation
    if keep_cases:
        spoken &= sa.or_(outbox.c.case_id.is_(None), outbox.c.case_id.not_in(keep_cases))
    unsent = outbox.c.sent_at.is_(None) & outbox.c.failed_at.is_(None)
    await tx.execute(
        outbox.update().where(spoken & unsent).values(failed_at=now, reason="auf Wunsch gelöscht", seen_at=now)
    )
    await tx.execute(outbox.update().where(spoken).values(**NO_LETTER))
    await _erase_quotes(tx, conversation, now)
    await _erase_dead_letters(tx, conversation)
    values = {"address": None, "erased_at": now, "dialog": None, "lang": None}
    await tx.execute(conversations.update().where(conversations.c.id == conversation).values(**values))
    await tx.execute(deletions.insert().values(conversation_id=conversation, at=now, cause=cause))


async def erase_case_words(tx: AsyncConnection, case: int, now: datetime, *, cause: str) -> None:
    """The words and files of one case; a message that belongs to another, open case as well stays."""
    open_ones = sa.select(cases.c.id).where(cases.c.status.in_([status.value for status in OPEN]), cases.c.id != case)
    shared = sa.select(case_messages.c.message_id).where(case_messages.c.case_id.in_(open_ones))
    gone = sa.select(case_messages.c.message_id).where(
        case_messages.c.case_id == case, case_messages.c.message_id.not_in(shared)
    )
    conversation = (await tx.execute(sa.select(cases.c.conversation_id).where(cases.c.id == case))).scalar_one()
    await erase_messages(tx, gone)
    await tx.execute(triages.update().where(triages.c.case_id == case).values(reasons=[]))
    await tx.execute(outbox.update().where(outbox.c.case_id == case).values(**NO_LETTER))
    if cause == "wish":
        await tx.execute(examples.delete().where(examples.c.case_id == case))
    await tx.execute(deletions.insert().values(conversation_id=conversation, case_id=case, at=now, cause=cause))


async def _erase_quotes(tx: AsyncConnection, conversation: int, now: datetime) -> None:
    """Morning mails that quote these cases and have not left: better a digest missing than an erased word sent."""
    query = sa.select(cases.c.reference).where(cases.c.conversation_id == conversation)
    for (reference,) in (await tx.execute(query)).all():
        quoting = outbox.c.conversation_id.is_(None) & outbox.c.text.contains(reference, autoescape=True)
        ended = {"failed_at": sa.func.coalesce(outbox.c.failed_at, now), "reason": "enthielt inzwischen Gelöschtes"}
        own = quoting & outbox.c.sent_at.is_(None) & outbox.c.subject.is_not(None)
        await tx.execute(outbox.update().where(own).values(**NO_LETTER, **ended))


async def _erase_dead_letters(tx: AsyncConnection, conversation: int) -> None:
    """What nobody could parse still carries the address in its raw form."""
    row = (
        await tx.execute(
            sa.select(conversations.c.channel, conversations.c.address).where(conversations.c.id == conversation)
        )
    ).one()
    if row.address is None:
        return
    own = (inbox.c.channel == row.channel) & inbox.c.raw.contains(row.address, autoescape=True)
    own &= inbox.c.fate == Fate.UNREADABLE.value
    await tx.execute(uploads.delete().where(uploads.c.inbox_id.in_(sa.select(inbox.c.id).where(own))))
    await tx.execute(inbox.update().where(own).values(raw=None, error=None))


async def forget_address(tx: AsyncConnection, conversation: int, now: datetime) -> None:
    """Nothing is open and nothing was said for long: the citizen is no longer to be found."""
    values = {"address": None, "dialog": None, "lang": None}
    await tx.execute(conversations.update().where(conversations.c.id == conversation).values(**values))
    await tx.execute(deletions.insert().values(conversation_id=conversation, at=now, cause="retention"))


async def is_here(tx: AsyncConnection, entry: Deletion) -> bool:
    """Whether this database still holds the conversation (and the case) the entry is about."""
    began = sa.select(conversations.c.created_at).where(conversations.c.id == entry.conversation)
    if entry.began is None or (await tx.execute(began)).scalar() != entry.began:
        return False
    if entry.case is None:
        return True
    owner = sa.select(cases.c.conversation_id).where(cases.c.id == entry.case)
    return bool((await tx.execute(owner)).scalar() == entry.conversation)


async def erase_messages(tx: AsyncConnection, gone: sa.Select[tuple[int]]) -> None:
    """The words, files, raw updates and places of these messages."""
    files = sa.select(attachments.c.id).where(attachments.c.message_id.in_(gone))
    await tx.execute(attachment_bytes.delete().where(attachment_bytes.c.attachment_id.in_(files)))
    await tx.execute(attachments.update().where(attachments.c.message_id.in_(gone)).values(name=None, remote_id=None))
    await tx.execute(bodies.delete().where(bodies.c.message_id.in_(gone)))
    await tx.execute(uploads.delete().where(uploads.c.inbox_id.in_(gone)))
    await tx.execute(inbox.update().where(inbox.c.id.in_(gone)).values(raw=None, error=None))
    await tx.execute(
        messages.update()
        .where(messages.c.id.in_(gone))
        .values(latitude=None, longitude=None, external_id="", album=None)
    )
