"""Local days: a day the town names must be one on which it would otherwise be open."""

import re
from collections.abc import Sequence
from datetime import date, datetime, time

from bot.core.office_day import open_times, parsed, public_holidays
from bot.settings.reading.files import Checked
from bot.settings.reading.mistakes import Mistakes
from bot.settings.reading.schema import ClosedDayFile, HoursFile
from bot.settings.reading.yaml_file import Document, Loc

_WEEKDAYS = ("Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag")


def check_hours(checked: Checked[HoursFile], state: str, mistakes: Mistakes) -> None:
    """Notes expressions nobody can read and local days that are in vain, doubled or past the covered time."""
    document, hours = checked.document, checked.content
    expressions: dict[Loc, str] = {("default",): hours.default}
    expressions |= {("departments", name): text for name, text in hours.departments.items()}
    sound = [text for loc, text in expressions.items() if _readable(document, loc, text, hours.covered_until, mistakes)]
    _local_days(checked, sound, state, mistakes)


def _readable(document: Document, loc: Loc, text: str, since: date, mistakes: Mistakes) -> bool:
    try:
        week = parsed(text)
    except ValueError as error:
        found = re.search(r"--> \d+:(\d+)", str(error.__cause__))
        place = f"ab dem {found[1]}. Zeichen " if found else ""
        document.complain(mistakes, loc, f"{place}nicht zu lesen; schreiben Sie zum Beispiel Mo-Fr 08:00-12:00")
        return False
    start = datetime.combine(since, time.min)
    if week.is_closed(start) and week.next_change(start) is None:
        document.complain(mistakes, loc, "so ist nie geöffnet; nennen Sie Wochentage und Stunden")
        return False
    return True


def _local_days(checked: Checked[HoursFile], weeks: list[str], state: str, mistakes: Mistakes) -> None:
    document, hours = checked.document, checked.content
    seen: dict[date, str] = {}
    named: dict[str, Sequence[ClosedDayFile]] = {"closed": hours.closed, "half_days": hours.half_days}
    for name, days in named.items():
        for index, day in enumerate(days):
            loc: Loc = (name, index, "date")
            if sentence := _in_vain(
                day, weeks, public_holidays(state, day.date.year).get(day.date), hours.covered_until, seen
            ):
                document.complain(mistakes, loc, sentence)
            seen.setdefault(day.date, day.name)


def _in_vain(
    day: ClosedDayFile,
    weeks: list[str],
    holiday: str | None,
    covered_until: date,
    seen: dict[date, str],
) -> str | None:
    if day.date in seen:
        return f"dieser Tag steht schon als „{seen[day.date]}“ in der Datei"
    if day.date > covered_until:
        return "liegt nach covered_until; setzen Sie covered_until später"
    if holiday:
        return f"ist ein Feiertag ({holiday}) und ohnehin geschlossen; löschen Sie die Zeile"
    if weeks and not any(open_times(week, day.date) for week in weeks):
        weekday = _WEEKDAYS[day.date.weekday()]
        return f"ist ein {weekday} und ohnehin geschlossen; löschen Sie die Zeile"
    return None
