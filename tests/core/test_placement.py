"""Placement: which case a message belongs to, told in weekdays."""

from datetime import datetime

import pytest

from bot.core.case import Status, Urgency
from bot.core.conversation import placement
from bot.core.conversation.cue import Cues
from bot.core.conversation.state import CaseView, Conversation, Timing
from bot.core.safety import Findings
from bot.core.triage import Decision, TriagePolicy, decide
from classifier.prediction import Prediction
from tests.night import at

POLICY = TriagePolicy(departments=("rathaus", "strassen", "abfall", "schutz"), front_office="rathaus")
CUES = Cues.build(
    {"de": {"new_concern": ["noch etwas", "noch was"], "continuation": ["das ist"], "worsening": ["jetzt"]}}
)
OPENED = at("Tue 2026-11-24 20:00")


def case(
    status: Status = Status.WAITING, *, number: int = 1, department: str = "strassen", sure: bool = True
) -> CaseView:
    return CaseView(number, "BOR-7K3M-Q", department, Urgency.NORMAL, status, OPENED, OPENED, text="Laterne", sure=sure)


def sure_of(department: str, share: float = 0.95) -> Decision:
    other = "rathaus" if department != "rathaus" else "abfall"
    return decide(Prediction(((department, share), (other, 1 - share)), (("normal", 1.0),)), Findings(), POLICY)


UNSURE = decide(None, Findings(), POLICY)


@pytest.mark.parametrize(
    ("status", "now", "joins"),
    [
        (Status.WAITING, "Fri 2026-11-27 19:00", True),
        (Status.WAITING, "Fri 2026-11-27 21:00", False),  # after 72 hours
        (Status.TAKEN, "Wed 2026-11-25 09:00", True),
        (Status.ANSWERED, "Mon 2026-12-07 09:00", True),
        (Status.ANSWERED, "Wed 2026-12-09 09:00", False),  # after 14 days
        (Status.CLOSED, "Tue 2026-11-24 20:05", True),  # settled a moment ago
        (Status.CLOSED, "Wed 2026-11-25 09:00", False),
        (Status.WITHDRAWN, "Tue 2026-11-24 20:05", False),
    ],
)
def test_how_long_a_case_can_be_joined(status: Status, now: str, joins: bool) -> None:
    found = placement.at_hand(Conversation(cases=(case(status),)), at(now), Timing())

    assert (found is not None) is joins


@pytest.mark.parametrize(
    ("text", "own", "now", "new"),
    [
        ("unsere Tonne wurde nicht geleert", sure_of("abfall"), "Tue 2026-11-24 20:03", True),
        ("unsere Tonne wurde nicht geleert", sure_of("abfall", 0.7), "Tue 2026-11-24 20:03", False),  # not plain
        ("unsere Tonne wurde nicht geleert", sure_of("abfall", 0.7), "Tue 2026-11-24 22:00", True),
        ("das ist auch bei der Tonne so", sure_of("abfall"), "Tue 2026-11-24 20:03", False),
        ("volle Tonne", sure_of("abfall"), "Tue 2026-11-24 22:00", False),  # too few words
        ("an der linken Seite", UNSURE, "Tue 2026-11-24 22:00", False),
        ("noch was anderes: hallo?", UNSURE, "Tue 2026-11-24 20:03", True),
        ("noch was: es ist Hausnummer 3", UNSURE, "Tue 2026-11-24 20:03", False),
        ("noch was: sie flackert auch", sure_of("strassen"), "Tue 2026-11-24 20:03", False),
        ("noch eine andere Laterne, noch was anderes", sure_of("strassen"), "Tue 2026-11-24 20:03", True),
    ],
)
def test_when_a_text_is_a_concern_of_its_own(text: str, own: Decision, now: str, new: bool) -> None:
    assert placement.is_new_concern(text, own, case(), at(now), CUES, Timing()) is new


def test_a_case_nobody_could_place_is_still_being_explained() -> None:
    unsure = case(department="rathaus", sure=False)
    later = at("Tue 2026-11-24 21:00")

    assert not placement.is_new_concern(
        "die Tonne ist gemeint, die graue", sure_of("abfall"), unsure, later, CUES, Timing()
    )


def test_going_back_to_the_first_of_two_cases() -> None:
    both = Conversation(cases=(case(number=2, department="abfall"), case(number=1)))
    now: datetime = at("Tue 2026-11-24 20:40")
    text = "die Laterne flackert wieder ab und zu"

    found = placement.earlier(both, text, sure_of("strassen"), both.cases[0], now, CUES, Timing())

    assert found is not None
    assert found.id == 1


@pytest.mark.parametrize(
    ("joined", "opened_by_person", "wanted"),
    [
        (sure_of("abfall"), False, "abfall"),
        (sure_of("abfall"), True, "strassen"),  # a person has put it there
        (UNSURE, False, "strassen"),
    ],
)
def test_the_machine_moves_a_case_only_in_the_first_minutes(
    joined: Decision, opened_by_person: bool, wanted: str
) -> None:
    known = CaseView(
        1, "BOR-7K3M-Q", "strassen", Urgency.URGENT, Status.WAITING, OPENED, OPENED, by_person=opened_by_person
    )

    department, urgency = placement.revise(known, joined, at("Tue 2026-11-24 20:05"), Timing())

    assert department == wanted
    assert urgency is Urgency.URGENT  # never lowered
    assert placement.revise(known, joined, at("Tue 2026-11-24 21:00"), Timing())[0] == "strassen"


@pytest.mark.parametrize(
    ("text", "legible"), [("Laterne", True), ("Ліхтар", True), ("مصباح", True), ("შუქი", False), ("12345", True)]
)
def test_which_scripts_the_house_reads(text: str, legible: bool) -> None:
    assert placement.is_legible(text) is legible
