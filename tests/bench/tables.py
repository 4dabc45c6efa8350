"""Tables: what was measured, as Markdown."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from classifier.evaluation import Decision, Row, score
from tests.bench.intervals import bootstrap, wilson

_BINS = 10


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others figures."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def quality(judged: dict[str, tuple[Sequence[Row], Sequence[Decision]]]) -> str:
    """One column a set, one row a measure, each with its interval."""
    cards = {name: score(rows, made) for name, (rows, made) in judged.items()}
    measures: dict[str, Callable[[str], str]] = {
        "messages": lambda name: f"{cards[name].rows}",
        "department right": lambda name: _share(cards[name].accuracy, cards[name].clear),
        "right or defensible": lambda name: _share(cards[name].right_or_also, cards[name].clear),
        "among the first three": lambda name: _share(cards[name].top3, cards[name].clear),
        "asked back though clear": lambda name: _asked(*judged[name]),
        "right when sure": lambda name: f"{cards[name].accuracy_when_sure:.3f}",
        "calibration error": lambda name: f"{cards[name].calibration_error:.3f}",
        "urgency right": lambda name: _urgency(*judged[name]),
        "F1 of `urgent`": lambda name: _f1(*judged[name]),
        "macro-F1 of urgency": lambda name: f"{cards[name].urgency_macro_f1:.2f}" if _timed(judged[name][0]) else "–",
    }
    return table(["", *judged], [[label, *(tell(name) for name in judged)] for label, tell in measures.items()])


def _share(share: float, count: int) -> str:
    low, high = wilson(share, count)
    return f"{share:.3f} ({low:.2f}–{high:.2f})" if count else "–"


def _asked(rows: Sequence[Row], made: Sequence[Decision]) -> str:
    clear = [one for row, one in zip(rows, made, strict=True) if row.right]
    return _share(sum(not one.sure for one in clear) / max(len(clear), 1), len(clear))


def _timed(rows: Sequence[Row]) -> int:
    return sum(bool(row.urgencies) for row in rows)


def _urgency(rows: Sequence[Row], made: Sequence[Decision]) -> str:
    return _share(score(rows, made).urgency_accuracy, _timed(rows)) if _timed(rows) else "–"


def _f1(rows: Sequence[Row], made: Sequence[Decision]) -> str:
    urgent = score(rows, made).urgencies.get("urgent")
    if urgent is None:
        return "–"
    low, high = bootstrap(rows, made, lambda card: card.urgencies["urgent"].f1 if "urgent" in card.urgencies else 0.0)
    return f"{urgent.f1:.2f} ({low:.2f}–{high:.2f})"


def calibration(judged: dict[str, tuple[Sequence[Row], Sequence[Decision]]]) -> str:
    """How often the first department is right where the probability lies between two tenths."""
    header = ["probability", *chain.from_iterable((f"{name}: number", "right") for name in judged)]
    lines = []
    for at in range(1, _BINS):
        line = [f"{at / _BINS:.1f}–{(at + 1) / _BINS:.1f}"]
        for rows, made in judged.values():
            hits = [
                one.department in row.right
                for row, one in zip(rows, made, strict=True)
                if row.right and min(int(one.ranking[0][1] * _BINS), _BINS - 1) == at
            ]
            line += [f"{len(hits)}", f"{sum(hits) / len(hits):.2f}" if hits else "–"]
        lines.append(line)
    return table(header, lines)


def coverage(judged: dict[str, tuple[Sequence[Row], Sequence[Decision]]], offered: int) -> str:
    """How often the right department is among those offered when the citizen is asked back."""
    lines = []
    for name, (rows, made) in judged.items():
        asked = [(row, one) for row, one in zip(rows, made, strict=True) if row.right and not one.sure]
        hits = sum(any(name in row.right for name, _ in one.ranking[:offered]) for row, one in asked)
        lines.append([name, f"{len(asked)}", _share(hits / max(len(asked), 1), len(asked))])
    return table(["set", "asked back though clear", f"right one among {offered} buttons"], lines)


def departments(rows: Sequence[Row], made: Sequence[Decision]) -> str:
    """Department right / right or defensible."""
    card = score(rows, made)
    return f"{card.accuracy:.3f} / {card.right_or_also:.3f}"
