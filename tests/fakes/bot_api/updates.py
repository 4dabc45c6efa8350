"""The updates Telegram keeps for a bot: numbered, confirmed by offset, forgotten after a day."""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.fakes.bot_api.wire import Json

KEPT = timedelta(hours=24)
#: after so long without an update the next number is random
QUIET = timedelta(days=7)
#: what a bot gets only if it asks for it by name
ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}


@dataclass(frozen=True)
class Update:
    """One update in the queue; `chat` keeps the order of one conversation."""

    update_id: int
    chat: int
    at: datetime
    body: Json


class UpdateQueue:
    """Waiting updates, oldest first."""

    def __init__(self, *, now: Callable[[], datetime], dice: random.Random) -> None:
        self._now = now
        self._dice = dice
        self._waiting: list[Update] = []
        self._last_id: int | None = None
        self._last_at: datetime | None = None
        self.allowed: Collection[str] = ()
        self.expired: list[Update] = []

    def push(self, chat: int, body: Json) -> int | None:
        """Queues an update without number; returns its number, or None if the bot does not want this kind."""
        kind = next(iter(body), "message")
        if (self.allowed and kind not in self.allowed) or (not self.allowed and kind in ON_REQUEST):
            return None
        number = self._next_id()
        self._waiting.append(Update(number, chat, self._now(), {"update_id": number, **body}))
        self._last_id, self._last_at = number, self._now()
        return number

    def fetch(self, offset: int, limit: int) -> list[Update]:
        """Confirms everything below `offset` (negative: counted from the end) and returns what comes next."""
        if offset < 0:
            self._waiting = self._waiting[offset:]
        elif offset:
            self._waiting = [one for one in self._waiting if one.update_id >= offset]
        return self.waiting()[:limit]

    def waiting(self) -> list[Update]:
        """What has neither been confirmed nor expired."""
        oldest = self._now() - KEPT
        self.expired += [one for one in self._waiting if one.at < oldest]
        self._waiting = [one for one in self._waiting if one.at >= oldest]
        return list(self._waiting)

    def confirm(self, update: Update) -> None:
        """A webhook has answered 200."""
        self._waiting = [one for one in self._waiting if one is not update]

    def drop(self) -> None:
        """`drop_pending_updates`."""
        self._waiting = []

    def _next_id(self) -> int:
        quiet = self._last_at is None or self._now() - self._last_at >= QUIET
        return self._dice.randrange(10**8, 10**9) if quiet or self._last_id is None else self._last_id + 1
