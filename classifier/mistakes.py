"""Mistakes: the messages an evaluation would have an admin read first. They hold texts and are kept nowhere."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from classifier.evaluation import Decision
from classifier.example import URGENCIES
from classifier.rows import Row

_EMERGENCY: Final = URGENCIES[0]


@dataclass(frozen=True)
class Mistake:
    """One message and what went wrong with it; labels are departments, or urgencies where those were wrong."""

    line: int | None  #: in its file
    text: str
    right: tuple[str, ...]
    decided: str
    probability: float  #: of the department decided


@dataclass(frozen=True)
class Mistakes:
    """What went wrong, the worst first."""

    departments: tuple[Mistake, ...]  #: told to the citizen, and not even defensible; the most probable first
    missed_emergencies: tuple[Mistake, ...]  #: in the order of the file
    false_alarms: tuple[Mistake, ...]

    def to_dict(self) -> dict[str, Any]:
        """The same for JSON."""
        return asdict(self)


def mistakes(rows: Sequence[Row], decisions: Sequence[Decision]) -> Mistakes:
    """Picked out of decisions that are already made, one a row."""
    both = list(zip(rows, decisions, strict=True))
    wrong = [
        _mistake(row, made, row.right, made.department)
        for row, made in both
        if row.right and made.sure and made.department not in row.right + row.also
    ]
    urgencies = [
        _mistake(row, made, row.urgencies, made.urgency)
        for row, made in both
        if row.urgencies and made.urgency not in row.urgencies
    ]
    return Mistakes(
        departments=tuple(sorted(wrong, key=lambda one: -one.probability)),
        missed_emergencies=tuple(one for one in urgencies if one.right[0] == _EMERGENCY),
        false_alarms=tuple(one for one in urgencies if one.decided == _EMERGENCY),
    )


def _mistake(row: Row, made: Decision, right: tuple[str, ...], decided: str) -> Mistake:
    return Mistake(row.line, row.text, right, decided, made.ranking[0][1])
