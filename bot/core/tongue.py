"""Tongue: which languages a message seems to be written in, told by their everyday words."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.core.wording import Word, fold

# So many everyday words of another language, and so many times as many as of the rule's own, make a text foreign to it.
_ENOUGH = 2
_TIMES = 3


@dataclass(frozen=True, slots=True)
class Tongues:
    """The everyday words of each language, folded."""

    by_word: Mapping[str, frozenset[str]]

    @classmethod
    def build(cls, everyday: Mapping[str, Iterable[str]]) -> "Tongues":
        """From each language's list; a word may belong to several languages."""
        languages: dict[str, set[str]] = {}
        for lang, words in everyday.items():
            for word in words:
                languages.setdefault(fold(str(word)), set()).add(lang)
        return cls({word: frozenset(of) for word, of in languages.items()})

    def spoken(self, words: Iterable[Word]) -> Counter[str]:
        """How many everyday words of each language the text has."""
        return Counter(lang for word in words for lang in self.by_word.get(word.folded, ()))


def is_foreign(lang: str, spoken: Counter[str]) -> bool:
    """Whether the text is plainly in another language than a rule's: its words mean something else there."""
    most = max(spoken.values(), default=0)
    return most >= _ENOUGH and most > _TIMES * spoken[lang]
