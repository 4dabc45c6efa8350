"""Judging: what a model alone, or rules and model together, decide about the messages of a set."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from bot.ports import Classifier
from bot.settings.town import Settings
from bot.steps.house import house_of
from bot.steps.learn import decided
from classifier.evaluation import Decision
from classifier.model import Model
from classifier.rows import Row

#: Rows in, one decision each out.
Judge: TypeAlias = Callable[[Sequence[Row]], list[Decision]]


def by_house(settings: Settings, model: Classifier) -> Judge:
    """Rules and model, with the town's thresholds, as a citizen would meet them."""
    return lambda rows: decided(house_of(settings, model), rows)


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
                one.offered[: policy.offered],
            )
            for one in made
        ]

    return judge
