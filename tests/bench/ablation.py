"""Ablation: the same training with a part left out, to see what each part is worth."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from unittest.mock import patch

import numpy as np

from classifier.example import Example
from classifier.features import Features, Vocabulary
from classifier.model import Model
from classifier.training import train
from classifier.vectors import Encoder
from tests.bench.judging import Judge, by_house, by_model
from tests.bench.material import Material

#: A vocabulary of one term that no text holds.
_NOTHING = Vocabulary(("\0",), np.ones(2, np.float32))


def ablations(found: Material, model: Model, encoder: Encoder) -> Iterator[tuple[str, Judge]]:
    """Each part left out or alone, then the whole, without and with the rules."""
    for name, words, letters, vectors in (
        ("words alone", True, False, False),
        ("letters alone", False, True, False),
        ("words and letters", True, True, False),
        ("vectors alone", False, False, True),
        ("words and vectors", True, False, True),
        ("letters and vectors", False, True, True),
    ):
        with _features(words=words, letters=letters):
            part = train(found.train, encoder=encoder if vectors else None, departments=found.departments)
        yield name, by_model(found.settings, part)
    yield "no neighbours", by_model(found.settings, _without_neighbours(found, encoder))
    yield "departments instead of topics", by_model(found.settings, _without_topics(found, encoder))
    yield "all, without rules", by_model(found.settings, model)
    yield "all, with rules", by_house(found.settings, model)


def _without_neighbours(found: Material, encoder: Encoder) -> Model:
    sent: list[Example] = [replace(example, source="import") for example in found.train]
    return train(sent, encoder=encoder, departments=found.departments)


def _without_topics(found: Material, encoder: Encoder) -> Model:
    plain: list[Example] = [replace(example, topic=None) for example in found.train]
    return train(plain, encoder=encoder, departments=found.departments)


@contextmanager
def _features(*, words: bool, letters: bool) -> Iterator[None]:
    whole = Features.fit

    def fit(texts: Sequence[str]) -> Features:
        fitted = whole(texts)
        return Features(fitted.words if words else _NOTHING, fitted.grams if letters else _NOTHING)

    with patch.object(Features, "fit", fit):
        yield
