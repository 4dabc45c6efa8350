"""Rerouting in German: which of the recent messages would go elsewhere; references, never words."""

from zoneinfo import ZoneInfo

from bot.core.rerouting import Placing, Rerouted, Rerouting
from bot.reports.figures import department_names, words
from bot.settings.town import Settings
from bot.steps.reroute import DAYS

_SHOWN = 30


def in_german(found: Rerouting, settings: Settings) -> str:
    """The count first, then the cases, lost emergencies before all others."""
    if not found.cases:
        return f"Aus den letzten {DAYS} Tagen ist kein Anliegen mit Text gespeichert, das sich vergleichen ließe."
    if not found.changes:
        return f"Von {found.cases} Anliegen der letzten {DAYS} Tage ginge keines anderswohin."
    names = department_names(settings)
    lines = [_line(change, names, settings.city.timezone) for change in found.changes[:_SHOWN]]
    rest = len(found.changes) - _SHOWN
    more = [f"  … und {rest} weitere."] if rest > 0 else []
    return "\n".join([*_heading(found), *lines, *more])


def _heading(found: Rerouting) -> list[str]:
    count = len(found.changes)
    went, were = ("ginge", "wäre") if count == 1 else ("gingen", "wären")
    other = f"Von {found.cases} Anliegen der letzten {DAYS} Tage {went} {count} anderswohin oder {were} anders dringend"
    lost = found.lost_emergencies
    if not lost:
        return [f"{other}:"]
    told = "1 Notfall wäre keiner" if lost == 1 else f"{lost} Notfälle wären keine"
    return [f"{other}.", f"ACHTUNG: {told} mehr (mit ! bezeichnet); sehen Sie diese zuerst an:"]


def _line(change: Rerouted, names: dict[str, str], timezone: ZoneInfo) -> str:
    mark = "!" if change.loses_emergency else " "
    day = f"{change.at.astimezone(timezone):%d.%m.}"
    return f"{mark} {change.reference}  {day}  {_way(change.before, change.after, names)}"


def _way(before: Placing, after: Placing, names: dict[str, str]) -> str:
    """Only what changes; both where both do."""
    department = f"{names[before.department]} → {names[after.department]}"
    urgencies = words()["urgencies"]
    urgency = f"{urgencies[before.urgency]} → {urgencies[after.urgency]}"
    if before.department == after.department:
        return f"{names[before.department]}: {urgency}"
    return department if before.urgency == after.urgency else f"{department}, {urgency}"
