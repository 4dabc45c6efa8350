"""Counting right and wrong, and comparing two models."""

from dataclasses import replace
from pathlib import Path

import pytest

from classifier.errors import BadExampleFile
from classifier.evaluation import Decision, Row, Score, Scorecard, compare, evaluate, read_rows, render, score


def decision(*ranking: tuple[str, float], urgency: str = "normal", sure: bool = True) -> Decision:
    return Decision(ranking[0][0], urgency, ranking, sure)


ROWS = [
    Row("a", ("roads",), ("normal",), lang="de"),
    Row("b", ("roads", "waste"), ("normal", "urgent"), lang="de"),
    Row("c", ("waste",), ("emergency",), also=("roads",), lang="tr"),
    Row("d", ("gas",), ("emergency",), lang="tr"),
    Row("e", ("unklar",), ("normal",)),
]
DECISIONS = [
    decision(("roads", 0.9), ("waste", 0.1)),
    decision(("waste", 0.6), ("roads", 0.4), urgency="urgent"),
    decision(("roads", 0.5), ("gas", 0.3), ("waste", 0.2), urgency="emergency"),
    decision(("roads", 0.4), ("waste", 0.3), ("park", 0.2), ("gas", 0.1), sure=False),
    decision(("park", 0.3), ("gas", 0.2), sure=False),
]


@pytest.fixture
def card() -> Scorecard:
    return score(ROWS, DECISIONS)


def test_any_of_several_right_answers_is_right(card: Scorecard) -> None:
    assert card.accuracy == 2 / 4


def test_a_defensible_answer_counts_apart(card: Scorecard) -> None:
    assert card.right_or_also == 3 / 4


def test_the_first_three_are_looked_at_and_not_the_fourth(card: Scorecard) -> None:
    assert card.top3 == 3 / 4


def test_unclear_rows_are_right_when_asked_back_and_no_department_suffers(card: Scorecard) -> None:
    assert (card.rows, card.clear) == (5, 4)
    assert card.unclear_asked == 1
    assert card.asked_back == 2 / 5
    assert card.accuracy_when_sure == 2 / 3


def test_a_row_that_may_be_asked_back_or_placed_is_judged_by_its_department() -> None:
    card = score([Row("a", ("unklar", "roads"))] * 2, [decision(("roads", 1.0)), decision(("waste", 1.0))])
    assert (card.clear, card.accuracy) == (2, 0.5)
    assert set(card.departments) == {"roads"}


def test_precision_and_recall_of_a_department(card: Scorecard) -> None:
    assert card.departments["roads"] == Score(count=1, precision=1 / 3, recall=1.0, f1=0.5)
    assert card.departments["waste"] == Score(count=2, precision=1.0, recall=0.5, f1=2 / 3)


def test_urgency_is_counted_over_all_rows(card: Scorecard) -> None:
    assert card.urgency_accuracy == 4 / 5
    assert card.emergency_recall == 1 / 2


def test_languages_stand_apart(card: Scorecard) -> None:
    assert card.languages == {"de": (2, 1.0), "tr": (2, 0.0)}


def test_confusions_say_what_was_taken_for_what(card: Scorecard) -> None:
    assert set(card.confusions) == {("waste", "roads", 1), ("gas", "roads", 1)}


def test_calibration_error_is_the_gap_between_confidence_and_truth() -> None:
    rows = [Row(str(n), ("roads",)) for n in range(4)]
    made = [decision((name, 0.75), ("x", 0.25)) for name in ("roads", "roads", "roads", "waste")]
    assert score(rows, made).calibration_error == pytest.approx(0)
    assert score(rows, [decision(("waste", 0.75))] * 4).calibration_error == pytest.approx(0.75)


def test_rules_and_model_are_judged_together_through_one_callable() -> None:
    def decide(text: str) -> Decision:
        return decision(("gas", 1.0), urgency="emergency") if text == "d" else decision(("roads", 1.0))

    assert evaluate(ROWS, decide).departments["gas"].recall == 1


def test_no_rows_give_a_scorecard_and_no_error() -> None:
    assert score([], []).accuracy == 0
    assert "0 messages" in render(score([], []))


def test_the_text_shows_departments_languages_and_confusions(card: Scorecard) -> None:
    text = render(card)
    assert "waste taken for roads (1)" in text
    assert "tr 0.00 (2)" in text
    assert "roads" in text


def many(hits: int, count: int, confidence: float = 0.9) -> Scorecard:
    rows = [Row(str(n), ("gas" if n % 2 else "roads",), ("normal",)) for n in range(count)]
    made = [decision((row.departments[0] if n < hits else "park", confidence)) for n, row in enumerate(rows)]
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


def test_a_label_the_candidate_no_longer_knows_stops_it(card: Scorecard) -> None:
    rows = [Row("a", ("roads",))] * 10
    lost = score(rows, [decision(("waste", 0.5))] * 10)
    assert not compare(lost, score(rows, [decision(("roads", 0.5))] * 10)).promote


def test_rows_are_read_with_one_answer_or_several(tmp_path: Path) -> None:
    lines = '{"text": "x", "department": "roads"}\n\n{"text": "y", "department": ["a", "b"], "urgency": "low"}\n'
    (tmp_path / "rows.jsonl").write_text(lines)
    assert read_rows(tmp_path / "rows.jsonl") == [Row("x", ("roads",)), Row("y", ("a", "b"), ("low",))]


def test_rows_that_cannot_be_read_are_all_named(tmp_path: Path) -> None:
    (tmp_path / "rows.jsonl").write_text('{"text": 1, "department": "a"}\n{"text": "x"}\n[1]\nnonsense\n')
    with pytest.raises(BadExampleFile) as caught:
        read_rows(tmp_path / "rows.jsonl")
    places = [line.split(": ")[0] for line in str(caught.value).splitlines()]
    assert places == [f"rows.jsonl:{n}:1" for n in (1, 2, 3, 4)]
