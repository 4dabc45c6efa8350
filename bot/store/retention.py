"""Retention: what is past its time, counted from the end of its case, or else from its arrival."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import OPEN, Status
from bot.core.message import Fate, ReplyKind
from bot.store import erasure
from bot.store.tables import (
    attachment_bytes,
    attachments,
    blind_seen,
    blind_verdicts,
    case_messages,
    cases,
    conversations,
    deletions,
    inbox,
    messages,
    moves,
    outbox,
    sessions,
    shadows,
    uploads,
)


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows lost their content, or went."""

    held: int = 0  #: cases with danger in them, closed at last after their citizen had erased all else
    cases: int = 0  #: whose words were past their time
    texts: int = 0  #: messages without a case: greetings, commands
    files: int = 0
    addresses: int = 0
    raw: int = 0  #: raw updates
    dead_letters: int = 0
    letters: int = 0  #: texts of our own
    farewells: int = 0
    uploads: int = 0
    sessions: int = 0
    names: int = 0  #: who moved a case
    shadows: int = 0  #: what a model beside the serving one said
    judges: int = 0  #: who judged a case of the blind sample, or has seen its guess
    log: int = 0  #: entries of the deletion log


_OPEN = [status.value for status in OPEN]
_ENDED = [Status.CLOSED.value, Status.WITHDRAWN.value]

# An answer nobody followed up is an end too; a reply reopens the case, and then it waits again.
_end = sa.func.coalesce(cases.c.ended_at, sa.case((cases.c.status == Status.ANSWERED.value, cases.c.touched_at)))
_answered_late = sa.func.coalesce(cases.c.answered_at, cases.c.opened_at)
_erased = sa.exists().where(
    deletions.c.conversation_id == cases.c.conversation_id,
    sa.or_(deletions.c.case_id == cases.c.id, deletions.c.case_id.is_(None) & (deletions.c.cause == "wish")),
    deletions.c.at >= _end,
)


def _over(limit: datetime) -> sa.ColumnElement[bool]:
    """The case has ended before the limit, and its last answer too."""
    return cases.c.status.not_in(_OPEN) & (_end < limit) & (_answered_late < limit)


def _has_living_case(message: sa.ColumnElement[int], limit: datetime) -> sa.ColumnElement[bool]:
    return (
        sa.exists()
        .where(case_messages.c.message_id == message, case_messages.c.case_id == cases.c.id)
        .where(sa.not_(_over(limit)))
    )


async def held_cases(tx: AsyncConnection) -> list[int]:
    """Cases with danger that outlived their conversation's erasure, and are closed now."""
    query = (
        sa.select(cases.c.id)
        .join(conversations, conversations.c.id == cases.c.conversation_id)
        .where(conversations.c.erased_at.is_not(None), cases.c.status.in_(_ENDED), ~_erased)
    )
    return list((await tx.execute(query)).scalars())


async def cases_ended(tx: AsyncConnection, limit: datetime) -> list[int]:
    """Cases that ended before the limit and still have their words."""
    query = sa.select(cases.c.id).where(_over(limit), ~_erased)
    return list((await tx.execute(query)).scalars())


async def silent_conversations(tx: AsyncConnection, limit: datetime) -> list[int]:
    """Conversations with an address in which nothing is open and nothing was said since the limit."""
    living = sa.exists().where(cases.c.conversation_id == conversations.c.id, sa.not_(_over(limit)))
    spoken = sa.exists().where(messages.c.conversation_id == conversations.c.id, messages.c.received_at >= limit)
    query = sa.select(conversations.c.id).where(
        conversations.c.address.is_not(None), conversations.c.created_at < limit, ~living, ~spoken
    )
    return list((await tx.execute(query)).scalars())


async def erase_caseless_words(tx: AsyncConnection, limit: datetime) -> int:
    """Messages before the limit that belong to no case."""
    joined = sa.exists().where(case_messages.c.message_id == messages.c.id)
    gone = sa.select(messages.c.id).where(messages.c.received_at < limit, messages.c.external_id != "", ~joined)
    numbers = list((await tx.execute(gone)).scalars())
    await erasure.erase_messages(tx, gone)
    return len(numbers)


async def erase_files(tx: AsyncConnection, limit: datetime) -> int:
    """Bytes of attachments before the limit, of messages whose cases have all ended before it."""
    over = (
        sa.select(attachments.c.id)
        .join(messages, messages.c.id == attachments.c.message_id)
        .where(messages.c.received_at < limit, ~_has_living_case(messages.c.id, limit))
    )
    held = attachment_bytes.c.attachment_id.in_(over)
    await tx.execute(
        attachments.update()
        .where(attachments.c.id.in_(sa.select(attachment_bytes.c.attachment_id).where(held)))
        .values(name=None, remote_id=None)
    )
    return await _count(tx, attachment_bytes.delete().where(held))


async def erase_raw(tx: AsyncConnection, limit: datetime) -> int:
    """Raw updates that were dealt with; what nobody could parse has a time of its own."""
    past = inbox.c.done_at.is_not(None) & (inbox.c.received_at < limit) & inbox.c.raw.is_not(None)
    query = inbox.update().where(past, inbox.c.fate != Fate.UNREADABLE.value)
    return await _count(tx, query.values(raw=None))


async def erase_dead_letters(tx: AsyncConnection, limit: datetime, now: datetime) -> int:
    """What nobody could parse; nobody needs to look at an empty one."""
    past = (inbox.c.fate == Fate.UNREADABLE.value) & (inbox.c.received_at < limit) & inbox.c.raw.is_not(None)
    values = {"raw": None, "seen_at": sa.func.coalesce(inbox.c.seen_at, now)}
    return await _count(tx, inbox.update().where(past).values(**values))


async def erase_letters(tx: AsyncConnection, limit: datetime) -> int:
    """Texts of our own before the limit that have been sent or given up, and whose case is not open."""
    finished = outbox.c.sent_at.is_not(None) | outbox.c.failed_at.is_not(None)
    living = sa.exists().where(cases.c.id == outbox.c.case_id, sa.not_(_over(limit)))
    past = finished & (outbox.c.created_at < limit) & outbox.c.text.is_not(None) & ~living
    return await _count(tx, outbox.update().where(past).values(**erasure.NO_LETTER))


async def erase_farewells(tx: AsyncConnection, limit: datetime) -> int:
    """Farewells after an erasure: each carries the last copy of an address."""
    farewell = (outbox.c.kind == ReplyKind.DELETION.value) & outbox.c.conversation_id.is_(None)
    over = (outbox.c.channel == "web") | outbox.c.sent_at.is_not(None) | outbox.c.failed_at.is_not(None)
    past = farewell & over & (outbox.c.created_at < limit) & outbox.c.target.is_not(None)
    shown = sa.func.coalesce(outbox.c.sent_at, outbox.c.failed_at, limit)  # nobody has fetched it: it is given up
    values = {**erasure.NO_LETTER, "target": None, "sent_at": shown}
    return await _count(tx, outbox.update().where(past).values(**values))


async def drop_orphaned_uploads(tx: AsyncConnection, limit: datetime) -> int:
    """Files whose update was dealt with without them; those of dead letters stay as long as these."""
    done = sa.select(inbox.c.id).where(
        inbox.c.done_at.is_not(None),
        sa.or_(inbox.c.fate != Fate.UNREADABLE.value, inbox.c.received_at < limit),
    )
    return await _count(tx, uploads.delete().where(uploads.c.inbox_id.in_(done)))


async def drop_sessions(tx: AsyncConnection, now: datetime, limit: datetime) -> int:
    """Sessions that have run out."""
    past = (sessions.c.expires_at <= now) | (sessions.c.created_at < limit)
    return await _count(tx, sessions.delete().where(past))


async def forget_who(tx: AsyncConnection, limit: datetime) -> int:
    """Who moved a case; that it was moved stays."""
    past = (moves.c.at < limit) & moves.c.staff_id.is_not(None)
    return await _count(tx, moves.update().where(past).values(staff_id=None))


async def drop_shadows(tx: AsyncConnection, limit: datetime) -> int:
    """What a model beside the serving one said before the limit."""
    return await _count(tx, shadows.delete().where(shadows.c.at < limit))


async def forget_judges(tx: AsyncConnection, limit: datetime) -> int:
    """Who judged a case blind, and who had seen its guess; what was judged stays."""
    past = (blind_verdicts.c.at < limit) & blind_verdicts.c.staff_id.is_not(None)
    forgotten = await _count(tx, blind_verdicts.update().where(past).values(staff_id=None))
    return forgotten + await _count(tx, blind_seen.delete().where(blind_seen.c.at < limit))


async def shorten_log(tx: AsyncConnection, limit: datetime) -> int:
    """Entries of the deletion log that no backup still in use needs."""
    return await _count(tx, deletions.delete().where(deletions.c.at < limit))


async def _count(tx: AsyncConnection, query: Any) -> int:
    return int((await tx.execute(query)).rowcount)
