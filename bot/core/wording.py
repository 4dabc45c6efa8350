"""Wording: how a message reads once spelling, marks and accents are set aside."""

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass

# Longer words than this are noise; cutting them keeps the search short.
_LONGEST_WORD = 48
_LETTERS = str.maketrans({"ß": "ss", "ı": "i", "ł": "l", "ø": "o", "đ": "d", "ة": "ه", "ى": "ي", "ـ": None})
_TWINS = re.compile(r"([^\W\d_])\1+")
# A doubled letter makes these another word: „man“, „Ofen“, „a“ (the Aa is a river).
_DOUBLED = frozenset({"mann", "offen", "aa"})
_TRANSCRIBED = re.compile(r"([aou])e")
_PIECES = re.compile(r"(?P<word>[^\W_]+)|(?P<pause>\.{2,}|…|[,:;()\n/–—-])|(?P<stop>[.!?؟。]+)")
_ABBREVIATIONS = frozenset({"nr", "str", "ca", "bzw", "usw", "z", "b", "ggf", "dr", "hausnr", "tel", "st", "no", "ul"})


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a message: folded, where it stood, and in which clause and sentence."""

    folded: str
    start: int
    end: int
    clause: int
    sentence: int


def clean(text: str) -> str:
    """NFKC, and without signs that cannot be seen (zero width, direction marks, soft hyphen) and apostrophes."""
    plain = unicodedata.normalize("NFKC", text).replace("\r", "\n").replace("\t", " ")
    if plain.isascii() and plain.isprintable():
        return plain.replace("'", "").replace("`", "")
    dropped = {ord(sign): None for sign in set(plain) if sign in "'’`´ʼ" or (sign != "\n" and not _is_seen(sign))}
    return plain.translate(dropped) if dropped else plain


def fold(word: str) -> str:
    """The bare letters: lower case, no accents, ae/oe/ue as a/o/u, no letter twice in a row.

    So „GASS“, „gaß“, „gaaas“ and „gas“ are one word, and „Tür“, „Tuer“ and „Tur“.
    """
    bare = word.lower() if word.isascii() else _without_accents(word)
    if bare in _DOUBLED:
        return bare
    if "e" in bare:
        bare = _TRANSCRIBED.sub(r"\1", bare)
    return _TWINS.sub(r"\1", bare)


def _without_accents(word: str) -> str:
    lowered = unicodedata.normalize("NFKD", word.lower().translate(_LETTERS))
    return "".join(sign for sign in lowered if not unicodedata.combining(sign)).translate(_LETTERS)


def slips(word: str) -> list[str]:
    """The word with one letter left out, at each place."""
    return [word[:at] + word[at + 1 :] for at in range(len(word))]


def swaps(word: str) -> list[str]:
    """The word with two neighbouring letters exchanged, at each place."""
    return [word[:at] + word[at + 1] + word[at] + word[at + 2 :] for at in range(len(word) - 1)]


def read(text: str, joints: Collection[str] = ()) -> tuple[Word, ...]:
    """The words of a cleaned text. `joints` are folded words („und“, „aber“) that begin a clause of their own."""
    words: list[Word] = []
    clause = sentence = 0
    for piece in _PIECES.finditer(text):
        if piece.lastgroup == "word":
            folded = fold(piece[0][:_LONGEST_WORD])
            clause += folded in joints
            words.append(Word(folded, *piece.span(), clause, sentence))
        elif piece.lastgroup == "pause" or not _ends_sentence(text, piece, words):
            clause += piece[0] not in (".", "-", "/")
        else:
            clause, sentence = clause + 1, sentence + 1
    return tuple(words)


def _is_seen(sign: str) -> bool:
    return unicodedata.category(sign) not in ("Cf", "Cc", "Mn")


def _ends_sentence(text: str, stop: re.Match[str], words: list[Word]) -> bool:
    """A full stop inside „22.30“, „14.“ or after „Nr“ ends nothing."""
    if stop[0] != ".":
        return True
    before = words[-1].folded if words else ""
    inside = stop.end() < len(text) and not text[stop.end()].isspace()
    return not (inside or before.isdigit() or before in _ABBREVIATIONS)
