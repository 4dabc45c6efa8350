"""Text made comparable: one spelling for what citizens write in many, and the pieces a model counts."""

import hashlib
import re
import unicodedata
from collections.abc import Iterator
from itertools import pairwise

#: Longer messages are cut here: what a message is about stands at its beginning.
LONGEST = 4_000

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe0e\ufe0f\ufeff\ud800-\udfff]")
_SPACE = re.compile(r"\s+")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_WORD = re.compile(r"[^\W_]{2,}")
_TRANSCRIBED = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "ı": "i", "ł": "l", "đ": "d"})


def normalise(text: str) -> str:
    """The same words in one Unicode form: no invisible marks, single spaces, at most LONGEST characters."""
    text = unicodedata.normalize("NFKC", text[: 2 * LONGEST])
    return _SPACE.sub(" ", _INVISIBLE.sub("", text)).strip()[:LONGEST]


def fold(text: str) -> str:
    """Normalised and with differences of spelling removed: case, accents, ä or ae, which number."""
    text = unicodedata.normalize("NFC", normalise(text).casefold()).translate(_TRANSCRIBED)
    bare = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _NUMBER.sub("0", "".join(bare))


def fingerprint(text: str) -> str:
    """Twelve hexadecimal digits that tell folded texts apart without showing them."""
    return hashlib.sha256(fold(text).encode()).hexdigest()[:12]


def words(folded: str) -> Iterator[str]:
    """Single words and pairs of neighbours."""
    single = _WORD.findall(folded)
    yield from single
    yield from map(" ".join, pairwise(single))


def grams(folded: str, shortest: int = 2, longest: int = 5) -> Iterator[str]:
    """Groups of letters inside each word, its edges marked by a space."""
    for word in folded.split():
        padded = f" {word} "
        for size in range(shortest, longest + 1):
            yield from (padded[at : at + size] for at in range(max(len(padded) - size + 1, 1)))
            if size >= len(padded):  # a short word is counted once as a whole
                break
