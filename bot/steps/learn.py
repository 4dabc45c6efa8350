"""Learn: starter messages and verdicts become a candidate, which serves only if it loses nothing it is measured by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.rerouting import Rerouting
from bot.reports.model_card import NAME, model_card
from bot.settings.town import Settings
from bot.steps.house import House, house_of
from bot.steps.material import Material, material
from bot.steps.reroute import reroute
from bot.store.examples import StoredExample
from bot.store.recent import RecentCase
from classifier.comparison import Comparison, compare
from classifier.corpus import STARTER
from classifier.errors import ClassifierError
from classifier.evaluation import Decision, score
from classifier.example import INVENTED
from classifier.manifest import Manifest
from classifier.model import Model
from classifier.registry import Registry
from classifier.rows import Row, rows_of
from classifier.scorecard import Scorecard
from classifier.vectors import Encoder

#: told what is going on, how much of it is done, and of how much
Tell = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Lesson:
    """What came of a training."""

    manifest: Manifest
    card: Scorecard  # the candidate's
    incumbent: str | None  # the model that served until now
    incumbent_card: Scorecard | None  # on the same messages; None: there was none that could be read
    comparison: Comparison | None
    rerouting: Rerouting | None  # what the candidate would do with the recent messages; None: as above
    promoted: bool
    material: Material
    suspects: int  # verdicts and imported messages whose label all others contradict

    @property
    def trained(self) -> int:
        """How many messages it learnt from."""
        return len(self.material.train)

    @property
    def measured(self) -> int:
        """How many messages it was measured with."""
        return len(self.material.measure)

    @property
    def verdicts(self) -> int:
        """How many of the messages learnt from were judged or brought here."""
        return sum(one.source != INVENTED for one in self.material.train)


def train(
    settings: Settings,
    registry: Registry,
    stored: Sequence[StoredExample],
    *,
    now: datetime,
    encoder: Encoder | None,
    recent: Sequence[RecentCase] = (),
    cache_dir: Path | None = None,
    starter: Path = STARTER,
    promote: bool = True,
    tell: Tell = lambda what, done, total: None,
) -> Lesson:
    """Trains a candidate, measures it and the incumbent on messages neither has seen, and promotes the better.

    `recent` are cases on which both are asked besides. Long and all in one thread. Raises BadExampleFile or
    TooFewExamples.
    """
    from classifier.training import train_and_review  # scikit-learn: seconds, and only here

    before = registry.current_id()
    found = material(settings, stored, since=_trained_at(registry), starter=starter)
    model, suspects = train_and_review(
        found.train,
        encoder=encoder,
        cache_dir=cache_dir,
        departments=[department.id for department in settings.departments],
        progress=lambda done, total: tell("Lernen", done, total),
    )
    rows, house = rows_of(found.measure), house_of(settings, model)
    card = score(rows, decided(house, rows, lambda done, total: tell("Messen", done, total)))
    incumbent = _incumbent(registry, encoder)
    incumbent_card, elsewhere = None, None
    if incumbent:
        serving = house.judged_by(incumbent)
        incumbent_card = score(rows, decided(serving, rows, lambda done, total: tell("Vergleichen", done, total)))
        elsewhere = reroute(serving, house, recent, lambda done, total: tell("Anliegen", done, total))
    comparison = compare(card, incumbent_card) if incumbent_card else None

    saved = registry.add(
        model,
        examples=found.train,
        created_at=now,
        config_revision=settings.revision,
        scorecard=card.to_dict(),
        measured=found.measure,
    )
    promoted = promote and (comparison is None or comparison.promote)
    if promoted:
        registry.promote(saved.model_id, now=now, by="train")
    (registry.folder / saved.model_id / NAME).write_text(model_card(saved, settings), encoding="utf-8")
    return Lesson(
        manifest=saved,
        card=card,
        incumbent=before,
        incumbent_card=incumbent_card,
        comparison=comparison,
        rerouting=elsewhere,
        promoted=promoted,
        material=found,
        suspects=sum(one.example.source != INVENTED for one in suspects),
    )


def decided(house: House, rows: Sequence[Row], progress: Callable[[int, int], None] | None = None) -> list[Decision]:
    """What rules and model together decide, one decision a row, as a citizen would meet them."""
    decisions = []
    for number, row in enumerate(rows, start=1):
        made = house.judge(row.text)
        decisions.append(Decision(made.department, made.urgency.value, made.ranking, made.sure, made.offered))
        if progress and (number % 25 == 0 or number == len(rows)):
            progress(number, len(rows))
    return decisions


def _trained_at(registry: Registry) -> datetime | None:
    try:
        return datetime.fromisoformat(registry.current().created_at)
    except ClassifierError:
        return None


def _incumbent(registry: Registry, encoder: Encoder | None) -> Model | None:
    """The serving model; None where there is none, or one that cannot be read: whatever can is better."""
    try:
        return registry.load(encoder=encoder)
    except ClassifierError:
        return None
