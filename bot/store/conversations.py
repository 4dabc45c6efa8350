"""Conversations as the rules see them: the citizen's cases, waiting fragments and earlier words."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.case import Status, Urgency
from bot.core.conversation.state import Awaiting, CaseView, Conversation, Dialog, Pending, Said
from bot.core.message import Content, Fate, InboundMessage
from bot.store.inbox import insert_or_skip
from bot.store.tables import bodies, case_messages, cases, conversations, inbox, messages, moves, verdicts

_REMEMBERED = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Exchange:
    """The row of a conversation: where it is held, and what was already said in it."""

    id: int
    channel: str
    address: str | None
    lang: str | None
    machine_told_at: datetime | None
    short_reply_at: datetime | None
    help_at: datetime | None
    unread_at: datetime | None
    dialog: dict[str, Any] | None
    blocked_at: datetime | None


_COLUMNS = [conversations.c[f] for f in Exchange.__dataclass_fields__]


async def open_for(tx: AsyncConnection, channel: str, address: str, now: datetime) -> Exchange:
    """The conversation with this address, begun if there is none."""
    values = {"channel": channel, "address": address, "created_at": now}
    await tx.execute(insert_or_skip(tx, conversations, values))
    found = await find(tx, channel, address)
    assert found is not None
    return found


async def find(tx: AsyncConnection, channel: str, address: str) -> Exchange | None:
    """The conversation with this address."""
    query = sa.select(*_COLUMNS).where(conversations.c.channel == channel, conversations.c.address == address)
    row = (await tx.execute(query)).first()
    return Exchange(*row) if row else None


async def get(tx: AsyncConnection, number: int) -> Exchange:
    """The conversation with this id."""
    return Exchange(*(await tx.execute(sa.select(*_COLUMNS).where(conversations.c.id == number))).one())


async def update(tx: AsyncConnection, number: int, **values: Any) -> None:
    """Notes something about the conversation."""
    if "dialog" in values and isinstance(values["dialog"], Dialog):
        values["dialog"] = _dump(values["dialog"])
    await tx.execute(conversations.update().where(conversations.c.id == number).values(**values))


async def add_message(
    tx: AsyncConnection, number: int, conversation: int, message: InboundMessage, now: datetime
) -> None:
    """What the inbox row was read as, with its words apart."""
    latitude, longitude = message.location or (None, None)
    await tx.execute(
        messages.insert().values(
            id=number,
            conversation_id=conversation,
            external_id=message.external_id,
            content=message.content.value,
            album=message.album,
            edited=message.edited,
            latitude=latitude,
            longitude=longitude,
            sent_at=message.sent_at,
            received_at=now,
        )
    )
    if message.text:
        await tx.execute(bodies.insert().values(message_id=number, text=message.text))


async def replace_message(tx: AsyncConnection, original: int, edit: int) -> None:
    """From now on the edit stands for its original."""
    query = messages.update().where(messages.c.id == original, messages.c.id != edit)
    await tx.execute(query.values(replaced_by=edit))


async def waiting(tx: AsyncConnection) -> list[int]:
    """Conversations in which fragments wait."""
    query = sa.select(inbox.c.conversation_id).where(inbox.c.fate == Fate.PENDING.value).distinct()
    return [n for (n,) in (await tx.execute(query)).all() if n is not None]


async def load(tx: AsyncConnection, exchange: Exchange, now: datetime) -> Conversation:
    """All the rules need to know of a conversation."""
    said = await _said(tx, exchange.id, now)
    return Conversation(
        cases=await _cases(tx, exchange.id),
        pending=await _pending(tx, exchange.id),
        said=said,
        dialog=_read(exchange.dialog),
        short_reply_at=exchange.short_reply_at,
        help_at=exchange.help_at,
        unread_at=exchange.unread_at,
    )


async def text_of(tx: AsyncConnection, case: int) -> str:
    """All the citizen's words in a case, in order, edits instead of their originals."""
    query = (
        sa.select(bodies.c.text)
        .join(messages, messages.c.id == bodies.c.message_id)
        .join(case_messages, case_messages.c.message_id == messages.c.id)
        .join(inbox, inbox.c.id == messages.c.id)
        .where(case_messages.c.case_id == case, messages.c.replaced_by.is_(None))
        .where(inbox.c.fate != Fate.COMMAND.value)
        .order_by(messages.c.id)
    )
    return "\n".join(text for (text,) in (await tx.execute(query)).all())


async def _cases(tx: AsyncConnection, conversation: int) -> tuple[CaseView, ...]:
    judged = sa.exists().where(verdicts.c.case_id == cases.c.id).label("judged")
    moved = sa.select(sa.func.max(moves.c.at)).where(moves.c.case_id == cases.c.id).scalar_subquery().label("moved_at")
    query = (
        sa.select(cases, judged, moved)
        .where(cases.c.conversation_id == conversation)
        .order_by(cases.c.touched_at.desc(), cases.c.id.desc())
        .limit(20)
    )
    return tuple([_view(row, await text_of(tx, row.id)) for row in (await tx.execute(query)).all()])


def _view(row: Any, text: str) -> CaseView:
    return CaseView(
        id=row.id,
        reference=row.reference,
        department=row.department,
        urgency=Urgency(row.urgency),
        status=Status(row.status),
        opened_at=row.opened_at,
        touched_at=row.touched_at,
        due_at=row.due_at,
        text=text,
        sure=row.sure,
        by_person=row.judged,
        moved_at=row.moved_at,
        dangers={kind: datetime.fromisoformat(at) for kind, at in row.dangers.items()},
    )


async def _pending(tx: AsyncConnection, conversation: int) -> tuple[Pending, ...]:
    query = (
        sa.select(messages.c.id, bodies.c.text, messages.c.content, messages.c.sent_at, messages.c.replaced_by)
        .join(inbox, inbox.c.id == messages.c.id)
        .outerjoin(bodies, bodies.c.message_id == messages.c.id)
        .where(messages.c.conversation_id == conversation, inbox.c.fate == Fate.PENDING.value)
        .order_by(messages.c.id)
    )
    rows = (await tx.execute(query)).all()
    return tuple(_waiting(row) for row in rows)


def _waiting(row: Any) -> Pending:
    """What an edit has replaced goes where the edit goes, but its words no longer count."""
    text = "" if row.replaced_by else row.text or ""
    return Pending(row.id, text, Content(row.content), row.sent_at)


async def _said(tx: AsyncConnection, conversation: int, now: datetime) -> tuple[Said, ...]:
    query = (
        sa.select(
            messages.c.external_id,
            bodies.c.text,
            messages.c.sent_at,
            messages.c.id,
            case_messages.c.case_id,
            inbox.c.fate,
        )
        .join(inbox, inbox.c.id == messages.c.id)
        .outerjoin(bodies, bodies.c.message_id == messages.c.id)
        .outerjoin(case_messages, case_messages.c.message_id == messages.c.id)
        .where(messages.c.conversation_id == conversation, messages.c.received_at > now - _REMEMBERED)
        .where(inbox.c.fate.is_not(None))
        .order_by(messages.c.id.desc())
        .limit(200)
    )
    rows = (await tx.execute(query)).all()
    return tuple(Said(r.external_id, r.text or "", r.sent_at, r.id, r.case_id, Fate(r.fate)) for r in rows)


def _read(value: dict[str, Any] | None) -> Dialog | None:
    if not value:
        return None
    return Dialog(Awaiting(value["awaiting"]), datetime.fromisoformat(value["asked_at"]), value.get("case"))


def _dump(dialog: Dialog) -> dict[str, Any]:
    return {"awaiting": dialog.awaiting.value, "asked_at": dialog.asked_at.isoformat(), "case": dialog.case}
