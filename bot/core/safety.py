"""Safety rules: words that mean danger, found before and apart from any model."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SafetyHit:
    """A safety rule that matched: which danger, who acts, and the words that showed it."""

    rule: str
    kind: str
    department: str
    words: str
