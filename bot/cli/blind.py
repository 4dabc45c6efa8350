"""The blind sample in German: how often the machine is right by those who have not seen its guess."""

import json
from collections.abc import Mapping
from typing import Any

import typer

from bot.cli.place import Place
from bot.cli.storage import opened
from bot.cli.trouble import in_plain_words
from bot.core.blind import ENOUGH, ENOUGH_OF_ONE, Figures, Findings
from bot.core.share import Share

_WHY = """\
In Klammern: wo der Anteil in 95 von 100 Fällen liegt. „Gesehen beim Prüfen“ sind die Prüfvermerke derselben Zeit: Wer
sie gibt, hat den Vorschlag vor Augen und stimmt ihm leichter zu. Deshalb ist diese Zahl meist zu hoch und die blinde
die ehrliche. Was der Computer selbst für einen Notfall hält, zählt in beiden nicht mit."""


async def show(place: Place, *, as_json: bool) -> int:
    """Prints what the blind sample has shown so far."""
    from bot.steps.blind import honest_figures

    with in_plain_words():
        async with opened(place) as database:
            found = await honest_figures(database)
    names = {department.id: department.name for department in place.settings.departments}
    typer.echo(json.dumps(as_object(found), ensure_ascii=False) if as_json else in_german(found, names))
    return 0


def in_german(found: Findings, names: Mapping[str, str]) -> str:
    """The findings as plain text; too early, no shares at all."""
    head = f"Blindprobe: {found.drawn} Anliegen gezogen, {found.blind.cases} beurteilt, davon {found.twice} von zwei "
    head += f"Personen; bei {found.unclear} ließ es sich nicht sagen."
    if found.early:
        return "\n".join([head, *_too_early(found)])
    lines = [head, "", f"{'':<34} {'blind':<20} gesehen beim Prüfen"]
    seen = _rows(found.seen)
    lines += [f"{name:<34} {told:<20} {seen[name]}" for name, told in _rows(found.blind).items()]
    lines += ["", *_WHY.splitlines(), "", *_agreement(found)]
    large = [f"{names.get(name, name):<40} {one.of:>5}  {_share(one)}" for name, one in found.blind.large]
    head = f"{f'Je Amt, ab {ENOUGH_OF_ONE} Anliegen (blind)':<40} {'Zahl':>5}  richtig erkannt"
    return "\n".join([*lines, *(["", head, *large] if large else [])])


def as_object(found: Findings) -> dict[str, Any]:
    """The findings for other programs, with all shares however early it is."""
    return {
        "drawn": found.drawn,
        "early": found.early,
        "unclear": found.unclear,
        "blind": _figures(found.blind),
        "seen": _figures(found.seen),
        "agreement": {
            "cases": found.twice,
            "department": _interval(found.agreed_department),
            "urgency": _interval(found.agreed_urgency),
        },
    }


def _too_early(found: Findings) -> list[str]:
    lines = [
        f"Für Zahlen ist es noch zu früh: Unter {ENOUGH} beurteilten Anliegen sagt ein Anteil nichts; "
        f"es fehlen noch {ENOUGH - found.blind.cases}."
    ]
    if found.blind.missed:
        lines.append(f"Schon jetzt übersehene Notfälle: {found.blind.missed}.")
    return lines


def _rows(figures: Figures) -> dict[str, str]:
    return {
        "Anliegen": str(figures.cases),
        "richtiges Amt": _share(figures.department),
        "richtiges Amt, wenn er sicher war": _share(figures.when_sure),
        "richtige Dringlichkeit": _share(figures.urgency),
        "Notfälle übersehen": str(figures.missed),
    }


def _agreement(found: Findings) -> list[str]:
    if not found.twice:
        return ["Noch hat niemand über dasselbe Anliegen zum zweiten Mal geurteilt."]
    return [
        f"Zwei Menschen nennen dasselbe Amt: {_share(found.agreed_department)}, "
        f"dieselbe Dringlichkeit: {_share(found.agreed_urgency)}.",
        "Wo schon zwei Menschen uneins sind, lässt sich der Computer kaum messen.",
    ]


def _share(one: Share) -> str:
    low, high = one.range
    return f"{one.value * 100:.0f} % ({low * 100:.0f}–{high * 100:.0f} %)" if one.of else "–"


def _figures(figures: Figures) -> dict[str, Any]:
    return {
        "cases": figures.cases,
        "department": _interval(figures.department),
        "department_when_sure": _interval(figures.when_sure),
        "urgency": _interval(figures.urgency),
        "missed_emergencies": figures.missed,
        "departments": {name: _interval(one) for name, one in figures.large},
    }


def _interval(one: Share) -> dict[str, Any]:
    return {"right": one.right, "of": one.of, "low": round(one.range[0], 4), "high": round(one.range[1], 4)}
