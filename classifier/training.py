"""Training: labelled messages in, a calibrated model out; the only room that needs scikit-learn."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from operator import mul
from pathlib import Path
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from classifier.errors import TooFewExamples
from classifier.example import UNCLEAR, URGENCIES, Example
from classifier.features import Features
from classifier.model import Head, Model, expected, softmax
from classifier.vectors import Encoder, Floats, Progress, cached_vectors

_FOLDS = 4
_LEAST = 8  #: examples without which nothing can be held out for calibration
_PRIOR = 4  #: messages a topic borrows from all others when its urgencies are counted
_FAVOUR = 0.6  #: 0: urgencies as frequent as they are; 1: all alike. Between, a tenth more emergencies are found
_CLOSE = 1e-3  #: nearer the optimum takes three times as long and decides the same
_UNSEEN = 3.0  #: how far below all others a label scores that a fold has no example of

_Labels: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class _Task:
    """One question: what is asked, and what learns the answer from words and from vectors."""

    labels: tuple[str, ...]
    answers: _Labels  #: one an example, counted into `labels`
    groups: _Labels  #: label → group; calibration is about the group
    sparse: Callable[[], Any]
    dense: Callable[[], Any]


class _Bar:
    """How far training is: one half are the sentence vectors, the other the fits of both heads."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._fits = 2 * (_FOLDS + 1)
        self._done = 0

    def vectors(self, done: int, total: int) -> None:
        self._tell(self._fits * done // total)

    def tick(self) -> None:
        self._done += 1
        self._tell(self._fits + self._done)

    def _tell(self, done: int) -> None:
        if self._progress:
            self._progress(done, 2 * self._fits)


def train(
    examples: Sequence[Example],
    *,
    seed: int = 0,
    encoder: Encoder | None = None,
    cache_dir: Path | None = None,
    departments: Collection[str] = (),
    progress: Progress | None = None,
) -> Model:
    """A model of these examples; without an encoder it knows words and letters only.

    `departments` are further ones it must know of, though no example names them.
    Raises TooFewExamples when there is nothing to tell apart.
    """
    examples = sorted(set(examples), key=lambda one: (one.text, one.department, one.topic or ""))
    _check(examples)
    texts = [example.text for example in examples]
    features = Features.fit(texts)
    sparse = _matrix(features, texts)
    bar = _Bar(progress)
    dense = cached_vectors(texts, encoder, cache_dir, bar.vectors) if encoder else None

    known = sorted(({example.department for example in examples} | set(departments)) - {UNCLEAR})
    topics = sorted({(example.department, example.topic or "") for example in examples})
    topic_task, urgency_task = _topic_task(examples, topics, known), _urgency_task(examples, seed)
    habits = _habits(topic_task, urgency_task)
    with threadpool_limits(1):  # the matrices are small: more threads wait for each other, five times as long
        topic, probable = _head(topic_task, sparse, dense, seed, bar)
        urgency, _ = _head(urgency_task, sparse, dense, seed, bar, expected(probable, habits))
    return Model(
        features=features,
        topic=topic,
        owners=tuple(department for department, _ in topics),
        urgency=urgency,
        habits=habits,
        departments=tuple(known),
        encoder=encoder,
    )


def _check(examples: Sequence[Example]) -> None:
    departments = {example.department for example in examples} - {UNCLEAR}
    urgencies = {example.urgency for example in examples}
    if len(examples) < _LEAST or len(departments) < 2 or len(urgencies) < 2:
        raise TooFewExamples(
            f"{len(examples)} messages, {len(departments)} departments, {len(urgencies)} urgencies: "
            f"at least {_LEAST}, 2 and 2 are needed"
        )


def _matrix(features: Features, texts: Sequence[str]) -> csr_matrix:
    rows = [features.row(text) for text in texts]
    starts = np.cumsum([0, *(len(at) for at, _ in rows)])
    at, values = (np.concatenate(part) for part in zip(*rows, strict=True))
    return csr_matrix((values, at, starts), shape=(len(texts), len(features)))


def _topic_task(examples: Sequence[Example], topics: list[tuple[str, str]], known: list[str]) -> _Task:
    answers = [topics.index((example.department, example.topic or "")) for example in examples]
    groups = [*known, UNCLEAR]
    return _Task(
        labels=tuple(topic for _, topic in topics),
        answers=np.array(answers),
        groups=np.array([groups.index(department) for department, _ in topics]),
        # as good as a support vector machine here, and a hundred times faster with so many labels
        sparse=lambda: ComplementNB(alpha=0.5),
        dense=lambda: LogisticRegression(C=5, max_iter=300, tol=_CLOSE),
    )


def _urgency_task(examples: Sequence[Example], seed: int) -> _Task:
    used = {example.urgency for example in examples}
    labels = tuple(urgency for urgency in URGENCIES if urgency in used) + tuple(sorted(used - set(URGENCIES)))
    return _Task(
        labels=labels,
        answers=np.array([labels.index(example.urgency) for example in examples]),
        groups=np.arange(len(labels)),
        # most messages are `normal`: unbalanced, the few urgent ones would hardly count
        sparse=lambda: LinearSVC(C=0.3, class_weight="balanced", random_state=seed),
        dense=lambda: LogisticRegression(C=5, class_weight="balanced", max_iter=300, tol=_CLOSE),
    )


def _habits(topics: _Task, urgencies: _Task) -> Floats:
    """(topics, urgencies): shares among the examples, in favour of what is rare over all topics."""
    counts = np.zeros((len(topics.labels), len(urgencies.labels)))
    np.add.at(counts, (topics.answers, urgencies.answers), 1)
    overall = counts.sum(axis=0) / counts.sum()
    shares = (counts + _PRIOR * overall) / (counts.sum(axis=1, keepdims=True) + _PRIOR)
    return np.asarray(shares / overall**_FAVOUR, dtype=np.float32)


def _head(
    task: _Task, sparse: csr_matrix, dense: Floats | None, seed: int, bar: _Bar, hint: Floats | float = 0.0
) -> tuple[Head, Floats]:
    """Each half calibrated by itself, so that both count alike; then the two together.

    Also the probabilities of every example by models that have not seen it.
    """
    held_out = _held_out_scores(task, sparse, dense, seed, bar)
    scales = [_scale(scores, task) for scores in held_out]
    both = sum(map(mul, scales, held_out)) + hint
    together = _scale(both, task)

    weights, bias = _fit(task.sparse, sparse, task.answers, len(task.labels))
    vector_weights, vector_bias = np.zeros((0, len(bias)), np.float32), np.zeros_like(bias)
    if dense is not None:
        vector_weights, vector_bias = _fit(task.dense, dense, task.answers, len(task.labels))
    bar.tick()
    head = Head(
        labels=task.labels,
        sparse=_rounded(weights * scales[0]),
        sparse_bias=_rounded(bias * scales[0]),
        dense=_rounded(vector_weights * scales[-1]),
        dense_bias=_rounded(vector_bias * scales[-1]),
        temperature=float(1 / together),
    )
    return head, softmax(both * np.float32(together))


def _held_out_scores(task: _Task, sparse: csr_matrix, dense: Floats | None, seed: int, bar: _Bar) -> list[Floats]:
    """Scores of every example by models that have not seen it: what calibration has to be fitted on."""
    halves = [(task.sparse, sparse)] if dense is None else [(task.sparse, sparse), (task.dense, dense)]
    scores = [np.zeros((len(task.answers), len(task.labels)), dtype=np.float32) for _ in halves]
    for train_at, test_at in _folds(task.answers, seed):
        for held_out, (make, matrix) in zip(scores, halves, strict=True):
            weights, bias = _fit(make, matrix[train_at], task.answers[train_at], len(task.labels))
            held_out[test_at] = matrix[test_at] @ weights + bias
        bar.tick()
    return scores


def _folds(answers: _Labels, seed: int) -> list[tuple[_Labels, _Labels]]:
    """Each label dealt out over all folds as far as it goes; one example may well be a label's only one."""
    dealt = np.zeros(len(answers), dtype=np.int64)
    order = np.random.default_rng(seed).permutation(len(answers))
    order = order[np.argsort(answers[order], kind="stable")]
    dealt[order] = np.arange(len(answers)) % _FOLDS
    return [(np.flatnonzero(dealt != fold), np.flatnonzero(dealt == fold)) for fold in range(_FOLDS)]


def _fit(make: Callable[[], Any], matrix: Any, answers: _Labels, labels: int) -> tuple[Floats, Floats]:
    """(features, labels) and (labels,); a label without an example scores lowest."""
    model = make().fit(matrix, answers)
    if isinstance(model, ComplementNB):
        weights, bias = model.feature_log_prob_.T, np.zeros(len(model.classes_))
    else:
        weights, bias = model.coef_.T, model.intercept_
    if len(bias) == 1:  # scikit-learn keeps one row for two labels
        weights, bias = np.hstack([-weights, weights]), np.array([-bias[0], bias[0]])

    all_weights = np.zeros((weights.shape[0], labels), dtype=np.float32)
    all_weights[:, model.classes_] = weights - weights.mean(axis=1, keepdims=True)
    all_bias = np.full(labels, bias.min() - _UNSEEN, dtype=np.float32)
    all_bias[model.classes_] = bias
    return all_weights, all_bias


def _rounded(weights: NDArray[Any]) -> Floats:
    """As exact as a model file keeps them, so that a model answers the same before and after saving."""
    return weights.astype(np.float16).astype(np.float32)


def _scale(scores: Floats, task: _Task) -> float:
    """One over the temperature at which the probability of the right group is best calibrated."""
    right = task.groups == task.groups[task.answers][:, None]

    def surprise(log_scale: float) -> float:
        probabilities = softmax(scores * np.float32(np.exp(log_scale)))
        return float(-np.log((probabilities * right).sum(axis=1) + 1e-9).mean())

    return float(np.exp(minimize_scalar(surprise, bounds=(-5, 5), method="bounded").x))
