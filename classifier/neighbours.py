"""Neighbours: what the hand-written messages that mean nearly the same are labelled with."""

from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.vectors import SIZE, Floats, rounded

Counts: TypeAlias = NDArray[np.int64]

#: Along so many directions messages differ most; the other three quarters of a vector tell neighbours no better apart.
_AXES: Final = 128
#: How fast a vote fades with distance: at a cosine of 0.9 a message counts a twentieth of one that means the same.
_FADE: Final = 30.0
_LEAST: Final = 1e-30  #: a vote this small is none
_BATCH: Final = 512


@dataclass(frozen=True)
class Neighbours:
    """All kept messages vote for their label, the nearer the more; where a label has many, each counts a little less.

    Only messages written for the purpose are kept: where a citizen's lies would tell something of what it says.
    """

    axes: Floats  #: (vector size, axes)
    places: Floats  #: (messages, axes), each of length 1; those of the first label first
    counts: Counts  #: label → how many of them it has

    @classmethod
    def fit(cls, vectors: Floats, answers: NDArray[np.int64], labels: int) -> "Neighbours":
        """Keeps these messages; `answers` are counted into the labels."""
        unit = _unit(vectors[np.argsort(answers, kind="stable")])
        _, directions = np.linalg.eigh(unit.T @ unit)  # the widest last
        axes = rounded(directions[:, ::-1][:, :_AXES])
        return cls(axes, rounded(_unit(unit @ axes)), np.bincount(answers, minlength=labels).astype(np.int64))

    @classmethod
    def nobody(cls, labels: int) -> "Neighbours":
        """Nobody votes."""
        return cls(np.zeros((SIZE, 0), np.float32), np.zeros((0, 0), np.float32), np.zeros(labels, np.int64))

    def scores(self, vectors: Floats) -> Floats:
        """(vectors, labels): logarithms of the votes; a label for which nobody may vote gets the mean of the others."""
        scores = np.zeros((len(vectors), len(self.counts)), np.float32)
        if not len(self._known):
            return scores
        for at in range(0, len(vectors), _BATCH):
            near = np.exp(_FADE * (_unit(vectors[at : at + _BATCH] @ self.axes) @ self.places.T - 1))
            votes = np.add.reduceat(near, self._starts, axis=1) * self._weights
            told = np.log(np.maximum(votes, _LEAST))
            scores[at : at + _BATCH] = told.mean(axis=1, keepdims=True)
            scores[at : at + _BATCH, self._known] = told
        return scores

    @cached_property
    def _known(self) -> Counts:
        return np.flatnonzero(self.counts)

    @cached_property
    def _starts(self) -> Counts:
        return np.concatenate([[0], np.cumsum(self.counts[self._known])[:-1]])

    @cached_property
    def _weights(self) -> Floats:
        return np.asarray(1 / np.sqrt(self.counts[self._known]), dtype=np.float32)


def _unit(vectors: Floats) -> Floats:
    """Every row of length 1, but for one of nothing."""
    lengths = np.linalg.norm(vectors, axis=-1, keepdims=True)
    return np.asarray(vectors / np.maximum(lengths, 1e-9), dtype=np.float32)
