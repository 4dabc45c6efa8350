"""Heat: a confusion matrix as rows of cells, each with how deep its colour is."""

from bisect import bisect
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.reports.figures import short_names
from classifier.intervals import wilson

#: Shares of a row from which on a cell is a step deeper. What is wrong counts as the least it may be (the lower end of
#: its interval), so that one mistake in three does not outshine ten in a hundred.
_RIGHT = (0.5, 0.65, 0.8, 0.9)
_WRONG = (0.015, 0.04, 0.1, 0.25)


@dataclass(frozen=True, slots=True)
class Cell:
    """How often one label was decided where another (or the same) is right."""

    count: int
    share: float  # of the row
    right: bool
    depth: int  # 0 (never) to 5


@dataclass(frozen=True, slots=True)
class HeatRow:
    """All that was decided where this label is right."""

    name: str
    short: str
    count: int
    cells: tuple[Cell, ...]


@dataclass(frozen=True, slots=True)
class Heat:
    """A square of cells: rows are right, columns decided, both in the same order."""

    rows: tuple[HeatRow, ...]

    @property
    def names(self) -> list[str]:
        """The columns' names."""
        return [row.name for row in self.rows]


def heat(matrix: Iterable[tuple[str, str, int]], names: Mapping[str, str]) -> Heat:
    """Labels in the order of `names`, then those it does not know; labels that never occur are left out."""
    counts = {(right, decided): often for right, decided, often in matrix}
    used = {label for pair in counts for label in pair}
    labels = [label for label in names if label in used] + sorted(used - set(names))
    full = [names.get(label, label) for label in labels]
    rows = zip(labels, full, short_names(full), strict=True)
    return Heat(tuple(_row(label, name, short, labels, counts) for label, name, short in rows))


def _row(right: str, name: str, short: str, labels: Sequence[str], counts: Mapping[tuple[str, str], int]) -> HeatRow:
    own = [counts.get((right, label), 0) for label in labels]
    total = sum(own)
    cells = (_cell(count, total, label == right) for label, count in zip(labels, own, strict=True))
    return HeatRow(name, short, total, tuple(cells))


def _cell(count: int, total: int, right: bool) -> Cell:
    share = count / total if total else 0.0
    steps = bisect(_RIGHT, share) if right else bisect(_WRONG, wilson(share, total)[0])
    depth = 1 + steps if count else 0
    return Cell(count, share, right, depth)
