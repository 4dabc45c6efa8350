"""The shipped sample town: it loads, quickly, and rings long before its dates run out."""

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from bot.core.case import Urgency
from bot.settings.load import load
from bot.settings.town import Settings, topic_owner

BORKEN = Path("config/borken")
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture(scope="module")
def borken() -> Settings:
    return load(BORKEN, {})


def test_every_department_has_hours_and_all_service_levels(borken: Settings) -> None:
    ids = {department.id for department in borken.departments}
    assert len(ids) == 15
    assert set(borken.hours) == ids
    assert all(set(borken.levels[department]) == set(Urgency) for department in ids)


def test_the_free_days_reach_beyond_the_next_four_months(borken: Settings) -> None:
    """Rings while there is still time: add the days of the coming year to hours.yaml."""
    soon = date.today() + timedelta(days=120)  # noqa: DTZ011
    assert all(calendar.covers_until() >= soon for calendar in borken.hours.values())


@pytest.mark.parametrize(
    ("department", "asked", "opens"),
    [
        ("rathaus", "Thu 2026-11-26 22:14", "Fri 2026-11-27 08:00"),
        ("strassen", "Thu 2026-11-26 22:14", "Fri 2026-11-27 07:00"),
        ("rathaus", "Thu 2026-12-24 12:01", "Mon 2026-12-28 08:00"),  # Heiligabend closes at noon
        ("rathaus", "Fri 2027-02-05 12:30", "Tue 2027-02-09 08:00"),  # over Rosenmontag
        ("rathaus", "Wed 2027-05-26 20:00", "Mon 2027-05-31 08:00"),  # Fronleichnam and its bridge day
        ("rathaus", "Fri 2028-09-29 13:00", "Wed 2028-10-04 08:00"),  # bridge day before a holiday
    ],
)
def test_the_towns_own_days_are_kept(borken: Settings, department: str, asked: str, opens: str) -> None:
    now = datetime.strptime(asked, "%a %Y-%m-%d %H:%M").replace(tzinfo=BERLIN)
    assert f"{borken.hours[department].open_from(now):%a %Y-%m-%d %H:%M}" == opens


def test_departments_may_have_their_own_service_levels(borken: Settings) -> None:
    assert borken.levels["bauen"][Urgency.NORMAL].working_days == 3
    assert borken.levels["bauen"][Urgency.URGENT] == borken.levels["rathaus"][Urgency.URGENT]


def test_every_topic_of_the_starter_messages_has_an_owner(borken: Settings) -> None:
    topics = {path.stem for path in Path("classifier/starter").glob("*.tsv")}
    assert topics - {"unclear"} <= topic_owner(borken).keys()  # what is unclear belongs to nobody


def test_telephone_numbers_are_the_ones_reserved_for_film(borken: Settings) -> None:
    numbers = [borken.city.phone, *(step.phone for step in borken.city.on_call)]
    numbers += [department.phone for department in borken.departments]
    assert [number for number in numbers if not number.startswith("0221 4710 ")] == []
