"""The scorecard: what an evaluation counts, as it is shown and as it is kept with a model."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from classifier.intervals import Interval, wilson


@dataclass(frozen=True)
class Score:
    """How one label came out: of `right` answers found, of those given correct, and both in one."""

    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Bin:
    """Decisions of about the same probability: how many, the mean of it, and how often they were right."""

    count: int
    probability: float
    right: float


@dataclass(frozen=True)
class Scorecard:
    """Shares between 0 and 1 unless named otherwise; departments are judged on the clear rows only."""

    rows: int = 0
    clear: int = 0
    accuracy: float = 0.0  #: the department decided is a right one
    right_or_also: float = 0.0
    top3: float = 0.0
    asked_back: float = 0.0
    asked_though_clear: float = 0.0
    unclear_asked: float = 0.0  #: of the rows nobody could place
    accuracy_when_sure: float = 0.0
    offered_right: float = 0.0  #: of the clear rows asked back: a right department is among those offered
    offered_mean: float = 0.0  #: how many departments are offered when asked back
    calibration_error: float = 0.0  #: expected, in ten bins
    urgency_accuracy: float = 0.0
    urgency_macro_f1: float = 0.0
    emergency_recall: float = 0.0
    false_alarms: float = 0.0  #: of the rows that are no emergency
    departments: Mapping[str, Score] = field(default_factory=dict)
    urgencies: Mapping[str, Score] = field(default_factory=dict)
    languages: Mapping[str, tuple[int, float]] = field(default_factory=dict)  #: rows, accuracy
    confusions: Sequence[tuple[str, str, int]] = ()  #: right, decided, how often
    matrix: Sequence[tuple[str, str, int]] = ()  #: the same of every pair, those decided right too
    urgency_matrix: Sequence[tuple[str, str, int]] = ()
    bins: Sequence[Bin] = ()  #: of the clear rows, from improbable to certain; empty ones too
    counts: Mapping[str, int] = field(default_factory=dict)  #: measure → the number of rows it is taken of
    intervals: Mapping[str, Interval] = field(default_factory=dict)  #: measure (or `f1_` urgency) → 95 % interval

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return asdict(self)


def scorecard_of(content: Mapping[str, Any]) -> Scorecard:
    """What `to_dict` gave, also of an older version that counted less; what this one does not know is left out."""
    known = {one.name: content[one.name] for one in fields(Scorecard) if one.name in content}
    for name in ("departments", "urgencies"):
        known[name] = {label: Score(**one) for label, one in known.get(name, {}).items()}
    known["languages"] = {lang: (count, share) for lang, (count, share) in known.get("languages", {}).items()}
    for name in ("confusions", "matrix", "urgency_matrix"):
        known[name] = tuple((right, decided, often) for right, decided, often in known.get(name, ()))
    known["bins"] = tuple(Bin(**one) for one in known.get("bins", ()))
    known["counts"] = known.get("counts") or _counts_of(known)
    known["intervals"] = {name: (low, high) for name, (low, high) in known.get("intervals", {}).items()}
    known["intervals"] = known["intervals"] or {
        name: wilson(known[name], count) for name, count in known["counts"].items()
    }
    return Scorecard(**known)


def _counts_of(old: Mapping[str, Any]) -> dict[str, int]:
    """The numbers an older scorecard did not tell, where others tell them."""
    urgencies: Mapping[str, Score] = old["urgencies"]
    timed = sum(one.count for one in urgencies.values())
    numbers = {
        **dict.fromkeys(("accuracy", "right_or_also", "top3"), old.get("clear", 0)),
        "asked_back": old.get("rows", 0),
        "urgency_accuracy": timed,
        "emergency_recall": urgencies["emergency"].count if "emergency" in urgencies else 0,
    }
    return {name: count for name, count in numbers.items() if name in old}
