"""Reading: a message's words, and where the phrases occur in it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from bot.core.phrase import Lexicon, Phrase, Place, Step
from bot.core.wording import Word

# Nobody in danger repeats a phrase more often; a cap keeps pasted noise from costing time.
_MOST = 40


@dataclass(slots=True)
class Reading:
    """A message's words and where each element occurs; made once per message and asked by every phrase."""

    words: Sequence[Word]
    places: Mapping[int, Sequence[int]]
    misspelt: Collection[int] = ()  #: where a word fits but for a slip of the pen
    asks: bool = False  #: whether the message holds a question
    found: dict[int, list[Place]] = field(default_factory=dict)  #: what `find` has found: cues are looked for often

    @classmethod
    def of(cls, words: Sequence[Word], lexicon: Lexicon, *, asks: bool = False) -> "Reading":
        places: dict[int, list[int]] = defaultdict(list)
        misspelt = set()
        for at, word in enumerate(words):
            fitting = lexicon.fitting(word.folded)
            if not fitting:
                fitting = lexicon.nearly_fitting(word.folded)
                misspelt.add(at)
            for element in fitting:
                places[element].append(at)
        return cls(words, places, misspelt, asks)

    def find(self, phrase: Phrase) -> list[Place]:
        """Every occurrence of the phrase (of those ending at one word, the shortest)."""
        if not phrase.elements <= self.places.keys():
            return []
        found = self.found.get(id(phrase))
        if found is None:
            found = self.found[id(phrase)] = self._search(phrase)
        return found

    def _search(self, phrase: Phrase) -> list[Place]:
        first, *others = phrase.parts
        found = self._walk(first)
        for part in others:
            found = self._meet(found, self._walk(part))
        return found

    def is_all(self, place: Place) -> bool:
        """Whether the sentence consists of these words alone."""
        return len(place) == self.sentence_length(place)

    def sentence_length(self, place: Place) -> int:
        """How many words the sentence of these words has."""
        sentence = self.words[place[0]].sentence
        return sum(word.sentence == sentence for word in self.words)

    def _walk(self, part: tuple[Step, ...]) -> list[Place]:
        ends: dict[int, Place] = {at: (at,) for at in self.places.get(part[0].element, ())}
        for step in part[1:]:
            fitting = set(self.places.get(step.element, ()))
            longer: dict[int, Place] = {}
            for at, place in ends.items():
                for nxt in range(at + 1, min(at + step.gap + 2, len(self.words))):
                    if nxt in fitting and self.words[nxt].sentence == self.words[at].sentence:
                        longer[nxt] = (*place, nxt)
            ends = longer
        return list(ends.values())[:_MOST]

    def _meet(self, found: list[Place], other: list[Place]) -> list[Place]:
        """For each occurrence the nearest occurrence of the other part in its sentence."""
        by_sentence: dict[int, list[Place]] = defaultdict(list)
        for place in other:
            by_sentence[self.words[place[0]].sentence].append(place)
        met = []
        for place in found:
            near = [one for one in by_sentence[self.words[place[0]].sentence] if not set(one) & set(place)]
            if near:
                met.append((*place, *min(near, key=lambda one: abs(one[0] - place[-1]))))
        return met
