"""Safety cues: words that take a danger back, because it is denied, over, only thought of or not meant."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.core.phrase import Phrase, Place
from bot.core.reading import Reading

# How many words a denial reaches forward to the danger it denies, and back.
_REACH_BEFORE = 4
_REACH_AFTER = 3


class Disarming(StrEnum):
    """Why words of danger may mean no danger now."""

    NEGATION = "negation"  #: denied in the same clause, near by: „kein Gasgeruch“
    PAST = "past"  #: long ago, unless the sentence says that it goes on
    HYPOTHESIS = "hypothesis"  #: asked for the case of need: „was mache ich, wenn“
    NOT_MEANT = "not_meant"  #: figure of speech, quotation, film, drill
    SETTLED = "settled"  #: over: put out, found again, told earlier or later in the text


@dataclass(frozen=True, slots=True)
class Cues:
    """One language's cues, compiled."""

    disarming: Mapping[Disarming, tuple[Phrase, ...]]
    present: tuple[Phrase, ...]  #: „wieder“, „immer noch“: the past goes on
    affirmation: tuple[Phrase, ...]  #: „kein Witz“, „hört nicht auf“: sounds like a denial and is none
    doubt: tuple[Phrase, ...] = ()  #: „Versicherung“, „voriges Jahr“: anywhere in the text, it may be no danger now

    def doubts(self, reading: Reading) -> bool:
        """Whether something in the text makes its dangers a mere suspicion."""
        return any(reading.find(cue) for cue in self.doubt)

    def disarm(self, place: Place, reading: Reading, heeds: Collection[Disarming]) -> bool:
        """Whether something takes the occurrence back. `heeds`: the reasons that count for its rule."""
        masked = {at for cue in _found(self.affirmation, reading) for at in cue} | set(place)
        heard: set[int] = set()
        for reason in heeds:
            said = [cue for cue in self._said(reason, place, reading) if not masked & set(cue)]
            if said and reason in _FINAL:
                return True
            heard.update(at for cue in said for at in cue)
        # „wieder da“ ends a search; „wieder“ elsewhere in the sentence means that it goes on.
        going_on = [cue for cue in _found(self.present, reading) if not heard & set(cue)]
        return bool(heard) and not any(_same_sentence(cue, place, reading) for cue in going_on)

    def _said(self, reason: Disarming, place: Place, reading: Reading) -> list[Place]:
        cues = _found(self.disarming.get(reason, ()), reading)
        match reason:
            case Disarming.NEGATION:
                return [cue for cue in cues if _denies(cue, place, reading)]
            case Disarming.SETTLED:
                return cues
        return [cue for cue in cues if _same_sentence(cue, place, reading)]


# A denial or a film stays one, whatever else the sentence says of now.
_FINAL = frozenset({Disarming.NEGATION, Disarming.NOT_MEANT})


def _found(phrases: Iterable[Phrase], reading: Reading) -> list[Place]:
    return [place for phrase in phrases for place in reading.find(phrase)]


def _same_sentence(cue: Place, place: Place, reading: Reading) -> bool:
    sentences = {reading.words[at].sentence for at in place}
    return reading.words[cue[0]].sentence in sentences


def _denies(cue: Place, place: Place, reading: Reading) -> bool:
    clauses = {reading.words[at].clause for at in place}
    near = min(place) - _REACH_BEFORE <= cue[0] <= max(place) + _REACH_AFTER
    return near and reading.words[cue[0]].clause in clauses
