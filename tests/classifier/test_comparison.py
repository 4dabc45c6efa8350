"""Comparing two models."""

from dataclasses import replace

from classifier.comparison import compare
from classifier.evaluation import Decision, score
from classifier.rows import Row
from classifier.scorecard import Scorecard


def decision(department: str, confidence: float) -> Decision:
    return Decision(department, "normal", ((department, confidence),), True)


def many(hits: int, count: int, confidence: float = 0.9) -> Scorecard:
    rows = [Row(str(n), ("gas" if n % 2 else "roads",), ("normal",)) for n in range(count)]
    made = [decision(row.departments[0] if n < hits else "park", confidence) for n, row in enumerate(rows)]
    return score(rows, made)


def test_a_candidate_as_good_as_the_incumbent_is_promoted() -> None:
    assert compare(many(90, 100), many(90, 100)).promote


def test_one_message_more_or_less_is_noise() -> None:
    assert compare(many(89, 100), many(90, 100)).promote


def test_a_department_that_got_clearly_worse_stops_the_candidate() -> None:
    verdict = compare(many(60, 100), many(90, 100))
    assert not verdict.promote
    assert any(reason.startswith("roads (found) falls from 0.900 to 0.600") for reason in verdict.reasons)


def test_a_lost_emergency_stops_the_candidate_whatever_else_got_better() -> None:
    incumbent = replace(many(50, 100), emergency_recall=0.95)
    verdict = compare(replace(many(90, 100), emergency_recall=0.94), incumbent)
    assert not verdict.promote
    assert verdict.reasons[0] == "Recall of emergencies falls from 0.950 to 0.940."


def test_a_candidate_that_boasts_is_stopped() -> None:
    verdict = compare(many(90, 100, confidence=0.999), many(90, 100))
    assert not verdict.promote
    assert "Calibration" in verdict.reasons[0]


def test_a_label_the_candidate_no_longer_knows_stops_it() -> None:
    rows = [Row("a", ("roads",))] * 10
    lost = score(rows, [decision("waste", 0.5)] * 10)
    assert not compare(lost, score(rows, [decision("roads", 0.5)] * 10)).promote
