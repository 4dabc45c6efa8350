"""A case: its moves, and references nobody can guess or mistype."""

import itertools
import random

import pytest

from bot.core.case import NEXT, OPEN, Status, Urgency, is_reference, move, new_reference
from bot.core.errors import IllegalMove


@pytest.mark.parametrize(("present", "wanted"), list(itertools.product(Status, Status)))
def test_only_the_moves_of_the_table_are_made(present: Status, wanted: Status) -> None:
    if wanted in NEXT[present]:
        assert move(present, wanted) is wanted
    else:
        with pytest.raises(IllegalMove):
            move(present, wanted)


def test_what_is_withdrawn_stays_withdrawn() -> None:
    assert NEXT[Status.WITHDRAWN] == frozenset()
    assert Status.WITHDRAWN not in OPEN


def test_urgencies_are_ordered() -> None:
    assert sorted(Urgency, key=lambda urgency: urgency.rank) == list(Urgency)


def test_a_new_reference_is_one() -> None:
    reference = new_reference("BOR", random.Random(7).choice)

    assert is_reference(reference, "BOR")
    assert is_reference(reference.lower(), "BOR")
    assert not is_reference(reference, "KOE")


def test_one_wrong_sign_is_always_found() -> None:
    reference = new_reference("BOR", random.Random(7).choice)
    for place, sign in itertools.product((4, 5, 6, 7), "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"):
        mistyped = reference[:place] + sign + reference[place + 1 :]
        assert is_reference(mistyped, "BOR") == (mistyped == reference)


def test_two_neighbours_swapped_are_found() -> None:
    reference = "BOR-7K3M-Q"
    assert is_reference(reference, "BOR")
    assert not is_reference("BOR-K73M-Q", "BOR")
