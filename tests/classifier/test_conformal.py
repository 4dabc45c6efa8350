"""Sets of departments that hold the right one as often as promised."""

import numpy as np
import pytest

from classifier.conformal import likeliest, needed_mass


def test_a_set_made_so_holds_the_right_label_19_times_in_20() -> None:
    random = np.random.default_rng(0)
    shares = random.dirichlet(np.full(8, 0.8), size=8_000).astype(np.float32)
    drawn = np.array([random.choice(8, p=row / row.sum()) for row in shares.astype(float)])
    right = np.eye(8)[drawn]
    mass = needed_mass(shares[:4_000], right[:4_000])

    held, sizes = [], []
    for row, answer in zip(shares[4_000:], drawn[4_000:], strict=True):
        if row.max() < 0.6:
            order = np.argsort(-row)
            sizes.append(likeliest(row[order].tolist(), mass))
            held.append(answer in order[: sizes[-1]])
    assert np.mean(held) >= 0.95
    assert np.mean(sizes) < 8


def test_with_too_little_doubt_to_learn_from_every_label_is_offered() -> None:
    shares = np.array([[0.9, 0.1]] * 50, np.float32)
    assert needed_mass(shares, np.array([[1, 0]] * 50)) == 1.0
    assert likeliest([0.5, 0.3, 0.2], 1.0) == 3


@pytest.mark.parametrize(("mass", "needed"), [(0.4, 1), (0.5, 1), (0.6, 2), (0.8, 2), (0.81, 3)])
def test_the_likeliest_are_taken_until_they_gather_enough(mass: float, needed: int) -> None:
    assert likeliest([0.5, 0.3, 0.2], mass) == needed
