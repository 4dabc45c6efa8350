"""From hours.yaml and service_levels.yaml to the calendar of each department."""

from collections.abc import Mapping
from typing import Any

from bot.core.case import Urgency
from bot.settings.reading.schema import CityFile, DepartmentsFile, HoursFile, ServiceLevelsFile


def hours(file: HoursFile, city: CityFile, known: DepartmentsFile) -> Mapping[str, Any]:
    """The business hours of every department."""
    return {}


def levels(file: ServiceLevelsFile, known: DepartmentsFile) -> Mapping[str, Mapping[Urgency, Any]]:
    """The service levels of every department, its own ones before the town's."""
    return {}
