"""Shadow: what a model would have decided that ran beside the serving one, and who of the two was right."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

from bot.core.rerouting import Placing

#: what of a placing is looked at
Side = Literal["department", "urgency"]


@dataclass(frozen=True, slots=True)
class Compared:
    """One text judged by both models; `shadow` None: it gave no answer. `verdict`: what staff say of the case."""

    reference: str
    serving_id: str
    serving: Placing
    shadow: Placing | None
    verdict: Placing | None = None


@dataclass(frozen=True, slots=True)
class Right:
    """How often each was right among cases a person has judged: both, only one of them, neither."""

    judged: int = 0
    both: int = 0
    serving: int = 0
    shadow: int = 0

    @property
    def neither(self) -> int:
        """Neither was."""
        return self.judged - self.both - self.serving - self.shadow


@dataclass(frozen=True, slots=True)
class ShadowReport:
    """A run so far, beside one serving model. Cases count by the newest of their texts."""

    texts: int
    failed: int  # of the texts
    elsewhere: int  # texts beside another serving model, which count for nothing here
    cases: tuple[tuple[str, Placing, Placing, Placing | None], ...]  # reference, serving, shadow, verdict

    @property
    def agreed(self) -> int:
        """Cases of which both say the same."""
        return sum(serving == shadow for _, serving, shadow, _ in self.cases)

    @property
    def gained(self) -> tuple[str, ...]:
        """Cases only the shadow calls emergencies."""
        return tuple(ref for ref, one, two, _ in self.cases if two.is_emergency and not one.is_emergency)

    @property
    def lost(self) -> tuple[str, ...]:
        """Cases only the serving model calls emergencies."""
        return tuple(ref for ref, one, two, _ in self.cases if one.is_emergency and not two.is_emergency)

    def differences(self, side: Side) -> Mapping[tuple[str, str], tuple[str, ...]]:
        """References by what the serving model says and what the shadow says, the most frequent pair first."""
        found: dict[tuple[str, str], tuple[str, ...]] = {}
        for reference, one, two, _ in self.cases:
            pair = (getattr(one, side), getattr(two, side))
            if pair[0] != pair[1]:
                found[pair] = (*found.get(pair, ()), reference)
        return dict(sorted(found.items(), key=lambda item: -len(item[1])))

    def right(self, side: Side) -> Right:
        """Who was right, by what staff have said."""
        counts = {(True, True): 0, (True, False): 0, (False, True): 0, (False, False): 0}
        for _, one, two, verdict in self.cases:
            if verdict:
                said = getattr(verdict, side)
                counts[getattr(one, side) == said, getattr(two, side) == said] += 1
        return Right(sum(counts.values()), counts[True, True], counts[True, False], counts[False, True])


def shadow_report(compared: Iterable[Compared], serving_id: str) -> ShadowReport:
    """What came of a run, from its texts in order."""
    found = list(compared)
    own = [one for one in found if one.serving_id == serving_id]
    newest = {one.reference: (one.reference, one.serving, one.shadow, one.verdict) for one in own if one.shadow}
    return ShadowReport(
        texts=len(own),
        failed=sum(one.shadow is None for one in own),
        elsewhere=len(found) - len(own),
        cases=tuple(newest.values()),
    )
