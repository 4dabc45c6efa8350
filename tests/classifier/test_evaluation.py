"""Counting right and wrong."""

import json

import pytest

from classifier.evaluation import Decision, evaluate, score
from classifier.intervals import wilson
from classifier.report import report
from classifier.rows import Row
from classifier.scorecard import Bin, Score, Scorecard, scorecard_of


def decision(*ranking: tuple[str, float], urgency: str = "normal", sure: bool = True) -> Decision:
    return Decision(ranking[0][0], urgency, ranking, sure, tuple(name for name, _ in ranking[:2]))


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


def test_asking_back_is_counted_where_the_department_is_clear_too(card: Scorecard) -> None:
    assert card.asked_though_clear == 1 / 4
    assert card.counts["asked_though_clear"] == 4


def test_a_false_alarm_is_an_emergency_where_none_is() -> None:
    rows = [Row("a", ("roads",), ("normal",)), Row("b", ("roads",), ("low",)), Row("c", ("gas",), ("emergency",))]
    card = score(rows, [decision(("roads", 1.0), urgency="emergency")] + [decision(("roads", 1.0))] * 2)
    assert (card.false_alarms, card.emergency_recall) == (1 / 2, 0)
    assert (card.counts["false_alarms"], card.counts["emergency_recall"]) == (2, 1)


def test_what_is_offered_counts_where_the_citizen_is_asked(card: Scorecard) -> None:
    assert card.offered_mean == 2
    assert (card.offered_right, card.counts["offered_right"]) == (0, 1)  # gas is the fourth of the ranking
    asked = score([Row("a", ("waste",))], [decision(("roads", 0.4), ("waste", 0.3), sure=False)])
    assert asked.offered_right == 1


def test_every_measure_has_an_interval_around_it(card: Scorecard) -> None:
    assert card.intervals["accuracy"] == pytest.approx(wilson(0.5, 4))
    assert set(card.counts) - set(card.intervals) == {"offered_mean"}
    for name, (low, high) in card.intervals.items():
        figure = card.urgencies[name[3:]].f1 if name.startswith("f1_") else getattr(card, name)
        assert low <= figure <= high, name


def test_three_of_one_urgency_that_are_all_missed_do_not_look_certain() -> None:
    card = score([Row(str(n), ("x",), ("low",)) for n in range(3)], [decision(("x", 1.0))] * 3)
    assert card.urgencies["low"].f1 == 0
    assert card.intervals["f1_low"][1] > 0.5


def test_bins_tell_how_many_how_sure_and_how_right(card: Scorecard) -> None:
    assert len(card.bins) == 10
    assert card.bins[9] == Bin(1, 0.9, 1.0)
    assert card.bins[0] == Bin(0, 0.0, 0.0)
    assert sum(one.count for one in card.bins) == card.clear


def test_the_matrix_holds_right_ones_too(card: Scorecard) -> None:
    assert set(card.matrix) == {
        ("roads", "roads", 1),
        ("waste", "waste", 1),
        ("waste", "roads", 1),
        ("gas", "roads", 1),
    }
    assert ("normal", "normal", 2) in card.urgency_matrix


def test_no_rows_give_a_scorecard_and_no_error() -> None:
    card = score([], [])
    assert card.accuracy == 0
    assert "0 messages" in report(card)
    assert set(card.intervals) == set()


def test_a_scorecard_comes_back_from_json(card: Scorecard) -> None:
    told = json.dumps(card.to_dict())
    read = scorecard_of(json.loads(told))
    assert json.dumps(read.to_dict()) == told
    assert (read.departments, read.languages, read.bins) == (card.departments, card.languages, tuple(card.bins))


def test_a_scorecard_of_an_older_version_is_read_with_what_it_tells(card: Scorecard) -> None:
    new = ("counts", "intervals", "bins", "matrix", "urgency_matrix", "false_alarms", "offered_mean", "offered_right")
    old = {name: value for name, value in card.to_dict().items() if name not in new} | {"forgotten": 1}
    read = scorecard_of(json.loads(json.dumps(old)))
    assert (read.accuracy, read.emergency_recall, read.departments) == (0.5, 0.5, card.departments)
    assert read.intervals["accuracy"] == pytest.approx(wilson(0.5, 4))
    assert "false_alarms" not in read.counts
    assert scorecard_of({}) == Scorecard()


def test_the_text_shows_departments_languages_and_confusions(card: Scorecard) -> None:
    text = report(card)
    assert "waste taken for roads (1)" in text
    assert "tr 0.00 (2)" in text
    assert "roads" in text
