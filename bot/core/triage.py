"""Triage: from safety rules and the model's guess to one decision about one text.

The one place where a label becomes a department of this town or an Urgency. An unknown label, a missing or
broken model, a low confidence all end at the front office with a question, never in an error.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from bot.core.case import Urgency
from bot.core.safety import Findings, SafetyHit
from classifier.prediction import Prediction, Reason

#: How sure a model must be to know better than a certain rule who acts, where that depends on the thing.
_KNOWS_WHO: Final = 0.7


class DecidedBy(StrEnum):
    """Who decided the department."""

    SAFETY_RULE = "safety_rule"  #: a phrase of a town's safety rules
    MODEL = "model"  #: the classifier was sure enough
    FRONT_OFFICE = "front_office"  #: nobody was sure: a person looks first


@dataclass(frozen=True, slots=True)
class TriagePolicy:
    """When a guess is good enough to be told to a citizen. Probabilities between 0 and 1."""

    departments: tuple[str, ...]
    front_office: str
    sure_probability: float = 0.5
    sure_margin: float = 0.15
    #: from when on the citizen is asked because the model thinks that nobody could tell who acts
    unclear_probability: float = 0.3
    emergency_probability: float = 0.6
    #: how much danger the model must see for a safety rule's mere suspicion to count
    suspicion_probability: float = 0.1
    #: how much it must see where the text itself takes its words of danger back: „kein Gasgeruch mehr“
    taken_back_probability: float = 0.8
    urgent_probability: float = 0.5
    #: of what is not urgent: how probable it must be that nothing is lost if it takes weeks
    low_probability: float = 0.5
    #: the model alone calls nothing an emergency that is shorter than this
    emergency_words: int = 3
    #: at most so many departments are offered when the citizen is asked
    offered: int = 3
    #: former department → the one that has taken over its work
    successors: Mapping[str, str] = field(default_factory=dict)

    def acting(self, department: str) -> str:
        """Who acts today for a department of any time: itself, its successor, or else the front office."""
        return department if department in self.departments else self.successors.get(department, self.front_office)


@dataclass(frozen=True, slots=True)
class Decision:
    """What the house thinks of one text. `department` is the best guess even when `sure` is False."""

    department: str
    sure: bool
    holder: str  #: who holds the case: the department, or the front office while nobody is sure
    ranking: tuple[tuple[str, float], ...]
    urgency: Urgency
    urgencies: tuple[tuple[Urgency, float], ...]
    decided_by: DecidedBy
    offered: tuple[str, ...] = ()  #: the departments the citizen may choose from when asked, the likeliest first
    hit: SafetyHit | None = None
    chatter: bool = False
    model_raised: bool = False  #: the model alone called it an emergency
    topic: str | None = None
    lang: str | None = None
    reasons: tuple[Reason, ...] = ()
    model_id: str = ""

    @property
    def danger(self) -> str | None:
        """The kind of danger whose fixed text the citizen gets, or None."""
        if self.hit:
            return self.hit.kind
        return "other" if self.model_raised else None

    def probability(self, department: str) -> float:
        """How likely this department is; 0 for one the town does not have."""
        return dict(self.ranking).get(department, 0.0)


def decide(
    prediction: Prediction | None,
    findings: Findings,
    policy: TriagePolicy,
    *,
    chatter: bool = False,
    words: int | None = None,
) -> Decision:
    """One decision from what the rules found and what the model guessed (None: it is broken).

    `words` is how long the text is: a handful tells a model too little to sound the alarm; the rules know those.
    """
    ranking = _ranking(prediction, policy)
    urgencies = _urgencies(prediction)
    danger = dict(urgencies)[Urgency.EMERGENCY]
    sure = prediction is not None and _is_sure(ranking, prediction.unclear, policy)
    hit = _standing(findings.hits, danger if prediction else 1.0, policy)

    chatter = chatter and not hit
    model_raised = not hit and not chatter and _alarms(danger, findings, policy, words)
    urgency = Urgency.EMERGENCY if hit or model_raised else Urgency.LOW if chatter else _urgency(urgencies, policy)
    ruled = hit is not None and not (sure and _model_knows_who(hit, ranking[0][1]))
    if hit and ruled:
        ranking = _put_first(hit.department, ranking)
    elif chatter:
        ranking = _put_first(policy.front_office, ranking)
    sure = bool(hit) or chatter or sure
    return Decision(
        department=ranking[0][0],
        sure=sure,
        holder=ranking[0][0] if sure else policy.front_office,
        ranking=ranking,
        urgency=urgency,
        urgencies=urgencies,
        decided_by=_decider(ruled or bool(hit and not hit.suspicion), sure),
        offered=_offered(prediction, ranking, policy),
        hit=hit,
        chatter=chatter,
        model_raised=model_raised,
        topic=prediction.topic if prediction else None,
        lang=prediction.lang if prediction else None,
        reasons=prediction.reasons if prediction else (),
        model_id=prediction.model_id if prediction else "",
    )


def _standing(hits: Sequence[SafetyHit], danger: float, policy: TriagePolicy) -> SafetyHit | None:
    """The gravest hit that counts: a certain one, or a suspicion where the model sees danger too."""
    suspected = danger >= policy.suspicion_probability
    return next((one for one in hits if suspected or not one.suspicion), None)


def _alarms(danger: float, findings: Findings, policy: TriagePolicy, words: int | None) -> bool:
    """Whether the model alone sounds the alarm."""
    if words is not None and words < policy.emergency_words:
        return False
    return danger >= (policy.taken_back_probability if findings.taken_back else policy.emergency_probability)


def _model_knows_who(hit: SafetyHit, probability: float) -> bool:
    """Whether danger is only suspected, or anybody's to deal with and the model surer than sure whose."""
    return hit.suspicion or (hit.varies and probability >= _KNOWS_WHO)


def _decider(ruled: bool, sure: bool) -> DecidedBy:
    if ruled:
        return DecidedBy.SAFETY_RULE
    return DecidedBy.MODEL if sure else DecidedBy.FRONT_OFFICE


def _is_sure(ranking: Sequence[tuple[str, float]], unclear: float, policy: TriagePolicy) -> bool:
    if unclear >= policy.unclear_probability:
        return False
    first = ranking[0][1]
    second = ranking[1][1] if len(ranking) > 1 else 0.0
    return first >= policy.sure_probability and first - second >= policy.sure_margin


def _ranking(prediction: Prediction | None, policy: TriagePolicy) -> tuple[tuple[str, float], ...]:
    known = dict.fromkeys(policy.departments, 0.0)
    for label, probability in prediction.departments if prediction else ():
        # The model may be older than the town's departments.
        known[policy.acting(label)] += probability
    total = sum(known.values())
    if total <= 0:
        known = dict.fromkeys(known, 1 / len(known))
        return _put_first(policy.front_office, tuple(known.items()))
    return tuple(sorted(((d, p / total) for d, p in known.items()), key=lambda pair: -pair[1]))


def _offered(
    prediction: Prediction | None, ranking: Sequence[tuple[str, float]], policy: TriagePolicy
) -> tuple[str, ...]:
    """As many of the likeliest as the model needs to be right 19 times in 20, and as fit on a screen."""
    needed = len(prediction.offered) if prediction and prediction.offered else policy.offered
    return tuple(department for department, _ in ranking[: min(needed, policy.offered)])


def _put_first(department: str, ranking: tuple[tuple[str, float], ...]) -> tuple[tuple[str, float], ...]:
    """The department at the head with at least the highest probability; the list still sums to 1."""
    if ranking and ranking[0][0] == department:
        return ranking
    own = dict(ranking).get(department, 0.0)
    top = max(own, ranking[0][1])
    scale = (1 - top) / (1 - own) if own < 1 else 0.0
    rest = tuple((d, p * scale) for d, p in ranking if d != department)
    return ((department, top), *rest)


def _urgencies(prediction: Prediction | None) -> tuple[tuple[Urgency, float], ...]:
    known = dict.fromkeys(Urgency, 0.0)
    for label, probability in prediction.urgencies if prediction else ():
        known[Urgency(label) if label in list(Urgency) else Urgency.NORMAL] += probability
    total = sum(known.values())
    if total <= 0:
        return tuple((u, 1.0 if u is Urgency.NORMAL else 0.0) for u in Urgency)
    return tuple((u, p / total) for u, p in known.items())


def _urgency(urgencies: tuple[tuple[Urgency, float], ...], policy: TriagePolicy) -> Urgency:
    shares = dict(urgencies)
    if shares[Urgency.EMERGENCY] + shares[Urgency.URGENT] >= policy.urgent_probability:
        return Urgency.URGENT
    calm = shares[Urgency.NORMAL] + shares[Urgency.LOW]
    return Urgency.LOW if shares[Urgency.LOW] > policy.low_probability * calm else Urgency.NORMAL
