"""Intervals: how far a figure may be off, with so many messages."""

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np

from classifier.evaluation import Decision, Row, Scorecard, score

_SAMPLES = 300


def wilson(share: float, count: int, deviations: float = 1.96) -> tuple[float, float]:
    """Where a share of so many lies in 95 of 100 cases (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    square = deviations**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = deviations * sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return middle - half, middle + half


def bootstrap(
    rows: Sequence[Row], decisions: Sequence[Decision], figure: Callable[[Scorecard], float]
) -> tuple[float, float]:
    """The same for any figure of a scorecard, by drawing the rows again and again; the same for the same rows."""
    random = np.random.default_rng(0)
    drawn = (random.integers(0, len(rows), len(rows)) for _ in range(_SAMPLES))
    found = sorted(figure(score([rows[i] for i in at], [decisions[i] for i in at])) for at in drawn)
    return found[int(0.025 * _SAMPLES)], found[int(0.975 * _SAMPLES)]
