"""Cues: words that tell a greeting from a concern, a reminder from a new matter, a wish from a report."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

_GAP = r"(?:\w+ ){0,4}"
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss"})


class Cue(StrEnum):
    """What a phrase of cues.*.yaml stands for."""

    GREETING = "greeting"  #: hello, goodbye, is anybody there, test
    FILLER = "filler"  #: what greeting and thanks may have with them
    THANKS = "thanks"  #: thank you, all right
    STATUS = "status"  #: how does my case stand?
    REMINDER = "reminder"  #: speaks of something reported before
    NEW_CONCERN = "new_concern"  #: now something else
    CONTINUATION = "continuation"  #: looks back at what was said before
    WORSENING = "worsening"  #: the matter at hand is getting worse
    HUMAN = "human"  #: wants a person
    DELETION = "deletion"  #: wants to be erased
    YES = "yes"  #: agrees
    NO = "no"  #: declines
    UNSURE = "unsure"  #: does not know either
    SETTLED = "settled"  #: the matter is settled
    UNSETTLED = "unsettled"  #: sounds like settled and is not
    LEGAL = "legal"  #: a deadline may be running
    CRY = "cry"  #: nothing but a call for help


def fold(text: str) -> str:
    """Lower case, ae for ä, words and single spaces only: what phrases are compared in."""
    plain = unicodedata.normalize("NFKC", text).lower().translate(_UMLAUTS)
    plain = "".join(sign for sign in plain if unicodedata.category(sign) != "Cf")  # zero width, direction marks
    return " ".join(re.findall(r"\w+", plain.replace("'", "").replace("’", "")))


@dataclass(frozen=True, slots=True)
class Cues:
    """All phrases of all languages, compiled; build once with `Cues.build`."""

    anywhere: Mapping[Cue, re.Pattern[str]]

    @classmethod
    def build(cls, phrases: Mapping[str, Mapping[str, Iterable[str]]]) -> "Cues":
        """From {language: {cue: phrases}}; an unknown cue raises ValueError."""
        merged: dict[Cue, list[str]] = {cue: [] for cue in Cue}
        for by_cue in phrases.values():
            for name, values in by_cue.items():
                merged[Cue(name)].extend(values)
        return cls({cue: _compile(values) for cue, values in merged.items()})

    def found(self, cue: Cue, text: str, *, within_words: int | None = None) -> bool:
        """Whether a phrase of this cue occurs, perhaps only among the first words."""
        words = fold(text).split()
        return bool(self.anywhere[cue].search(" ".join(words[:within_words])))

    def starts(self, cue: Cue, text: str) -> bool:
        """Whether the text begins with a phrase of this cue."""
        return bool(self.anywhere[cue].match(fold(text)))

    def whole(self, cue: Cue, text: str) -> bool:
        """Whether the text is nothing but one phrase of this cue."""
        return bool(self.anywhere[cue].fullmatch(fold(text)))

    def only(self, cues: Iterable[Cue], text: str) -> bool:
        """Whether nothing is left when all phrases of these cues are taken out, and something was there."""
        rest = fold(text)
        if not rest:
            return False
        for cue in cues:
            rest = " ".join(self.anywhere[cue].sub(" ", rest).split())
        return not rest


def _compile(phrases: Iterable[str]) -> re.Pattern[str]:
    # The longest first, so that "was ganz anderes" is taken before "was".
    parts = sorted({_pattern(phrase) for phrase in phrases}, key=len, reverse=True)
    return re.compile(r"\b(?:" + "|".join(parts) + r")\b" if parts else r"(?!)")


def _pattern(phrase: str) -> str:
    words, tail = phrase.split(), ""
    if words[-1] == "…":
        words, tail = words[:-1], r"(?: \w+){0,4}"
    pieces = []
    for word in words:
        if word == "…":
            pieces.append(_GAP)
        else:
            stem = re.escape(fold(word.replace("*", "")))
            pieces.append(stem + (r"\w*" if "*" in word else "") + " ")
    return "".join(pieces).strip() + tail
