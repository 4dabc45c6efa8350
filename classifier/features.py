"""Features: a text as weighted words and letter groups, and as a sentence vector."""

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

from classifier.text import fold, grams, words
from classifier.vectors import Floats

#: What a word counts against a group of letters; German compounds make letters the better witness.
_WORDS: Final = np.float32(0.8)

#: Positions and values of one text's features that are not zero.
SparseRow: TypeAlias = tuple[NDArray[np.int64], Floats]


@dataclass(frozen=True)
class Vocabulary:
    """Terms worth counting and how rare each is; a row is TF-IDF with damped counts.

    A row of known terms only has length 1; the more is unknown, the shorter the row and the less it says.
    """

    terms: tuple[str, ...]
    rarity: Floats  #: one more than terms: the last is that of every unknown term

    @classmethod
    def fit(cls, texts: Iterable[Iterable[str]], *, least: int, most: int) -> "Vocabulary":
        """Terms seen in at least `least` texts, the `most` commonest of them.

        A word only one person wrote may be their name: it is never learned.
        """
        total, seen = 0, Counter[str]()
        for pieces in texts:
            seen.update(set(pieces))
            total += 1
        common = sorted(seen.items(), key=lambda item: (-item[1], item[0]))[:most]
        kept = sorted((term, count) for term, count in common if count >= least)
        rarity = [math.log((1 + total) / (1 + count)) + 1 for _, count in [*kept, ("", 1)]]
        return cls(tuple(term for term, _ in kept), np.array(rarity, dtype=np.float32))

    @cached_property
    def _place(self) -> dict[str, int]:
        return {term: at for at, term in enumerate(self.terms)}

    def row(self, pieces: Iterable[str]) -> SparseRow:
        """One text's known terms."""
        counts, place, unknown = Counter(pieces), self._place, len(self.terms)
        at = np.fromiter((place.get(piece, unknown) for piece in counts), np.int64, len(counts))
        often = np.fromiter(counts.values(), np.float32, len(counts))
        values = (1 + np.log(often)) * self.rarity[at]
        known = at < unknown
        length = np.sqrt(values @ values) or np.float32(1)
        return at[known], values[known] / length


@dataclass(frozen=True)
class Features:
    """Words (and pairs of them) first, letter groups behind; together one long sparse row."""

    words: Vocabulary
    grams: Vocabulary

    @classmethod
    def fit(cls, texts: Sequence[str]) -> "Features":
        """Learns the vocabularies of these texts."""
        folded = [fold(text) for text in texts]
        return cls(
            Vocabulary.fit(map(words, folded), least=2, most=20_000),
            Vocabulary.fit(map(grams, folded), least=2, most=60_000),
        )

    def __len__(self) -> int:
        return len(self.words.terms) + len(self.grams.terms)

    def row(self, text: str) -> SparseRow:
        """One text; positions below `len(self.words.terms)` are words."""
        folded = fold(text)
        word_at, word_values = self.words.row(words(folded))
        gram_at, gram_values = self.grams.row(grams(folded))
        at = np.concatenate([word_at, gram_at + len(self.words.terms)])
        return at, np.concatenate([_WORDS * word_values, gram_values])
