"""Replay: conversations run through the whole house on a simulated clock, with nothing of it left afterwards."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from bot.core.conversation.cue import fold
from bot.core.conversation.flow import wakes_at
from bot.core.conversation.state import Conversation
from bot.core.errors import Unreadable
from bot.core.message import Attachment, Content, InboundMessage, OutboundMessage
from bot.ports import Classifier
from bot.settings.town import Settings
from bot.steps.deliver import deliver_due
from bot.steps.house import House
from bot.steps.receive import receive
from bot.steps.triage import flush_quiet, triage_next
from bot.store import conversations, rehearsal
from bot.store.database import connect
from bot.store.migrations.upgrade import create_all

_NAME = "script"
_CITIZEN = "1"
_NOWHERE = "sqlite+aiosqlite://"
#: nothing waits longer than a lone picture does
_UNTIL_QUIET = timedelta(hours=1)


@dataclass
class ScriptChannel:
    """A channel that reads the lines of a conversation file and keeps what is sent."""

    sent: list[tuple[OutboundMessage, datetime]] = field(default_factory=list)
    now: datetime | None = None
    name: str = _NAME

    def read(self, raw: Mapping[str, Any]) -> InboundMessage:
        """One message of the file, with its index and moment."""
        content = _content(raw)
        text = str(raw.get("text") or raw.get("caption") or raw.get("sticker") or "")
        button = None
        if content is Content.BUTTON:
            button = self._data_of(str(raw["button"]))
            if button is None:  # nobody has offered it: then these are the citizen's own words
                content, text = Content.TEXT, str(raw["button"])
        files = content in (Content.PHOTO, Content.DOCUMENT, Content.VOICE, Content.VIDEO)
        edited = raw.get("edit_of")
        place = raw.get("location")
        return InboundMessage(
            channel=_NAME,
            address=_CITIZEN,
            external_id=str(raw["index"] if edited is None else edited),
            sent_at=moment(raw["t"]),
            content=content,
            text=text,
            lang=raw.get("lang"),
            attachments=(Attachment(content, None),) if files else (),
            location=(float(place[0]), float(place[1])) if isinstance(place, list | tuple) else None,
            album=str(raw["album"]) if raw.get("album") else None,
            edited=edited is not None,
            button=button,
        )

    async def send(self, message: OutboundMessage) -> str:
        """Keeps the message."""
        assert self.now is not None
        self.sent.append((message, self.now))
        return str(len(self.sent))

    async def fetch(self, attachment: Attachment) -> bytes:
        """Files of a script have no bytes."""
        raise Unreadable

    def _data_of(self, label: str) -> str | None:
        """What the newest button with this label stands for."""
        offered = (b for message, _ in reversed(self.sent) for b in message.buttons)
        return next((b.data for b in offered if fold(b.label) == fold(label)), None)


def moment(value: str) -> datetime:
    """An ISO 8601 instant with offset; raises ValueError."""
    found = datetime.fromisoformat(value)
    if found.utcoffset() is None:
        raise ValueError(f"„{value}“ braucht einen Zeitzonen-Abstand, etwa +01:00")
    return found


async def replay(script: Mapping[str, Any], settings: Settings, classifier: Classifier) -> dict[str, Any]:
    """One conversation's outcome in the shape of the contract; raises KeyError or ValueError for a broken line."""
    return await rehearse(script, House(settings, connect(_NOWHERE), classifier))


async def rehearse(script: Mapping[str, Any], house: House) -> dict[str, Any]:
    """The same in a house that is there already; its database and its channels are not touched."""
    database, channel = connect(_NOWHERE), ScriptChannel()
    try:
        await create_all(database)
        return await _Run(house.beside(database, {_NAME: channel}, pilot=False), channel).play(script)
    finally:
        await database.close()


@dataclass
class _Run:
    house: House
    channel: ScriptChannel
    after: dict[str, int] = field(default_factory=dict)

    async def play(self, script: Mapping[str, Any]) -> dict[str, Any]:
        steps = [(moment(m["t"]), index, m) for index, m in enumerate(script["messages"])]
        if script.get("given"):
            await self._give(script["given"], steps[0][0])
        replies: list[dict[str, Any]] = []
        last = -1
        for at, index, raw in steps:
            await self._run_until(at, last, replies)
            last = index
            await self._hear({**raw, "index": index}, at)
            await self._work(at, last, replies)
        await self._run_until(steps[-1][0] + _UNTIL_QUIET, last, replies)
        return {"id": script.get("id"), **await self._outcome(), "replies": replies}

    async def _give(self, given: list[Mapping[str, Any]], now: datetime) -> None:
        async with self.house.database.begin() as tx:
            exchange = await conversations.open_for(tx, _NAME, _CITIZEN, min(moment(g["opened_at"]) for g in given))
            await conversations.update(tx, exchange.id, machine_told_at=now)
            for case in given:
                urgency = self.house.judge(str(case.get("text", ""))).urgency
                opened = moment(case["opened_at"])
                promise = self.house.promise(case["department"], urgency, opened)
                await rehearsal.give_case(tx, exchange.id, case, urgency, opened, promise.due_at)

    async def _hear(self, raw: Mapping[str, Any], at: datetime) -> None:
        await receive(raw, database=self.house.database, channel=_NAME, bot="", update_key=str(raw["index"]), now=at)

    async def _run_until(self, end: datetime, last: int, replies: list[dict[str, Any]]) -> None:
        """Rings every timer that is due before `end`."""
        while True:
            async with self.house.database.read() as tx:
                waiting = await conversations.waiting(tx)
                if not waiting:
                    return
                known: Conversation = await conversations.load(tx, await conversations.get(tx, waiting[0]), end)
            at = wakes_at(known.pending, self.house.rules())
            if at > end:
                return
            await self._work(at, last, replies)

    async def _work(self, at: datetime, last: int, replies: list[dict[str, Any]]) -> None:
        self.channel.now = at
        while await triage_next(self.house, at):
            pass
        await flush_quiet(self.house, at)
        before = len(self.channel.sent)
        while await deliver_due(self.house, at):
            pass
        for message, sent_at in self.channel.sent[before:]:
            local = sent_at.astimezone(self.house.settings.city.timezone)
            reply = {"after": last, "at": local.isoformat(), "kind": message.kind.value, "text": message.text}
            replies.append(reply)

    async def _outcome(self) -> dict[str, Any]:
        async with self.house.database.read() as tx:
            return await rehearsal.outcome(tx, self.house.settings.city.timezone)


def _content(raw: Mapping[str, Any]) -> Content:
    kinds = (Content.PHOTO, Content.DOCUMENT, Content.VOICE, Content.LOCATION, Content.STICKER, Content.BUTTON)
    return next((kind for kind in kinds if raw.get(kind.value) not in (None, False)), Content.TEXT)


def read_lines(text: str) -> Iterator[tuple[int, Any]]:
    """(line number, object or None where the line cannot be read) of a JSON-lines text; empty lines fall away."""
    for number, line in enumerate(text.splitlines(), start=1):
        if not re.search(r"\S", line):
            continue
        try:
            yield number, json.loads(line)
        except ValueError:
            yield number, None
