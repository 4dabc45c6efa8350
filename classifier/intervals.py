"""Intervals: how far a figure may be off, with so many messages."""

from collections.abc import Callable, Mapping
from math import sqrt
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

#: From, to.
Interval: TypeAlias = tuple[float, float]

_SAMPLES: Final = 400
_OUTSIDE: Final = 0.025  #: on either side; 95 of 100 lie between


def wilson(share: float, count: int, deviations: float = 1.96) -> Interval:
    """Where a share of so many lies in 95 of 100 cases (Wilson 1927)."""
    if not count:
        return 0.0, 1.0
    square = deviations**2
    middle = (share + square / (2 * count)) / (1 + square / count)
    half = deviations * sqrt(share * (1 - share) / count + square / (4 * count**2)) / (1 + square / count)
    return max(middle - half, 0.0), min(middle + half, 1.0)


def resampled(count: int, figures: Callable[[NDArray[np.int64]], Mapping[str, float]]) -> dict[str, Interval]:
    """The same for figures that are no shares, by drawing the messages again and again; the same for the same ones.

    `figures` gets the numbers of the messages drawn, 0 to `count` - 1. Drawing moves some figures to one side, an
    error that cannot fall below 0 upwards: so much is taken off again (bootstrap, Efron 1979).
    """
    if not count:
        return {}
    random = np.random.default_rng(0)
    told = figures(np.arange(count))
    drawn = [figures(random.integers(0, count, count)) for _ in range(_SAMPLES)]
    return {name: _between([one[name] for one in drawn], figure) for name, figure in told.items()}


def _between(drawn: list[float], figure: float) -> Interval:
    ends = np.quantile(drawn, (_OUTSIDE, 1 - _OUTSIDE)) + (figure - np.mean(drawn))
    low, high = (float(end) for end in np.clip(ends, 0, 1))
    return min(low, figure), max(high, figure)
