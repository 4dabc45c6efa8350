"""The case file (Akte): everything that was said and done in one case, for the page a clerk works on."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Status
from bot.store.tables import (
    attachment_bytes,
    attachments,
    bodies,
    case_messages,
    conversations,
    messages,
    moves,
    outbox,
    staff,
    triages,
)


@dataclass(frozen=True, slots=True)
class FileEntry:
    """An attachment: kept, refused with a reason, or still to be fetched."""

    id: int
    kind: str
    name: str | None
    mime: str | None
    size: int | None
    stored: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class CitizenEntry:
    """A message of the citizen."""

    at: datetime
    text: str | None  # None: erased, or never any words
    content: str
    edited: bool
    replaced: bool
    location: tuple[float, float] | None
    files: tuple[FileEntry, ...] = ()
    by: str = field(default="citizen", init=False)


@dataclass(frozen=True, slots=True)
class HouseEntry:
    """A message of the house: the machine's, or a member of staff's."""

    id: int
    at: datetime
    text: str | None
    kind: str
    staff: str | None
    sent_at: datetime | None
    failed_at: datetime | None
    reason: str | None

    @property
    def by(self) -> str:
        """Who speaks."""
        return "staff" if self.staff else "house"


@dataclass(frozen=True, slots=True)
class Move:
    """A move of the case's status; `staff` None: the citizen or the house."""

    at: datetime
    staff: str | None
    before: Status
    after: Status


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether and how the citizen can still be answered."""

    channel: str
    lang: str | None
    erased: bool
    blocked: bool


async def reach(tx: AsyncConnection, conversation: int) -> Reach:
    """How the citizen can be reached."""
    row = (await tx.execute(sa.select(conversations).where(conversations.c.id == conversation))).one()
    query = sa.select(sa.func.max(messages.c.received_at)).where(messages.c.conversation_id == conversation)
    heard_at = (await tx.execute(query)).scalar()
    # Whoever writes again has lifted the block.
    blocked = row.blocked_at is not None and (heard_at is None or heard_at <= row.blocked_at)
    return Reach(row.channel, row.lang, erased=row.address is None, blocked=blocked)


async def entries(tx: AsyncConnection, case: int) -> list[CitizenEntry | HouseEntry]:
    """What citizen and house said in this case, in order."""
    said: list[CitizenEntry | HouseEntry] = [*await _heard(tx, case), *await _spoken(tx, case)]
    return sorted(said, key=lambda entry: entry.at)


async def _heard(tx: AsyncConnection, case: int) -> list[CitizenEntry]:
    query = (
        sa.select(messages, bodies.c.text)
        .join(case_messages, case_messages.c.message_id == messages.c.id)
        .outerjoin(bodies, bodies.c.message_id == messages.c.id)
        .where(case_messages.c.case_id == case)
        .order_by(messages.c.id)
    )
    files = await _files(tx, case)
    return [_citizen(row, files.get(row.id, ())) for row in (await tx.execute(query)).all()]


def _citizen(row: Any, files: tuple[FileEntry, ...]) -> CitizenEntry:
    place = (row.latitude, row.longitude) if row.latitude is not None else None
    return CitizenEntry(row.received_at, row.text, row.content, row.edited, row.replaced_by is not None, place, files)


async def _files(tx: AsyncConnection, case: int) -> dict[int, tuple[FileEntry, ...]]:
    query = (
        sa.select(attachments)
        .join(case_messages, case_messages.c.message_id == attachments.c.message_id)
        .where(case_messages.c.case_id == case)
        .order_by(attachments.c.id)
    )
    kept = sa.select(attachment_bytes.c.attachment_id)
    query = query.add_columns(attachments.c.id.in_(kept).label("here"))
    found: dict[int, tuple[FileEntry, ...]] = {}
    for r in (await tx.execute(query)).all():
        entry = FileEntry(r.id, r.kind, r.name, r.mime, r.size, bool(r.here), _reason(r))
        found[r.message_id] = (*found.get(r.message_id, ()), entry)
    return found


def _reason(row: Any) -> str | None:
    if row.here:
        return None
    # Stored once and no longer here: erased on wish or at the end of its time.
    return "gone" if row.stored_at else row.reason or "waiting"


async def _spoken(tx: AsyncConnection, case: int) -> list[HouseEntry]:
    own = sa.select(case_messages.c.message_id).where(case_messages.c.case_id == case)
    query = (
        sa.select(outbox, staff.c.name)
        .outerjoin(staff, staff.c.id == outbox.c.staff_id)
        .where(outbox.c.conversation_id.is_not(None))
        .where(sa.or_(outbox.c.case_id == case, outbox.c.case_id.is_(None) & outbox.c.after_message.in_(own)))
        .order_by(outbox.c.rank, outbox.c.id)
    )
    rows = (await tx.execute(query)).all()
    return [HouseEntry(r.id, r.created_at, r.text, r.kind, r.name, r.sent_at, r.failed_at, r.reason) for r in rows]


async def triage_history(tx: AsyncConnection, case: int) -> list[Any]:
    """All triages of the case, newest first."""
    query = sa.select(triages).where(triages.c.case_id == case).order_by(triages.c.id.desc())
    return list((await tx.execute(query)).all())


async def move_history(tx: AsyncConnection, case: int) -> list[Move]:
    """All moves of the case's status, oldest first."""
    query = (
        sa.select(moves, staff.c.name)
        .outerjoin(staff, staff.c.id == moves.c.staff_id)
        .where(moves.c.case_id == case)
        .order_by(moves.c.id)
    )
    return [Move(r.at, r.name, Status(r.before), Status(r.after)) for r in (await tx.execute(query)).all()]


async def was_written(tx: AsyncConnection, key: str) -> bool:
    """Whether the outbox holds a message under this key, sent or not."""
    return (await tx.execute(sa.select(outbox.c.id).where(outbox.c.key == key))).first() is not None


async def note_change_of_hands(tx: AsyncConnection, case: int, staff_id: int, now: datetime) -> None:
    """Appends that a taken case has passed from one person to another; its status stays."""
    same = Status.TAKEN.value
    await tx.execute(moves.insert().values(case_id=case, at=now, staff_id=staff_id, before=same, after=same))


async def file_bytes(tx: AsyncConnection, number: int) -> tuple[FileEntry, bytes] | None:
    """An attachment that is here, with its bytes."""
    query = (
        sa.select(attachments, attachment_bytes.c.data)
        .join(attachment_bytes, attachment_bytes.c.attachment_id == attachments.c.id)
        .where(attachments.c.id == number)
    )
    row = (await tx.execute(query)).first()
    if row is None:
        return None
    return FileEntry(row.id, row.kind, row.name, row.mime, row.size, True, None), bytes(row.data)
