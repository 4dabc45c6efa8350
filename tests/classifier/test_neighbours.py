"""Neighbours: hand-written messages that mean nearly the same have a say, and nobody else's are kept."""

from dataclasses import replace

import numpy as np
import pytest

from classifier.example import Example
from classifier.neighbours import Neighbours
from classifier.training import train
from classifier.vectors import SIZE, Floats, load_encoder


def towards(*axes: int) -> Floats:
    """One vector for each axis, nearly along it."""
    vectors = np.random.default_rng(0).normal(0, 0.01, (len(axes), SIZE))
    vectors[np.arange(len(axes)), axes] += 1
    return vectors.astype(np.float32)


def test_the_nearest_messages_decide() -> None:
    near = Neighbours.fit(towards(3, 3, 7), np.array([0, 0, 1]), 2)

    assert near.scores(towards(3, 7)).argmax(axis=1).tolist() == [0, 1]


def test_a_label_nobody_may_vote_for_is_neither_likelier_nor_less_likely() -> None:
    near = Neighbours.fit(towards(3, 7), np.array([0, 2]), 3)

    votes = near.scores(towards(3))[0]
    assert votes[1] == pytest.approx((votes[0] + votes[2]) / 2)


def test_nobody_says_nothing() -> None:
    assert not Neighbours.nobody(4).scores(towards(1, 2)).any()


def test_only_messages_nobody_sent_are_kept(town: list[Example]) -> None:
    encoder = load_encoder()
    verdicts = [replace(one, text=f"{one.text}, bitte", source="verdict") for one in town]

    of_both, of_verdicts = (train(examples, encoder=encoder) for examples in ([*town, *verdicts], verdicts))

    assert of_both.topic.neighbours.counts.sum() == len(town)
    assert not of_verdicts.topic.neighbours.counts.any()
    assert not of_both.urgency.neighbours.counts.any()
