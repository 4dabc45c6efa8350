"""Shadow: two models side by side, and who of them was right."""

from bot.core.case import Urgency
from bot.core.rerouting import Placing
from bot.core.shadow import Compared, Right, shadow_report

LAMP, BIN = Placing("strassen", Urgency.NORMAL), Placing("abfall", Urgency.NORMAL)
FIRE = Placing("schutz", Urgency.EMERGENCY)


def text(reference: str, serving: Placing, shadow: Placing | None, verdict: Placing | None = None) -> Compared:
    return Compared(reference, "serving", serving, shadow, verdict)


def test_a_case_counts_once_by_its_newest_text() -> None:
    report = shadow_report([text("A", LAMP, BIN), text("B", BIN, BIN), text("A", LAMP, LAMP)], "serving")
    assert (report.texts, len(report.cases), report.agreed) == (3, 2, 2)


def test_differences_are_told_by_pair_with_their_references() -> None:
    report = shadow_report([text("A", LAMP, FIRE), text("B", LAMP, BIN), text("C", LAMP, BIN)], "serving")
    assert list(report.differences("department").items()) == [
        (("strassen", "abfall"), ("B", "C")),
        (("strassen", "schutz"), ("A",)),
    ]
    assert report.differences("urgency") == {("normal", "emergency"): ("A",)}


def test_emergencies_won_and_lost_are_told_apart() -> None:
    report = shadow_report([text("A", LAMP, FIRE), text("B", FIRE, LAMP), text("C", FIRE, FIRE)], "serving")
    assert (report.gained, report.lost) == (("A",), ("B",))


def test_who_was_right_is_counted_where_a_person_has_judged() -> None:
    report = shadow_report(
        [
            text("A", LAMP, BIN, LAMP),
            text("B", LAMP, BIN, BIN),
            text("C", BIN, BIN, BIN),
            text("D", LAMP, BIN, FIRE),
            text("E", LAMP, BIN),
        ],
        "serving",
    )
    right = report.right("department")
    assert right == Right(judged=4, both=1, serving=1, shadow=1)
    assert right.neither == 1
    assert report.right("urgency") == Right(judged=4, both=3, serving=0, shadow=0)


def test_failures_are_counted_and_prove_nothing() -> None:
    report = shadow_report([text("A", LAMP, None, BIN), text("B", BIN, BIN)], "serving")
    assert (report.texts, report.failed, len(report.cases)) == (2, 1, 1)
    assert report.right("department").judged == 0


def test_texts_beside_another_model_are_only_counted() -> None:
    report = shadow_report([text("A", LAMP, BIN), Compared("B", "earlier", LAMP, BIN)], "serving")
    assert (report.texts, report.elsewhere) == (1, 1)
