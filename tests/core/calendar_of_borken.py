"""The sample city's hours and service levels, and instants written as people say them."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.core.case import Urgency
from bot.core.hours import BusinessHours
from bot.core.office_day import LocalDay
from bot.core.promise import ServiceLevel

BERLIN = ZoneInfo("Europe/Berlin")
WEEK = "Mo-We 08:00-12:30,14:00-16:00; Th 08:00-12:30,14:00-18:00; Fr 08:00-12:30"

HOURS = BusinessHours(
    week=WEEK,
    timezone=BERLIN,
    state="NW",
    covered_until=date(2028, 12, 31),
    local_days=(
        LocalDay(date(2026, 2, 16), "Rosenmontag"),
        LocalDay(date(2026, 6, 5), "Brückentag nach Fronleichnam"),
        LocalDay(date(2020, 12, 24), "Heiligabend", closes=time(12), every_year=True),
        LocalDay(date(2020, 12, 31), "Silvester", hours="08:00-12:00", every_year=True),
    ),
)

LEVELS = {
    Urgency.EMERGENCY: ServiceLevel(open_minutes=15),
    Urgency.URGENT: ServiceLevel(open_minutes=120),
    Urgency.NORMAL: ServiceLevel(working_days=1, by=time(12)),
    Urgency.LOW: ServiceLevel(working_days=10, by=time(16)),
}


def at(text: str) -> datetime:
    """`Thu 2026-04-02 19:43` in Borken; a wrong weekday is a mistake of the test."""
    instant = datetime.strptime(text, "%a %Y-%m-%d %H:%M").replace(tzinfo=BERLIN)
    assert instant.strftime("%a") == text[:3], f"{text} is a {instant:%A}"
    return instant


def said(instant: datetime) -> str:
    """The other way round."""
    return instant.strftime("%a %Y-%m-%d %H:%M")
