"""Floors just below what a model of the starter messages reaches, so that it cannot sink unnoticed."""

import pytest

from classifier.evaluation import Scorecard, score
from classifier.model import Model
from classifier.training import train
from classifier.vectors import load_encoder
from tests.bench.judging import by_house
from tests.bench.material import ROOT, Material, material

#: Set, figure, floor. The sets of real messages are judged only where they lie beside the house.
FLOORS = (
    ("gold", "accuracy", 0.84),
    ("gold", "right_or_also", 0.88),
    ("gold", "top3", 0.95),
    ("gold", "urgency_accuracy", 0.905),
    ("konstanz", "accuracy", 0.76),
    ("gate", "accuracy", 0.72),
    ("gate", "urgency_accuracy", 0.87),
    ("unclear", "unclear_asked", 0.89),
)
#: Set, figure, ceiling.
CEILINGS = (("gold", "calibration_error", 0.08), ("gold", "asked_back", 0.10), ("gate", "calibration_error", 0.12))


@pytest.fixture(scope="module")
def found() -> Material:
    return material()


@pytest.fixture(scope="module")
def cards(found: Material) -> dict[str, Scorecard]:
    encoder = load_encoder()
    assert encoder, "the sentence encoder must be installed for this test"
    cache = ROOT / "var" / "tests"  # encoding all starter messages takes half a minute the first time
    model: Model = train(found.train, encoder=encoder, cache_dir=cache, departments=found.departments)
    judge = by_house(found.settings, model)
    return {name: score(rows, judge(rows)) for name, rows in found.sets.items() if not name.startswith("gold,")}


@pytest.mark.timeout(900)
def test_the_starter_messages_reach_what_they_reached_before(cards: dict[str, Scorecard]) -> None:
    sunk = [f"{s} {figure} {got:.3f} < {floor}" for s, figure, got, floor in _of(cards, FLOORS) if got < floor]
    high = [f"{s} {figure} {got:.3f} > {top}" for s, figure, got, top in _of(cards, CEILINGS) if got > top]
    assert sunk + high == []


def _of(cards: dict[str, Scorecard], wanted: tuple[tuple[str, str, float], ...]) -> list[tuple[str, str, float, float]]:
    return [(name, figure, getattr(cards[name], figure), bound) for name, figure, bound in wanted if name in cards]
