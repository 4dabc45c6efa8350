"""The outbox: every message of the house, sent at least once, in order per conversation, safety texts first."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.message import Button, ReplyKind
from bot.store.inbox import insert_or_skip
from bot.store.tables import cases, conversations, outbox

#: longer than any channel's time-out, so that a claim outlives the sending it covers
_CLAIM = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Parcel:
    """One due row of the outbox with what its channel needs."""

    id: int
    key: str
    conversation_id: int | None
    channel: str
    address: str | None
    kind: ReplyKind
    text: str
    subject: str | None
    html: str | None
    buttons: tuple[Button, ...]
    silent: bool
    attempts: int
    created_at: datetime


async def put(
    tx: AsyncConnection,
    *,
    key: str,
    channel: str,
    kind: str,
    text: str,
    now: datetime,
    conversation: int | None = None,
    case: int | None = None,
    after_message: int | None = None,
    target: str | None = None,
    subject: str | None = None,
    html: str | None = None,
    buttons: Sequence[Button] = (),
    silent: bool = False,
    staff: int | None = None,
) -> bool:
    """Puts a message into the outbox; False if its key is there already."""
    values = {
        "key": key,
        "conversation_id": conversation,
        "case_id": case,
        "after_message": after_message,
        "channel": channel,
        "target": target,
        "kind": kind,
        "rank": 0 if kind == ReplyKind.SAFETY else 1,
        "text": text,
        "subject": subject,
        "html": html,
        "buttons": [[b.label, b.data] for b in buttons],
        "silent": silent,
        "staff_id": staff,
        "created_at": now,
        "not_before": now,
    }
    row = (await tx.execute(insert_or_skip(tx, outbox, values).returning(outbox.c.id))).first()
    return row is not None


async def claim(tx: AsyncConnection, now: datetime, *, most: int = 20) -> list[Parcel]:
    """Takes due rows for sending: at most one a conversation, the head of its line; others wait behind it."""
    earlier = outbox.alias()
    ahead = (
        sa.exists()
        .where(earlier.c.conversation_id == outbox.c.conversation_id)
        .where(earlier.c.sent_at.is_(None), earlier.c.failed_at.is_(None))
        .where(sa.tuple_(earlier.c.rank, earlier.c.id) < sa.tuple_(outbox.c.rank, outbox.c.id))
    )
    in_flight = (
        sa.exists()
        .where(earlier.c.conversation_id == outbox.c.conversation_id, earlier.c.id != outbox.c.id)
        .where(earlier.c.sent_at.is_(None), earlier.c.failed_at.is_(None), earlier.c.claimed_until > now)
    )
    query = (
        sa.select(outbox, conversations.c.address)
        .outerjoin(conversations, conversations.c.id == outbox.c.conversation_id)
        .where(outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None), outbox.c.not_before <= now)
        .where(sa.or_(outbox.c.claimed_until.is_(None), outbox.c.claimed_until <= now))
        .where(~ahead, ~in_flight)
        .order_by(outbox.c.rank, outbox.c.id)
        .limit(most)
    )
    if tx.dialect.name == "postgresql":
        query = query.with_for_update(skip_locked=True, of=outbox)
    rows = (await tx.execute(query)).all()
    if rows:
        await tx.execute(
            outbox.update()
            .where(outbox.c.id.in_([r.id for r in rows]))
            .values(
                claimed_until=now + _CLAIM,
                attempts=outbox.c.attempts + 1,
                # An earlier claim that nobody has ended: it may have left, and nobody has noted it.
                doubtful=outbox.c.doubtful + sa.case((outbox.c.claimed_until.is_not(None), 1), else_=0),
            )
        )
    return [_parcel(row) for row in rows]


def _parcel(row: Any) -> Parcel:
    return Parcel(
        id=row.id,
        key=row.key,
        conversation_id=row.conversation_id,
        channel=row.channel,
        address=row.target or row.address,
        kind=ReplyKind(row.kind) if row.kind in list(ReplyKind) else ReplyKind.ANSWER,
        text=row.text or "",
        subject=row.subject,
        html=row.html,
        buttons=tuple(Button(*pair) for pair in row.buttons),
        silent=row.silent,
        attempts=row.attempts + 1,
        created_at=row.created_at,
    )


async def mark_sent(tx: AsyncConnection, number: int, external_id: str, now: datetime) -> None:
    """The channel has taken it."""
    values = {"sent_at": now, "external_id": external_id[:100], "claimed_until": None}
    await tx.execute(outbox.update().where(outbox.c.id == number).values(**values))
    # A farewell after erasing carries the last copy of the address. The web page still has to show it; purge ends it.
    farewell = (outbox.c.kind == ReplyKind.DELETION.value) & outbox.c.conversation_id.is_(None)
    ended = {"text": None, "target": None, "external_id": None}
    await tx.execute(outbox.update().where(outbox.c.id == number, farewell, outbox.c.channel != "web").values(**ended))
    # A digest quotes the first words of cases; what the staff's mailbox has, an erasure here need not look for.
    digest = (outbox.c.channel == "mail") & outbox.c.conversation_id.is_(None)
    await tx.execute(outbox.update().where(outbox.c.id == number, digest).values(text=None, html=None))


async def mark_failed(tx: AsyncConnection, number: int, reason: str, now: datetime) -> None:
    """It will not be tried again; the desk shows it."""
    values = {"failed_at": now, "reason": reason[:200], "claimed_until": None}
    await tx.execute(outbox.update().where(outbox.c.id == number).values(**values))


async def postpone(tx: AsyncConnection, number: int, until: datetime, reason: str, *, doubtful: bool) -> None:
    """Tried later; `doubtful`: this try may have arrived."""
    values: dict[str, Any] = {"not_before": until, "reason": reason[:200], "claimed_until": None}
    if doubtful:
        values["doubtful"] = outbox.c.doubtful + 1
    await tx.execute(outbox.update().where(outbox.c.id == number).values(**values))


async def release_claims(tx: AsyncConnection) -> int:
    """At start, before anything is sent: what an earlier life had claimed is due again, its outcome unknown."""
    query = outbox.update().where(
        outbox.c.claimed_until.is_not(None), outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None)
    )
    result = await tx.execute(query.values(claimed_until=None, doubtful=outbox.c.doubtful + 1))
    return int(result.rowcount)


@dataclass(frozen=True, slots=True)
class Undelivered:
    """A message that did not reach the citizen."""

    id: int
    case_id: int | None
    reference: str | None
    kind: str
    reason: str
    failed_at: datetime


async def undelivered(tx: AsyncConnection) -> list[Undelivered]:
    """What could not be delivered and nobody has looked at."""
    query = (
        sa.select(outbox.c.id, outbox.c.case_id, cases.c.reference, outbox.c.kind, outbox.c.reason, outbox.c.failed_at)
        .outerjoin(cases, cases.c.id == outbox.c.case_id)
        .where(outbox.c.failed_at.is_not(None), outbox.c.seen_at.is_(None))
        .order_by(outbox.c.id.desc())
        .limit(200)
    )
    return [Undelivered(*row) for row in (await tx.execute(query)).all()]


async def mark_seen(tx: AsyncConnection, number: int, now: datetime) -> None:
    """Staff have looked at what could not be delivered."""
    await tx.execute(outbox.update().where(outbox.c.id == number).values(seen_at=now))


async def retry(tx: AsyncConnection, number: int, now: datetime) -> None:
    """Staff want it tried once more."""
    values = {"failed_at": None, "reason": None, "not_before": now, "attempts": 0, "seen_at": None}
    await tx.execute(outbox.update().where(outbox.c.id == number, outbox.c.failed_at.is_not(None)).values(**values))
