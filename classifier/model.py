"""The model: linear heads over words, letters and sentence vectors; loaded and asked with numpy alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Final

import numpy as np

from classifier.conformal import likeliest
from classifier.example import UNCLEAR
from classifier.features import Features, SparseRow
from classifier.neighbours import Neighbours
from classifier.prediction import Prediction, Reason
from classifier.vectors import Encoder, Floats

REASONS: Final = 6

#: What a topic's habit counts against the message's own words; above 0.6 urgent messages are lost.
_HINT: Final = 0.5


@dataclass(frozen=True)
class Head:
    """One question and its answers: a linear model on the sparse row, another model on the sentence vector.

    The second is linear too, or has one hidden layer: what is meant („es brennt“, „brannte“, „falls es brennt“) lies
    in how the numbers of a vector go together, not in their sum. Hand-written messages near by may have a say as well.
    """

    labels: tuple[str, ...]
    sparse: Floats  #: (features, labels); calibrated to be right when there is no sentence vector
    sparse_bias: Floats
    hidden: Floats  #: (vector size, units), or (vector size, 0) where the vector is looked at directly
    hidden_bias: Floats
    dense: Floats  #: (vector size or units, labels); as strong as `sparse`
    dense_bias: Floats
    neighbours: Neighbours  #: of the sentence vector; nobody, where the question has none
    nearness: float  #: what their votes count
    temperature: float  #: of all together

    def probabilities(self, row: SparseRow, vector: Floats | None, hint: Floats | float = 0.0) -> Floats:
        """One a label; the hint is added to the scores (what another head's answer lets expect)."""
        at, values = row
        scores = values @ self.sparse[at] + self.sparse_bias + hint
        if vector is not None:
            scores += self._seen(vector) @ self.dense + self.dense_bias
            scores += self.nearness * self.neighbours.scores(vector[None])[0]
        elif len(self.dense):  # trained with vectors, asked without: the sparse half is calibrated by itself
            return softmax(scores)
        return softmax(scores / self.temperature)

    def _seen(self, vector: Floats) -> Floats:
        """What `dense` weighs: the vector, or what the hidden units make of it."""
        if not self.hidden.shape[1]:
            return vector
        return np.asarray(np.maximum(vector @ self.hidden + self.hidden_bias, 0), dtype=np.float32)


def softmax(scores: Floats) -> Floats:
    """Probabilities along the last axis."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


def expected(topics: Floats, habits: Floats) -> Floats:
    """What the probable topics let expect of the urgency, as a hint for its scores."""
    return np.asarray(_HINT * np.log(topics @ habits), dtype=np.float32)


@dataclass(frozen=True)
class Model:
    """What training leaves: features, the two heads, and who owns which topic.

    The answers of `topic` are numbered like `owners`: the department of each, or UNCLEAR. A department's
    probability is the sum of its topics'; what is unclear may be anybody's and is dealt out evenly, so that
    an unclear text leaves no department probable.
    """

    features: Features
    topic: Head
    owners: tuple[str, ...]
    urgency: Head
    habits: Floats  #: (topics, urgencies): how urgent messages of a topic are as a rule, above 0
    departments: tuple[str, ...]  #: every known department, also one without an example
    mass: float = 1.0  #: how probable departments must be together to hold the right one 19 times in 20
    encoder: Encoder | None = None
    model_id: str = ""

    def with_id(self, model_id: str) -> "Model":
        """The same model under the name the registry gave it."""
        return replace(self, model_id=model_id)

    def predict(self, texts: Sequence[str]) -> list[Prediction]:
        """One prediction a text, in order; probabilities over all labels, the most probable first."""
        vectors = self.encoder.encode(texts) if self.encoder else [None] * len(texts)
        return [self._predict(text, vector) for text, vector in zip(texts, vectors, strict=True)]

    def _predict(self, text: str, vector: Floats | None) -> Prediction:
        row = self.features.row(text)
        topics = self.topic.probabilities(row, vector)
        departments = self.owned @ topics
        urgencies = self.urgency.probabilities(row, vector, expected(topics, self.habits))

        best = int(departments.argmax())
        topic = int((topics * (self.owned[best] == 1)).argmax())
        ranking = _ranking(self.departments, departments)
        needed = likeliest([share for _, share in ranking], self.mass)
        return Prediction(
            departments=ranking,
            urgencies=_ranking(self.urgency.labels, urgencies),
            offered=tuple(name for name, _ in ranking[:needed]),
            unclear=float(topics[self._nobodys].sum()),
            topic=self.topic.labels[topic] or None,
            reasons=self._reasons(row, topic),
            model_id=self.model_id,
        )

    def _reasons(self, row: SparseRow, topic: int) -> tuple[Reason, ...]:
        """The words that pulled hardest towards the topic or away from it, against all other topics."""
        at, values = row
        words = at < len(self.features.words.terms)
        weights = self.topic.sparse[at[words]]
        pull = values[words] * (weights[:, topic] - weights.mean(axis=1))
        strongest = np.argsort(-np.abs(pull))[:REASONS]
        terms = self.features.words.terms
        return tuple(Reason(terms[at[words][i]], float(pull[i])) for i in strongest if pull[i])

    @cached_property
    def _nobodys(self) -> list[int]:
        """The topics that are nobody's."""
        return [at for at, owner in enumerate(self.owners) if owner == UNCLEAR]

    @cached_property
    def owned(self) -> Floats:
        """Who owns which topic, as `ownership` tells."""
        return ownership(self.departments, self.owners)


def ownership(departments: Sequence[str], owners: Sequence[str]) -> Floats:
    """(departments, topics): 1 where the department owns the topic, an even share where nobody does."""
    share = 1 / len(departments)
    owned = [[share if owner == UNCLEAR else owner == name for owner in owners] for name in departments]
    return np.array(owned, dtype=np.float32)


def _ranking(labels: Sequence[str], probabilities: Floats) -> tuple[tuple[str, float], ...]:
    order = np.argsort(-probabilities, kind="stable")
    total = float(probabilities.astype(np.float64).sum())
    return tuple((labels[i], float(probabilities[i]) / total) for i in order)
