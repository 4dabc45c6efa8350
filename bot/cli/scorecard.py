"""Scorecards in German: as a table for the terminal and as one page without anything from elsewhere."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from bot.settings.town import Settings
from classifier.evaluation import Score, Scorecard
from classifier.manifest import Manifest

URGENCIES = {"emergency": "Notfall", "urgent": "dringend", "normal": "normal", "low": "hat Zeit"}
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


def _measures(card: Scorecard) -> dict[str, float]:
    """What a scorecard is first asked for, the most important first."""
    return {
        "Notfälle gefunden": card.emergency_recall,
        "richtiges Amt": card.accuracy,
        "richtiges oder vertretbares Amt": card.right_or_also,
        "unter den ersten drei": card.top3,
        "nachgefragt": card.asked_back,
        "richtig, wenn sicher": card.accuracy_when_sure,
        "Unklares nachgefragt": card.unclear_asked,
        "Dringlichkeit richtig": card.urgency_accuracy,
        "Dringlichkeit, Macro-F1": card.urgency_macro_f1,
        "Abweichung der Wahrscheinlichkeiten": card.calibration_error,
    }


def in_german(card: Scorecard) -> str:
    """The scorecard as plain text."""
    lines = [f"{card.rows} Nachrichten, davon {card.clear} mit klarem Amt", ""]
    lines += [f"{name:<36} {value:.3f}" for name, value in _measures(card).items()]
    lines += ["", f"{'':<16} {'Zahl':>5} {'genau':>6} {'gefunden':>8} {'F1':>5}"]
    lines += [_label(name, one) for name, one in {**card.departments, **card.urgencies}.items()]
    languages = " · ".join(f"{lang} {share:.2f} ({count})" for lang, (count, share) in card.languages.items())
    mixed = " · ".join(f"{right} für {decided} gehalten ({often})" for right, decided, often in card.confusions)
    return "\n".join([*lines, "", f"Sprachen: {languages or '–'}", f"Verwechslungen: {mixed or '–'}"])


def _label(name: str, one: Score) -> str:
    name = URGENCIES.get(name, name)
    return f"{name:<16} {one.count:>5} {one.precision:>6.2f} {one.recall:>8.2f} {one.f1:>5.2f}"


def comparison_table(card: Scorecard, incumbent: Scorecard | None) -> str:
    """Candidate and incumbent side by side."""
    if incumbent is None:
        return "\n".join(f"{name:<36} {value:.3f}" for name, value in _measures(card).items())
    before = _measures(incumbent)
    lines = [f"{'':<36} {'bisher':>7} {'neu':>7}"]
    return "\n".join(
        [*lines, *(f"{name:<36} {before[name]:>7.3f} {new:>7.3f}" for name, new in _measures(card).items())]
    )


def reason_in_german(reason: str, settings: Settings) -> str:
    """A reason of the comparison; as it stands where its form is unknown."""
    names = {department.id: department.name for department in settings.departments}
    for pattern, told in _REASONS:
        if found := re.fullmatch(pattern, reason):
            return told.format(*(names.get(part, part).replace(".", ",") for part in found.groups()))
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


def as_page(card: Scorecard, settings: Settings, model_id: str, source: str) -> str:
    """One HTML page with bars; it loads nothing from anywhere."""
    names = {department.id: department.name for department in settings.departments} | URGENCIES
    measures = "".join(
        f"<tr><th>{escape(n)}</th><td>{v:.3f}</td><td>{_bar(v)}</td></tr>" for n, v in _measures(card).items()
    )
    labels = "".join(
        f"<tr><th>{escape(names.get(name, name))}</th><td>{one.count}</td><td>{one.precision:.2f}</td>"
        f"<td>{one.recall:.2f}</td><td>{_bar(one.f1)} {one.f1:.2f}</td></tr>"
        for name, one in {**card.departments, **card.urgencies}.items()
    )
    mixed = "".join(
        f"<tr><td>{escape(names.get(right, right))}</td><td>{escape(names.get(made, made))}</td><td>{often}</td></tr>"
        for right, made, often in card.confusions
    )
    return _PAGE.format(
        title=f"Zeugnis: {escape(source)}",
        about=f"{card.rows} Nachrichten, davon {card.clear} mit klarem Amt. Modell {escape(model_id or '–')}, "
        f"Regeln und Modell zusammen, {escape(settings.city.name)}.",
        measures=measures,
        labels=labels,
        mixed=mixed or "<tr><td colspan=3>keine</td></tr>",
    )


def _bar(share: float) -> str:
    width = round(max(0.0, min(1.0, share)) * 160)
    return (
        f'<svg width="160" height="12" role="img" aria-label="{share:.2f}"><rect width="160" height="12" '
        f'fill="#e0e4ea"/><rect width="{width}" height="12" fill="#1f5fa8"/></svg>'
    )


_PAGE = """<!doctype html>
<html lang="de"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>
body {{ font-family: system-ui, sans-serif; line-height: 1.5; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }}
table {{ border-collapse: collapse; margin-bottom: 2rem }}
th, td {{ border-bottom: 1px solid #c8ced6; padding: .25rem .75rem; text-align: left; font-weight: normal }}
thead th {{ font-weight: bold }}
</style></head><body>
<h1>{title}</h1>
<p>{about}</p>
<h2>Auf einen Blick</h2>
<table><tbody>{measures}</tbody></table>
<h2>Ämter und Dringlichkeiten</h2>
<table><thead><tr><th></th><th>Zahl</th><th>genau</th><th>gefunden</th><th>F1</th></tr></thead>
<tbody>{labels}</tbody></table>
<h2>Häufigste Verwechslungen</h2>
<table><thead><tr><th>richtig</th><th>entschieden</th><th>wie oft</th></tr></thead><tbody>{mixed}</tbody></table>
</body></html>
"""
