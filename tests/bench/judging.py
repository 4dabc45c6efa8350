"""Judging: what a model alone, or rules and model together, decide about the messages of a set."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from bot.ports import Classifier
from bot.settings.town import Settings
from bot.steps.house import House
from bot.store.database import connect
from classifier.evaluation import Decision, Row
from classifier.model import Model

#: Rows in, one decision each out.
Judge: TypeAlias = Callable[[Sequence[Row]], list[Decision]]


def by_house(settings: Settings, model: Classifier) -> Judge:
    """Rules and model, with the town's thresholds, as a citizen would meet them."""
    house = House(settings, connect("sqlite+aiosqlite://"), model, {}, pilot=False)

    def judge(rows: Sequence[Row]) -> list[Decision]:
        made = [house.judge(row.text) for row in rows]
        return [Decision(one.department, one.urgency.value, one.ranking, one.sure) for one in made]

    return judge


def by_model(settings: Settings, model: Model) -> Judge:
    """The model's first guesses."""
    policy = settings.triage

    def judge(rows: Sequence[Row]) -> list[Decision]:
        made = model.predict([row.text for row in rows])
        return [
            Decision(
                one.departments[0][0],
                one.urgencies[0][0],
                one.departments,
                one.departments[0][1] >= policy.sure_probability,
            )
            for one in made
        ]

    return judge
