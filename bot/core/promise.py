"""The promise: until when a person answers, and why."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.core.case import Urgency
from bot.core.hours import BusinessHours
from bot.core.office_day import DayKind

_QUARTER = timedelta(minutes=15)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ServiceLevel:
    """How soon a person answers: `open_minutes`, or `by` a time of day so many `working_days` later.

    Working day 1 is the first one that opens after the message: tomorrow, or this morning for a message in
    the small hours. Day 0 is today while the office has time left before `by`. Without `by`, until closing.
    """

    open_minutes: int | None = None
    working_days: int | None = None
    by: time | None = None

    def __post_init__(self) -> None:
        if (self.open_minutes is None) == (self.working_days is None):
            raise ValueError("either open_minutes or working_days")
        if self.open_minutes is not None and (self.open_minutes < 1 or self.by):
            raise ValueError("open_minutes is at least 1 and goes without by")
        if self.working_days is not None and self.working_days < 0:
            raise ValueError("working_days is at least 0")


class ReasonKind(StrEnum):
    """What a promise depended on."""

    RECEIVED_CLOSED = "received_closed"  #: nobody was there; `at` is when the office opens
    HOLIDAY = "holiday"  #: a public holiday lies in between; `name`, `day`
    CLOSED_DAY = "closed_day"  #: the town is closed on a day in between; `name`, `day`
    HALF_DAY = "half_day"  #: a day in between is shorter; `name`, `day`
    WEEKEND = "weekend"  #: a weekend lies in between; `day` is its first closed day
    REST_DAY = "rest_day"  #: this office is closed on a weekday in between; `day` is the first
    COUNTED_OPEN_MINUTES = "counted_open_minutes"  #: `count` minutes of open time
    COUNTED_WORKING_DAYS = "counted_working_days"  #: `count` working days


@dataclass(frozen=True, slots=True)
class PromiseReason:
    """One thing the promise depended on; which fields are filled stands at its kind."""

    kind: ReasonKind
    name: str = ""
    day: date | None = None
    at: datetime | None = None
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Promise:
    """Until when a person answers (not: repairs). Instants are in the office's time zone."""

    due_at: datetime
    told: bool  # False for an emergency: due_at orders the queue, the citizen never hears it
    open_now: bool
    opens_at: datetime | None  # the next opening if the office is closed now
    reasons: tuple[PromiseReason, ...]  # the strongest first


def promise_for(
    urgency: Urgency,
    received_at: datetime,
    *,
    hours: BusinessHours,
    levels: Mapping[Urgency, ServiceLevel],
) -> Promise:
    """The promise for a message received (or, when it came in late, read) at `received_at`.

    `due_at` lies after `received_at`, in open time or on its closing minute; counted minutes that are told
    end on a full quarter of an hour. `levels` holds all four urgencies: whatever they say, none is promised
    later than a less pressing one.
    """
    pressing = [other for other in Urgency if other.rank >= urgency.rank]
    due = {other: _due_at(other, received_at, hours, levels[other]) for other in pressing}
    first = min(pressing, key=lambda other: due[other].astimezone(UTC))

    open_now = hours.is_open(received_at)
    opens_at = None if open_now else hours.next_opening(received_at)
    return Promise(
        due_at=due[first],
        told=urgency is not Urgency.EMERGENCY,
        open_now=open_now,
        opens_at=opens_at,
        reasons=tuple(_reasons(received_at, due[first], opens_at, hours, levels[first])),
    )


def _due_at(urgency: Urgency, received_at: datetime, hours: BusinessHours, level: ServiceLevel) -> datetime:
    if level.open_minutes is None:
        return _by_working_days(received_at, hours, level)
    due = hours.add_open_time(received_at, level.open_minutes)
    return due if urgency is Urgency.EMERGENCY else _full_quarter(due, hours)


def _by_working_days(received_at: datetime, hours: BusinessHours, level: ServiceLevel) -> datetime:
    if level.working_days:
        return _deadline(hours.working_day_after(received_at, level.working_days), hours, level.by)
    today = _deadline(hours.open_from(received_at).date(), hours, level.by)
    if today.astimezone(UTC) > received_at:
        return today
    return _deadline(hours.working_day_after(received_at), hours, level.by)


def _deadline(day: date, hours: BusinessHours, by: time | None) -> datetime:
    """The last open instant of the day up to `by`; if it opens only later, the end of its first open time."""
    spans = hours.day(day).spans
    if by is None:
        return spans[-1][1].astimezone(hours.timezone)
    latest = datetime.combine(day, by, hours.timezone).astimezone(UTC)
    before = [min(closes, latest) for opens, closes in spans if opens < latest]
    return (before[-1] if before else spans[0][1]).astimezone(hours.timezone)


def _full_quarter(due: datetime, hours: BusinessHours) -> datetime:
    """Up to the next full quarter of an hour, but not beyond closing."""
    rounded = due.astimezone(UTC) + (_EPOCH - due) % _QUARTER
    return min(rounded, hours.open_until(due).astimezone(UTC)).astimezone(hours.timezone)


def _reasons(
    received_at: datetime,
    due_at: datetime,
    opens_at: datetime | None,
    hours: BusinessHours,
    level: ServiceLevel,
) -> Iterator[PromiseReason]:
    if opens_at:
        yield PromiseReason(ReasonKind.RECEIVED_CLOSED, at=opens_at)
    yield from _days_between(received_at.astimezone(hours.timezone).date(), due_at.date(), hours)
    if level.open_minutes is not None:
        yield PromiseReason(ReasonKind.COUNTED_OPEN_MINUTES, count=level.open_minutes)
    else:
        yield PromiseReason(ReasonKind.COUNTED_WORKING_DAYS, count=level.working_days)


#: strongest first; what has no name of its own is said once
_DAY_REASONS = {
    DayKind.HOLIDAY: ReasonKind.HOLIDAY,
    DayKind.CLOSED_DAY: ReasonKind.CLOSED_DAY,
    DayKind.HALF_DAY: ReasonKind.HALF_DAY,
    DayKind.WEEKEND: ReasonKind.WEEKEND,
    DayKind.REST_DAY: ReasonKind.REST_DAY,
}


def _days_between(first: date, last: date, hours: BusinessHours) -> Iterator[PromiseReason]:
    days = [hours.day(first + timedelta(days=n)) for n in range((last - first).days + 1)]
    for kind, reason in _DAY_REASONS.items():
        found = [day for day in days if day.kind is kind]
        for day in found if kind not in (DayKind.WEEKEND, DayKind.REST_DAY) else found[:1]:
            yield PromiseReason(reason, name=day.name, day=day.on)
