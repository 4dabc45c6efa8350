"""Business hours: when the office is open, and when it opens next."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.core.office_day import LocalDay, OfficeDay, office_day, open_times, public_holidays

_DAY = timedelta(days=1)
_SHUT_FOR_GOOD = 2 * 366  # days in a row without an opening


@dataclass(frozen=True, slots=True)
class Interval:
    """Open or closed time. A closed one never reaches past midnight, so that its day can say why."""

    start: datetime
    end: datetime
    is_open: bool
    day: OfficeDay


@dataclass(frozen=True, slots=True, kw_only=True)
class BusinessHours:
    """The calendar of one office. Instants come in with any time zone and go out in the office's.

    `week` is an OSM `opening_hours` expression; public holidays of the Land are closed without being named in
    it. Raises ValueError where the week cannot be read or never opens, and for a local day that would open a
    normally closed day without saying so.
    """

    week: str
    timezone: ZoneInfo
    state: str  # as in ISO 3166-2:DE: NW
    covered_until: date  # up to here the town has named its local days
    local_days: tuple[LocalDay, ...] = ()
    # A day is worked out once; from then on an answer takes microseconds.
    _known: dict[date, OfficeDay] = field(default_factory=dict, init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        self.open_from(datetime.combine(self.covered_until, time.min, self.timezone))
        for local in self.local_days:
            allowed = local.opens or local.every_year or not local.hours
            if not allowed and not self._normally_open(local.on):
                raise ValueError(f"{local.name}: {local.on} is normally closed; only opens=True opens it")

    def day(self, day: date) -> OfficeDay:
        """What sort of day it is, and when it is open."""
        if day not in self._known:
            self._known[day] = office_day(
                day, self.week, state=self.state, timezone=self.timezone, local_days=self.local_days
            )
        return self._known[day]

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is there; in the closing minute nobody is."""
        opens, _ = next(self._spans(now))
        return opens <= _utc(now)

    def open_from(self, now: datetime) -> datetime:
        """The first open instant at or after `now`."""
        opens, _ = next(self._spans(now))
        return self._told(max(_utc(now), opens))

    def next_opening(self, now: datetime) -> datetime:
        """When the office opens next, later than `now`; inside open time that is the opening after it."""
        now = _utc(now)
        return self._told(next(opens for opens, _ in self._spans(now) if opens > now))

    def open_until(self, instant: datetime) -> datetime:
        """The end of the open time that holds the instant; a closing minute belongs to the time it ends."""
        _, closes = next(self._spans(_utc(instant) - timedelta.resolution))
        return self._told(closes)

    def add_open_time(self, start: datetime, open_minutes: float) -> datetime:
        """When the office will have been open for so many minutes: at closing, never at an opening."""
        start, left = _utc(start), timedelta(minutes=open_minutes)
        for opens, closes in self._spans(start):
            since = max(start, opens)
            if since + left <= closes:
                return self._told(since + left)
            left -= closes - since
        raise AssertionError("spans never end")

    def working_day_after(self, now: datetime, count: int = 1) -> date:
        """The count-th day (1, 2 …) that opens after `now`: before dawn the coming one is the first."""
        if count < 1:
            raise ValueError("working days are counted from 1")
        now = _utc(now)
        opening = (day.on for day in self._days(now) if day.spans and day.spans[0][0] > now)
        return next(day for nth, day in enumerate(opening, start=1) if nth == count)

    def end_of_open_day(self, day: date) -> datetime | None:
        """When the office closes for the rest of that day; None where it does not open at all."""
        spans = self.day(day).spans
        return self._told(spans[-1][1]) if spans else None

    def intervals(self, start: datetime, until: datetime) -> Iterator[Interval]:
        """Open and closed time without gaps from `start` to `until`."""
        at, until = _utc(start), _utc(until)
        for day in self._days(at):
            if at >= until:
                return
            midnight = _utc(datetime.combine(day.on + _DAY, time.min, self.timezone))
            for opens, closes in (*day.spans, (midnight, midnight)):
                for end, is_open in ((min(opens, until), False), (min(closes, until), True)):
                    if at < end:
                        yield Interval(self._told(at), self._told(end), is_open, day)
                        at = end

    def covers_until(self) -> date:
        """The last day for which public holidays and the town's own days are both known."""
        known = public_holidays(self.state, self.covered_until.year).end_year
        return min(self.covered_until, date(known, 12, 31))

    def _normally_open(self, day: date) -> bool:
        return bool(open_times(self.week, day)) and day not in public_holidays(self.state, day.year)

    def _days(self, now: datetime) -> Iterator[OfficeDay]:
        """The day of `now` and all that follow."""
        date, shut = self._told(now).date(), 0
        while shut < _SHUT_FOR_GOOD:
            day = self.day(date)
            yield day
            shut = 0 if day.spans else shut + 1
            date += _DAY
        raise ValueError(f"{self.week!r} never opens after {date - shut * _DAY}")

    def _spans(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        """All open times that end after `now`, in UTC.

        In UTC, because two instants in one ZoneInfo are compared by their wall clocks: wrong each October.
        """
        now = _utc(now)
        return (span for day in self._days(now) for span in day.spans if span[1] > now)

    def _told(self, instant: datetime) -> datetime:
        return instant.astimezone(self.timezone)


def _utc(instant: datetime) -> datetime:
    if instant.utcoffset() is None:
        raise ValueError("an instant needs a time zone")
    return instant.astimezone(UTC)
