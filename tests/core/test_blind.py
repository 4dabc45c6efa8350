"""The blind sample's rules: what is drawn, in which order, and what is counted."""

import secrets

from bot.core.blind import Drawn, Guess, Judgement, figures, findings, is_drawn, ordered
from bot.core.case import Urgency, new_reference
from bot.core.share import Share
from bot.core.verdict import Verdict

REFERENCES = [new_reference("BOR", secrets.choice) for _ in range(4000)]


def says(
    case: int,
    said: tuple[str, Urgency] | None,
    guess: tuple[str, Urgency] = ("strassen", Urgency.NORMAL),
    *,
    sure: bool = True,
) -> Judgement:
    return Judgement(case, Verdict(*said) if said else None, Guess(*guess, sure, "m1"))


NORMAL = ("strassen", Urgency.NORMAL)


def test_about_as_many_are_drawn_as_the_town_wants_and_always_the_same_ones() -> None:
    drawn = [one for one in REFERENCES if is_drawn(one, 5)]
    assert 120 < len(drawn) < 290
    assert [one for one in REFERENCES if is_drawn(one, 5)] == drawn


def test_a_larger_share_holds_the_smaller_one_and_none_means_none() -> None:
    assert not any(is_drawn(one, 0) for one in REFERENCES)
    assert all(is_drawn(one, 100) for one in REFERENCES)
    assert all(is_drawn(one, 20) for one in REFERENCES if is_drawn(one, 5))


def test_what_nobody_has_judged_comes_first_and_the_rest_by_lot() -> None:
    drawn = [Drawn(number, reference, opinions=number % 2) for number, reference in enumerate(REFERENCES[:40])]
    order = ordered(drawn)
    assert [one.opinions for one in order] == [0] * 20 + [1] * 20
    assert order == ordered(reversed(drawn))
    assert [one.case for one in order] != sorted(one.case for one in order)


def test_machine_and_people_are_compared_case_by_case() -> None:
    found = figures(
        [
            says(1, NORMAL),
            says(2, ("gruen", Urgency.NORMAL), sure=False),
            says(3, ("strassen", Urgency.URGENT)),
            says(4, None),
        ]
    )
    assert found.cases == 3
    assert (found.department, found.when_sure, found.urgency) == (Share(2, 3), Share(2, 2), Share(2, 3))
    assert found.departments == {"strassen": Share(2, 2), "gruen": Share(0, 1)}


def test_an_emergency_the_machine_took_for_less_is_missed() -> None:
    emergency = ("schutz", Urgency.EMERGENCY)
    assert figures([says(1, emergency), says(2, emergency, emergency), says(3, NORMAL)]).missed == 1


def test_only_a_department_with_enough_cases_stands_by_itself() -> None:
    many = [says(case, NORMAL) for case in range(10)]
    few = [says(case, ("gruen", Urgency.LOW)) for case in range(10, 19)]
    assert [name for name, _ in figures([*few, *many]).large] == ["strassen"]


def test_the_first_judgement_of_a_case_counts_and_the_second_only_for_agreement() -> None:
    found = findings(7, [says(1, NORMAL), says(2, NORMAL), says(1, ("gruen", Urgency.NORMAL))], [])
    assert found.drawn == 7
    assert found.blind.cases == 2
    assert found.blind.department == Share(2, 2)
    assert (found.twice, found.agreed_department, found.agreed_urgency) == (1, Share(0, 1), Share(1, 1))


def test_who_cannot_tell_neither_counts_nor_stands_in_the_way() -> None:
    found = findings(2, [says(1, None), says(1, NORMAL), says(2, None), says(2, None)], [])
    assert (found.blind.cases, found.unclear, found.twice) == (1, 1, 0)


def test_under_thirty_cases_it_is_too_early() -> None:
    assert findings(99, [says(case, NORMAL) for case in range(29)], []).early
    assert not findings(99, [says(case, NORMAL) for case in range(30)], []).early
