"""Advice: what an admin can do about a scorecard, the most pressing first. The sentences stand in advice.j2."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.core.triage import TriagePolicy
from bot.reports.figures import language_name
from classifier.intervals import wilson
from classifier.scorecard import Bin, Scorecard

_FEW = 100  #: of so many messages an interval is wider than ten points
OFTEN = 3  #: confusions a pair needs to be more than an accident
_PAIRS = 3  #: pairs that are named
_ALARMS = 0.05  #: one message in twenty told to ring 112 for nothing
_OFTEN_ASKED = 0.2  #: of the clear ones: more tires people out
_RIGHTLY_ASKED = 0.7  #: of the unclear ones: less sends too many astray
_CERTAIN = 0.8
_GAP = 0.05  #: between probability and truth
_TELLING = 50  #: messages without which a gap may be chance
_COVERED = 0.9  #: how often the right department should be among those offered


@dataclass(frozen=True, slots=True)
class Advice:
    """One sentence of advice.j2, named by `kind`, and what is filled into it."""

    kind: str
    facts: Mapping[str, Any]


def advice(card: Scorecard, names: Mapping[str, str], policy: TriagePolicy) -> list[Advice]:
    """What would help, or that nothing stands out."""
    found = [
        *_emergencies(card),
        *_confusions(card, names),
        *_languages(card),
        *_asking(card, policy),
        *_probabilities(card, policy),
        *_offers(card, policy),
        *_few(card),
    ]
    return found or [Advice("nothing", {})]


def _emergencies(card: Scorecard) -> Iterator[Advice]:
    count = card.counts.get("emergency_recall", 0)
    missed = round((1 - card.emergency_recall) * count)
    if missed:
        yield Advice("missed", {"missed": missed, "count": count})
    if _surely_above(card, "false_alarms", _ALARMS):
        alarms = round(card.false_alarms * card.counts["false_alarms"])
        yield Advice("alarms", {"alarms": alarms, "count": card.counts["false_alarms"]})


def _confusions(card: Scorecard, names: Mapping[str, str]) -> Iterator[Advice]:
    """Both directions of a pair together: the same examples tell them apart."""
    often = Counter[tuple[str, str]]()
    for right, decided, count in card.confusions:
        first, second = sorted((right, decided))
        often[first, second] += count
    pairs = [
        (names.get(one, one), names.get(other, other), count)
        for (one, other), count in often.most_common(_PAIRS)
        if count >= OFTEN
    ]
    if pairs:
        yield Advice("mixed", {"pairs": pairs})


def _languages(card: Scorecard) -> Iterator[Advice]:
    """Languages that are worse than all messages together."""
    weak = [lang for lang, (count, share) in card.languages.items() if wilson(share, count)[1] < card.accuracy]
    if weak:
        yield Advice("languages", {"languages": [language_name(lang) for lang in weak]})


def _asking(card: Scorecard, policy: TriagePolicy) -> Iterator[Advice]:
    if _surely_above(card, "asked_though_clear", _OFTEN_ASKED):
        yield Advice("asks_often", {"share": card.asked_though_clear, "now": policy.sure_probability})
    if _surely_below(card, "unclear_asked", _RIGHTLY_ASKED):
        yield Advice("asks_seldom", {"share": card.unclear_asked, "now": policy.sure_probability})


def _probabilities(card: Scorecard, policy: TriagePolicy) -> Iterator[Advice]:
    """Too high where nobody asks back, too low in doubt: each for itself, or one hides the other."""
    certain, doubtful = (
        _gap([one for one in card.bins if (one.probability >= _CERTAIN) == sure]) for sure in (True, False)
    )
    if certain > _GAP:
        yield Advice("boasts", {"gap": certain})
    if doubtful < -_GAP:
        yield Advice("too_modest", {"gap": -doubtful, "now": policy.sure_probability})


def _gap(bins: Sequence[Bin]) -> float:
    """How much higher the probability is than the truth, all in all; 0 where too few messages tell."""
    count = sum(one.count for one in bins)
    return sum(one.count * (one.probability - one.right) for one in bins) / count if count >= _TELLING else 0.0


def _offers(card: Scorecard, policy: TriagePolicy) -> Iterator[Advice]:
    if _surely_below(card, "offered_right", _COVERED):
        yield Advice("offers", {"share": card.offered_right, "most": policy.offered})


def _surely_above(card: Scorecard, measure: str, bound: float) -> bool:
    """Not by chance."""
    return card.intervals.get(measure, (0.0, 1.0))[0] > bound


def _surely_below(card: Scorecard, measure: str, bound: float) -> bool:
    return card.intervals.get(measure, (0.0, 1.0))[1] < bound


def _few(card: Scorecard) -> Iterator[Advice]:
    if card.rows < _FEW:
        yield Advice("few", {"rows": card.rows})
