"""The scorecard as an admin reads it: for the terminal, and as one page that needs nothing from elsewhere."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.reports.advice import OFTEN, advice
from bot.reports.figures import department_names, departments, figures, languages, urgencies, words
from bot.reports.heat import heat
from bot.reports.templates import page, plain
from bot.settings.town import Settings
from classifier.intervals import Interval, wilson
from classifier.mistakes import Mistake, Mistakes
from classifier.scorecard import Scorecard

#: mistakes of a kind that are shown
_ON_TERMINAL = 5
_ON_PAGE = 25


@dataclass(frozen=True, slots=True)
class Tenth:
    """Decisions of about the same probability."""

    start: float
    end: float
    count: int
    probability: float  # mean
    right: float
    interval: Interval

    @property
    def hits(self) -> int:
        """How many were right."""
        return round(self.right * self.count)


@dataclass(frozen=True, slots=True)
class Wrong:
    """One mistake, with names."""

    line: int | None
    text: str
    right: str
    decided: str
    probability: float


@dataclass(frozen=True, slots=True)
class Section:
    """Mistakes of one kind: missed, alarms or wrong."""

    kind: str
    found: tuple[Wrong, ...]


def as_text(card: Scorecard, worst: Mistakes, settings: Settings) -> str:
    """For the terminal."""
    return plain("scorecard.txt.j2", shown=_ON_TERMINAL, **_values(card, worst, settings))


def as_page(card: Scorecard, worst: Mistakes, settings: Settings, *, model_id: str, source: str, now: datetime) -> str:
    """One HTML page with plots; it loads nothing from anywhere."""
    names = department_names(settings)
    return page(
        "scorecard.html.j2",
        city=settings.city,
        policy=settings.triage,
        model_id=model_id,
        source=source,
        shown=_ON_PAGE,
        now=now,
        heat=heat(card.matrix, names),
        urgency_heat=heat(card.urgency_matrix, words()["urgencies"]),
        **_values(card, worst, settings),
    )


def _values(card: Scorecard, worst: Mistakes, settings: Settings) -> dict[str, Any]:
    names = department_names(settings)
    return {
        "card": card,
        "figures": figures(card),
        "departments": departments(card, names),
        "urgencies": urgencies(card),
        "languages": languages(card),
        "tenths": _tenths(card),
        "confusions": [
            (names.get(right, right), names.get(made, made), often) for right, made, often in card.confusions
        ],
        "mixed": _mixed(card, names),
        "mistakes": _sections(worst, names),
        "advice": advice(card, names, settings.triage),
    }


def _mixed(card: Scorecard, names: Mapping[str, str]) -> list[tuple[str, list[tuple[str, int]]]]:
    """Department → what it is often taken for, the most often first."""
    found: dict[str, list[tuple[str, int]]] = {}
    for right, decided, often in card.confusions:
        if often >= OFTEN:
            found.setdefault(names.get(right, right), []).append((names.get(decided, decided), often))
    return list(found.items())


def _tenths(card: Scorecard) -> list[Tenth]:
    """Only those that hold decisions."""
    wide = 1 / len(card.bins) if card.bins else 1.0
    return [
        Tenth(at * wide, (at + 1) * wide, one.count, one.probability, one.right, wilson(one.right, one.count))
        for at, one in enumerate(card.bins)
        if one.count
    ]


def _sections(worst: Mistakes, departments: Mapping[str, str]) -> list[Section]:
    urgency_names: Mapping[str, str] = words()["urgencies"]
    return [
        Section("missed", _wrong(worst.missed_emergencies, urgency_names)),
        Section("alarms", _wrong(worst.false_alarms, urgency_names)),
        Section("wrong", _wrong(worst.departments, departments)),
    ]


def _wrong(found: Sequence[Mistake], names: Mapping[str, str]) -> tuple[Wrong, ...]:
    def told(labels: Sequence[str]) -> str:
        return " oder ".join(names.get(label, label) for label in labels)

    return tuple(Wrong(one.line, one.text, told(one.right), told((one.decided,)), one.probability) for one in found)
