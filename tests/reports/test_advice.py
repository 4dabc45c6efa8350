"""What an admin is told to do about a scorecard."""

from dataclasses import replace

from bot.core.triage import TriagePolicy
from bot.reports.advice import Advice, advice
from classifier.scorecard import Bin, Scorecard

POLICY = TriagePolicy(("strassen", "abfall"), "strassen")
GOOD = Scorecard(
    rows=1000,
    clear=1000,
    accuracy=0.9,
    emergency_recall=1.0,
    counts={"emergency_recall": 50, "false_alarms": 950},
    intervals={"accuracy": (0.88, 0.92)},
)


def told(card: Scorecard) -> list[Advice]:
    return advice(card, {"strassen": "Straßen", "abfall": "Abfall"}, POLICY)


def test_where_nothing_stands_out_that_is_said() -> None:
    assert [one.kind for one in told(GOOD)] == ["nothing"]


def test_a_missed_emergency_comes_first() -> None:
    confused = (("strassen", "abfall", 9),)
    kinds = [one.kind for one in told(replace(GOOD, emergency_recall=0.98, confusions=confused))]
    assert kinds == ["missed", "mixed"]


def test_both_directions_of_a_confusion_count_as_one_pair() -> None:
    card = replace(GOOD, confusions=(("strassen", "abfall", 2), ("abfall", "strassen", 1)))
    assert told(card) == [Advice("mixed", {"pairs": [("Abfall", "Straßen", 3)]})]
    assert told(replace(GOOD, confusions=(("strassen", "abfall", 2),)))[0].kind == "nothing"


def test_what_may_be_chance_is_not_advised_on() -> None:
    often = replace(GOOD, false_alarms=0.08, intervals={"false_alarms": (0.06, 0.1)})
    chance = replace(often, intervals={"false_alarms": (0.04, 0.2)})
    assert [one.kind for one in told(often)] == ["alarms"]
    assert [one.kind for one in told(chance)] == ["nothing"]


def test_a_language_is_named_when_it_is_surely_worse() -> None:
    card = replace(GOOD, languages={"de": (900, 0.92), "ro": (60, 0.5), "pl": (2, 0.5)})
    assert told(card) == [Advice("languages", {"languages": ["Rumänisch"]})]


def test_boasting_where_it_is_certain_does_not_hide_behind_doubt() -> None:
    bins = (Bin(100, 0.4, 0.6), Bin(200, 0.98, 0.88))
    assert [one.kind for one in told(replace(GOOD, bins=bins))] == ["boasts", "too_modest"]
    assert told(replace(GOOD, bins=(Bin(10, 0.98, 0.5),)))[0].kind == "nothing"


def test_few_messages_are_said_to_be_few() -> None:
    assert [one.kind for one in told(replace(GOOD, rows=40))] == ["few"]
