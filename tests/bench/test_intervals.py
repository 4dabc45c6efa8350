"""Intervals of measured figures."""

import pytest

from classifier.evaluation import Decision, Row
from tests.bench.intervals import bootstrap, wilson


def test_more_messages_make_the_interval_narrower() -> None:
    few, many = wilson(0.8, 50), wilson(0.8, 5000)
    assert few[0] < many[0] < 0.8 < many[1] < few[1]


def test_nothing_wrong_in_ten_may_still_be_a_quarter_wrong() -> None:
    assert wilson(1.0, 10) == pytest.approx((0.722, 1.0), abs=0.001)


def test_drawing_again_gives_the_same_interval() -> None:
    rows = [Row("a", ("x",), ("normal",)), Row("b", ("y",), ("normal",))] * 20
    made = [Decision("x", "normal", (("x", 0.9),), True)] * 40
    low, high = bootstrap(rows, made, lambda card: card.accuracy)
    assert (low, high) == bootstrap(rows, made, lambda card: card.accuracy)
    assert 0.2 < low < 0.5 < high < 0.8
