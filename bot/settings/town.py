"""The town: everything its files and the environment say, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.case import Urgency
from bot.core.city import City, Department, DigestPolicy, Limits, Retention
from bot.core.conversation.state import Timing
from bot.core.hours import BusinessHours
from bot.core.promise import ServiceLevel
from bot.core.triage import TriagePolicy
from bot.settings.secrets import Secrets


@dataclass(frozen=True, slots=True)
class Settings:
    """One town. `revision` changes with every byte of its files."""

    town: str  # the folder's name; also the name of var/<town>/
    city: City
    departments: tuple[Department, ...]
    hours: Mapping[str, BusinessHours]  # by department
    levels: Mapping[str, Mapping[Urgency, ServiceLevel]]  # by department
    safety: Mapping[str, Any]  # as the safety rules' files say, all languages together
    safety_texts: Mapping[str, Mapping[str, str]]  # by language and kind of danger
    replies: Mapping[str, Mapping[str, str]]  # by language and dotted key
    cues: Mapping[str, Mapping[str, tuple[str, ...]]]  # by language and cue
    conversation: Timing
    triage: TriagePolicy
    retention: Retention
    limits: Limits
    digest: DigestPolicy
    blind_sample_percent: int  # so many cases in a hundred are judged by people who do not see the guess
    secrets: Secrets
    revision: str


def topic_owner(settings: Settings) -> Mapping[str, str]:
    """Which department owns each topic of the starter messages."""
    return {topic: department.id for department in settings.departments for topic in department.topics}
