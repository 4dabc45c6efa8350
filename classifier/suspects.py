"""Suspects: labelled messages whose label models that have not seen them would contradict (confident learning).

A message is suspected where another label is at least as probable as that label is, on average, for messages that
bear it, and its own label is hardly probable (Northcutt, Jiang, Chuang 2021). Being a suspect proves nothing: a person
looks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from classifier.example import Example
from classifier.vectors import Floats

#: An own label that is more probable than this is let be.
_HARDLY: Final = 0.15


@dataclass(frozen=True, slots=True)
class Suspect:
    """One labelled message, the department that fits better, and how probable both are."""

    example: Example
    likelier: str
    probability: float
    own_probability: float


def suspects(examples: Sequence[Example], departments: Sequence[str], probabilities: Floats) -> tuple[Suspect, ...]:
    """The most contradicted first. `probabilities` (examples, departments) by models that have not seen the example."""
    own_at = np.array([departments.index(example.department) for example in examples])
    own = probabilities[np.arange(len(examples)), own_at]
    best_at, best = probabilities.argmax(axis=1), probabilities.max(axis=1)
    usual = np.array([own[own_at == at].mean() if (own_at == at).any() else 1.0 for at in range(len(departments))])

    found = np.flatnonzero((best_at != own_at) & (own < _HARDLY) & (best >= usual[best_at]))
    return tuple(
        Suspect(examples[at], departments[best_at[at]], float(best[at]), float(own[at]))
        for at in found[np.argsort(-(best - own)[found], kind="stable")]
    )
