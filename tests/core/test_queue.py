"""The queue: order, filters, time left, where the night began."""

from datetime import timedelta

import pytest

from bot.core.case import Status, Urgency
from bot.core.queue import QueueFilter, QueueRow, department_counts, last_closing, open_time_left, ordered, shown
from bot.core.verdict import Verdict, due_after, topic_of
from tests.core.calendar_of_borken import HOURS, at


def row(
    number: int, urgency: Urgency = Urgency.NORMAL, due: str | None = "Thu 2026-11-26 12:00", **more: object
) -> QueueRow:
    values: dict[str, object] = {
        "id": number,
        "reference": f"BOR-{number:04}-Q",
        "department": "strassen",
        "urgency": urgency,
        "status": Status.WAITING,
        "sure": True,
        "opened_at": at("Wed 2026-11-25 22:00") + timedelta(minutes=number),
        "due_at": at(due) if due else None,
        "due_told": True,
    }
    return QueueRow(**{**values, **more})  # type: ignore[arg-type]


def numbers(rows: list[QueueRow]) -> list[int]:
    return [one.id for one in rows]


def test_danger_comes_before_every_promise() -> None:
    calm = row(1, Urgency.LOW, "Thu 2026-11-26 08:00")
    danger = row(2, Urgency.EMERGENCY, "Fri 2026-11-27 08:00")

    assert numbers(ordered([calm, danger])) == [2, 1]


def test_the_earlier_promise_comes_first_then_who_waits_longest() -> None:
    rows = [row(3), row(2, due="Thu 2026-11-26 10:00"), row(1)]

    assert numbers(ordered(rows)) == [2, 1, 3]


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (QueueFilter(), [2, 1, 3]),
        (QueueFilter(department="gruen"), [3]),
        (QueueFilter(urgency=Urgency.URGENT), [2]),
        (QueueFilter(taken_by=7), [1]),
        (QueueFilter(reference="bor 0003"), [3]),
        (QueueFilter(reference="0002-q"), [2]),
        (QueueFilter(department="gruen", taken_by=7), []),
    ],
)
def test_filters(wanted: QueueFilter, found: list[int]) -> None:
    rows = [row(1, taken_by=7), row(2, Urgency.URGENT), row(3, department="gruen")]

    assert numbers(shown(rows, wanted)) == found


def test_counts_leave_out_their_own_filter_but_keep_the_others() -> None:
    rows = [row(1), row(2, department="gruen"), row(3, Urgency.LOW, department="gruen")]

    counts = department_counts(rows, QueueFilter(department="strassen", urgency=Urgency.NORMAL))

    assert dict(counts) == {"strassen": 1, "gruen": 1}


def test_a_promise_that_has_passed_is_overdue() -> None:
    one = row(1)

    assert not one.is_overdue(at("Thu 2026-11-26 12:00"))
    assert one.is_overdue(at("Thu 2026-11-26 12:01"))
    assert not row(2, due=None).is_overdue(at("Thu 2026-11-26 12:01"))


@pytest.mark.parametrize(
    ("now", "due", "minutes"),
    [
        ("Thu 2026-11-26 08:05", "Thu 2026-11-26 12:00", 235),
        ("Wed 2026-11-25 22:00", "Thu 2026-11-26 12:00", 240),  # at night nothing counts
        ("Thu 2026-11-26 12:00", "Thu 2026-11-26 15:00", 90),  # lunch from 12:30 to 14:00
        ("Fri 2026-11-27 12:00", "Mon 2026-11-30 09:00", 90),  # over the weekend
    ],
)
def test_only_open_time_is_left(now: str, due: str, minutes: int) -> None:
    assert open_time_left(HOURS, at(now), at(due)) == timedelta(minutes=minutes)


def test_no_time_is_told_when_it_has_passed_or_is_far_away() -> None:
    assert open_time_left(HOURS, at("Thu 2026-11-26 12:00"), at("Thu 2026-11-26 12:00")) is None
    assert open_time_left(HOURS, at("Thu 2026-11-26 12:00"), at("Thu 2026-12-03 12:00")) is None


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("Thu 2026-11-26 08:05", "Wed 2026-11-25 16:00"),
        ("Thu 2026-11-26 13:00", "Wed 2026-11-25 16:00"),  # lunch is no night
        ("Thu 2026-11-26 18:00", "Thu 2026-11-26 18:00"),
        ("Mon 2026-11-30 08:00", "Fri 2026-11-27 12:30"),
        ("Mon 2026-12-28 08:00", "Thu 2026-12-24 12:00"),  # Heiligabend closes early
    ],
)
def test_the_night_began_when_the_office_last_closed_for_the_day(now: str, closed: str) -> None:
    assert last_closing(HOURS, at(now)) == at(closed)


def test_a_topic_stays_only_with_the_department_that_owns_it() -> None:
    owners = {"street_light": "strassen"}

    assert topic_of(Verdict("strassen", Urgency.LOW), "street_light", owners) == "street_light"
    assert topic_of(Verdict("gruen", Urgency.LOW), "street_light", owners) is None
    assert topic_of(Verdict("gruen", Urgency.LOW), None, owners) is None


@pytest.mark.parametrize(
    ("told", "from_opening", "from_now", "due"),
    [
        ("Thu 2026-11-26 12:00", "Thu 2026-11-26 12:00", "Fri 2026-11-27 12:00", "Thu 2026-11-26 12:00"),  # same pace
        ("Thu 2026-11-26 12:00", "Thu 2026-11-26 09:00", "Thu 2026-11-26 10:00", "Thu 2026-11-26 10:00"),  # raised
        ("Thu 2026-11-26 12:00", "Mon 2026-11-30 12:00", "Tue 2026-12-01 12:00", "Mon 2026-11-30 12:00"),  # slower
        (None, "Thu 2026-11-26 09:00", "Thu 2026-11-26 10:00", "Thu 2026-11-26 10:00"),  # nothing was told
    ],
)
def test_a_verdict_costs_the_citizen_no_time(told: str | None, from_opening: str, from_now: str, due: str) -> None:
    assert due_after(at(told) if told else None, at(from_opening), at(from_now)) == at(due)
