"""Simulation: how a town's verdicts teach the classifier, played with real messages in the order they came."""

import json
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.core.case import Urgency
from bot.core.verdict import Verdict, topic_of
from bot.settings.town import topic_owner
from classifier.example import Example
from classifier.model import Model
from classifier.rows import Row
from classifier.training import train
from classifier.vectors import Encoder
from tests.bench.judging import by_model
from tests.bench.material import REAL, Material
from tests.bench.tables import departments, table

STEPS = (0, 50, 100, 200, 400, 800)


class Point(NamedTuple):
    """After so many verdicts: how the departments come out, with the starter messages and without them."""

    verdicts: int
    taught: tuple[str, ...]
    alone: tuple[str, ...]


def learning_curve(found: Material, model: Model, encoder: Encoder) -> str:
    """The table; nothing where there are no real messages."""
    if "gold" not in found.sets:
        return "Real messages are missing here.\n"
    stream = _stream(found)
    sets = {"later messages": stream[STEPS[-1] :], "gold": found.sets["gold"]}
    points = list(_points(found, model, encoder, stream, sets))
    header = ["verdicts", *(f"{name}: {how}" for how in ("starter + verdicts", "verdicts alone") for name in sets)]
    return table(header, [[f"{point.verdicts}", *point.taught, *point.alone] for point in points])


def _stream(found: Material) -> list[Row]:
    """Konstanz in the order of arrival, without what the gold set holds."""
    gold = {row.text for row in found.sets["gold"]}
    lines = (REAL / "konstanz.jsonl").read_text(encoding="utf-8").split("\n")
    told = sorted((json.loads(line) for line in lines if line.strip()), key=lambda one: one["date"])
    rows = [Row(one["text"], _strings(one["department"])) for one in told]
    return [row for row in rows if row.departments and row.text not in gold]


def _strings(value: str | Sequence[str]) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else tuple(filter(None, [value]))


def _points(
    found: Material, model: Model, encoder: Encoder, stream: Sequence[Row], sets: dict[str, list[Row]]
) -> Iterator[Point]:
    verdicts = _verdicts(found, model, stream[: STEPS[-1]])
    for count in STEPS:
        taught = train([*found.train, *verdicts[:count]], encoder=encoder, departments=found.departments)
        alone = _alone(found, verdicts[:count], encoder)
        yield Point(count, _scores(found, taught, sets), _scores(found, alone, sets))


def _scores(found: Material, model: Model | None, sets: dict[str, list[Row]]) -> tuple[str, ...]:
    if model is None:
        return ("–",) * len(sets)
    judge = by_model(found.settings, model)
    return tuple(departments(rows, judge(rows)) for rows in sets.values())


def _verdicts(found: Material, model: Model, rows: Sequence[Row]) -> list[Example]:
    """What staff would have made of them: of the right departments the one guessed, and its topic if it fits."""
    owners = topic_owner(found.settings)
    guesses = model.predict([row.text for row in rows])
    verdicts = []
    for row, guess in zip(rows, guesses, strict=True):
        department = next(name for name, _ in guess.departments if name in row.departments)
        topic = topic_of(Verdict(department, Urgency.NORMAL), guess.topic, owners)
        verdicts.append(Example(row.text, department, Urgency.NORMAL, topic, source="verdict"))
    return verdicts


def _alone(found: Material, verdicts: Sequence[Example], encoder: Encoder) -> Model | None:
    """A model of these verdicts and nothing else, which a town without starter messages would have."""
    if not verdicts:
        return None
    asks = Example("?", found.settings.city.front_office, Urgency.LOW, source="verdict")  # a second urgency is needed
    return train([*verdicts, asks], encoder=encoder, departments=found.departments)
