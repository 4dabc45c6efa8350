"""Training: labelled messages in, a calibrated model out; the only room that needs scikit-learn."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import NamedTuple

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression
from sklearn.naive_bayes import ComplementNB
from sklearn.svm import LinearSVC
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # ships no types

from classifier.conformal import needed_mass
from classifier.errors import TooFewExamples
from classifier.example import INVENTED, UNCLEAR, URGENCIES, Example
from classifier.features import Features
from classifier.fitting import FOLDS, Part, Task, fit_head
from classifier.model import Model, expected, ownership
from classifier.networks import Networks
from classifier.suspects import Suspect, suspects
from classifier.vectors import Encoder, Floats, Progress, cached_vectors

_LEAST = 8  #: examples without which nothing can be held out for calibration
_PRIOR = 4  #: messages a topic borrows from all others when its urgencies are counted
_FAVOUR = 0.6  #: 0: urgencies as frequent as they are; 1: all alike. Between, a tenth more emergencies are found
_ROUGH = 0.1  #: of a support vector machine; closer takes a third longer and decides the same
_CLOSE = 1e-3  #: nearer the optimum takes three times as long and decides the same


class _Bar:
    """How far training is: one half are the sentence vectors, the other the fits of both heads."""

    def __init__(self, progress: Progress | None) -> None:
        self._progress = progress
        self._fits = 2 * (FOLDS + 1)
        self._done = 0

    def vectors(self, done: int, total: int) -> None:
        self._tell(self._fits * done // total)

    def tick(self) -> None:
        self._done += 1
        self._tell(self._fits + self._done)

    def _tell(self, done: int) -> None:
        if self._progress:
            self._progress(done, 2 * self._fits)


class Trained(NamedTuple):
    """A model, and the messages it was trained on whose label the others contradict."""

    model: Model
    suspects: tuple[Suspect, ...]


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
    return train_and_review(
        examples, seed=seed, encoder=encoder, cache_dir=cache_dir, departments=departments, progress=progress
    ).model


def train_and_review(
    examples: Sequence[Example],
    *,
    seed: int = 0,
    encoder: Encoder | None = None,
    cache_dir: Path | None = None,
    departments: Collection[str] = (),
    progress: Progress | None = None,
) -> Trained:
    """The same, and besides which labels look like mistakes."""
    examples = sorted(set(examples), key=lambda one: (one.text, one.department, one.topic or ""))
    _check(examples)
    texts = [example.text for example in examples]
    features = Features.fit(texts)
    sparse = _matrix(features, texts)
    bar = _Bar(progress)
    dense = cached_vectors(texts, encoder, cache_dir, bar.vectors) if encoder else None

    with threadpool_limits(1):  # the matrices are small: more threads wait for each other, five times as long
        examples = _with_topics(examples, sparse if dense is None else dense)
        known = sorted(({example.department for example in examples} | set(departments)) - {UNCLEAR})
        topics = sorted({(example.department, example.topic or "") for example in examples})
        topic_task, urgency_task = _topic_task(examples, topics, known, seed), _urgency_task(examples, seed)
        habits = _habits(topic_task, urgency_task)
        topic, probable = fit_head(topic_task, sparse, dense, seed=seed, tick=bar.tick)
        hint = expected(probable, habits)
        urgency, _ = fit_head(urgency_task, sparse, dense, seed=seed, tick=bar.tick, hint=hint)

    owners = tuple(department for department, _ in topics)
    placed = [at for at, example in enumerate(examples) if example.department != UNCLEAR]
    acting = probable[placed] @ ownership(known, owners).T
    right = np.array([[examples[at].department == name for name in known] for at in placed])
    model = Model(
        features=features,
        topic=topic,
        owners=owners,
        urgency=urgency,
        habits=habits,
        departments=tuple(known),
        mass=needed_mass(acting, right),
        encoder=encoder,
    )
    return Trained(model, suspects([examples[at] for at in placed], known, acting))


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


def _with_topics(examples: Sequence[Example], matrix: csr_matrix | Floats) -> Sequence[Example]:
    """Verdicts without a topic get the likeliest one of their department.

    Otherwise they would be a topic of their own that is about everything, and the more there are the more it takes
    from the others. A department without any topic is learnt from its verdicts alone.
    """
    labels = sorted({(one.department, one.topic or "") for one in examples if one.topic})
    owners = np.array([department for department, _ in labels])
    told = [at for at, one in enumerate(examples) if one.topic]
    open_ = [at for at, one in enumerate(examples) if not one.topic and one.department in set(owners)]
    if not open_ or len(labels) < 2:
        return examples
    answers = [labels.index((examples[at].department, examples[at].topic or "")) for at in told]
    scores = ComplementNB() if isinstance(matrix, csr_matrix) else LogisticRegression(C=5, max_iter=300, tol=_CLOSE)
    likely = scores.fit(matrix[told], answers).predict_proba(matrix[open_])
    named = dict(enumerate(examples))
    for at, row in zip(open_, likely, strict=True):
        own = row * (owners == examples[at].department)
        named[at] = replace(examples[at], topic=labels[int(own.argmax())][1])
    return list(named.values())


def _topic_task(examples: Sequence[Example], topics: list[tuple[str, str]], known: list[str], seed: int) -> Task:
    answers = [topics.index((example.department, example.topic or "")) for example in examples]
    groups = [*known, UNCLEAR]
    return Task(
        labels=tuple(topic for _, topic in topics),
        answers=np.array(answers),
        groups=np.array([groups.index(department) for department, _ in topics]),
        # together better than either: the first counts what is usual, the second looks at what is nearly alike
        sparse=(
            Part(0.4, lambda: ComplementNB(alpha=0.5)),
            Part(0.6, lambda: LinearSVC(C=0.3, tol=_ROUGH, random_state=seed)),
        ),
        dense=Part(0.5, lambda: LogisticRegression(C=5, max_iter=300, tol=_CLOSE)),
        kept=np.array([example.source == INVENTED for example in examples]),
    )


def _urgency_task(examples: Sequence[Example], seed: int) -> Task:
    used = {example.urgency for example in examples}
    labels = tuple(urgency for urgency in URGENCIES if urgency in used) + tuple(sorted(used - set(URGENCIES)))
    return Task(
        labels=labels,
        answers=np.array([labels.index(example.urgency) for example in examples]),
        groups=np.arange(len(labels)),
        # most messages are `normal`: unbalanced, the few urgent ones would hardly count
        sparse=(Part(1, lambda: LinearSVC(C=0.3, class_weight="balanced", random_state=seed)),),
        # tense, denial and „falls“ lie in how a vector's numbers go together: a linear model finds half as many dangers
        dense=Part(1, lambda: Networks(seed)),
        kept=np.zeros(len(examples), dtype=np.bool_),
    )


def _habits(topics: Task, urgencies: Task) -> Floats:
    """(topics, urgencies): shares among the examples, in favour of what is rare over all topics."""
    counts = np.zeros((len(topics.labels), len(urgencies.labels)))
    np.add.at(counts, (topics.answers, urgencies.answers), 1)
    overall = counts.sum(axis=0) / counts.sum()
    shares = (counts + _PRIOR * overall) / (counts.sum(axis=1, keepdims=True) + _PRIOR)
    return np.asarray(shares / overall**_FAVOUR, dtype=np.float32)
