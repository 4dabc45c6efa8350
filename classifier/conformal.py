"""Conformal sets: how many of the likeliest labels are needed to hold the right one as often as promised.

Adaptive prediction sets without randomisation (Romano, Sesia, Candès 2020): the likeliest labels are taken until
together they are as probable as was needed, on messages no model had seen, to reach the right label that often.
"""

from math import ceil
from typing import Final

import numpy as np

from classifier.vectors import Floats

#: 19 times in 20.
COVERAGE: Final = 0.95
#: Sets are offered where the model is in doubt; what it is sure of would make them look better than they are.
_DOUBT: Final = 0.6
_LEAST: Final = 20  #: below so many doubtful messages nothing can be said: then every label is needed


def needed_mass(probabilities: Floats, right: Floats, coverage: float = COVERAGE) -> float:
    """The probability a set has to gather, between 0 and 1.

    `probabilities` (messages, labels) by models that have not seen the message; `right` the same shape, true at each
    message's right label.
    """
    doubtful = probabilities.max(axis=1) < _DOUBT
    probabilities, right = probabilities[doubtful], right[doubtful].astype(bool)
    count = len(probabilities)
    if count < _LEAST:
        return 1.0
    own = probabilities[right][:, None]
    gathered = np.where(probabilities >= own, probabilities, 0).sum(axis=1)
    return float(np.sort(gathered)[min(ceil((count + 1) * coverage), count) - 1])


def likeliest(shares: list[float], mass: float) -> int:
    """How many labels, the likeliest first, gather this much; `shares` are sorted that way."""
    return min(int(np.searchsorted(np.cumsum(shares), mass - 1e-6)) + 1, len(shares))
