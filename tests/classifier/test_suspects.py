"""Labels that all others contradict are named; honest ones are not."""

import numpy as np

from classifier.example import Example
from classifier.suspects import suspects
from classifier.training import train_and_review

DEPARTMENTS = ["roads", "waste"]


def _messages(*departments: str) -> list[Example]:
    return [Example(f"message {at}", department, "normal") for at, department in enumerate(departments)]


def test_a_label_that_hardly_fits_is_suspected_and_the_likelier_one_named() -> None:
    shares = np.array([[0.9, 0.1], [0.8, 0.2], [0.05, 0.95], [0.03, 0.97]], np.float32)
    (one,) = suspects(_messages("roads", "roads", "waste", "roads"), DEPARTMENTS, shares)
    assert (one.example.text, one.likelier) == ("message 3", "waste")
    assert one.own_probability < 0.1 < one.probability


def test_a_close_call_is_no_suspicion() -> None:
    shares = np.array([[0.9, 0.1], [0.4, 0.6], [0.1, 0.9]], np.float32)
    assert suspects(_messages("roads", "roads", "waste"), DEPARTMENTS, shares) == ()


def test_the_most_contradicted_comes_first() -> None:
    shares = np.array([[0.12, 0.88], [0.01, 0.99], [0.2, 0.8], [0.9, 0.1]], np.float32)
    found = suspects(_messages("roads", "roads", "waste", "roads"), DEPARTMENTS, shares)
    assert [one.example.text for one in found] == ["message 1", "message 0"]


def test_training_finds_a_mistaken_verdict_among_many_right_ones(town: list[Example]) -> None:
    wrong = Example("Die Laterne am Wall ist aus", "waste", "normal", "bin", source="verdict")
    found = train_and_review([*town, wrong]).suspects
    assert found[0].example == wrong
    assert found[0].likelier == "roads"
