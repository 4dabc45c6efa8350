"""Rerouting: what changes between two models, and what stands first of it."""

from bot.core.case import Urgency
from bot.core.rerouting import Placing, Rerouted, placing, rerouting
from bot.core.safety import Findings
from bot.core.triage import TriagePolicy, decide
from classifier.prediction import Prediction
from tests.night import at

LAMP, GAS = Placing("strassen", Urgency.NORMAL), Placing("versorgung", Urgency.EMERGENCY)
POLICY = TriagePolicy(departments=("rathaus", "strassen", "abfall"), front_office="rathaus")


def case(reference: str, opened: str, before: Placing, after: Placing) -> Rerouted:
    return Rerouted(reference, at(opened), before, after)


def test_what_stays_where_it_is_counts_and_is_not_listed() -> None:
    found = rerouting([case("A", "Tue 2026-11-24 20:00", LAMP, LAMP), case("B", "Tue 2026-11-24 21:00", GAS, GAS)])
    assert (found.cases, found.changes, found.lost_emergencies) == (2, (), 0)


def test_lost_emergencies_stand_first_and_then_the_newest() -> None:
    calm = Placing("versorgung", Urgency.NORMAL)
    found = rerouting(
        [
            case("old", "Mon 2026-11-23 20:00", LAMP, calm),
            case("new", "Wed 2026-11-25 20:00", LAMP, GAS),
            case("lost", "Sun 2026-11-22 20:00", GAS, calm),
            case("lost later", "Sun 2026-11-22 21:00", GAS, LAMP),
        ]
    )
    assert [change.reference for change in found.changes] == ["lost later", "lost", "new", "old"]
    assert found.lost_emergencies == 2


def test_what_nobody_is_sure_of_goes_to_the_front_office() -> None:
    unsure = Prediction((("strassen", 0.4), ("abfall", 0.35), ("rathaus", 0.25)), (("normal", 1.0),))
    assert placing(decide(unsure, Findings(), POLICY)) == Placing("rathaus", Urgency.NORMAL)
