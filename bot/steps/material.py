"""Material: what there is to learn from under today's departments, and what of it is kept back to measure with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.core.learning import owned_today, without_single_voices
from bot.settings.town import Settings, topic_owner
from bot.store.examples import StoredExample
from classifier.corpus import ownerless, read_starter
from classifier.example import Example
from classifier.gate import choose_gate, near_duplicates, read_gate, split
from classifier.text import fingerprint, fold

#: of the verdicts no model has seen, the newest one in so many judges the candidate before the next one learns from it
_HELD_OUT = 5


@dataclass(frozen=True, slots=True)
class Voice:
    """A stored example as a model may see it: under today's department, without words only one person uses."""

    example: Example
    stored: StoredExample


@dataclass(frozen=True, slots=True)
class Labelled:
    """Every labelled message there is."""

    corpus: list[Example]  # starter messages
    voices: list[Voice]
    ownerless: tuple[str, ...]  # topics of starter messages no department owns; they are left out
    dissolved: int  # examples of departments that are gone without a successor; left out as well

    @property
    def judged(self) -> frozenset[str]:
        """Fingerprints of what a person has judged here: it outvotes a starter message that says the same."""
        return frozenset(fingerprint(voice.example.text) for voice in self.voices)


@dataclass(frozen=True, slots=True)
class Material:
    """Messages to learn from and messages to be measured with; no near-duplicates between them."""

    train: list[Example]
    measure: list[Example]
    own_gate: bool  # the starter folder had no list of messages to measure with
    ownerless: tuple[str, ...] = ()
    dissolved: int = 0


def labelled(settings: Settings, stored: Sequence[StoredExample], starter: Path) -> Labelled:
    """Starter messages and stored examples under today's departments. Raises BadExampleFile."""
    owners, departments = topic_owner(settings), [department.id for department in settings.departments]
    orphans = ownerless(starter, owners)
    corpus = read_starter(starter, owners, without=orphans)
    successors = settings.triage.successors
    found = [(owned_today(one.example, owners, departments, successors), one) for one in stored]
    kept = [(example, one) for example, one in found if example is not None]

    texts = [example.text for example in corpus]
    spoken = without_single_voices([(example, one.conversation) for example, one in kept], texts, fold)

    voices = [Voice(example, one) for example, (_, one) in zip(spoken, kept, strict=True)]
    return Labelled(corpus, voices, orphans, dissolved=len(found) - len(kept))


def material(settings: Settings, stored: Sequence[StoredExample], *, since: datetime | None, starter: Path) -> Material:
    """What a candidate learns from and is measured with; `since`: when the incumbent was trained."""
    found = labelled(settings, stored, starter)
    gate = read_gate(starter / "gate.txt")
    own_gate = not gate
    gate = gate or choose_gate(found.corpus)
    held = held_out([(voice.example, voice.stored.at) for voice in found.voices], since)

    judged = found.judged
    corpus = [one for one in found.corpus if fingerprint(one.text) in gate or fingerprint(one.text) not in judged]
    train, measure = split([*corpus, *(voice.example for voice in found.voices)], gate | held)
    return Material(train, measure, own_gate, found.ownerless, found.dissolved)


def held_out(told: Sequence[tuple[Example, datetime]], since: datetime | None) -> frozenset[str]:
    """Fingerprints of the newest fifth of what came after `since`; None: nothing has.

    So a candidate is judged on what came after what it has learnt. Near-duplicates stay together, as old as the
    oldest of them; those with any from before `since` teach, and so do more than fit into the fifth.
    """
    if since is None:
        return frozenset()
    groups = [[told[at] for at in group] for group in near_duplicates([example.text for example, _ in told])]
    room = sum(at > since for _, at in told) // _HELD_OUT
    chosen: set[str] = set()
    for first_at, prints in sorted(map(_age_and_prints, groups), reverse=True):
        if first_at > since and len(prints) <= room:
            chosen |= set(prints)
            room -= len(prints)
    return frozenset(chosen)


def _age_and_prints(group: Sequence[tuple[Example, datetime]]) -> tuple[datetime, list[str]]:
    return min(at for _, at in group), sorted(fingerprint(example.text) for example, _ in group)
