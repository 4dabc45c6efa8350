"""What a citizen is promised: never in the past, never on a closed day, never later for being more pressing."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.case import Urgency
from bot.core.promise import Promise, PromiseReason, ReasonKind, ServiceLevel, promise_for
from tests.core.calendar_of_borken import BERLIN, HOURS, LEVELS, at, said


def promised(urgency: Urgency, text: str, **changed: ServiceLevel) -> Promise:
    levels = LEVELS | {Urgency(name): level for name, level in changed.items()}
    return promise_for(urgency, at(text), hours=HOURS, levels=levels)


@pytest.mark.parametrize(
    ("received", "urgent", "normal"),
    [
        ("Mon 2026-11-23 23:02", "Tue 2026-11-24 10:00", "Tue 2026-11-24 12:00"),  # an ordinary night
        ("Tue 2026-11-24 01:30", "Tue 2026-11-24 10:00", "Tue 2026-11-24 12:00"),  # the same night
        ("Tue 2026-11-24 08:00", "Tue 2026-11-24 10:00", "Wed 2026-11-25 12:00"),  # at opening
        ("Tue 2026-11-24 10:07", "Tue 2026-11-24 12:15", "Wed 2026-11-25 12:00"),
        ("Tue 2026-11-24 12:30", "Tue 2026-11-24 16:00", "Wed 2026-11-25 12:00"),  # at closing, for lunch
        ("Tue 2026-11-24 16:00", "Wed 2026-11-25 10:00", "Wed 2026-11-25 12:00"),  # … for the day
        ("Fri 2026-05-22 16:30", "Tue 2026-05-26 10:00", "Tue 2026-05-26 12:00"),  # before Whitsun
        ("Thu 2026-04-02 19:43", "Tue 2026-04-07 10:00", "Tue 2026-04-07 12:00"),  # over Easter
        ("Thu 2026-12-24 13:05", "Mon 2026-12-28 10:00", "Mon 2026-12-28 12:00"),  # Heiligabend
        ("Wed 2026-12-23 20:00", "Thu 2026-12-24 10:00", "Thu 2026-12-24 12:00"),  # the eve of it
        ("Thu 2026-12-31 22:14", "Mon 2027-01-04 10:00", "Mon 2027-01-04 12:00"),  # turn of the year
        ("Sun 2026-10-25 02:30", "Mon 2026-10-26 10:00", "Mon 2026-10-26 12:00"),  # clocks go back
        ("Sat 2026-10-24 23:59", "Mon 2026-10-26 10:00", "Mon 2026-10-26 12:00"),  # the evening before
        ("Sun 2026-03-29 03:30", "Mon 2026-03-30 10:00", "Mon 2026-03-30 12:00"),  # clocks go forward
        ("Sun 2027-03-28 01:59", "Tue 2027-03-30 10:00", "Tue 2027-03-30 12:00"),  # … and Easter
        ("Sun 2027-10-31 12:00", "Tue 2027-11-02 10:00", "Tue 2027-11-02 12:00"),  # Allerheiligen
    ],
)
def test_it_is_promised_within_two_open_hours_or_by_noon(received: str, urgent: str, normal: str) -> None:
    assert said(promised(Urgency.URGENT, received).due_at) == urgent
    assert said(promised(Urgency.NORMAL, received).due_at) == normal


@pytest.mark.parametrize(
    ("received", "emergency", "low"),
    [
        ("Mon 2026-11-23 23:02", "Tue 2026-11-24 08:15", "Mon 2026-12-07 16:00"),  # an ordinary night
        ("Tue 2026-11-24 01:30", "Tue 2026-11-24 08:15", "Mon 2026-12-07 16:00"),  # the same night
        ("Tue 2026-11-24 08:00", "Tue 2026-11-24 08:15", "Tue 2026-12-08 16:00"),  # at opening
        ("Tue 2026-11-24 10:07", "Tue 2026-11-24 10:22", "Tue 2026-12-08 16:00"),
        ("Tue 2026-11-24 12:30", "Tue 2026-11-24 14:15", "Tue 2026-12-08 16:00"),  # at closing, for lunch
        ("Tue 2026-11-24 16:00", "Wed 2026-11-25 08:15", "Tue 2026-12-08 16:00"),  # … for the day
        ("Fri 2026-05-22 16:30", "Tue 2026-05-26 08:15", "Wed 2026-06-10 16:00"),  # before Whitsun
        ("Thu 2026-04-02 19:43", "Tue 2026-04-07 08:15", "Mon 2026-04-20 16:00"),  # over Easter
        ("Thu 2026-12-24 13:05", "Mon 2026-12-28 08:15", "Mon 2027-01-11 16:00"),  # Heiligabend
        ("Wed 2026-12-23 20:00", "Thu 2026-12-24 08:15", "Fri 2027-01-08 12:30"),  # the eve of it
        ("Thu 2026-12-31 22:14", "Mon 2027-01-04 08:15", "Fri 2027-01-15 12:30"),  # turn of the year
        ("Sun 2026-10-25 02:30", "Mon 2026-10-26 08:15", "Fri 2026-11-06 12:30"),  # clocks go back
        ("Sat 2026-10-24 23:59", "Mon 2026-10-26 08:15", "Fri 2026-11-06 12:30"),  # the evening before
        ("Sun 2026-03-29 03:30", "Mon 2026-03-30 08:15", "Tue 2026-04-14 16:00"),  # clocks go forward
        ("Sun 2027-03-28 01:59", "Tue 2027-03-30 08:15", "Mon 2027-04-12 16:00"),  # … and Easter
        ("Sun 2027-10-31 12:00", "Tue 2027-11-02 08:15", "Mon 2027-11-15 16:00"),  # Allerheiligen
    ],
)
def test_the_first_minutes_and_ten_working_days(received: str, emergency: str, low: str) -> None:
    assert said(promised(Urgency.EMERGENCY, received).due_at) == emergency
    assert said(promised(Urgency.LOW, received).due_at) == low


@pytest.mark.parametrize(
    ("received", "level", "due"),
    [
        ("Tue 2026-11-24 10:07", ServiceLevel(open_minutes=8 * 60), "Wed 2026-11-25 11:45"),
        ("Tue 2026-11-24 09:50", ServiceLevel(open_minutes=155), "Tue 2026-11-24 12:30"),  # 12:25: not past closing
        ("Thu 2026-12-24 08:01", ServiceLevel(open_minutes=230), "Thu 2026-12-24 12:00"),
        ("Tue 2026-11-24 09:00", ServiceLevel(working_days=0, by=time(15)), "Tue 2026-11-24 15:00"),
        ("Tue 2026-11-24 15:00", ServiceLevel(working_days=0, by=time(15)), "Wed 2026-11-25 15:00"),
        ("Tue 2026-11-24 13:00", ServiceLevel(working_days=0, by=time(12)), "Wed 2026-11-25 12:00"),
        ("Tue 2026-11-24 09:00", ServiceLevel(working_days=1), "Wed 2026-11-25 16:00"),  # until closing
        ("Tue 2026-11-24 09:00", ServiceLevel(working_days=1, by=time(13)), "Wed 2026-11-25 12:30"),  # lunch
        ("Tue 2026-11-24 09:00", ServiceLevel(working_days=1, by=time(7)), "Wed 2026-11-25 12:30"),  # asleep
        ("Wed 2026-12-23 18:00", ServiceLevel(working_days=1, by=time(16)), "Thu 2026-12-24 12:00"),  # half day
        ("Thu 2026-11-26 09:00", ServiceLevel(working_days=1, by=time(16)), "Fri 2026-11-27 12:30"),
    ],
)
def test_a_service_level_means(received: str, level: ServiceLevel, due: str) -> None:
    assert said(promised(Urgency.NORMAL, received, normal=level, low=ServiceLevel(working_days=10)).due_at) == due


def test_an_emergency_orders_the_queue_and_is_not_told() -> None:
    assert [promised(urgency, "Mon 2026-11-23 23:02").told for urgency in Urgency] == [False, True, True, True]


def test_the_promise_knows_whether_somebody_is_there() -> None:
    by_day, by_night = (promised(Urgency.NORMAL, text) for text in ("Tue 2026-11-24 10:00", "Fri 2026-11-27 22:00"))

    assert (by_day.open_now, by_day.opens_at) == (True, None)
    assert (by_night.open_now, by_night.opens_at) == (False, at("Mon 2026-11-30 08:00"))


def test_the_reasons_name_what_lies_in_between() -> None:
    assert promised(Urgency.URGENT, "Thu 2026-12-24 13:05").reasons == (
        PromiseReason(ReasonKind.RECEIVED_CLOSED, at=at("Mon 2026-12-28 08:00")),
        PromiseReason(ReasonKind.HOLIDAY, name="Erster Weihnachtstag", day=date(2026, 12, 25)),
        PromiseReason(ReasonKind.HALF_DAY, name="Heiligabend", day=date(2026, 12, 24)),
        PromiseReason(ReasonKind.WEEKEND, day=date(2026, 12, 26)),
        PromiseReason(ReasonKind.COUNTED_OPEN_MINUTES, count=120),
    )


def test_by_day_the_reason_is_only_what_was_counted() -> None:
    assert promised(Urgency.NORMAL, "Tue 2026-11-24 10:00").reasons == (
        PromiseReason(ReasonKind.COUNTED_WORKING_DAYS, count=1),
    )


def test_closed_days_of_the_town_are_named() -> None:
    kinds = [reason.name for reason in promised(Urgency.NORMAL, "Wed 2026-06-03 20:00").reasons if reason.name]

    assert kinds == ["Fronleichnam", "Brückentag nach Fronleichnam"]


def test_levels_in_the_wrong_order_still_keep_the_pressing_first() -> None:
    promise = promised(Urgency.URGENT, "Mon 2026-11-23 23:02", urgent=ServiceLevel(working_days=3))

    assert promise.due_at == promised(Urgency.NORMAL, "Mon 2026-11-23 23:02").due_at
    assert promise.reasons[-1].kind is ReasonKind.COUNTED_WORKING_DAYS
    assert promise.reasons[-1].count == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"by": time(12)},
        {"open_minutes": 0},
        {"open_minutes": 120, "working_days": 1},
        {"open_minutes": 120, "by": time(12)},
        {"working_days": -1},
    ],
)
def test_a_service_level_has_exactly_one_measure(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        ServiceLevel(**wrong)  # type: ignore[arg-type]  # that is the point


def test_a_naive_instant_is_refused() -> None:
    for urgency in Urgency:
        with pytest.raises(ValueError, match="time zone"):
            promise_for(urgency, datetime(2026, 11, 24, 10), hours=HOURS, levels=LEVELS)  # noqa: DTZ001  # the point


instants = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.sampled_from([UTC, BERLIN]))  # noqa: DTZ001  # the zones come with them
clock_times = st.none() | st.times().map(lambda told: told.replace(second=0, microsecond=0))
any_level = st.builds(ServiceLevel, open_minutes=st.integers(1, 3000)) | st.builds(
    ServiceLevel, working_days=st.integers(0, 15), by=clock_times
)
any_levels = st.fixed_dictionaries(dict.fromkeys(Urgency, any_level))


@settings(max_examples=300, deadline=None)
@given(instants, any_levels)
def test_more_pressing_is_never_later(received: datetime, levels: Mapping[Urgency, ServiceLevel]) -> None:
    due = [promise_for(urgency, received, hours=HOURS, levels=levels).due_at for urgency in Urgency]

    assert due == sorted(due)


@settings(max_examples=300, deadline=None)
@given(instants, any_levels, st.sampled_from(Urgency))
def test_a_promise_lies_ahead_and_in_open_time(
    received: datetime, levels: Mapping[Urgency, ServiceLevel], urgency: Urgency
) -> None:
    due = promise_for(urgency, received, hours=HOURS, levels=levels).due_at

    assert due > received.astimezone(UTC)
    assert due.tzinfo is BERLIN
    assert HOURS.is_open(due) or HOURS.is_open(due - timedelta(microseconds=1))


@settings(max_examples=300, deadline=None)
@given(instants, st.timedeltas(timedelta(0), timedelta(days=7)), any_levels, st.sampled_from(Urgency))
def test_who_writes_later_is_not_answered_earlier(
    received: datetime, later: timedelta, levels: Mapping[Urgency, ServiceLevel], urgency: Urgency
) -> None:
    first = received.astimezone(UTC)
    one, other = (promise_for(urgency, at, hours=HOURS, levels=levels).due_at for at in (first, first + later))

    assert one <= other
