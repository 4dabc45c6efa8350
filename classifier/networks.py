"""Networks: small ones that start from different numbers and answer as one."""

import warnings
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from sklearn.exceptions import ConvergenceWarning
from sklearn.neural_network import MLPClassifier

from classifier.vectors import Floats

_COUNT: Final = 2
_UNITS: Final = 128
_ROUNDS: Final = 15  #: more would fit the examples better and what is new worse


class Networks:
    """Each has one hidden layer; the mean of their answers varies less from one training to the next than any alone.

    After `fit` they are one network with the hidden units of all.
    """

    classes_: NDArray[np.int64]
    hidden: NDArray[Any]  #: (inputs, units)
    hidden_bias: NDArray[Any]
    weights: NDArray[Any]  #: (units, labels); one column where there are two labels, as scikit-learn has it
    bias: NDArray[Any]

    def __init__(self, seed: int) -> None:
        self._seeds = range(seed, seed + _COUNT)

    def fit(self, matrix: Floats, answers: NDArray[np.int64]) -> "Networks":
        """Trains them all; `answers` are numbers of labels."""
        with warnings.catch_warnings():  # that the rounds are few: they are on purpose
            warnings.simplefilter("ignore", ConvergenceWarning)
            members = [self._member(seed).fit(matrix, answers) for seed in self._seeds]
        self.classes_ = members[0].classes_
        self.hidden = np.hstack([one.coefs_[0] for one in members])
        self.hidden_bias = np.concatenate([one.intercepts_[0] for one in members])
        self.weights = np.vstack([one.coefs_[1] for one in members]) / _COUNT
        self.bias = np.mean([one.intercepts_[1] for one in members], axis=0)
        return self

    def _member(self, seed: int) -> MLPClassifier:
        return MLPClassifier((_UNITS,), alpha=0.01, max_iter=_ROUNDS, learning_rate_init=3e-3, random_state=seed)
