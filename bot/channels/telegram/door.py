"""What both ways in share: which updates are the house's, under which key, and what if one cannot be stored."""

import hashlib
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Any

import structlog

from bot.core.errors import NachtschalterError

#: what the bot asks Telegram for
ALLOWED = ["message", "edited_message", "callback_query", "my_chat_member"]
#: Telegram's own notices inside a chat; nobody wrote them
NOTICES = ("pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "chat_background_set")

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Door:
    """What the house does with what comes in. Each returns only after its commit."""

    #: stores a raw update
    receive: Callable[[Mapping[str, Any]], Awaitable[None]]
    #: stores bytes that are no update, or an update that `receive` cannot store
    receive_unreadable: Callable[[bytes], Awaitable[None]] | None = None
    #: is told the address of a citizen who has blocked the bot
    blocked: Callable[[str], Awaitable[None]] | None = None

    async def take_in(self, raw: Mapping[str, Any]) -> None:
        """Raises if the update must come again: the store is down, or not even its bytes could be kept."""
        if (address := blocked_by(raw)) and self.blocked:
            await self.blocked(address)
        if not is_for_the_house(raw):
            return

        try:
            await self.receive(raw)
        except Exception as error:
            if self.receive_unreadable is None or (isinstance(error, NachtschalterError) and error.retry):
                raise
            # tried for ever, it would hold up everybody behind it
            log.error("An update could not be stored and goes to the dead letters", error=type(error).__name__)
            await self.receive_unreadable(json.dumps(raw).encode())


def update_key(raw: Mapping[str, Any] | bytes) -> str:
    """The same for the same update, however often it comes: its number, or else a hash."""
    number = None if isinstance(raw, bytes) else raw.get("update_id")
    if isinstance(number, int):
        return str(number)
    body = raw if isinstance(raw, bytes) else json.dumps(raw, sort_keys=True).encode()
    return f"sha256:{hashlib.sha256(body).hexdigest()}"


def is_for_the_house(raw: Mapping[str, Any]) -> bool:
    """False for what is surely no citizen's message: talk in groups is not stored at all."""
    if "my_chat_member" in raw:
        return False
    message = _message(raw)
    in_group = _inside(message, "chat").get("type") in ("group", "supergroup", "channel")
    return not in_group and not any(notice in message for notice in NOTICES)


def blocked_by(raw: Mapping[str, Any]) -> str | None:
    """The address of the citizen who has blocked the bot with this update."""
    change = _inside(raw, "my_chat_member")
    chat = _inside(change, "chat")
    if chat.get("type") == "private" and _inside(change, "new_chat_member").get("status") == "kicked":
        return str(chat.get("id"))
    return None


def pressed(raw: Mapping[str, Any]) -> str | None:
    """The id of the callback query whose button spins until it is answered."""
    query = _inside(raw, "callback_query").get("id")
    return query if isinstance(query, str) else None


def _message(raw: Mapping[str, Any]) -> Mapping[str, Any]:
    return (
        _inside(raw, "message") or _inside(raw, "edited_message") or _inside(_inside(raw, "callback_query"), "message")
    )


def _inside(outer: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    inner = outer.get(name)
    return inner if isinstance(inner, Mapping) else {}
