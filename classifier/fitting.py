"""Fitting: one question learnt by two halves, each calibrated by messages it has not seen, then both together."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from operator import mul
from typing import Any, Final, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.naive_bayes import ComplementNB

from classifier.model import Head, softmax
from classifier.neighbours import Neighbours
from classifier.networks import Networks
from classifier.vectors import SIZE, Floats, rounded

FOLDS: Final = 3
#: Makes something of scikit-learn's that can be fitted.
Maker: TypeAlias = Callable[[], Any]
#: Told each time that half a question was fitted once more.
Tick: TypeAlias = Callable[[], None]
Labels: TypeAlias = NDArray[np.int64]

_UNSEEN: Final = 3.0  #: how far below all others a label scores that a fold has no example of


class Part(NamedTuple):
    """Something that learns, and what it says counts."""

    say: float
    make: Maker


@dataclass(frozen=True)
class Task:
    """One question: what is asked, and what learns the answer from words, from vectors and from neighbours.

    The says of what reads words are 1 together; what the vectors' learner leaves of 1 is the neighbours'.
    """

    labels: tuple[str, ...]
    answers: Labels  #: one an example, counted into `labels`
    groups: Labels  #: label → group; calibration is about the group
    sparse: tuple[Part, ...]
    dense: Part
    kept: NDArray[np.bool_]  #: example → whether the model may keep where it lies, to vote for its label


class _Fit(NamedTuple):
    """What one half has learnt: weights (inputs, labels), and before them hidden units, or none of them."""

    weights: Floats
    bias: Floats
    hidden: Floats
    hidden_bias: Floats

    def scores(self, matrix: Any) -> Floats:
        """(examples, labels)."""
        if self.hidden.shape[1]:
            matrix = np.maximum(matrix @ self.hidden + self.hidden_bias, 0)
        return np.asarray(matrix @ self.weights + self.bias, dtype=np.float32)


class _Learner(NamedTuple):
    """A part at work: what it says counts, how it learns of a matrix and a task, and the matrix it looks at."""

    say: float
    learn: Callable[[Any, Task], Any]
    matrix: Any


def fit_head(
    task: Task, sparse: csr_matrix, dense: Floats | None, *, seed: int, tick: Tick, hint: Floats | float = 0.0
) -> tuple[Head, Floats]:
    """Each part calibrated by itself, so that words and meaning count alike; then all together.

    Also the probabilities of every example by models that have not seen it.
    """
    learners = _learners(task, sparse, dense)
    held_out = _held_out_scores(task, learners, seed, tick)
    scales = [one.say * _scale(scores, task) for one, scores in zip(learners, held_out, strict=True)]
    both = sum(map(mul, scales, held_out)) + hint
    together = _scale(both, task)

    told = [(scale, one.learn(one.matrix, task)) for scale, one in zip(scales, learners, strict=True)]
    tick()
    words, seen = told[: len(task.sparse)], told[len(task.sparse) :]
    strength, meaning = seen[0] if seen else (1.0, _nothing(len(task.labels)))
    nearness, neighbours = seen[1] if len(seen) > 1 else (0.0, Neighbours.nobody(len(task.labels)))
    head = Head(
        labels=task.labels,
        sparse=rounded(np.sum([scale * fit.weights for scale, fit in words], axis=0)),
        sparse_bias=rounded(np.sum([scale * fit.bias for scale, fit in words], axis=0)),
        hidden=rounded(meaning.hidden),
        hidden_bias=rounded(meaning.hidden_bias),
        dense=rounded(meaning.weights * strength),
        dense_bias=rounded(meaning.bias * strength),
        neighbours=neighbours,
        nearness=float(nearness),
        temperature=float(1 / together),
    )
    return head, softmax(both * np.float32(together))


def _learners(task: Task, sparse: csr_matrix, dense: Floats | None) -> list[_Learner]:
    """Those that read words first, then what sees vectors, then the neighbours; the last two where there are any."""
    learners = [_Learner(part.say, partial(_fit, part.make), sparse) for part in task.sparse]
    if dense is None:
        return learners
    near = bool(task.kept.any())
    learners.append(_Learner(task.dense.say if near else 1, partial(_fit, task.dense.make), dense))
    return [*learners, _Learner(1 - task.dense.say, _keep, dense)] if near else learners


def _held_out_scores(task: Task, learners: list[_Learner], seed: int, tick: Tick) -> list[Floats]:
    """Scores of every example by models that have not seen it: what calibration has to be fitted on."""
    scores = [np.zeros((len(task.answers), len(task.labels)), dtype=np.float32) for _ in learners]
    for train_at, test_at in _folds(task.answers, seed):
        part = replace(task, answers=task.answers[train_at], kept=task.kept[train_at])
        for held_out, one in zip(scores, learners, strict=True):
            held_out[test_at] = one.learn(one.matrix[train_at], part).scores(one.matrix[test_at])
        tick()
    return scores


def _keep(vectors: Floats, task: Task) -> Neighbours:
    """The neighbours of those that may be kept."""
    return Neighbours.fit(vectors[task.kept], task.answers[task.kept], len(task.labels))


def _folds(answers: Labels, seed: int) -> list[tuple[Labels, Labels]]:
    """Each label dealt out over all folds as far as it goes; one example may well be a label's only one."""
    dealt = np.zeros(len(answers), dtype=np.int64)
    order = np.random.default_rng(seed).permutation(len(answers))
    order = order[np.argsort(answers[order], kind="stable")]
    dealt[order] = np.arange(len(answers)) % FOLDS
    return [(np.flatnonzero(dealt != fold), np.flatnonzero(dealt == fold)) for fold in range(FOLDS)]


def _fit(make: Maker, matrix: Any, task: Task) -> _Fit:
    """A label without an example scores lowest."""
    only = np.unique(task.answers)
    if len(only) == 1:  # nothing to tell apart, as when a fold lacks the one urgent message there is
        return _constant(int(only[0]), matrix.shape[1], len(task.labels))
    model = make().fit(matrix, task.answers)
    hidden, hidden_bias = np.zeros((matrix.shape[1], 0)), np.zeros(0)
    if isinstance(model, ComplementNB):
        weights, bias = model.feature_log_prob_.T, np.zeros(len(model.classes_))
    elif isinstance(model, Networks):
        hidden, hidden_bias, weights, bias = model.hidden, model.hidden_bias, model.weights, model.bias
    else:
        weights, bias = model.coef_.T, model.intercept_
    if len(bias) == 1:  # scikit-learn keeps one row for two labels
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])

    labels = len(task.labels)
    all_weights = np.zeros((weights.shape[0], labels), dtype=np.float32)
    all_weights[:, model.classes_] = weights - weights.mean(axis=1, keepdims=True)
    all_bias = np.full(labels, bias.min() - _UNSEEN, dtype=np.float32)
    all_bias[model.classes_] = bias
    return _Fit(all_weights, all_bias, hidden.astype(np.float32), hidden_bias.astype(np.float32))


def _constant(label: int, inputs: int, labels: int) -> _Fit:
    """Always the same answer."""
    bias = np.full(labels, -_UNSEEN, np.float32)
    bias[label] = 0
    nothing = np.zeros((inputs, 0), np.float32)
    return _Fit(np.zeros((inputs, labels), np.float32), bias, nothing, np.zeros(0, np.float32))


def _nothing(labels: int) -> _Fit:
    """A half that was not trained."""
    empty = np.zeros((0, labels), np.float32)
    return _Fit(empty, np.zeros(labels, np.float32), np.zeros((SIZE, 0), np.float32), np.zeros(0, np.float32))


def _scale(scores: Floats, task: Task) -> float:
    """One over the temperature at which the probability of the right group is best calibrated."""
    right = task.groups == task.groups[task.answers][:, None]

    def surprise(log_scale: float) -> float:
        probabilities = softmax(scores * np.float32(np.exp(log_scale)))
        return float(-np.log((probabilities * right).sum(axis=1) + 1e-9).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-5, 5), method="bounded").x))
