"""The gate: messages no model is ever trained on, listed by fingerprint, that every candidate must pass."""

import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from rapidfuzz import fuzz, process

from classifier.example import Example
from classifier.text import fingerprint, fold

#: From this likeness on (0 to 100, of folded texts) two messages count as one.
NEAR = 82.0

_HEAD = """\
# Fingerprints of the starter messages that no model is trained on; models are compared on them.
# Made by `python -m classifier gate`; messages already listed stay listed.
"""


def read_gate(path: Path) -> frozenset[str]:
    """The listed fingerprints; none when there is no list yet."""
    if not path.exists():
        return frozenset()
    lines = path.read_text(encoding="utf-8").splitlines()
    return frozenset(line.strip() for line in lines if line.strip() and not line.startswith("#"))


def write_gate(path: Path, fingerprints: Iterable[str]) -> None:
    """Writes the list, sorted, so that two runs give the same file."""
    path.write_text(_HEAD + "".join(f"{one}\n" for one in sorted(fingerprints)), encoding="utf-8")


def choose_gate(examples: Sequence[Example], *, share: float = 0.09, keep: Collection[str] = ()) -> frozenset[str]:
    """About `share` of each topic and urgency, near-duplicates on one side; the same for the same messages.

    Messages in `keep` stay chosen as long as they exist: scores of different days stay comparable.
    """
    examples = sorted(examples, key=lambda one: one.text)
    strata: defaultdict[tuple[str, str], list[list[str]]] = defaultdict(list)
    for group in near_duplicates([example.text for example in examples]):
        first = examples[group[0]]
        strata[first.topic or first.department, first.urgency].append([fingerprint(examples[at].text) for at in group])

    chosen: set[str] = set()
    owed = 0.0  # carried from stratum to stratum, so that many small ones still give their share
    for _, groups in sorted(strata.items()):
        owed += share * sum(map(len, groups))
        for group_ in sorted(groups, key=lambda one: (not set(one) & set(keep), _order(one))):
            if set(group_) & set(keep) or owed >= len(group_):
                chosen |= set(group_)
                owed -= len(group_)
    return frozenset(chosen)


def split(
    examples: Sequence[Example], gate: Collection[str], near: float = NEAR
) -> tuple[list[Example], list[Example]]:
    """(to train on, to be measured with); what is nearly a gate message is left out of both."""
    measured = [example for example in examples if fingerprint(example.text) in gate]
    others = [example for example in examples if fingerprint(example.text) not in gate]
    if not measured or not others:
        return others, measured
    like = process.cdist(_folded(others), _folded(measured), scorer=fuzz.ratio, score_cutoff=near)
    return [example for example, row in zip(others, like, strict=True) if row.max() < near], measured


def near_duplicates(texts: Sequence[str], near: float = NEAR) -> list[list[int]]:
    """Indices of the texts in groups of near-duplicates; most groups hold one."""
    if not texts:
        return []
    folded = [fold(text) for text in texts]
    like = process.cdist(folded, folded, scorer=fuzz.ratio, score_cutoff=near)
    leader = list(range(len(texts)))
    for one, other in zip(*like.nonzero(), strict=True):
        low, high = sorted((_root(leader, int(one)), _root(leader, int(other))))
        leader[high] = low
    groups: defaultdict[int, list[int]] = defaultdict(list)
    for at in range(len(texts)):
        groups[_root(leader, at)].append(at)
    return list(groups.values())


def _root(leader: list[int], at: int) -> int:
    while leader[at] != at:
        at = leader[at]
    return at


def _folded(examples: Iterable[Example]) -> list[str]:
    return [fold(example.text) for example in examples]


def _order(fingerprints: Sequence[str]) -> str:
    return hashlib.sha256("".join(sorted(fingerprints)).encode()).hexdigest()
