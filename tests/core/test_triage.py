"""Triage: what rules and model say together, and what happens when one of them is silent or odd."""

from dataclasses import replace

import pytest

from bot.core.case import Urgency
from bot.core.safety import Findings, SafetyHit
from bot.core.triage import DecidedBy, Decision, TriagePolicy, decide
from classifier.prediction import Prediction

POLICY = TriagePolicy(departments=("rathaus", "strassen", "versorgung", "abfall"), front_office="rathaus")
GAS = SafetyHit("gas", "gas", "versorgung", "riecht nach Gas")


def says(departments: dict[str, float], **urgencies: float) -> Prediction:
    return Prediction(tuple(departments.items()), tuple((urgencies or {"normal": 1.0}).items()), model_id="m1")


def total(decision: Decision) -> float:
    return round(sum(share for _, share in decision.ranking), 6)


def test_a_sure_model_decides() -> None:
    decision = decide(says({"strassen": 0.8, "abfall": 0.2}), Findings(), POLICY)

    assert (decision.department, decision.holder, decision.sure) == ("strassen", "strassen", True)
    assert decision.decided_by is DecidedBy.MODEL


@pytest.mark.parametrize("shares", [{"strassen": 0.45, "abfall": 0.2}, {"strassen": 0.52, "abfall": 0.48}])
def test_an_unsure_model_leaves_it_to_the_front_office(shares: dict[str, float]) -> None:
    decision = decide(says(shares), Findings(), POLICY) if sum(shares.values()) == 1 else None
    decision = decision or decide(says({**shares, "versorgung": 0.35}), Findings(), POLICY)

    assert (decision.department, decision.holder, decision.sure) == ("strassen", "rathaus", False)
    assert decision.decided_by is DecidedBy.FRONT_OFFICE


def test_a_rule_outranks_the_model_and_the_list_still_sums_to_one() -> None:
    decision = decide(says({"abfall": 0.9, "versorgung": 0.1}, low=1.0), Findings((GAS,)), POLICY)

    assert decision.ranking[0][0] == "versorgung"
    assert decision.urgency is Urgency.EMERGENCY
    assert decision.danger == "gas"
    assert total(decision) == 1


def test_without_a_model_the_front_office_asks_and_rules_still_stand() -> None:
    calm, danger = decide(None, Findings(), POLICY), decide(None, Findings((GAS,)), POLICY)

    assert (calm.holder, calm.sure, calm.urgency) == ("rathaus", False, Urgency.NORMAL)
    assert (danger.holder, danger.urgency) == ("versorgung", Urgency.EMERGENCY)
    assert total(calm) == total(danger) == 1


def test_a_department_the_town_no_longer_has_falls_to_the_front_office() -> None:
    decision = decide(says({"hafenamt": 0.9, "abfall": 0.1}), Findings(), POLICY)

    assert decision.department == "rathaus"
    assert total(decision) == 1


def test_an_urgency_nobody_knows_counts_as_normal() -> None:
    assert decide(says({"abfall": 1.0}, whatever=1.0), Findings(), POLICY).urgency is Urgency.NORMAL


def test_the_model_may_raise_an_alarm_but_not_on_two_words() -> None:
    alarmed = says({"versorgung": 1.0}, emergency=0.95, normal=0.05)

    assert decide(alarmed, Findings(), POLICY, words=12).danger == "other"
    assert decide(alarmed, Findings(), POLICY, words=2).danger is None


def test_where_a_text_takes_its_danger_back_the_model_must_be_surer_to_raise_an_alarm() -> None:
    wary, alarmed = (says({"versorgung": 1.0}, emergency=share, normal=1 - share) for share in (0.65, 0.85))

    assert decide(wary, Findings(), POLICY).danger == "other"
    assert decide(wary, Findings(taken_back=True), POLICY).danger is None
    assert decide(alarmed, Findings(taken_back=True), POLICY).danger == "other"


def test_a_message_that_names_no_matter_is_asked_about_however_likely_one_department_is() -> None:
    guess = says({"strassen": 0.8, "abfall": 0.2})

    assert decide(guess, Findings(), POLICY).sure
    assert not decide(replace(guess, unclear=0.3), Findings(), POLICY).sure


def test_chatter_is_low_and_belongs_to_the_front_office() -> None:
    decision = decide(says({"abfall": 1.0}, emergency=1.0), Findings(), POLICY, chatter=True)

    assert (decision.department, decision.urgency, decision.sure) == ("rathaus", Urgency.LOW, True)
    assert decision.danger is None


def test_a_mere_suspicion_counts_where_the_model_sees_danger_too_or_is_silent() -> None:
    vague = SafetyHit("wire", "live_wire", "versorgung", "Kabel hängt", suspicion=True)
    calm, wary = says({"strassen": 1.0}, normal=1.0), says({"strassen": 1.0}, normal=0.8, emergency=0.2)

    assert decide(calm, Findings((vague,)), POLICY).danger is None
    assert decide(wary, Findings((vague,)), POLICY).danger == "live_wire"
    assert decide(None, Findings((vague,)), POLICY).danger == "live_wire"


def test_behind_a_suspicion_that_does_not_count_a_certain_rule_still_does() -> None:
    vague = SafetyHit("flames", "fire", "versorgung", "brennt", suspicion=True)

    assert decide(says({"strassen": 1.0}, normal=1.0), Findings((vague, GAS)), POLICY).danger == "gas"


def test_as_many_departments_are_offered_as_the_model_needs_and_fit_on_a_screen() -> None:
    shares = {"strassen": 0.3, "abfall": 0.3, "rathaus": 0.2, "versorgung": 0.2}
    sure_of_two = Prediction(tuple(shares.items()), (("normal", 1.0),), offered=("strassen", "abfall"))
    sure_of_none = Prediction(tuple(shares.items()), (("normal", 1.0),), offered=tuple(shares))

    assert decide(sure_of_two, Findings(), POLICY).offered == ("strassen", "abfall")
    assert len(decide(sure_of_none, Findings(), POLICY).offered) == POLICY.offered == 3


def test_a_suspicion_leaves_the_department_to_a_model_that_is_sure() -> None:
    vague = SafetyHit("wire", "live_wire", "versorgung", "Kabel hängt", suspicion=True)
    sure = says({"strassen": 0.9, "abfall": 0.1}, normal=0.5, emergency=0.5)
    unsure = says({"strassen": 0.4, "abfall": 0.35, "versorgung": 0.25}, normal=0.5, emergency=0.5)

    told, asked = decide(sure, Findings((vague,)), POLICY), decide(unsure, Findings((vague,)), POLICY)

    assert (told.department, told.decided_by, told.danger) == ("strassen", DecidedBy.MODEL, "live_wire")
    assert (asked.department, asked.decided_by) == ("versorgung", DecidedBy.SAFETY_RULE)


@pytest.mark.parametrize(("low", "expected"), [(0.3, Urgency.NORMAL), (0.45, Urgency.LOW)])
def test_what_has_time_needs_its_share_of_what_is_not_urgent(low: float, expected: Urgency) -> None:
    policy = replace(POLICY, low_probability=0.4)
    assert decide(says({"rathaus": 1.0}, normal=1 - low, low=low), Findings(), policy).urgency is expected


def test_a_certain_danger_that_may_be_anybodys_goes_where_a_sure_model_says() -> None:
    wire = SafetyHit("wire", "live_wire", "versorgung", "Kabel blank", varies=True)
    sure = says({"strassen": 0.9, "abfall": 0.1}, normal=1.0)
    less_sure = says({"strassen": 0.65, "abfall": 0.35}, normal=1.0)

    decision = decide(sure, Findings((wire,)), POLICY)

    assert decide(less_sure, Findings((wire,)), POLICY).department == "versorgung"

    assert (decision.department, decision.decided_by) == ("strassen", DecidedBy.SAFETY_RULE)
    assert decision.urgency is Urgency.EMERGENCY
