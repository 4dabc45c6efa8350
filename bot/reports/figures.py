"""Figures: a scorecard's measures and labels with their German names and intervals, ready to be shown."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from babel import Locale

from bot.settings.town import Settings
from classifier.example import UNCLEAR
from classifier.intervals import Interval, wilson
from classifier.scorecard import Scorecard

_WORDS = Path(__file__).parent / "words.yaml"


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure; `value` is None where no message could tell, `interval` where nobody has counted it."""

    key: str
    name: str
    meaning: str
    of: str  # what it is taken of, in the dative
    unit: str  # share, index or number
    less: bool  # less is better
    value: float | None
    interval: Interval | None
    count: int  # of so many

    @property
    def hits(self) -> int:
        """How many of them, where it is a share."""
        return round((self.value or 0.0) * self.count)


@dataclass(frozen=True, slots=True)
class Bar:
    """One label: how many messages, how often it was found, and how often it was right to name it."""

    key: str
    name: str
    count: int
    value: float
    interval: Interval
    precision: float | None = None
    f1: float | None = None
    f1_interval: Interval | None = None


@lru_cache(maxsize=1)
def words() -> Mapping[str, Any]:
    """The German names of everything that is measured."""
    found: Mapping[str, Any] = yaml.safe_load(_WORDS.read_text(encoding="utf-8"))
    return found


def figures(card: Scorecard) -> dict[str, Figure]:
    """All measures, the most important first."""
    return {key: _figure(card, key, told) for key, told in words()["measures"].items()}


def _figure(card: Scorecard, key: str, told: Mapping[str, Any]) -> Figure:
    count = card.counts.get(key, 0)
    # An older scorecard does not say of how many some measures were taken, and holds others as 0 or not at all.
    known = count > 0 if key in card.counts else getattr(card, key) > 0
    return Figure(
        key=key,
        name=told["name"],
        meaning=told["meaning"],
        of=told["of"],
        unit=told["unit"],
        less=told.get("less", False),
        value=getattr(card, key) if known else None,
        interval=card.intervals.get(key) if known else None,
        count=count,
    )


def department_names(settings: Settings) -> dict[str, str]:
    """Department → its name in this town."""
    return {**{department.id: department.name for department in settings.departments}, UNCLEAR: words()["unclear"]}


def language_name(lang: str) -> str:
    """The language's German name; the code as it stands where it has none."""
    return str(Locale("de").languages.get(lang, lang))


def departments(card: Scorecard, names: Mapping[str, str]) -> list[Bar]:
    """The departments, the one found least first."""
    return sorted(_labels(card.departments, names, card), key=lambda bar: (bar.value, -bar.count))


def urgencies(card: Scorecard) -> list[Bar]:
    """The urgencies, the most pressing first."""
    order = list(words()["urgencies"])
    bars = _labels(card.urgencies, words()["urgencies"], card)
    return sorted(bars, key=lambda bar: order.index(bar.key) if bar.key in order else len(order))


def languages(card: Scorecard) -> list[Bar]:
    """The languages, the most frequent first."""
    bars = [
        Bar(lang, language_name(lang), count, share, wilson(share, count))
        for lang, (count, share) in card.languages.items()
    ]
    return sorted(bars, key=lambda bar: (-bar.count, bar.name))


def _labels(scores: Mapping[str, Any], names: Mapping[str, str], card: Scorecard) -> list[Bar]:
    return [
        Bar(
            key=key,
            name=names.get(key, key),
            count=one.count,
            value=one.recall,
            interval=wilson(one.recall, one.count),
            precision=one.precision,
            f1=one.f1,
            f1_interval=card.intervals.get(f"f1_{key}"),
        )
        for key, one in scores.items()
    ]


def short_names(names: Sequence[str]) -> list[str]:
    """The first thing of each name, „Straßen“ of „Straßen & Bauhof“, as long as they differ."""
    short = [name.split(",")[0].split(" & ")[0] for name in names]
    return short if len(set(short)) == len(names) else list(names)
