"""Survey: what is thin among the starter messages, what stands there nearly twice, and what gives a label away."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from typing import Final, NamedTuple

from classifier.example import UNCLEAR, Example
from classifier.gate import near_duplicates
from classifier.text import fold

#: A topic should have as many messages as a class of children: fewer, and it is learnt by heart.
LEAST: Final = 60
#: From this likeness on two messages teach the same.
_SAME: Final = 92.0
_OFTEN: Final = 8  #: times a word must stand before anything can be said of it
_SHARE: Final = 0.5  #: of its messages bear one label, though fewer than that do of all

#: Words that say nothing about who acts or how soon: places, days, times, courtesy. Folded, as `fold` leaves them.
_NEUTRAL: Final = re.compile(
    r"\w{3,}(?:strasse|weg|platz|allee|gasse|ring|damm|str)|(?:mon|diens|donners|frei|sams|sonn)tags?|mittwochs?|"
    r"(?:januar|februar|maerz|april|juni|juli|august|september|oktober|november|dezember)|"
    r"(?:hallo|moin|guten|liebe|lieber|servus|hey|hi|danke|bitte|gruss|gruesse|lg|mfg|vg)|"
    r"(?:gestern|heute|morgen|abend|nachts|mittags|uhr|seit|schon|immer|wieder|noch)"
)
#: Streets that are a thing of their own: a cycle path is no address.
_TOPICAL: Final = re.compile(
    r"\w*(?:rad|geh|fuss|schul|feld|wander|wald|park|spiel|markt|bolz|sport|stell|bau|lager|grill|sitz|kita|park"
    r"|spielstrasse|durchgangs|haupt|neben|wohn|bundes|land|einbahn|sack|autobahn|arbeits|studien|ausbildungs)\w*"
)


class Giveaway(NamedTuple):
    """A word that should say nothing, and the label it stands with too often."""

    word: str
    label: str
    with_label: int
    messages: int


def thin_topics(examples: Iterable[Example], least: int = LEAST) -> dict[str, int]:
    """Topics with fewer messages, and how many they have."""
    counts = Counter(one.topic or one.department for one in examples)
    return {topic: count for topic, count in sorted(counts.items()) if count < least}


def twins(examples: Sequence[Example], near: float = _SAME) -> list[tuple[Example, Example]]:
    """Pairs that are nearly the same message, those first whose labels contradict each other."""
    groups = near_duplicates([one.text for one in examples], near)
    pairs = [(examples[group[0]], examples[other]) for group in groups for other in group[1:]]
    return sorted(pairs, key=lambda pair: _label(pair[0]) == _label(pair[1]))


def giveaways(examples: Sequence[Example]) -> list[Giveaway]:
    """Words that should be neutral and stand mostly with one department or urgency: the model would learn them."""
    told = [one for one in examples if one.lang == "de" and one.department != UNCLEAR]
    where: defaultdict[str, list[int]] = defaultdict(list)
    for at, one in enumerate(told):
        for word in set(re.findall(r"\w+", fold(one.text))):
            if _NEUTRAL.fullmatch(word) and not _TOPICAL.fullmatch(word):
                where[word].append(at)
    found = [
        *_told_by(where, [one.department for one in told]),
        *_told_by(where, [one.urgency for one in told]),
    ]
    return sorted(found, key=lambda one: -one.with_label)


def _told_by(where: dict[str, list[int]], labels: Sequence[str]) -> Iterable[Giveaway]:
    overall = Counter(labels)
    for word, places in where.items():
        label, count = Counter(labels[at] for at in places).most_common(1)[0]
        usual = overall[label] / len(labels)
        if len(places) >= _OFTEN and usual < _SHARE < count / len(places):
            yield Giveaway(word, label, count, len(places))


def _label(one: Example) -> tuple[str, str]:
    return one.department, one.urgency
