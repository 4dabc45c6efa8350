"""Rerouting: which messages another model would send elsewhere, or call more or less urgent."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.core.case import Urgency
from bot.core.triage import Decision


@dataclass(frozen=True, slots=True)
class Placing:
    """Who holds a message, and how pressing it is."""

    department: str
    urgency: Urgency

    @property
    def is_emergency(self) -> bool:
        """Whether it is put before everything else."""
        return self.urgency is Urgency.EMERGENCY


@dataclass(frozen=True, slots=True)
class Rerouted:
    """One case that would go from one placing to another."""

    reference: str
    at: datetime  # when the case was opened
    before: Placing
    after: Placing

    @property
    def loses_emergency(self) -> bool:
        """Whether danger would no longer be seen: the one change that must never pass unnoticed."""
        return self.before.is_emergency and not self.after.is_emergency


@dataclass(frozen=True, slots=True)
class Rerouting:
    """What would become of so many cases: those that change, lost emergencies first, then the newest."""

    cases: int
    changes: tuple[Rerouted, ...]

    @property
    def lost_emergencies(self) -> int:
        """How many emergencies would no longer be any."""
        return sum(change.loses_emergency for change in self.changes)


def placing(decision: Decision) -> Placing:
    """Where a decision leads: to the front office while nobody is sure."""
    return Placing(decision.holder, decision.urgency)


def rerouting(compared: Iterable[Rerouted]) -> Rerouting:
    """What changes among cases placed by two models."""
    found = list(compared)
    changed = sorted((one for one in found if one.before != one.after), key=lambda one: one.at, reverse=True)
    return Rerouting(len(found), tuple(sorted(changed, key=lambda one: not one.loses_emergency)))
