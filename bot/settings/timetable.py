"""From hours.yaml and service_levels.yaml to the calendar of each department."""

from collections.abc import Mapping

from bot.core.case import Urgency
from bot.core.hours import BusinessHours
from bot.core.office_day import LocalDay
from bot.core.promise import ServiceLevel
from bot.settings.reading.schema import (
    CityFile,
    DepartmentsFile,
    HoursFile,
    LevelsFile,
    ServiceLevelsFile,
    SomeLevelsFile,
)


def hours(file: HoursFile, city: CityFile, known: DepartmentsFile) -> Mapping[str, BusinessHours]:
    """The business hours of every department; departments with the same week share one calendar."""
    closed = (LocalDay(on=day.date, name=day.name) for day in file.closed)
    half = (LocalDay(on=day.date, name=day.name, closes=day.closes) for day in file.half_days)
    local_days = tuple(sorted((*closed, *half), key=lambda day: day.on))
    weeks = {one.id: file.departments.get(one.id, file.default) for one in known.departments}
    calendars = {
        week: BusinessHours(
            week=week,
            timezone=city.timezone,
            state=city.state,
            covered_until=file.covered_until,
            local_days=local_days,
        )
        for week in set(weeks.values())
    }
    return {department: calendars[week] for department, week in weeks.items()}


def levels(file: ServiceLevelsFile, known: DepartmentsFile) -> Mapping[str, Mapping[Urgency, ServiceLevel]]:
    """The service levels of every department, its own ones before the town's."""
    return {one.id: _levels(file.default, file.departments.get(one.id)) for one in known.departments}


def _levels(default: LevelsFile, own: SomeLevelsFile | None) -> Mapping[Urgency, ServiceLevel]:
    chosen = {urgency: getattr(own, urgency, None) or getattr(default, urgency) for urgency in Urgency}
    return {
        urgency: ServiceLevel(open_minutes=level.open_minutes, working_days=level.working_days, by=level.by)
        for urgency, level in chosen.items()
    }
