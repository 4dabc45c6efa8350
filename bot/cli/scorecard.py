"""Scorecards side by side: candidate and incumbent, and all models of a town, as tables for the terminal."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.reports.figures import Figure, figures
from bot.reports.templates import span, told
from bot.settings.town import Settings
from classifier.manifest import Manifest
from classifier.scorecard import Scorecard

_REASONS = (
    (r"Recall of emergencies falls from ([\d.]+) to ([\d.]+)\.", "gefundene Notfälle: {0} → {1}"),
    (r"Calibration error rises from ([\d.]+) to ([\d.]+)\.", "Abweichung der Wahrscheinlichkeiten: {0} → {1}"),
    (r"all departments falls from ([\d.]+) to ([\d.]+), .* in (\d+) messages\.", "richtiges Amt: {0} → {1} (von {2})"),
    (r"(\w+) \(found\) falls from ([\d.]+) to ([\d.]+), .* in (\d+) messages\.", "{0}, gefunden: {1} → {2} (von {3})"),
    (
        r"(\w+) \(precision\) falls from ([\d.]+) to ([\d.]+), .* in (\d+) messages\.",
        "{0}, zu Recht genannt: {1} → {2} (von {3})",
    ),
)


def comparison_table(card: Scorecard, incumbent: Scorecard | None) -> str:
    """Candidate and incumbent side by side; the interval is the candidate's."""
    before = figures(incumbent) if incumbent else {}
    header = f"{'':<36} {'bisher' if incumbent else '':>8} {'neu':>8}   95 von 100"
    return "\n".join([header, *(_line(new, before.get(key)) for key, new in figures(card).items())])


def _line(new: Figure, old: Figure | None) -> str:
    before = told(old.value, old.unit) if old else ""
    return f"{new.name:<36} {before:>8} {told(new.value, new.unit):>8}   {span(new.interval, new.unit)}"


def reason_in_german(reason: str, settings: Settings) -> str:
    """A reason of the comparison; as it stands where its form is unknown."""
    names = {department.id: department.name for department in settings.departments}
    for pattern, german in _REASONS:
        if found := re.fullmatch(pattern, reason):
            return german.format(*(names.get(part, part).replace(".", ",") for part in found.groups()))
    return reason


def model_table(known: Sequence[tuple[str, Manifest | None]], serving: str | None, timezone: ZoneInfo) -> str:
    """One line a model, the serving one with a star; None: it cannot be read."""
    lines = [f"  {'Modell':<26} {'gelernt am':<17} {'Nachrichten':>11} {'Amt':>6} {'Notfälle':>9}"]
    for name, manifest in known:
        star = "*" if name == serving else " "
        lines.append(f"{star} {name:<26} {_about(manifest, timezone) if manifest else 'nicht zu verwenden'}")
    return "\n".join([*lines, "", "* eingesetzt"])


def _about(manifest: Manifest, timezone: ZoneInfo) -> str:
    made = datetime.fromisoformat(manifest.created_at).astimezone(timezone)
    count = sum(manifest.examples.get("department", {}).values())
    right, found = (_number(manifest.scorecard, name) for name in ("accuracy", "emergency_recall"))
    return f"{made:%d.%m.%Y %H:%M}  {count:>11} {right:>6} {found:>9}"


def _number(card: Mapping[str, object], name: str) -> str:
    value = card.get(name)
    return f"{value:.3f}" if isinstance(value, float) else "–"
