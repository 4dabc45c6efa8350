"""Shares: the range is narrow for many, wide for few, and never outside of 0 and 1."""

import pytest

from bot.core.share import Share, share_of


def test_a_share_counts_what_is_true() -> None:
    assert share_of([True, False, True, True]) == Share(3, 4)
    assert Share(3, 4).value == 0.75


@pytest.mark.parametrize(
    ("share", "low", "high"),
    [
        (Share(10, 10), 0.722, 1.0),
        (Share(0, 10), 0.0, 0.278),
        (Share(40, 50), 0.670, 0.888),
        (Share(4000, 5000), 0.789, 0.811),
    ],
)
def test_the_range_is_wilsons(share: Share, low: float, high: float) -> None:
    assert share.range == pytest.approx((low, high), abs=0.001)


def test_of_nothing_it_may_be_anything() -> None:
    assert Share(0, 0).value == 0.0
    assert Share(0, 0).range == (0.0, 1.0)
