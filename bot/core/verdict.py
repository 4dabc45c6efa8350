"""A verdict (Prüfvermerk): what a person says department and urgency are, and what follows from it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from bot.core.case import Urgency


@dataclass(frozen=True, slots=True)
class Verdict:
    """Who has to act, and how soon."""

    department: str
    urgency: Urgency


def topic_of(verdict: Verdict, guessed: str | None, owners: Mapping[str, str]) -> str | None:
    """The guessed topic if the verdict's department owns it; None: the guess was about something else."""
    return guessed if guessed is not None and owners.get(guessed) == verdict.department else None


def due_after(told: datetime | None, counted_from_opening: datetime, counted_from_now: datetime) -> datetime:
    """Until when a person answers after a verdict, from two fresh promises under the new labels.

    What the citizen was told stands, unless these labels would have promised later from the start: being
    sorted wrongly costs the citizen nothing, and a slower department gets its own time.
    """
    fresh = counted_from_now.astimezone(UTC)
    return fresh if told is None else min(fresh, max(told, counted_from_opening.astimezone(UTC)))
