"""The messages an admin should read first."""

from classifier.evaluation import Decision
from classifier.mistakes import Mistake, mistakes
from classifier.rows import Row


def decided(department: str, probability: float, urgency: str = "normal", *, sure: bool = True) -> Decision:
    return Decision(department, urgency, ((department, probability),), sure)


def test_wrong_departments_come_the_most_certain_first_with_their_line() -> None:
    rows = [Row("a", ("roads",), line=1), Row("b", ("roads",), line=3), Row("c", ("roads",), line=4)]
    found = mistakes(rows, [decided("waste", 0.6), decided("waste", 0.9), decided("roads", 1.0)])
    assert found.departments == (Mistake(3, "b", ("roads",), "waste", 0.9), Mistake(1, "a", ("roads",), "waste", 0.6))


def test_what_is_defensible_or_was_asked_back_is_no_bad_mistake() -> None:
    rows = [Row("a", ("roads",), also=("waste",)), Row("b", ("roads",)), Row("c", ("unklar",))]
    found = mistakes(rows, [decided("waste", 0.9), decided("waste", 0.4, sure=False), decided("waste", 0.9)])
    assert found.departments == ()


def test_missed_emergencies_and_false_alarms_stand_apart() -> None:
    rows = [
        Row("Gas", ("gas",), ("emergency",), line=1),
        Row("Gas?", ("gas",), ("urgent", "emergency"), line=2),
        Row("Laterne", ("roads",), ("normal",), line=3),
    ]
    made = [decided("gas", 0.9, "normal"), decided("gas", 0.9, "emergency"), decided("roads", 0.9, "emergency")]
    found = mistakes(rows, made)
    assert [one.line for one in found.missed_emergencies] == [1]
    assert [(one.line, one.decided) for one in found.false_alarms] == [(3, "emergency")]
    assert found.departments == ()
