"""The office's calendar: open, closed, shorter, and the two nights that have 23 and 25 hours."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.hours import BusinessHours
from bot.core.office_day import DayKind, LocalDay
from tests.core.calendar_of_borken import BERLIN, HOURS, WEEK, at, said

MINUTE = timedelta(minutes=1)


def office(week: str, *local_days: LocalDay) -> BusinessHours:
    return BusinessHours(
        week=week, timezone=BERLIN, state="NW", covered_until=date(2028, 12, 31), local_days=local_days
    )


@pytest.mark.parametrize(
    ("now", "open_from"),
    [
        ("Mon 2026-11-23 23:02", "Tue 2026-11-24 08:00"),  # an ordinary night
        ("Tue 2026-11-24 07:59", "Tue 2026-11-24 08:00"),
        ("Tue 2026-11-24 08:00", "Tue 2026-11-24 08:00"),  # exactly at opening
        ("Tue 2026-11-24 12:29", "Tue 2026-11-24 12:29"),
        ("Tue 2026-11-24 12:30", "Tue 2026-11-24 14:00"),  # exactly at closing
        ("Tue 2026-11-24 13:15", "Tue 2026-11-24 14:00"),  # lunch
        ("Thu 2026-11-26 17:59", "Thu 2026-11-26 17:59"),  # the long Thursday
        ("Fri 2026-11-27 12:30", "Mon 2026-11-30 08:00"),  # over a weekend
        ("Thu 2026-04-02 19:43", "Tue 2026-04-07 08:00"),  # over Easter
        ("Wed 2026-06-03 16:00", "Mon 2026-06-08 08:00"),  # Fronleichnam and its bridge day
        ("Fri 2026-05-22 16:30", "Tue 2026-05-26 08:00"),  # Friday before Whitsun
        ("Mon 2027-11-01 09:00", "Tue 2027-11-02 08:00"),  # Allerheiligen on a Monday
        ("Sun 2026-11-01 09:00", "Mon 2026-11-02 08:00"),  # Allerheiligen on a Sunday
        ("Fri 2026-10-02 12:31", "Mon 2026-10-05 08:00"),  # the third of October on a Saturday
        ("Fri 2026-02-13 15:00", "Tue 2026-02-17 08:00"),  # Rosenmontag
        ("Thu 2026-12-24 11:59", "Thu 2026-12-24 11:59"),  # Heiligabend, while it lasts
        ("Thu 2026-12-24 13:05", "Mon 2026-12-28 08:00"),
        ("Thu 2026-12-31 12:00", "Mon 2027-01-04 08:00"),  # turn of the year
        ("Fri 2028-12-22 13:00", "Wed 2028-12-27 08:00"),  # Heiligabend on a Sunday opens nothing
        ("Sun 2026-10-25 02:30", "Mon 2026-10-26 08:00"),  # the night with an hour twice
        ("Sun 2026-03-29 01:30", "Mon 2026-03-30 08:00"),  # the night without one
        ("Sun 2027-03-28 03:30", "Tue 2027-03-30 08:00"),  # the same on Easter Sunday
    ],
)
def test_the_office_is_open_from(now: str, open_from: str) -> None:
    assert said(HOURS.open_from(at(now))) == open_from
    assert HOURS.is_open(at(now)) == (now == open_from)


def test_the_next_opening_is_always_still_to_come() -> None:
    assert said(HOURS.next_opening(at("Tue 2026-11-24 07:59"))) == "Tue 2026-11-24 08:00"
    assert said(HOURS.next_opening(at("Tue 2026-11-24 08:00"))) == "Tue 2026-11-24 14:00"
    assert said(HOURS.next_opening(at("Tue 2026-11-24 15:00"))) == "Wed 2026-11-25 08:00"


@pytest.mark.parametrize(
    ("start", "minutes", "end"),
    [
        ("Tue 2026-11-24 10:00", 120, "Tue 2026-11-24 12:00"),
        ("Tue 2026-11-24 10:30", 120, "Tue 2026-11-24 12:30"),  # at closing, not at the next opening
        ("Tue 2026-11-24 10:31", 120, "Tue 2026-11-24 14:01"),
        ("Fri 2026-11-27 12:00", 120, "Mon 2026-11-30 09:30"),
        ("Thu 2026-12-24 11:00", 120, "Mon 2026-12-28 09:00"),  # half of it on Heiligabend
        ("Wed 2026-06-03 15:00", 120, "Mon 2026-06-08 09:00"),
        ("Fri 2026-10-23 12:00", 60, "Mon 2026-10-26 08:30"),
        ("Tue 2026-11-24 10:00", 0, "Tue 2026-11-24 10:00"),
    ],
)
def test_open_time_is_added(start: str, minutes: int, end: str) -> None:
    assert said(HOURS.add_open_time(at(start), minutes)) == end


@pytest.mark.parametrize(
    ("night", "hours"),
    [("Sat 2026-10-24 22:00", 9), ("Sat 2026-03-28 22:00", 7), ("Sat 2026-11-21 22:00", 8)],
)
def test_a_night_shift_is_as_long_as_its_night(night: str, hours: int) -> None:
    shift = office("Sa 22:00-30:00")

    end = shift.add_open_time(at(night), hours * 60)

    assert (end.hour, end.minute) == (6, 0)
    assert end - at(night).astimezone(UTC) == timedelta(hours=hours)


def test_the_hour_that_comes_twice_is_told_apart() -> None:
    night = office("Sa,Su 00:00-24:00")
    first, second = (at("Sun 2026-10-25 02:30").replace(fold=fold) for fold in (0, 1))

    # Compared in UTC: Python holds no other zone's instant equal to one of a repeated hour.
    assert night.add_open_time(first, 60).astimezone(UTC) == second.astimezone(UTC)
    assert night.add_open_time(second, 60) == at("Sun 2026-10-25 03:30").astimezone(UTC)


@pytest.mark.parametrize(
    ("now", "count", "day"),
    [
        ("Mon 2026-11-23 23:02", 1, date(2026, 11, 24)),
        ("Tue 2026-11-24 01:30", 1, date(2026, 11, 24)),  # the same night
        ("Tue 2026-11-24 08:00", 1, date(2026, 11, 25)),
        ("Tue 2026-11-24 13:00", 1, date(2026, 11, 25)),  # lunch: this day has opened already
        ("Fri 2026-11-27 09:00", 1, date(2026, 11, 30)),
        ("Wed 2026-06-03 09:00", 2, date(2026, 6, 9)),
        ("Wed 2026-12-23 18:00", 1, date(2026, 12, 24)),  # a half day is a working day
        ("Wed 2026-12-23 18:00", 6, date(2027, 1, 4)),
    ],
)
def test_working_days_after(now: str, count: int, day: date) -> None:
    assert HOURS.working_day_after(at(now), count) == day


def test_working_days_are_counted_from_one() -> None:
    with pytest.raises(ValueError, match="from 1"):
        HOURS.working_day_after(at("Tue 2026-11-24 10:00"), 0)


@pytest.mark.parametrize(
    ("day", "closes"),
    [
        (date(2026, 11, 26), "Thu 2026-11-26 18:00"),
        (date(2026, 12, 24), "Thu 2026-12-24 12:00"),
        (date(2026, 12, 31), "Thu 2026-12-31 12:00"),
    ],
)
def test_the_end_of_the_open_day(day: date, closes: str) -> None:
    end = HOURS.end_of_open_day(day)

    assert end is not None
    assert said(end) == closes


def test_a_closed_day_has_no_end() -> None:
    assert HOURS.end_of_open_day(date(2026, 6, 4)) is None


@pytest.mark.parametrize(
    ("day", "kind", "name"),
    [
        (date(2026, 11, 24), DayKind.OPEN, ""),
        (date(2026, 6, 4), DayKind.HOLIDAY, "Fronleichnam"),
        (date(2027, 11, 1), DayKind.HOLIDAY, "Allerheiligen"),
        (date(2026, 11, 1), DayKind.WEEKEND, ""),  # Allerheiligen, but a Sunday anyway
        (date(2026, 2, 16), DayKind.CLOSED_DAY, "Rosenmontag"),
        (date(2026, 12, 24), DayKind.HALF_DAY, "Heiligabend"),
        (date(2028, 12, 24), DayKind.WEEKEND, ""),
        (date(2028, 12, 31), DayKind.WEEKEND, ""),  # `hours` every year opens no Sunday either
    ],
)
def test_a_day_says_what_it_is(day: date, kind: DayKind, name: str) -> None:
    assert (HOURS.day(day).kind, HOURS.day(day).name) == (kind, name)


def test_a_weekday_without_hours_is_a_rest_day() -> None:
    assert office("Mo,Tu 08:00-12:00").day(date(2026, 11, 25)).kind is DayKind.REST_DAY


def test_another_land_has_other_holidays() -> None:
    berlin = BusinessHours(week=WEEK, timezone=BERLIN, state="BE", covered_until=date(2028, 12, 31))

    assert berlin.day(date(2026, 6, 4)).kind is DayKind.OPEN


def test_intervals_follow_each_other_and_say_why_it_is_closed() -> None:
    found = list(HOURS.intervals(at("Wed 2026-06-03 15:00"), at("Fri 2026-06-05 09:00")))

    assert [(said(one.start)[:3], said(one.start)[-5:], one.is_open, one.day.name) for one in found] == [
        ("Wed", "15:00", True, ""),
        ("Wed", "16:00", False, ""),
        ("Thu", "00:00", False, "Fronleichnam"),
        ("Fri", "00:00", False, "Brückentag nach Fronleichnam"),
    ]
    assert [one.end for one in found[:-1]] == [one.start for one in found[1:]]
    assert found[-1].end == at("Fri 2026-06-05 09:00")


def test_a_day_can_open_late() -> None:
    late = office(WEEK, LocalDay(date(2026, 11, 24), "Personalversammlung", hours="14:00-16:00"))

    assert said(late.open_from(at("Tue 2026-11-24 09:00"))) == "Tue 2026-11-24 14:00"


def test_a_half_day_that_ends_before_it_begins_is_closed() -> None:
    short = office("Mo-Fr 13:00-17:00", LocalDay(date(2026, 12, 24), "Heiligabend", closes=time(12)))

    assert short.day(date(2026, 12, 24)).kind is DayKind.CLOSED_DAY


def test_a_date_with_its_year_beats_one_that_returns() -> None:
    yearly = LocalDay(date(2020, 12, 24), "Heiligabend", closes=time(12), every_year=True)
    shut = office(WEEK, yearly, LocalDay(date(2026, 12, 24), "Heiligabend geschlossen"))

    assert shut.day(date(2026, 12, 24)).name == "Heiligabend geschlossen"
    assert shut.day(date(2027, 12, 24)).name == "Heiligabend"


@pytest.mark.parametrize("closed", [date(2026, 12, 25), date(2026, 12, 27), date(2026, 6, 4)])
def test_a_local_day_that_opens_a_closed_one_is_refused(closed: date) -> None:
    with pytest.raises(ValueError, match="normally closed"):
        office(WEEK, LocalDay(closed, "Versehen", hours="08:00-12:00"))


def test_a_local_day_opens_a_closed_one_if_it_says_so() -> None:
    election = LocalDay(date(2026, 12, 27), "Wahlsonntag", hours="08:00-18:00", opens=True)

    assert office(WEEK, election).is_open(at("Sun 2026-12-27 17:59"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"closes": time(12), "hours": "08:00-12:00"},
        {"opens": True},
        {"hours": "acht bis zwölf"},
    ],
)
def test_a_local_day_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        LocalDay(date(2026, 12, 24), "Heiligabend", **wrong)  # type: ignore[arg-type]  # that is the point


@pytest.mark.parametrize("week", ["Montags von acht bis zwölf", "Mo-Su off", "2025 Mo-Fr 08:00-12:00"])
def test_a_week_that_cannot_be_read_or_never_opens_is_refused(week: str) -> None:
    with pytest.raises(ValueError):
        office(week)


def test_a_naive_instant_is_refused() -> None:
    naive = datetime(2026, 11, 24, 10)  # noqa: DTZ001  # that is the point
    for ask in (HOURS.is_open, HOURS.open_from, HOURS.next_opening, HOURS.open_until, HOURS.working_day_after):
        with pytest.raises(ValueError, match="time zone"):
            ask(naive)
    with pytest.raises(ValueError, match="time zone"):
        HOURS.add_open_time(naive, 1)


def test_the_calendar_knows_how_far_it_reaches() -> None:
    assert HOURS.covers_until() == date(2028, 12, 31)


def test_an_instant_from_elsewhere_is_answered_in_the_office_s_time() -> None:
    asked = at("Mon 2026-11-23 23:02").astimezone(ZoneInfo("Asia/Tokyo"))

    assert HOURS.open_from(asked).tzinfo is BERLIN
    assert said(HOURS.open_from(asked)) == "Tue 2026-11-24 08:00"


# A second calendar that shares nothing with the first: a table a person can read, walked minute by minute.
TABLE = {0: "0800-1230 1400-1600", 3: "0800-1230 1400-1800", 4: "0800-1230"}
TABLE |= {1: TABLE[0], 2: TABLE[0], 5: "", 6: ""}
CLOSED = {
    *("20260101", "20260216", "20260403", "20260406", "20260501", "20260514", "20260525", "20260604", "20260605"),
    *("20261003", "20261101", "20261225", "20261226"),
    *("20270101", "20270326", "20270329", "20270501", "20270506", "20270517", "20270527"),
    *("20271003", "20271101", "20271225", "20271226"),
}


def table_is_open(instant: datetime) -> bool:
    local = instant.astimezone(BERLIN)
    if local.strftime("%Y%m%d") in CLOSED:
        return False
    spans = [span.split("-") for span in TABLE[local.weekday()].split()]
    if local.strftime("%m%d") in ("1224", "1231") and spans:
        spans = [["0800", "1200"]]
    return any(start <= local.strftime("%H%M") < end for start, end in spans)


def walk(start: datetime, open_minutes: int) -> datetime:
    """The instant at which so many minutes have been open, one minute at a time."""
    now = start.astimezone(UTC)
    while open_minutes:
        open_minutes -= table_is_open(now)
        now += MINUTE
    return now


minutes_of_two_years = st.integers(0, 2 * 365 * 24 * 60 - 20 * 24 * 60).map(
    lambda minute: datetime(2025, 12, 31, 23, tzinfo=UTC) + minute * MINUTE
)


@settings(max_examples=500, deadline=None)
@given(minutes_of_two_years)
def test_open_and_closed_agree_with_the_table(now: datetime) -> None:
    assert HOURS.is_open(now) == table_is_open(now)


@settings(max_examples=60, deadline=None)
@given(minutes_of_two_years, st.integers(1, 600))
def test_adding_open_time_agrees_with_the_walker(start: datetime, open_minutes: int) -> None:
    assert HOURS.add_open_time(start, open_minutes) == walk(start, open_minutes)


@settings(max_examples=60, deadline=None)
@given(minutes_of_two_years)
def test_the_first_open_minute_agrees_with_the_walker(start: datetime) -> None:
    assert HOURS.open_from(start) == walk(start, 1) - MINUTE


@settings(max_examples=40, deadline=None)
@given(minutes_of_two_years, st.integers(1, 10 * 24 * 60))
def test_intervals_leave_no_gap_and_agree_with_the_table(start: datetime, length: int) -> None:
    until = start + length * MINUTE
    found = list(HOURS.intervals(start, until))

    assert [found[0].start, *(one.end for one in found)] == [*(one.start for one in found), until]
    for one in found:
        assert table_is_open(one.start) == table_is_open(one.end - MINUTE) == one.is_open
