"""Shares: so many right of so many, and how far that may be off."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import sqrt

_DEVIATIONS = 1.96  # 95 of 100 times


@dataclass(frozen=True, slots=True)
class Share:
    """So many right of so many."""

    right: int
    of: int

    @property
    def value(self) -> float:
        """Between 0 and 1; 0 of nothing."""
        return self.right / self.of if self.of else 0.0

    @property
    def range(self) -> tuple[float, float]:
        """Where the share lies 95 of 100 times (Wilson 1927); of nothing it may be anything."""
        if not self.of:
            return 0.0, 1.0
        square, value = _DEVIATIONS**2, self.value
        middle = value + square / (2 * self.of)
        half = _DEVIATIONS * sqrt(value * (1 - value) / self.of + square / (4 * self.of**2))
        scale = 1 + square / self.of
        return max(0.0, (middle - half) / scale), min(1.0, (middle + half) / scale)


def share_of(outcomes: Iterable[bool]) -> Share:
    """How many of these are true."""
    known = list(outcomes)
    return Share(sum(known), len(known))
