"""Learn: starter messages and verdicts become a candidate, which serves only if it loses nothing it is measured by."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from bot.core.learning import owned_today, without_single_voices
from bot.ports import Classifier
from bot.settings.town import Settings, topic_owner
from bot.steps.house import House
from bot.store.database import connect
from bot.store.examples import StoredExample
from classifier.corpus import STARTER, read_starter
from classifier.errors import ClassifierError
from classifier.evaluation import Comparison, Decision, Row, Scorecard, compare, rows_of, score
from classifier.example import Example
from classifier.gate import choose_gate, near_duplicates, read_gate, split
from classifier.manifest import Manifest
from classifier.registry import Registry
from classifier.text import fingerprint, fold
from classifier.vectors import Encoder

#: of the verdicts no model has seen, one in so many judges the candidate before the next one learns from it
_HELD_OUT = 5

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
    promoted: bool
    trained: int
    measured: int
    verdicts: int  # of the messages trained on
    own_gate: bool  # the starter folder had no list of messages to measure with


@dataclass(frozen=True, slots=True)
class Material:
    """Messages to learn from and messages to be measured with; no near-duplicates between them."""

    train: list[Example]
    measure: list[Example]
    own_gate: bool


def material(settings: Settings, stored: Sequence[StoredExample], *, since: datetime | None, starter: Path) -> Material:
    """Starter messages and stored examples under today's departments; `since`: when the incumbent was trained."""
    owners, departments = topic_owner(settings), [department.id for department in settings.departments]
    corpus = read_starter(starter, owners)
    successors = settings.triage.successors
    found = [(owned_today(one.example, owners, departments, successors), one) for one in stored]
    kept = [(example, one) for example, one in found if example is not None]
    texts = [example.text for example in corpus]
    voices = without_single_voices([(example, one.conversation) for example, one in kept], texts, fold)
    judged = {fingerprint(example.text) for example in voices}

    gate = read_gate(starter / "gate.txt")
    own_gate = not gate
    gate = gate or choose_gate(corpus)
    held = held_out(voices, [since is not None and one.at > since for _, one in kept])
    # What a person has judged here outvotes a starter message that says the same.
    corpus = [one for one in corpus if fingerprint(one.text) in gate or fingerprint(one.text) not in judged]
    train, measure = split([*corpus, *voices], gate | held)
    return Material(train, measure, own_gate)


def held_out(examples: Sequence[Example], new: Sequence[bool]) -> frozenset[str]:
    """Fingerprints of one in five of the new examples: groups of near-duplicates without any old one."""
    chosen: set[str] = set()
    for group in near_duplicates([example.text for example in examples]):
        prints = sorted(fingerprint(examples[index].text) for index in group)
        if all(new[index] for index in group) and int(sha256(prints[0].encode()).hexdigest(), 16) % _HELD_OUT == 0:
            chosen |= set(prints)
    return frozenset(chosen)


def train(
    settings: Settings,
    registry: Registry,
    stored: Sequence[StoredExample],
    *,
    now: datetime,
    encoder: Encoder | None,
    cache_dir: Path | None = None,
    starter: Path = STARTER,
    promote: bool = True,
    tell: Tell = lambda what, done, total: None,
) -> Lesson:
    """Trains a candidate, measures it and the incumbent on messages neither has seen, and promotes the better.

    Long and all in one thread. Raises BadExampleFile or TooFewExamples.
    """
    from classifier.training import train as fit  # scikit-learn: seconds, and only here

    before = registry.current_id()
    found = material(settings, stored, since=_trained_at(registry), starter=starter)
    departments = [department.id for department in settings.departments]
    model = fit(
        found.train,
        encoder=encoder,
        cache_dir=cache_dir,
        departments=departments,
        progress=lambda done, total: tell("Lernen", done, total),
    )
    rows = rows_of(found.measure)
    card = measure(settings, model, rows, lambda done, total: tell("Messen", done, total))
    incumbent = _incumbent_card(settings, registry, rows, encoder, tell) if before else None
    comparison = compare(card, incumbent) if incumbent else None

    saved = registry.add(
        model, examples=found.train, created_at=now, config_revision=settings.revision, scorecard=card.to_dict()
    )
    promoted = promote and (comparison is None or comparison.promote)
    if promoted:
        registry.promote(saved.model_id, now=now, by="train")
    return Lesson(
        manifest=saved,
        card=card,
        incumbent=before,
        incumbent_card=incumbent,
        comparison=comparison,
        promoted=promoted,
        trained=len(found.train),
        measured=len(rows),
        verdicts=sum(one.source != "starter" for one in found.train),
        own_gate=found.own_gate,
    )


def measure(
    settings: Settings, model: Classifier, rows: Sequence[Row], progress: Callable[[int, int], None] | None = None
) -> Scorecard:
    """Rules and model judged together, as a citizen would meet them."""
    house = House(settings, connect("sqlite+aiosqlite://"), model, {}, pilot=False)
    decided = []
    for number, row in enumerate(rows, start=1):
        made = house.judge(row.text)
        decided.append(Decision(made.department, made.urgency.value, made.ranking, made.sure))
        if progress and (number % 25 == 0 or number == len(rows)):
            progress(number, len(rows))
    return score(rows, decided)


def _trained_at(registry: Registry) -> datetime | None:
    try:
        return datetime.fromisoformat(registry.current().created_at)
    except ClassifierError:
        return None


def _incumbent_card(
    settings: Settings, registry: Registry, rows: Sequence[Row], encoder: Encoder | None, tell: Tell
) -> Scorecard | None:
    """None for one that cannot be read: whatever can is better."""
    try:
        model = registry.load(encoder=encoder)
    except ClassifierError:
        return None
    return measure(settings, model, rows, lambda done, total: tell("Vergleichen", done, total))
