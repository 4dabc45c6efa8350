"""The transcript: one web conversation as its citizen may see it; only reads."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.message import Button, Content, Fate, ReplyKind
from bot.store.tables import attachment_bytes, attachments, bodies, conversations, inbox, messages, outbox

_CHANNEL = "web"
_SHOWN = 200  # the newest of each side


@dataclass(frozen=True, slots=True)
class File:
    """A file of the citizen's; `id` None: still on its way into the house."""

    id: int | None
    name: str
    mime: str


@dataclass(frozen=True, slots=True)
class Said:
    """A message of the citizen's."""

    id: int
    nonce: str  # how the browser knows its own message again
    text: str
    pressed: str | None  # the label of the button that was pressed
    files: tuple[File, ...]
    at: datetime
    fate: Fate | None  # None: not yet read


@dataclass(frozen=True, slots=True)
class Answer:
    """A message of the house's that has been sent."""

    id: int
    kind: ReplyKind
    text: str
    buttons: tuple[Button, ...]
    at: datetime


@dataclass(frozen=True, slots=True)
class Transcript:
    """Both sides, each in its order. `farewell` is told once everything has been erased."""

    said: tuple[Said, ...] = ()
    answers: tuple[Answer, ...] = ()
    lang: str | None = None
    asks_deletion: bool = False
    unsent: bool = False  #: an answer is written and on its way
    farewell: Answer | None = None

    @property
    def begun(self) -> bool:
        """Whether there is anything to come back to."""
        return bool(self.said or self.answers)


async def load(tx: AsyncConnection, address: str) -> Transcript:
    """The conversation with this address; an empty one if there is none."""
    found = await _conversation(tx, address)
    waiting = await _waiting(tx, address)
    if found is None:
        return Transcript(said=waiting, farewell=None if waiting else await _farewell(tx, address))
    return Transcript(
        said=(*await _said(tx, found.id), *waiting),
        answers=await _answers(tx, found.id),
        lang=found.lang,
        asks_deletion=(found.dialog or {}).get("awaiting") == "deletion",
        unsent=await _unsent(tx, found.id),
    )


async def file(tx: AsyncConnection, address: str, number: int) -> tuple[File, bytes] | None:
    """A kept file of this conversation; None if it has no such file."""
    query = (
        sa.select(attachments.c.name, attachments.c.mime, attachment_bytes.c.data)
        .join(attachment_bytes, attachment_bytes.c.attachment_id == attachments.c.id)
        .join(messages, messages.c.id == attachments.c.message_id)
        .join(conversations, conversations.c.id == messages.c.conversation_id)
        .where(attachments.c.id == number)
        .where(conversations.c.channel == _CHANNEL, conversations.c.address == address)
    )
    row = (await tx.execute(query)).first()
    return (File(number, row.name or "datei", row.mime or ""), row.data) if row else None


async def _conversation(tx: AsyncConnection, address: str) -> Any:
    query = sa.select(conversations.c.id, conversations.c.lang, conversations.c.dialog).where(
        conversations.c.channel == _CHANNEL, conversations.c.address == address
    )
    return (await tx.execute(query)).first()


async def _said(tx: AsyncConnection, conversation: int) -> tuple[Said, ...]:
    query = (
        sa.select(
            messages.c.id,
            messages.c.external_id,
            messages.c.content,
            messages.c.sent_at,
            bodies.c.text,
            inbox.c.fate,
            # Only a press needs its raw form, for the words that stood on the button.
            sa.case((messages.c.content == Content.BUTTON.value, inbox.c.raw)).label("raw"),
        )
        .join(inbox, inbox.c.id == messages.c.id)
        .outerjoin(bodies, bodies.c.message_id == messages.c.id)
        .where(messages.c.conversation_id == conversation)
        .order_by(messages.c.id.desc())
        .limit(_SHOWN)
    )
    rows = (await tx.execute(query)).all()[::-1]
    files = await _files(tx, [row.id for row in rows])
    return tuple(
        Said(
            id=row.id,
            nonce=row.external_id,
            text=row.text or "",
            pressed=_label(row.raw) if row.content == Content.BUTTON.value else None,
            files=tuple(files.get(row.id, ())),
            at=row.sent_at,
            fate=Fate(row.fate) if row.fate else None,
        )
        for row in rows
    )


async def _files(tx: AsyncConnection, numbers: list[int]) -> dict[int, list[File]]:
    query = (
        sa.select(attachments.c.id, attachments.c.message_id, attachments.c.name, attachments.c.mime)
        .where(attachments.c.message_id.in_(numbers), attachments.c.stored_at.is_not(None))
        .where(sa.exists().where(attachment_bytes.c.attachment_id == attachments.c.id))
        .order_by(attachments.c.id)
    )
    found: dict[int, list[File]] = {}
    for row in (await tx.execute(query)).all():
        found.setdefault(row.message_id, []).append(File(row.id, row.name or "", row.mime or ""))
    return found


async def _waiting(tx: AsyncConnection, address: str) -> tuple[Said, ...]:
    """What has been accepted and not yet read, or could not be read."""
    query = (
        sa.select(inbox.c.id, inbox.c.raw, inbox.c.received_at, inbox.c.fate)
        .where(inbox.c.channel == _CHANNEL, inbox.c.raw.contains(address))
        .where(sa.or_(inbox.c.done_at.is_(None), inbox.c.fate == Fate.UNREADABLE.value))
        .order_by(inbox.c.id)
        .limit(_SHOWN)
    )
    rows = (await tx.execute(query)).all()
    own = [(row, raw) for row in rows if (raw := _loads(row.raw)).get("address") == address]
    return tuple(_unread(row, raw) for row, raw in own)


def _unread(row: Any, raw: dict[str, Any]) -> Said:
    return Said(
        id=row.id,
        nonce=str(raw.get("id", "")),
        text=str(raw.get("text", "")),
        pressed=str(raw.get("label", "")) if raw.get("button") else None,
        files=tuple(File(None, str(one["name"]), str(one["mime"])) for one in raw.get("files", ())),
        at=row.received_at,
        fate=Fate(row.fate) if row.fate else None,
    )


async def _answers(tx: AsyncConnection, conversation: int) -> tuple[Answer, ...]:
    query = (
        sa.select(outbox)
        .where(outbox.c.conversation_id == conversation, outbox.c.channel == _CHANNEL)
        .where(outbox.c.sent_at.is_not(None), outbox.c.text.is_not(None))
        .order_by(outbox.c.sent_at.desc(), outbox.c.rank.desc(), outbox.c.id.desc())
        .limit(_SHOWN)
    )
    return tuple(_answer(row) for row in (await tx.execute(query)).all()[::-1])


async def _unsent(tx: AsyncConnection, conversation: int) -> bool:
    query = sa.select(outbox.c.id).where(
        outbox.c.conversation_id == conversation, outbox.c.sent_at.is_(None), outbox.c.failed_at.is_(None)
    )
    return (await tx.execute(query.limit(1))).first() is not None


async def _farewell(tx: AsyncConnection, address: str) -> Answer | None:
    query = (
        sa.select(outbox)
        .where(outbox.c.channel == _CHANNEL, outbox.c.target == address, outbox.c.conversation_id.is_(None))
        .where(outbox.c.kind == ReplyKind.DELETION.value)
        .where(outbox.c.sent_at.is_not(None), outbox.c.text.is_not(None))
        .order_by(outbox.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return _answer(row) if row else None


def _answer(row: Any) -> Answer:
    kind = ReplyKind(row.kind) if row.kind in list(ReplyKind) else ReplyKind.ANSWER
    return Answer(row.id, kind, row.text, tuple(Button(*pair) for pair in row.buttons), row.sent_at)


def _label(raw: str | None) -> str:
    return str(_loads(raw).get("label", ""))


def _loads(raw: str | None) -> dict[str, Any]:
    try:
        found = json.loads(raw or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
