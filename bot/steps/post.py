"""Post: what is said to the citizen goes into the outbox, and what was said is remembered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.conversation.state import Awaiting, Conversation, Dialog, Outcome
from bot.core.message import Fate, ReplyKind
from bot.steps import letters
from bot.steps.house import House
from bot.steps.letters import Letter
from bot.store import conversations, outbox
from bot.store.conversations import Exchange
from bot.store.database import Tx

#: a language is remembered from texts that are longer than this
_TELLING = 20


@dataclass(frozen=True, slots=True)
class Place:
    """Where an outcome happens: the conversation, the message, the moment."""

    house: House
    exchange: Exchange
    conversation: Conversation
    now: datetime  # the house's time
    at: datetime  # the channel's time of the message
    lang: str  # what the citizen writes
    key: str  # deterministic head of the outbox keys
    message: int  # the last message this answers
    text: str
    rows: tuple[int, ...]  # inbox rows that are placed now

    @property
    def reply_lang(self) -> str:
        """What the citizen is answered in."""
        return self.house.words.speaks(self.lang)

    @property
    def is_quiet_time(self) -> bool:
        """Whether fragments are placed because nothing more came."""
        return self.key.startswith("w")


async def post(tx: Tx, place: Place, written: list[Letter]) -> None:
    """Letters into the outbox: danger first, the first of all with what everybody must be told once."""
    house, lang = place.house, place.reply_lang
    written = sorted(written, key=lambda letter: letter.kind is not ReplyKind.SAFETY)
    late = not place.is_quiet_time and place.now - place.at > house.settings.conversation.late
    danger = any(letter.kind is ReplyKind.SAFETY for letter in written)
    for index, letter in enumerate(written):
        if index == 0 and late:
            letter = letters.apologise(house, lang, letter, place.at)
        if index == 0 and place.exchange.machine_told_at is None:
            letter = letters.introduce(house, lang, letter, spoken=place.lang)
        await outbox.put(
            tx,
            key=f"{place.key}:{index}:{letter.kind.value}",
            channel=place.exchange.channel,
            kind=letter.kind.value,
            text=letter.text,
            now=place.now,
            conversation=place.exchange.id,
            case=letter.case,
            after_message=place.message,
            buttons=letter.buttons,
            silent=late and not danger and not house.is_open(place.now),
        )


async def remember(tx: Tx, place: Place, outcome: Outcome, question: Dialog | None, *, spoke: bool) -> None:
    """What was asked and told, so that it is not asked and told again."""
    values: dict[str, Any] = {"dialog": question or _dialog(place, outcome)}
    if place.lang != place.exchange.lang and (len(place.text) > _TELLING or place.exchange.lang is None):
        values["lang"] = place.lang
    if spoke and place.exchange.machine_told_at is None:
        values["machine_told_at"] = place.now
    if place.exchange.blocked_at:  # who writes again has lifted the block
        values["blocked_at"] = None
    if outcome.short_reply and outcome.says:
        values["short_reply_at"] = place.at
    if outcome.help_told:
        values["help_at"] = place.at
    if outcome.unread_told:
        values["unread_at"] = place.at
    await conversations.update(tx, place.exchange.id, **values)


def _dialog(place: Place, outcome: Outcome) -> Dialog | None:
    """The open question: a new one, or the old as long as it is neither answered nor talked past."""
    old = place.conversation.dialog
    if outcome.dialog or old is None or outcome.ends_dialog:
        return outcome.dialog
    # Whoever goes on to a concern no longer thinks of erasing: a later „ok“ must not erase it.
    talked_past = old.awaiting is Awaiting.DELETION and outcome.fate in (Fate.NEW_CASE, Fate.FOLLOW_UP)
    return None if talked_past else old
