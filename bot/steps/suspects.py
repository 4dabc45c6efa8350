"""Suspects: verdicts and imported messages whose label all others contradict; a person looks at them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from bot.settings.town import Settings
from bot.steps.learn import Tell
from bot.steps.material import labelled
from bot.store.examples import StoredExample
from classifier.corpus import STARTER
from classifier.example import Example
from classifier.text import fingerprint
from classifier.vectors import Encoder


@dataclass(frozen=True, slots=True)
class Suspicion:
    """A stored example under today's department, and the department that fits better."""

    example: Example
    likelier: str
    probability: float


def suspicions(
    settings: Settings,
    stored: Sequence[StoredExample],
    *,
    encoder: Encoder | None,
    cache_dir: Path | None = None,
    starter: Path = STARTER,
    tell: Tell = lambda what, done, total: None,
) -> list[Suspicion]:
    """The most contradicted first. Long and all in one thread. Raises BadExampleFile or TooFewExamples."""
    from classifier.training import train_and_review  # scikit-learn: seconds, and only here

    found = labelled(settings, stored, starter)
    corpus = [one for one in found.corpus if fingerprint(one.text) not in found.judged]
    trained = train_and_review(
        [*corpus, *(voice.example for voice in found.voices)],
        encoder=encoder,
        cache_dir=cache_dir,
        departments=[department.id for department in settings.departments],
        progress=lambda done, total: tell("Lernen", done, total),
    )

    # What is suspected is what a model may see; what is corrected is what is stored.
    origins: dict[Example, list[Example]] = {}
    for voice in found.voices:
        whole = replace(voice.stored.example, department=voice.example.department)
        origins.setdefault(_without_topic(voice.example), []).append(whole)
    return [
        Suspicion(whole, one.likelier, one.probability)
        for one in trained.suspects
        for whole in dict.fromkeys(origins.get(_without_topic(one.example), ()))
    ]


def _without_topic(example: Example) -> Example:
    """Training gives those without a topic one."""
    return replace(example, topic=None)
