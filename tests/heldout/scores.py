"""What rules and model together reach on messages whose writers had seen neither."""

import csv
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NamedTuple, TypeAlias

from sklearn.metrics import f1_score

from bot.core.triage import Decision

FOLDER = Path(__file__).parent
#: Figures of the first decided where more starter messages were written; the second, written later, is only scored.
SETS = ("set1", "set2")
BREAK = " ⏎ "  # between the fragments of one concern

Message: TypeAlias = dict[str, str]
Judge: TypeAlias = Callable[[str], Decision]


class Score(NamedTuple):
    """A share of so many messages."""

    value: float
    count: int


class Scores(NamedTuple):
    """What one set of messages shows; `parts` are shares by language, department, kind of danger and so on."""

    department: Score
    department_macro_f1: float
    urgency: Score
    urgency_macro_f1: float
    languages: Score
    danger_found: Score
    danger_by_rule: Score
    false_alarms: Score
    unclear_asked: Score
    parts: dict[str, dict[str, Score]]


def messages(held: str, name: str) -> list[Message]:
    """One file of a set."""
    with (FOLDER / held / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def texts() -> list[str]:
    """Every held-out text."""
    names = ("departments", "languages", "danger", "lookalikes", "unclear")
    return [one["text"] for held in SETS for name in names for one in messages(held, name)]


def score(held: str, judge: Judge) -> Scores:
    """Judges a whole set."""
    german, foreign, danger, false, unclear = (
        _judged(held, name, judge) for name in ("departments", "languages", "danger", "lookalikes", "unclear")
    )
    return Scores(
        department=_share(_department(german)),
        department_macro_f1=_macro_f1(german, "department", lambda made: made.department),
        urgency=_share(made.urgency == one["urgency"] for one, made in german),
        urgency_macro_f1=_macro_f1(german, "urgency", lambda made: made.urgency.value),
        languages=_share(_department(foreign)),
        danger_found=_share(_alarms(danger)),
        danger_by_rule=_share(bool(made.hit) for _, made in danger),
        false_alarms=_share(_alarms(false)),
        unclear_asked=_share(not made.sure for _, made in unclear),
        parts={
            "department right, by language": _by(foreign, "lang", _department),
            "department right, by department": _by(german, "department", _department),
            "danger found, by kind": _by(danger, "kind", _alarms),
            "danger found, by language": _by(danger, "lang", _alarms),
            "taken for danger, by why it is none": _by(false, "why", _alarms),
        },
    )


_Judged: TypeAlias = Sequence[tuple[Message, Decision]]


def _judged(held: str, name: str, judge: Judge) -> _Judged:
    return [(one, judge(one["text"].replace(BREAK, "\n"))) for one in messages(held, name)]


def _department(rows: _Judged) -> list[bool]:
    return [one["department"] == made.department for one, made in rows]


def _alarms(rows: _Judged) -> list[bool]:
    return [made.urgency.value == "emergency" for _, made in rows]


def _by(rows: _Judged, column: str, hits: Callable[[_Judged], list[bool]]) -> dict[str, Score]:
    names = sorted({one[column] for one, _ in rows})
    return {name: _share(hits([(one, made) for one, made in rows if one[column] == name])) for name in names}


def _macro_f1(rows: _Judged, column: str, told: Callable[[Decision], str]) -> float:
    right, said = [one[column] for one, _ in rows], [told(made) for _, made in rows]
    return float(f1_score(right, said, labels=sorted(set(right)), average="macro", zero_division=0))


def _share(hits: Iterable[bool]) -> Score:
    told = list(hits)
    return Score(sum(told) / len(told), len(told))
