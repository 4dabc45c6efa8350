"""Evaluation: any way of deciding judged on labelled messages, and two ways compared."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from math import sqrt
from pathlib import Path
from typing import Any, Final, NamedTuple

from classifier.errors import BadExampleFile
from classifier.example import UNCLEAR, URGENCIES, Example

_BINS: Final = 10


@dataclass(frozen=True)
class Row:
    """One message with every right answer, and departments that are a defensible second choice."""

    text: str
    departments: tuple[str, ...]
    urgencies: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    lang: str = "de"

    @property
    def right(self) -> tuple[str, ...]:
        """The departments that are right; none where only asking back is, or where nothing is known."""
        return tuple(name for name in self.departments if name != UNCLEAR)

    @property
    def unclear(self) -> bool:
        """Asking back is the right answer."""
        return UNCLEAR in self.departments and not self.right


class Decision(NamedTuple):
    """What was decided about one message; the ranking holds departments with probabilities."""

    department: str
    urgency: str
    ranking: Sequence[tuple[str, float]]
    sure: bool


@dataclass(frozen=True)
class Score:
    """How one label came out: of `right` answers found, of those given correct, and both in one."""

    count: int
    precision: float
    recall: float
    f1: float


@dataclass(frozen=True)
class Scorecard:
    """Shares between 0 and 1 unless named otherwise; departments are judged on the clear rows only."""

    rows: int
    clear: int
    accuracy: float  #: the department decided is a right one
    right_or_also: float
    top3: float
    asked_back: float
    unclear_asked: float  #: of the rows nobody could place
    accuracy_when_sure: float
    calibration_error: float  #: expected, in ten bins
    urgency_accuracy: float
    urgency_macro_f1: float
    emergency_recall: float
    departments: Mapping[str, Score]
    urgencies: Mapping[str, Score]
    languages: Mapping[str, tuple[int, float]]  #: rows, accuracy
    confusions: Sequence[tuple[str, str, int]] = field(default=())  #: right, decided, how often

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return asdict(self)


class Comparison(NamedTuple):
    """Whether the candidate may serve, and every reason against (or the one for)."""

    promote: bool
    reasons: tuple[str, ...]


def evaluate(rows: Sequence[Row], decide: Callable[[str], Decision]) -> Scorecard:
    """Decides every row and counts; several answers of a row are equally right."""
    return score(rows, [decide(row.text) for row in rows])


def score(rows: Sequence[Row], decisions: Sequence[Decision]) -> Scorecard:
    """Counts decisions that are already made, one a row."""
    both = list(zip(rows, decisions, strict=True))
    clear = [(row, made) for row, made in both if row.right]
    hits = [made.department in row.right for row, made in clear]
    timed = [(row, made) for row, made in both if row.urgencies]
    departments = _scores([(row.right, made.department) for row, made in clear])
    urgencies = _scores([(row.urgencies, made.urgency) for row, made in timed])
    return Scorecard(
        rows=len(rows),
        clear=len(clear),
        accuracy=_share(hits),
        right_or_also=_share(made.department in row.right + row.also for row, made in clear),
        top3=_share(
            any(name in row.right for name, _ in made.ranking[:3]) or made.department in row.right
            for row, made in clear
        ),
        asked_back=_share(not made.sure for _, made in both),
        unclear_asked=_share(not made.sure for row, made in both if row.unclear),
        accuracy_when_sure=_share(made.department in row.right for row, made in clear if made.sure),
        calibration_error=_calibration_error([made.ranking[0][1] for _, made in clear], hits),
        urgency_accuracy=_share(made.urgency in row.urgencies for row, made in timed),
        urgency_macro_f1=sum(one.f1 for one in urgencies.values()) / max(len(urgencies), 1),
        emergency_recall=urgencies["emergency"].recall if "emergency" in urgencies else 1.0,
        departments=departments,
        urgencies=urgencies,
        languages=_by_language(clear),
        confusions=_confusions(clear),
    )


def compare(candidate: Scorecard, incumbent: Scorecard) -> Comparison:
    """Whether the candidate may take over; both scored on the same rows, which neither was trained on."""
    against = [
        *_lost_emergencies(candidate, incumbent),
        *_lost_departments(candidate, incumbent),
        *_lost_calibration(candidate, incumbent),
    ]
    gained = f"Accuracy {incumbent.accuracy:.3f} → {candidate.accuracy:.3f}, nothing got worse."
    return Comparison(not against, tuple(against) or (gained,))


def _lost_emergencies(candidate: Scorecard, incumbent: Scorecard) -> list[str]:
    old, new = incumbent.emergency_recall, candidate.emergency_recall
    return [f"Recall of emergencies falls from {old:.3f} to {new:.3f}."] if new < old else []


def _lost_departments(candidate: Scorecard, incumbent: Scorecard) -> list[str]:
    pairs = [("all departments", incumbent.accuracy, candidate.accuracy, incumbent.clear)]
    for name, old in incumbent.departments.items():
        new = candidate.departments.get(name)
        pairs += [
            (f"{name} (found)", old.recall, new.recall if new else 0.0, old.count),
            (f"{name} (precision)", old.precision, new.precision if new else 0.0, old.count),
        ]
    return [
        f"{name} falls from {old:.3f} to {new:.3f}, more than chance explains in {count} messages."
        for name, old, new, count in pairs
        if count and old - new > _noise(old, count)
    ]


def _noise(share: float, count: int) -> float:
    """Two standard deviations of a share of so many messages, and at least one message."""
    return max(2 * sqrt(share * (1 - share) / count), 1.5 / count)


def _lost_calibration(candidate: Scorecard, incumbent: Scorecard) -> list[str]:
    old, new = incumbent.calibration_error, candidate.calibration_error
    return [f"Calibration error rises from {old:.3f} to {new:.3f}."] if new > old + 0.02 else []


def _share(hits: Iterable[bool]) -> float:
    counted = list(hits)
    return sum(counted) / len(counted) if counted else 0.0


def _scores(answers: Iterable[tuple[Sequence[str], str]]) -> dict[str, Score]:
    """Per label; a row counts for the right answer that was given, else for its first one."""
    meant, given, hit = Counter[str](), Counter[str](), Counter[str]()
    for right, decided in answers:
        label = decided if decided in right else right[0]
        meant[label] += 1
        given[decided] += 1
        hit[label] += decided == label
    names = sorted(meant, key=lambda name: (URGENCIES.index(name) if name in URGENCIES else 0, name))
    return {name: _one_score(meant[name], given[name], hit[name]) for name in names}


def _one_score(meant: int, given: int, hit: int) -> Score:
    return Score(meant, hit / given if given else 0.0, hit / meant, 2 * hit / (meant + given))


def _calibration_error(confidences: Sequence[float], hits: Sequence[bool]) -> float:
    bins: list[list[tuple[float, bool]]] = [[] for _ in range(_BINS)]
    for confidence, hit in zip(confidences, hits, strict=True):
        bins[min(int(confidence * _BINS), _BINS - 1)].append((confidence, hit))
    gaps = (abs(sum(c for c, _ in one) - sum(h for _, h in one)) for one in bins)
    return sum(gaps) / len(hits) if hits else 0.0


def _by_language(clear: Sequence[tuple[Row, Decision]]) -> dict[str, tuple[int, float]]:
    hits: dict[str, list[bool]] = {}
    for row, made in clear:
        hits.setdefault(row.lang, []).append(made.department in row.right)
    return {lang: (len(hit), _share(hit)) for lang, hit in sorted(hits.items())}


def _confusions(clear: Sequence[tuple[Row, Decision]]) -> list[tuple[str, str, int]]:
    wrong = Counter((row.right[0], made.department) for row, made in clear if made.department not in row.right)
    return [(right, decided, often) for (right, decided), often in wrong.most_common(12)]


def rows_of(examples: Iterable[Example]) -> list[Row]:
    """Labelled messages as rows with one right answer each."""
    return [Row(one.text, (one.department,), (one.urgency,), lang=one.lang) for one in examples]


def read_rows(path: Path) -> list[Row]:
    """Rows of a JSON-lines file: text, department, also?, urgency?, lang?; each a string or a list of them.

    Raises BadExampleFile naming all mistakes at once, as file:line: what is wrong.
    """
    rows, mistakes = [], []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            rows.append(_row(json.loads(line)))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            mistakes.append(f"{path.name}:{number}:1: {error}; write an object with text and department")
    if mistakes:
        raise BadExampleFile("\n".join(mistakes))
    return rows


def _row(content: Mapping[str, Any]) -> Row:
    if not isinstance(content["text"], str):
        raise TypeError("text is no string")
    return Row(
        text=content["text"],
        departments=_strings(content["department"]),
        urgencies=_strings(content.get("urgency", ())),
        also=_strings(content.get("also", ())),
        lang=content.get("lang", "de"),
    )


def _strings(value: str | Sequence[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def render(card: Scorecard) -> str:
    """The scorecard as plain text."""
    return "\n".join([*_render_summary(card), "", *_render_labels(card), "", *_render_details(card)]) + "\n"


def _render_summary(card: Scorecard) -> list[str]:
    return [
        f"{card.rows} messages, {card.clear} with a clear department",
        f"department   right {card.accuracy:.3f} · right or defensible {card.right_or_also:.3f}"
        f" · among the first three {card.top3:.3f}",
        f"sure         asked back {card.asked_back:.3f} · right when sure {card.accuracy_when_sure:.3f}"
        f" · unclear ones asked {card.unclear_asked:.3f} · calibration error {card.calibration_error:.3f}",
        f"urgency      right {card.urgency_accuracy:.3f} · macro-F1 {card.urgency_macro_f1:.3f}"
        f" · emergencies found {card.emergency_recall:.3f}",
    ]


def _render_labels(card: Scorecard) -> list[str]:
    lines = [f"{'':14} {'number':>6} {'precision':>9} {'recall':>6} {'F1':>5}"]
    for name, one in {**card.departments, **card.urgencies}.items():
        lines.append(f"{name:14} {one.count:6} {one.precision:9.2f} {one.recall:6.2f} {one.f1:5.2f}")
    return lines


def _render_details(card: Scorecard) -> list[str]:
    languages = " · ".join(f"{lang} {accuracy:.2f} ({count})" for lang, (count, accuracy) in card.languages.items())
    mixed = " · ".join(f"{right} taken for {decided} ({often})" for right, decided, often in card.confusions)
    return [f"languages: {languages or '–'}", f"confusions: {mixed or '–'}"]
