"""Triage: the next waiting message is read, judged, placed and answered, in one transaction."""

import asyncio
import json
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from bot.core.conversation.flow import converse, flush
from bot.core.conversation.state import Conversation, Outcome
from bot.core.conversation.turn import joined_text
from bot.core.errors import StoreUnavailable, Unreadable
from bot.core.message import Content, Fate, InboundMessage, ReplyKind
from bot.steps.house import House
from bot.steps.language import language_of
from bot.steps.place import Place, settle
from bot.store import attachments, conversations, inbox, outbox
from bot.store.conversations import Exchange
from bot.store.database import Tx

log = structlog.get_logger(__name__)

#: so many crashes on the same update, and it goes to the dead letters: one message must not block all others
_TRIES = 3
#: a message that takes the whole process with it leaves no exception; a plain restart must not cost it its answer
_LIVES = 10


async def triage_next(house: House, now: datetime) -> bool:
    """Deals with the oldest waiting update; False when none waits."""
    async with house.database.begin() as tx:
        row = await inbox.next_waiting(tx, now)
        if row is None:
            return False
        await inbox.count_attempt(tx, row.id)
    if row.attempts >= _LIVES:
        await _give_up(house, row, "das Haus ist zehnmal daran abgebrochen", now)
        return True
    try:
        async with house.database.begin() as tx:
            await _deal_with(tx, house, row, now)
    except StoreUnavailable:
        raise
    except Exception as error:  # one message must never stop the line
        log.exception("triage_failed", inbox=row.id, attempt=row.attempts + 1, error=type(error).__name__)
        if row.attempts + 1 >= _TRIES:
            await _give_up(house, row, f"{type(error).__name__} (dreimal)", now)
    return True


async def flush_quiet(house: House, now: datetime) -> int:
    """Judges fragments after which it has been quiet; returns how many conversations moved on."""
    async with house.database.read() as tx:
        waiting = await conversations.waiting(tx)
    moved = 0
    for number in waiting:
        async with house.database.begin() as tx:
            exchange = await conversations.get(tx, number)
            conversation = house.today(await conversations.load(tx, exchange, now))

            outcome = await asyncio.to_thread(flush, conversation, house.rules(), now)

            if outcome:
                await _apply_quiet(tx, house, exchange, conversation, outcome, now)
                moved += 1
    return moved


async def _deal_with(tx: Tx, house: House, row: inbox.InboxRow, now: datetime) -> None:
    try:
        message = _read(house, row)
    except Unreadable as error:
        await inbox.finish(tx, row.id, Fate.UNREADABLE, now=now, conversation=None, error=str(error))
        return
    exchange = await conversations.open_for(tx, row.channel, message.address, now)
    conversation = house.today(await conversations.load(tx, exchange, now))
    lang = language_of(message.text, message.lang, exchange.lang or house.settings.city.languages[0])

    outcome = await asyncio.to_thread(converse, message, conversation, house.rules())

    await _keep(tx, row, exchange, message, now)
    place = Place(
        house=house,
        exchange=exchange,
        conversation=conversation,
        now=now,
        at=message.sent_at,
        lang=lang,
        key=f"m{row.id}",
        message=row.id,
        text=message.text,
        rows=(row.id,),
    )
    await settle(tx, place, outcome)
    await inbox.finish(tx, row.id, outcome.fate, now=now, conversation=exchange.id)
    if outcome.replaces:
        await conversations.replace_message(tx, outcome.replaces, row.id)


async def _apply_quiet(
    tx: Tx, house: House, exchange: Exchange, conversation: Conversation, outcome: Outcome, now: datetime
) -> None:
    rows, text = tuple(p.id for p in conversation.pending), joined_text(conversation.pending)
    place = Place(
        house=house,
        exchange=exchange,
        conversation=conversation,
        now=now,
        at=conversation.pending[-1].at,
        lang=language_of(text, None, exchange.lang or house.settings.city.languages[0]),
        key=f"w{rows[0]}",
        message=rows[-1],
        text=text,
        rows=rows,
    )
    await settle(tx, place, outcome)


async def _keep(tx: Tx, row: inbox.InboxRow, exchange: Exchange, message: InboundMessage, now: datetime) -> None:
    await conversations.add_message(tx, row.id, exchange.id, message, now)
    numbers = await attachments.note(tx, row.id, message.attachments)
    uploads = await inbox.uploads_of(tx, row.id)
    for number, upload in zip(numbers, uploads, strict=False):
        await attachments.keep(tx, number, upload.data, upload.mime, now)
    await inbox.drop_uploads(tx, row.id)


async def _give_up(house: House, row: inbox.InboxRow, error: str, now: datetime) -> None:
    """To the dead letters, where staff see it; the citizen is told so, and in danger still reads what to do."""
    async with house.database.begin() as tx:
        await inbox.finish(tx, row.id, Fate.UNREADABLE, now=now, conversation=None, error=error)
    try:
        async with house.database.begin() as tx:
            await _apologise(tx, house, row, now)
    except Exception as trouble:  # whatever broke the message may break this as well
        log.error("apology_failed", inbox=row.id, error=type(trouble).__name__)


async def _apologise(tx: Tx, house: House, row: inbox.InboxRow, now: datetime) -> None:
    message = _read(house, row)
    exchange = await conversations.open_for(tx, row.channel, message.address, now)
    lang = house.words.speaks(exchange.lang or message.lang)
    hit = house.safety.match(message.text)
    texts = [(ReplyKind.SAFETY, house.words.danger(lang, hit.kind))] if hit else []
    texts.append((ReplyKind.ERROR, house.words.say(lang, "error.given_up")))
    for kind, text in texts:
        await outbox.put(
            tx,
            key=f"m{row.id}:given-up:{kind.value}",
            channel=row.channel,
            kind=kind.value,
            text=text,
            now=now,
            conversation=exchange.id,
            after_message=row.id,
        )


def _read(house: House, row: inbox.InboxRow) -> InboundMessage:
    message = house.channels[row.channel].read(_loads(row.raw))
    if message.content is Content.BUTTON:  # channels tell when the question was sent, not when it was answered
        return replace(message, sent_at=row.received_at)
    return message


def _loads(raw: str) -> Any:
    try:
        return json.loads(raw)
    except ValueError as error:
        raise Unreadable("kein JSON") from error
