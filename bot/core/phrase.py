"""Phrases: patterns a clerk can read ("{smells} … nach {gas}"), found in time that grows with the text alone.

word        this word; „word*“, „*word“, „*word*“: with any ending, beginning, or both
a|b         either word
{name}      any word of that class in the vocabulary
… / ……      up to four / up to ten words between, within one sentence
one + two   both in one sentence, in any order
one & two   both near each other, as with …, in any order
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import product

from bot.core.wording import clean, fold, slips, swaps

_GAPS = {"…": 4, "……": 10}
_ELEMENT = re.compile(r"[\w*|{}.]+|…+")
_LONGEST_STEM = 20
# Shorter words are too near to harmless ones for a letter to be missing, too many or out of place.
_SHORTEST_MISSPELT = 8

#: the places of one occurrence's words, in order
Place = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Word classes of one language, and which element each piece of a phrase has become: compiling twice is slow."""

    classes: Mapping[str, Iterable[str]]
    elements: dict[str, int] = field(default_factory=dict)
    several: dict[str, list[str]] = field(default_factory=dict)  #: the members of a „{class}“ of more words than one

    @classmethod
    def of(cls, classes: Mapping[str, Iterable[str]]) -> "Vocabulary":
        several = {f"{{{name}}}": [word for word in words if "~" in word] for name, words in classes.items()}
        return cls(classes, several={name: words for name, words in several.items() if words})


@dataclass(frozen=True, slots=True)
class Step:
    """One element of a phrase: which words fit, and how many others may stand before it."""

    element: int
    gap: int


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase: parts that must all occur in one sentence."""

    parts: tuple[tuple[Step, ...], ...]
    elements: frozenset[int]  #: everything that has to be in the text


@dataclass(slots=True)
class Lexicon:
    """Every word pattern of all phrases, each kept once; filled while compiling, then only read."""

    elements: dict[frozenset[str], int] = field(default_factory=dict)
    sizes: list[int] = field(default_factory=list)  #: of how many words each element is
    owners: dict[str, list[int]] = field(default_factory=dict)  #: the elements each word pattern is part of
    whole: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    begins: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    ends: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    within: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    slipped: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))  #: whole, a letter left out
    ordinary: set[str] = field(default_factory=set)  #: words that look like slips of the pen and are none

    def compile(self, phrase: str, vocabulary: Vocabulary) -> tuple[Phrase, ...]:
        """The phrase in all its variants, ready to search; ValueError says what is wrong with it."""
        # NFKC writes „…“ as three full stops.
        orders = _orders(clean(phrase).replace("...", " ... "))
        variants = [variant for order in orders for variant in _variants(order, vocabulary)]
        return tuple(self._phrase(variant, vocabulary) for variant in variants)

    def _phrase(self, phrase: str, vocabulary: Vocabulary) -> Phrase:
        parts = tuple(self._part(part, vocabulary) for part in phrase.split(" + "))
        return Phrase(parts, frozenset(step.element for part in parts for step in part))

    def _part(self, part: str, vocabulary: Vocabulary) -> tuple[Step, ...]:
        steps: list[Step] = []
        gap = 0
        for piece in part.split():
            if piece == "...":
                gap = _GAPS["……"] if gap else _GAPS["…"]
                continue
            steps.append(Step(self._element(piece, vocabulary), gap if steps else 0))
            gap = 0
        if not steps or gap:
            raise ValueError(f"{part.strip()!r}: a phrase begins and ends with a word")
        return tuple(steps)

    def _element(self, piece: str, vocabulary: Vocabulary) -> int:
        known = vocabulary.elements.get(piece)
        if known is None:
            known = vocabulary.elements[piece] = self._new_element(piece, vocabulary.classes)
        return known

    def _new_element(self, piece: str, classes: Mapping[str, Iterable[str]]) -> int:
        if not _ELEMENT.fullmatch(piece) or "" in piece.split("|"):
            raise ValueError(f"{piece!r} is neither a word nor a {{class}}")
        choices = piece.split("|")
        if "{" in piece or "}" in piece:
            choices = [word for choice in choices for word in _words(choice, classes)]
        words = frozenset(choices)
        if words not in self.elements:
            self.elements[words] = len(self.elements)
            self.sizes.append(len(words))
            for word in words:
                if word not in self.owners:
                    self.owners[word] = []
                    self._index(word)
                self.owners[word].append(self.elements[words])
        return self.elements[words]

    def _index(self, word: str) -> None:
        stem = fold(word.strip("*"))
        if not stem or "*" in stem or ("*" in word and len(stem) > _LONGEST_STEM):
            raise ValueError(f"{word!r}: * only in front or behind, with at most {_LONGEST_STEM} letters")
        if word[0] != "*":
            (self.begins if word[-1] == "*" else self.whole)[stem].add(word)
        else:
            (self.within if word[-1] == "*" else self.ends)[stem].add(word)
        if word[0] != "*" and len(stem) >= _SHORTEST_MISSPELT:
            for slip in slips(stem):
                self.slipped[slip].add(word)

    def frequency(self, element: int) -> int:
        """How common the element is, roughly: the more words fit, the more."""
        return self.sizes[element]

    def fitting(self, word: str) -> set[int]:
        """The elements this folded word fits."""
        found = set(self.whole.get(word, ()))
        size = len(word)
        for length in range(1, min(size, _LONGEST_STEM) + 1):
            found |= self.begins.get(word[:length], _NONE)
            found |= self.ends.get(word[size - length :], _NONE)
            for start in range(size - length + 1 if length > 1 else 0):
                stem = word[start : start + length]
                if stem in self.within:
                    found |= self.within[stem]
        return self._owning(found)

    def nearly_fitting(self, word: str) -> set[int]:
        """The elements this folded word fits but for one slip of the pen."""
        if len(word) < _SHORTEST_MISSPELT - 1 or word in self.ordinary:
            return set()
        found = set(self.slipped.get(word, ()))
        if len(word) <= _LONGEST_STEM:
            for other in (*slips(word), *swaps(word)):
                if len(other) >= _SHORTEST_MISSPELT:
                    found |= self.whole.get(other, _NONE) | self.begins.get(other, _NONE)
        return self._owning(found)

    def _owning(self, words: Iterable[str]) -> set[int]:
        return {element for word in words for element in self.owners[word]}


_NONE: frozenset[str] = frozenset()


def _orders(phrase: str) -> tuple[str, ...]:
    """„one & two“ as „one … two“ and „two … one“."""
    one, near, two = phrase.partition(" & ")
    return (f"{one} ... {two}", f"{two} ... {one}") if near else (phrase,)


def _variants(phrase: str, vocabulary: Vocabulary) -> list[str]:
    """„zu~hause|daheim“ as „zu hause“ and „daheim“: two phrases; a class may hold several words in one as well."""
    if "~" not in phrase and not any(name in phrase for name in vocabulary.several):
        return [phrase]
    choices = []
    for piece in phrase.split():
        several = [choice for choice in piece.split("|") if "~" in choice]
        several += [word for choice in piece.split("|") for word in vocabulary.several.get(choice, ())]
        single = "|".join(choice for choice in piece.split("|") if "~" not in choice)
        choices.append([*(choice.replace("~", " ") for choice in several), *([single] if single else ())])
    return [" ".join(pieces) for pieces in product(*choices)]


def _words(choice: str, classes: Mapping[str, Iterable[str]]) -> Iterable[str]:
    if not choice.startswith("{"):
        if set("{}") & set(choice) or not choice:
            raise ValueError(f"{choice!r}: a word class is written {{name}}")
        return (choice,)
    name = choice.strip("{}")
    if name not in classes:
        raise ValueError(f"the word class {{{name}}} is not in the vocabulary")
    return (word for word in classes[name] if "~" not in word)
