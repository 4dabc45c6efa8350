"""The digest (Morgenliste): when it is due, and what a department reads of its cases before it opens."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.core.case import Urgency
from bot.core.hours import BusinessHours
from bot.core.queue import QueueRow, ordered

#: so many cases are worth naming one by one
FIRST = 3
_FIRST_WORDS = 90  # characters of a message in a mail to staff


@dataclass(frozen=True, slots=True)
class Digest:
    """One department's morning. Cases stand in the queue's order."""

    department: str
    name: str
    now: datetime
    since: datetime  # `fates` are counted from here
    first: tuple[QueueRow, ...]  # to be read first, with their first words
    due_today: tuple[QueueRow, ...]
    overdue: tuple[QueueRow, ...]
    open: Mapping[Urgency, int]
    undelivered: int
    dead_letters: int
    fates: Mapping[str, int]  # of the whole house: the six, `waiting` and `received`
    link: str  # to the desk

    @property
    def open_total(self) -> int:
        """How many cases wait for an answer."""
        return sum(self.open.values())

    @property
    def is_empty(self) -> bool:
        """Whether nobody has to do anything."""
        return not (self.open_total or self.undelivered or self.dead_letters)

    def counts(self) -> dict[str, int]:
        """What is kept of it: numbers only."""
        by_urgency = {urgency.value: self.open.get(urgency, 0) for urgency in Urgency}
        others = {"overdue": len(self.overdue), "due_today": len(self.due_today)}
        return by_urgency | others | {"undelivered": self.undelivered, "dead_letters": self.dead_letters}


def due_date(hours: BusinessHours, now: datetime, before_opening: timedelta) -> date | None:
    """Today, if it is time for its digest: from shortly before opening, after an outage until closing; else None."""
    today = now.astimezone(hours.timezone).date()
    spans = hours.day(today).spans
    return today if spans and spans[0][0] - before_opening <= now < spans[-1][1] else None


def digest_of(
    rows: Iterable[QueueRow],
    *,
    department: str,
    name: str,
    hours: BusinessHours,
    now: datetime,
    since: datetime,
    undelivered: int,
    dead_letters: int,
    fates: Mapping[str, int],
    link: str,
) -> Digest:
    """The digest of these open cases."""
    queue = ordered(rows)
    today = now.astimezone(hours.timezone).date()
    promised = [row for row in queue if row.due_told and row.due_at is not None]
    return Digest(
        department=department,
        name=name,
        now=now,
        since=since,
        first=tuple(queue[:FIRST]),
        due_today=tuple(r for r in promised if r.due_at and r.due_at.astimezone(hours.timezone).date() == today),
        overdue=tuple(r for r in promised if r.is_overdue(now)),
        open={urgency: sum(row.urgency is urgency for row in queue) for urgency in Urgency},
        undelivered=undelivered,
        dead_letters=dead_letters,
        fates=fates,
        link=link,
    )


def with_first_words(digest: Digest, texts: Mapping[int, str]) -> Digest:
    """The cases to be read first, each with the beginning of its text; `texts` by the case's id."""
    first = tuple(replace(row, text=first_words(texts.get(row.id, ""))) for row in digest.first)
    return replace(digest, first=first)


def first_words(text: str) -> str:
    """The beginning of a text on one line, whole words."""
    line = " ".join(text.split())
    if len(line) <= _FIRST_WORDS:
        return line
    head, _, _ = line[:_FIRST_WORDS].rpartition(" ")
    return f"{head or line[:_FIRST_WORDS]} …"
