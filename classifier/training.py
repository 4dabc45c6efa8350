"""Training: labelled messages in, a calibrated model out; the only room that needs scikit-learn."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from classifier.errors import TooFewExamples
from classifier.example import URGENCIES, Example
from classifier.features import Features
from classifier.model import Head, Model, softmax
from classifier.vectors import Encoder, Floats, Progress, cached_vectors

_FOLDS = 4
_LEAST = 8  #: examples without which nothing can be held out for calibration

_Labels: TypeAlias = NDArray[np.int64]


@dataclass(frozen=True)
class _Task:
    """One question: what is asked (a number into `labels`), and what answers are summed when judging."""

    labels: tuple[str, ...]
    answers: _Labels
    groups: _Labels  #: answer → group; calibration is about the group
    sparse_cost: float
    dense_cost: float
    balanced: bool


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
    dense = cached_vectors(texts, encoder, cache_dir, progress) if encoder else None

    known = sorted({example.department for example in examples} | set(departments))
    topics = sorted({(example.department, example.topic or "") for example in examples})
    owners = tuple(department for department, _ in topics)
    return Model(
        features=features,
        topic=_head(_topic_task(examples, topics, known), sparse, dense, seed),
        owners=owners,
        urgency=_head(_urgency_task(examples), sparse, dense, seed),
        departments=tuple(known),
        encoder=encoder,
    )


def _check(examples: Sequence[Example]) -> None:
    departments = {example.department for example in examples}
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
    groups = [known.index(department) for department, _ in topics]
    labels = tuple(topic for _, topic in topics)
    return _Task(labels, np.array(answers), np.array(groups), 0.5, 20.0, balanced=False)


def _urgency_task(examples: Sequence[Example]) -> _Task:
    used = {example.urgency for example in examples}
    labels = tuple(urgency for urgency in URGENCIES if urgency in used) + tuple(sorted(used - set(URGENCIES)))
    answers = [labels.index(example.urgency) for example in examples]
    return _Task(labels, np.array(answers), np.arange(len(labels)), 0.3, 10.0, balanced=True)


def _head(task: _Task, sparse: csr_matrix, dense: Floats | None, seed: int) -> Head:
    held_out = _held_out_scores(task, sparse, dense, seed)
    alone = _scales(held_out[:1], task)[0]
    scales = _scales(held_out, task)

    weights, bias = _fit_sparse(task, sparse, task.answers, seed)
    empty = np.zeros((0, len(task.labels)), dtype=np.float32), np.zeros(len(task.labels), dtype=np.float32)
    vector_weights, vector_bias = _fit_dense(task, dense, task.answers) if dense is not None else empty
    ratio = scales[1] / scales[0] if dense is not None else 1.0
    return Head(
        labels=task.labels,
        sparse=weights,
        sparse_bias=bias,
        dense=vector_weights * np.float32(ratio),
        dense_bias=vector_bias * np.float32(ratio),
        temperature=float(1 / scales[0]),
        sparse_temperature=float(1 / alone),
    )


def _held_out_scores(task: _Task, sparse: csr_matrix, dense: Floats | None, seed: int) -> list[Floats]:
    """Scores of every example by models that have not seen it: what calibration has to be fitted on."""
    shape = (len(task.answers), len(task.labels))
    scores = [np.zeros(shape, dtype=np.float32) for _ in range(1 if dense is None else 2)]
    for train_at, test_at in _folds(task.answers, seed):
        weights, bias = _fit_sparse(task, sparse[train_at], task.answers[train_at], seed)
        scores[0][test_at] = sparse[test_at] @ weights + bias
        if dense is not None:
            weights, bias = _fit_dense(task, dense[train_at], task.answers[train_at])
            scores[1][test_at] = dense[test_at] @ weights + bias
    return scores


def _folds(answers: _Labels, seed: int) -> list[tuple[_Labels, _Labels]]:
    # an answer with fewer examples than folds is still dealt out, as far as it goes
    most = max(Counter(answers.tolist()).values())
    splitter = StratifiedKFold(min(_FOLDS, most), shuffle=True, random_state=seed)
    return list(splitter.split(np.zeros(len(answers)), answers))


def _fit_sparse(task: _Task, matrix: csr_matrix, answers: _Labels, seed: int) -> tuple[Floats, Floats]:
    weight = "balanced" if task.balanced else None
    model = LinearSVC(C=task.sparse_cost, class_weight=weight, random_state=seed)
    model.fit(matrix, answers)
    return _spread(model, len(task.labels))


def _fit_dense(task: _Task, vectors: Floats, answers: _Labels) -> tuple[Floats, Floats]:
    weight = "balanced" if task.balanced else None
    model = LogisticRegression(C=task.dense_cost, class_weight=weight, max_iter=300)
    model.fit(vectors, answers)
    return _spread(model, len(task.labels))


def _spread(model: LinearSVC | LogisticRegression, answers: int) -> tuple[Floats, Floats]:
    """(features, answers) and (answers,): two answers share one row; an answer never seen scores lowest."""
    coefficients, bias = model.coef_.T, model.intercept_
    if len(model.classes_) == 2:
        coefficients, bias = np.hstack([-coefficients, coefficients]), np.array([-bias[0], bias[0]])
    weights = np.zeros((coefficients.shape[0], answers), dtype=np.float32)
    weights[:, model.classes_] = coefficients
    biases = np.full(answers, bias.min() - 1, dtype=np.float32)
    biases[model.classes_] = bias
    return weights, biases


def _scales(scores: Sequence[Floats], task: _Task) -> NDArray[np.float64]:
    """How strongly each kind of score counts: temperature scaling, one temperature a kind."""
    right = task.groups == task.groups[task.answers][:, None]

    def surprise(logs: NDArray[np.float64]) -> float:
        mixed = sum(np.exp(log) * score for log, score in zip(logs, scores, strict=True))
        return float(-np.log((softmax(np.asarray(mixed)) * right).sum(axis=1) + 1e-9).mean())

    best = minimize(surprise, np.zeros(len(scores)), method="Nelder-Mead")
    return np.asarray(np.exp(best.x))
