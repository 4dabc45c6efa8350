"""Tables: what was measured, as Markdown."""

from collections.abc import Callable, Iterable, Sequence
from itertools import chain

from classifier.evaluation import Decision, score
from classifier.rows import Row
from classifier.scorecard import Scorecard


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table; the first column is text, the others figures."""
    lines = [header, ["---", *["---:"] * (len(header) - 1)], *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def quality(judged: dict[str, tuple[Sequence[Row], Sequence[Decision]]]) -> str:
    """One column a set, one row a measure, each with its interval."""
    cards = {name: score(rows, made) for name, (rows, made) in judged.items()}
    measures: dict[str, Callable[[Scorecard], str]] = {
        "messages": lambda card: f"{card.rows}",
        "department right": lambda card: _figure(card, "accuracy"),
        "right or defensible": lambda card: _figure(card, "right_or_also"),
        "among the first three": lambda card: _figure(card, "top3"),
        "asked back though clear": lambda card: _figure(card, "asked_though_clear"),
        "right when sure": lambda card: _figure(card, "accuracy_when_sure"),
        "calibration error": lambda card: _figure(card, "calibration_error"),
        "urgency right": lambda card: _figure(card, "urgency_accuracy"),
        "emergencies found": lambda card: _figure(card, "emergency_recall"),
        "false alarms": lambda card: _figure(card, "false_alarms"),
        "F1 of `urgent`": _f1,
        "macro-F1 of urgency": lambda card: _figure(card, "urgency_macro_f1"),
    }
    return table(["", *judged], [[label, *map(tell, cards.values())] for label, tell in measures.items()])


def _figure(card: Scorecard, name: str) -> str:
    return _told(getattr(card, name), card.intervals[name]) if card.counts[name] else "–"


def _f1(card: Scorecard) -> str:
    urgent = card.urgencies.get("urgent")
    return _told(urgent.f1, card.intervals["f1_urgent"]) if urgent else "–"


def _told(figure: float, interval: tuple[float, float]) -> str:
    low, high = interval
    return f"{figure:.3f} ({low:.2f}–{high:.2f})"


def calibration(judged: dict[str, tuple[Sequence[Row], Sequence[Decision]]]) -> str:
    """How often the first department is right where the probability lies between two tenths."""
    header = ["probability", *chain.from_iterable((f"{name}: number", "right") for name in judged)]
    bins = [score(rows, made).bins for rows, made in judged.values()]
    lines = []
    for at, tenth in enumerate(zip(*bins, strict=True)):
        told = ((f"{one.count}", f"{one.right:.2f}" if one.count else "–") for one in tenth)
        if any(one.count for one in tenth):
            lines.append([f"{at / len(bins[0]):.1f}–{(at + 1) / len(bins[0]):.1f}", *chain.from_iterable(told)])
    return table(header, lines)


def coverage(judged: dict[str, tuple[Sequence[Row], Sequence[Decision]]]) -> str:
    """How often the right department is among those offered when the citizen is asked back, and how many are."""
    lines = []
    for name, (rows, made) in judged.items():
        card = score(rows, made)
        offered = f"{card.offered_mean:.1f}"
        lines.append([name, f"{card.counts['offered_right']}", _figure(card, "offered_right"), offered])
    return table(["set", "asked back though clear", "right one among the buttons", "buttons"], lines)


def departments(rows: Sequence[Row], made: Sequence[Decision]) -> str:
    """Department right / right or defensible."""
    card = score(rows, made)
    return f"{card.accuracy:.3f} / {card.right_or_also:.3f}"
