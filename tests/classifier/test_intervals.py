"""Intervals of measured figures."""

import numpy as np
import pytest
from numpy.typing import NDArray

from classifier.intervals import resampled, wilson


def test_more_messages_make_the_interval_narrower() -> None:
    few, many = wilson(0.8, 50), wilson(0.8, 5000)
    assert few[0] < many[0] < 0.8 < many[1] < few[1]


def test_nothing_wrong_in_ten_may_still_be_a_quarter_wrong() -> None:
    assert wilson(1.0, 10) == pytest.approx((0.722, 1.0), abs=0.001)


def test_nothing_is_known_of_no_messages() -> None:
    assert wilson(0.0, 0) == (0.0, 1.0)
    assert resampled(0, lambda at: {"never": 1 / 0}) == {}


def test_drawing_again_gives_the_same_interval() -> None:
    hits = np.array([True, False] * 20)

    def share(at: NDArray[np.int64]) -> dict[str, float]:
        return {"share": float(hits[at].mean())}

    (low, high) = resampled(40, share)["share"]
    assert resampled(40, share) == {"share": (low, high)}
    assert (low, high) == pytest.approx(wilson(0.5, 40), abs=0.04)


def test_an_interval_holds_its_figure_though_drawing_moves_it() -> None:
    gaps = np.array([1.0, -1.0] * 50)

    def error(at: NDArray[np.int64]) -> dict[str, float]:
        return {"error": abs(float(gaps[at].mean()))}

    low, high = resampled(100, error)["error"]
    assert low == 0
    assert 0 < high < 0.2
