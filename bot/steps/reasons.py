"""Reasons: why the house decided as it did, in German half-sentences for staff, the strongest first."""

from bot.core.triage import Decision
from bot.steps.house import House


def explain(decision: Decision, house: House) -> list[str]:
    """The rule or the words that pulled, and how close it was."""
    say = house.words.say
    reasons = []
    if decision.hit:
        hit = decision.hit
        reasons.append(say("de", "reasons.rule", rule=hit.rule, kind=house.danger_title(hit.kind), words=hit.words))
    if decision.model_raised:
        share = dict(decision.urgencies)[decision.urgency]
        reasons.append(say("de", "reasons.model_raised", percent=round(share * 100)))
    if decision.chatter:
        return [*reasons, say("de", "reasons.chatter")]
    if not decision.model_id and not decision.hit:
        return [*reasons, say("de", "reasons.no_model")]
    return [*reasons, *_closeness(decision, house), *_pulls(decision, house)]


def _closeness(decision: Decision, house: House) -> list[str]:
    if decision.hit or len(decision.ranking) < 2:
        return []
    (first, p), (second, q) = decision.ranking[:2]
    params = {"department": house.department(first).name, "percent": round(p * 100)}
    params |= {"second": house.department(second).name, "second_percent": round(q * 100)}
    return [house.words.say("de", "reasons.sure" if decision.sure else "reasons.unsure", **params)]


def _pulls(decision: Decision, house: House) -> list[str]:
    towards = [f"„{r.term}“" for r in decision.reasons if r.weight > 0][:4]
    away = [f"„{r.term}“" for r in decision.reasons if r.weight < 0][:2]
    found = [("reasons.towards", towards), ("reasons.away", away)]
    return [house.words.say("de", key, words=", ".join(words)) for key, words in found if words]
