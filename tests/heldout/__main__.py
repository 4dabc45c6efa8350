"""Scores the model in use, with the rules, on the held-out messages: `python -m tests.heldout`."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

from sklearn.metrics import f1_score

from bot.cli.deciding import house_without_state
from bot.cli.place import Place
from bot.core.triage import Decision
from bot.steps.house import House

FOLDER = Path(__file__).parent
BREAK = " ⏎ "  # between the fragments of one concern

Judged = tuple[dict[str, str], Decision]


def judged(house: House, name: str) -> list[Judged]:
    """Every message of a file with what the house decides."""
    with (FOLDER / f"{name}.tsv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    judge = house.rules().judge
    return [(row, judge(row["text"].replace(BREAK, "\n"))) for row in rows]


def share(hits: Iterable[bool]) -> float:
    """How many of them, 0 to 1."""
    told = list(hits)
    return sum(told) / len(told)


def main() -> None:
    """Prints one line a measure."""
    house = house_without_state(Place(Path("config/borken"), Path("var/borken")))
    for name in ("departments", "languages"):
        _labels(name, judged(house, name))
    _danger(judged(house, "danger"))
    false = judged(house, "lookalikes")
    print(f"lookalikes   {len(false)}: taken for an emergency {share(_alarms(false)):.3f}")
    unclear = judged(house, "unclear")
    print(f"unclear      {len(unclear)}: asked back {share(not made.sure for _, made in unclear):.3f}")


def _labels(name: str, rows: Sequence[Judged]) -> None:
    for label, of in (("department", lambda d: d.department), ("urgency", lambda d: d.urgency.value)):
        right, said = [row[label] for row, _ in rows], [of(made) for _, made in rows]
        accuracy = share(a == b for a, b in zip(right, said, strict=True))
        macro = f1_score(right, said, average="macro", zero_division=0)
        print(f"{name:<12} {len(rows)}: {label} {accuracy:.3f}, macro-F1 {macro:.3f}")
    for lang in sorted({row["lang"] for row, _ in rows}):
        own = [row["department"] == made.department for row, made in rows if row["lang"] == lang]
        print(f"  {lang:<12} {len(own)}: department {share(own):.3f}")


def _danger(rows: Sequence[Judged]) -> None:
    by_rule = share(bool(made.hit) for _, made in rows)
    print(f"danger       {len(rows)}: found {share(_alarms(rows)):.3f}, by a rule {by_rule:.3f}")
    for kind in sorted({row["kind"] for row, _ in rows}):
        own = [(row, made) for row, made in rows if row["kind"] == kind]
        print(f"  {kind:<16} {len(own)}: found {share(_alarms(own)):.3f}")


def _alarms(rows: Sequence[Judged]) -> list[bool]:
    return [made.urgency.value == "emergency" for _, made in rows]


if __name__ == "__main__":
    main()
