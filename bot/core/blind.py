"""The blind sample (Blindprobe): which cases are drawn, and what people say who have not seen the machine's guess.

A verdict given at the desk leans towards the guess that stands beside it. A few cases are therefore judged by people
who see the citizen's words and nothing else; only their judgements tell how often the machine is right.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from bot.core.case import Urgency
from bot.core.share import Share, share_of
from bot.core.verdict import Verdict

#: fewer judged cases say nothing yet
ENOUGH = 30
#: a department with fewer is not shown by itself
ENOUGH_OF_ONE = 10
#: so many people judge the same case: the second shows how far people agree
OPINIONS = 2


@dataclass(frozen=True, slots=True)
class Drawn:
    """A case somebody may judge; `opinions`: how many others have."""

    case: int
    reference: str
    opinions: int = 0


@dataclass(frozen=True, slots=True)
class Guess:
    """What the machine has last said of the same words."""

    department: str
    urgency: Urgency
    sure: bool
    model_id: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """What a person says of a case (None: it cannot be told), beside what the machine had said."""

    case: int
    said: Verdict | None
    guess: Guess


@dataclass(frozen=True, slots=True)
class Figures:
    """How often the machine agrees with people. Danger it has seen itself is not in here, so what is missed is all."""

    cases: int
    department: Share
    when_sure: Share
    urgency: Share
    missed: int  #: emergencies the machine took for something else
    departments: Mapping[str, Share]  #: by the department people named, the larger first

    @property
    def large(self) -> list[tuple[str, Share]]:
        """The departments with enough cases to be shown by themselves."""
        return [(name, share) for name, share in self.departments.items() if share.of >= ENOUGH_OF_ONE]


@dataclass(frozen=True, slots=True)
class Findings:
    """What the blind sample has shown, beside the verdicts of the same time given in sight of the guess."""

    drawn: int
    unclear: int  #: cases of which nobody could tell
    blind: Figures
    seen: Figures
    twice: int  #: cases two people have judged
    agreed_department: Share
    agreed_urgency: Share

    @property
    def early(self) -> bool:
        """Whether there is too little to speak of shares."""
        return self.blind.cases < ENOUGH


def is_drawn(reference: str, percent: int) -> bool:
    """So many in a hundred; of the same reference always the same."""
    return _lot("drawn", reference) % 100 < percent


def ordered(drawn: Iterable[Drawn]) -> list[Drawn]:
    """What nobody has judged comes first; else by lot, so that the order tells neither urgency nor age."""
    return sorted(drawn, key=lambda one: (one.opinions, _lot("order", one.reference)))


def findings(drawn: int, blind: Sequence[Judgement], seen: Sequence[Judgement]) -> Findings:
    """Of each case the first judgement counts, and only whether a second agrees; both lists oldest first."""
    by_case: defaultdict[int, list[Judgement]] = defaultdict(list)
    for one in blind:
        by_case[one.case].append(one)
    told = [clear for given in by_case.values() if (clear := [one for one in given if one.said])]
    pairs = [(given[0].said, given[1].said) for given in told if len(given) > 1]
    return Findings(
        drawn=drawn,
        unclear=len(by_case) - len(told),
        blind=figures([given[0] for given in told]),
        seen=figures(seen),
        twice=len(pairs),
        agreed_department=share_of(a.department == b.department for a, b in pairs if a and b),
        agreed_urgency=share_of(a.urgency is b.urgency for a, b in pairs if a and b),
    )


def figures(judgements: Iterable[Judgement]) -> Figures:
    """Machine against people, one judgement a case; those who could not tell are left out."""
    told = [(one.said, one.guess) for one in judgements if one.said]
    own: defaultdict[str, list[bool]] = defaultdict(list)
    for said, guess in told:
        own[said.department].append(said.department == guess.department)
    emergencies = [guess for said, guess in told if said.urgency is Urgency.EMERGENCY]
    return Figures(
        cases=len(told),
        department=share_of(said.department == guess.department for said, guess in told),
        when_sure=share_of(said.department == guess.department for said, guess in told if guess.sure),
        urgency=share_of(said.urgency is guess.urgency for said, guess in told),
        missed=sum(guess.urgency is not Urgency.EMERGENCY for guess in emergencies),
        departments={name: share_of(hits) for name, hits in sorted(own.items(), key=lambda pair: -len(pair[1]))},
    )


def _lot(purpose: str, reference: str) -> int:
    return int(sha256(f"{purpose}:{reference}".encode()).hexdigest(), 16)
