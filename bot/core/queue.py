"""The morning queue: what comes first, what a clerk wants to see of it, and how much time is left."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

from bot.core.case import Status, Urgency
from bot.core.hours import BusinessHours

_FORTNIGHT = 15  # days; no office is shut for longer without having closed before
_LATEST_COUNTED = timedelta(days=5)


@dataclass(frozen=True, slots=True)
class QueueRow:
    """An open case as it stands in the queue."""

    id: int
    reference: str
    department: str
    urgency: Urgency
    status: Status
    sure: bool
    opened_at: datetime
    due_at: datetime | None
    due_told: bool
    text: str = ""
    taken_by: int | None = None
    taken_name: str | None = None
    dangers: tuple[str, ...] = ()
    person_wished: bool = False
    files: int = 0
    undelivered: bool = False

    def is_overdue(self, now: datetime) -> bool:
        """Whether the promise has passed without an answer."""
        return self.due_at is not None and self.due_at < now


@dataclass(frozen=True, slots=True)
class QueueFilter:
    """What of the queue is wanted; None: everything."""

    department: str | None = None
    urgency: Urgency | None = None
    taken_by: int | None = None
    reference: str = ""

    def lets(self, row: QueueRow) -> bool:
        """Whether the row is wanted."""
        return (
            self.department in (None, row.department)
            and self.urgency in (None, row.urgency)
            and self.taken_by in (None, row.taken_by)
            and _bare(self.reference) in _bare(row.reference)
        )


def ordered(rows: Iterable[QueueRow]) -> list[QueueRow]:
    """Urgency first, then the promise, then who waits longest."""
    return sorted(rows, key=lambda row: (row.urgency.rank, row.due_at or row.opened_at, row.opened_at, row.id))


def shown(rows: Iterable[QueueRow], wanted: QueueFilter) -> list[QueueRow]:
    """The wanted rows in the queue's order."""
    return ordered(row for row in rows if wanted.lets(row))


def department_counts(rows: Iterable[QueueRow], wanted: QueueFilter) -> Mapping[str, int]:
    """How many rows each department would have if only the filter by department were another."""
    others = replace(wanted, department=None)
    return Counter(row.department for row in rows if others.lets(row))


def open_time_left(hours: BusinessHours, now: datetime, due_at: datetime) -> timedelta | None:
    """How long the office is still open before the promise; None if it has passed or is days away."""
    if due_at <= now or due_at - now > _LATEST_COUNTED:
        return None
    spans = ((part.start, part.end) for part in hours.intervals(now, due_at) if part.is_open)
    return sum((end.astimezone(UTC) - start.astimezone(UTC) for start, end in spans), timedelta())


def last_closing(hours: BusinessHours, now: datetime) -> datetime:
    """When the office last closed for the day: the night began there. Lunch is no night."""
    today: date = now.astimezone(hours.timezone).date()
    for back in range(_FORTNIGHT):
        closed = hours.end_of_open_day(today - timedelta(days=back))
        if closed is not None and closed <= now:
            return closed
    return now - timedelta(days=1)


def _bare(reference: str) -> str:
    return "".join(sign for sign in reference.upper() if sign.isalnum())
