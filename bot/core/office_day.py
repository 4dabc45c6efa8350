"""A day of the office: whether it is open, closed or shorter than usual, and why."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from holidays import HolidayBase, country_holidays
from opening_hours import (  # type: ignore[attr-defined]  # the stubs forget ParserError
    OpeningHours,
    ParserError,
    State,
)

#: open times, end excluded
Spans = tuple[tuple[datetime, datetime], ...]


class DayKind(StrEnum):
    """What sort of day it is for the office."""

    OPEN = "open"  #: open as on any such weekday, or specially opened
    HALF_DAY = "half_day"  #: open for less time than usual: Heiligabend
    CLOSED_DAY = "closed_day"  #: closed because the town says so: Rosenmontag
    HOLIDAY = "holiday"  #: closed by law: Fronleichnam
    WEEKEND = "weekend"  #: a Saturday or Sunday without opening hours
    REST_DAY = "rest_day"  #: a weekday without opening hours


@dataclass(frozen=True, slots=True)
class LocalDay:
    """A day the town has named. Without `closes` and `hours` it is closed.

    `closes` ends the usual hours early. `hours` (OSM times: "08:00-12:00") replaces them; on a day that is
    otherwise closed it needs `opens=True`. With `every_year` only month and day of `on` count, and in years
    where that day is closed anyway it stays closed.
    """

    on: date
    name: str
    closes: time | None = None
    hours: str | None = None
    opens: bool = False
    every_year: bool = False

    def __post_init__(self) -> None:
        if self.closes and self.hours:
            raise ValueError(f"{self.name}: either closes or hours, not both")
        if self.opens and not self.hours:
            raise ValueError(f"{self.name}: a day that opens needs its hours")
        if self.hours:
            parsed(self.hours)

    def falls_on(self, day: date) -> bool:
        """Whether the town means this day."""
        return self.on == day or (self.every_year and (self.on.month, self.on.day) == (day.month, day.day))


@dataclass(frozen=True, slots=True)
class OfficeDay:
    """One calendar day of the office. `spans` are its open times in UTC."""

    on: date
    kind: DayKind
    name: str = ""  # of the public holiday or the local day
    spans: Spans = ()


def office_day(day: date, week: str, *, state: str, timezone: ZoneInfo, local_days: tuple[LocalDay, ...]) -> OfficeDay:
    """The day as the week, the Land's public holidays and the town's own days make it."""
    holiday = public_holidays(state, day.year).get(day)
    usual = open_times(week, day)
    normal = () if holiday else usual
    local = _local_day(day, local_days)

    actual = _changed(local, day, normal) if local else normal
    kind, name = _kind(day, actual, normal, local, holiday if usual or day.weekday() < 5 else None)

    instants = tuple((_utc(opens, timezone), _utc(closes, timezone)) for opens, closes in actual)
    # Hours wholly inside the hour that March leaves out are no time at all.
    return OfficeDay(day, kind, name, tuple(span for span in instants if span[0] < span[1]))


@lru_cache(maxsize=64)
def parsed(expression: str) -> OpeningHours:
    """The OSM expression, ready to be asked; raises ValueError where it cannot be read."""
    try:
        return OpeningHours(expression)
    except ParserError as error:
        raise ValueError(f"no opening hours: {expression!r}") from error


@lru_cache(maxsize=64)
def public_holidays(state: str, year: int) -> HolidayBase:
    """The Land's public holidays of one year, named in German.

    They come from here and not from the expression's evaluator, which knows national holidays only.
    """
    return country_holidays("DE", subdiv=state, years=year, language="de")


def open_times(expression: str, day: date) -> Spans:
    """When the expression is open on that day, by the wall clock."""
    midnight = datetime.combine(day, time.min)
    found = parsed(expression).intervals(midnight, midnight + timedelta(days=1))
    return tuple((opens, closes) for opens, closes, state, _ in found if state == State.OPEN)


def _local_day(day: date, local_days: tuple[LocalDay, ...]) -> LocalDay | None:
    meant = [local for local in local_days if local.falls_on(day)]
    # A date with its year says more than one that returns.
    return min(meant, key=lambda local: local.every_year, default=None)


def _changed(local: LocalDay, day: date, normal: Spans) -> Spans:
    if local.hours and (normal or local.opens):
        return open_times(local.hours, day)
    if local.closes:
        end = datetime.combine(day, local.closes)
        return tuple((opens, min(closes, end)) for opens, closes in normal if opens < end)
    return ()


def _kind(day: date, actual: Spans, normal: Spans, local: LocalDay | None, holiday: str | None) -> tuple[DayKind, str]:
    if actual:
        kind = DayKind.HALF_DAY if _length(actual) < _length(normal) else DayKind.OPEN
        return kind, local.name if local else ""
    if holiday:
        return DayKind.HOLIDAY, holiday
    if normal and local:
        return DayKind.CLOSED_DAY, local.name
    return (DayKind.WEEKEND if day.weekday() >= 5 else DayKind.REST_DAY), ""


def _length(spans: Spans) -> timedelta:
    return sum((closes - opens for opens, closes in spans), timedelta())


def _utc(wall: datetime, timezone: ZoneInfo) -> datetime:
    return wall.replace(tzinfo=timezone).astimezone(UTC)
