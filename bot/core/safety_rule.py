"""A safety rule: phrases that show a danger and phrases that take it back, compiled from what a town's files say."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.phrase import Lexicon, Phrase, Vocabulary
from bot.core.safety_cues import Cues, Disarming

_RULE_KEYS = {"id", "kind", "lang", "department", "suspicion", "any", "alone", "unless", "heeds", "catches", "ignores"}
_ALL = "all"  # vocabulary and cues that hold in every language


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of danger: who acts, or who acts instead when the text speaks of something else as well."""

    department: str
    gravity: int  #: 0 is the gravest
    instead: str | None = None
    when: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()
    varies: bool = False  #: who acts depends on the thing: a model that is sure knows better


@dataclass(frozen=True, slots=True)
class Rule:
    """Phrases of one language that show one kind of danger, unless other words take it back."""

    id: str
    kind: str
    lang: str
    any: tuple[Phrase, ...]
    alone: tuple[Phrase, ...]  #: count only where they are a whole sentence: „Feuer!“
    unless: tuple[Phrase, ...]
    heeds: frozenset[Disarming]
    department: str | None
    suspicion: bool  #: danger only where the model sees some as well, or no model answers


class Words:
    """Compiles what a town's files say; every mistake names its place."""

    def __init__(self, lexicon: Lexicon, vocabulary: Mapping[str, Mapping[str, list[str]]]) -> None:
        self.lexicon = lexicon
        self.common = vocabulary.get(_ALL, {})
        self.vocabularies = {lang: Vocabulary.of({**self.common, **told}) for lang, told in vocabulary.items()}

    def kind(self, name: str, told: Mapping[str, Any], gravity: int) -> Kind:
        if not isinstance(told, Mapping) or not isinstance(told.get("department"), str):
            raise ValueError(f"kinds.{name}.department: is missing")
        instead = told.get("instead")
        if not instead:
            return Kind(told["department"], gravity, varies=told.get("who_varies") is True)
        place = f"kinds.{name}.instead"
        when = self.phrases(instead.get("when"), f"{place}.when", _ALL)
        unless = self.phrases(instead.get("unless"), f"{place}.unless", _ALL)
        varies = told.get("who_varies") is True
        return Kind(told["department"], gravity, instead["department"], when, unless, varies)

    def cues(self, lang: str, told: Mapping[str, Any]) -> Cues:
        unknown = told.keys() - set(Disarming) - {"present", "affirmation", "doubt"}
        if unknown:
            raise ValueError(f"cues.{lang}.{min(unknown)}: is not a cue")
        found = {name: self.phrases(phrases, f"cues.{lang}.{name}", lang) for name, phrases in told.items()}
        present, affirmation, doubt = (found.pop(name, ()) for name in ("present", "affirmation", "doubt"))
        return Cues({Disarming(name): phrases for name, phrases in found.items()}, present, affirmation, doubt)

    def rule(self, told: Any, at: int, kinds: Mapping[str, Kind], cues: Mapping[str, Cues]) -> Rule:
        name = told.get("id") if isinstance(told, Mapping) else None
        if not isinstance(name, str):
            raise ValueError(f"rules.{at}.id: is missing")
        for key in told.keys() - _RULE_KEYS:
            raise ValueError(f"{name}.{key}: is not a field of a rule")
        for key, known in (("kind", kinds), ("lang", cues)):
            if told.get(key) not in known:
                raise ValueError(f"{name}.{key}: {told.get(key)!r} is not known")
        lang = told["lang"]
        wanted = self.phrases(told.get("any"), f"{name}.any", lang)
        if not wanted:
            raise ValueError(f"{name}.any: there must be at least one phrase")
        alone = self.phrases(told.get("alone"), f"{name}.alone", lang)
        unless = self.phrases(told.get("unless"), f"{name}.unless", lang)
        heeds = told.get("heeds", list(Disarming))
        if not set(heeds) <= set(Disarming):
            raise ValueError(f"{name}.heeds: {heeds!r} holds an unknown cue")
        heeded = frozenset(map(Disarming, heeds))
        suspicion = told.get("suspicion", False)
        if not isinstance(suspicion, bool):
            raise ValueError(f"{name}.suspicion: must be true or false")
        return Rule(name, told["kind"], lang, wanted, alone, unless, heeded, told.get("department"), suspicion)

    def phrases(self, told: Any, place: str, lang: str) -> tuple[Phrase, ...]:
        if not isinstance(told or [], list):
            raise ValueError(f"{place}: must be a list of phrases")
        vocabulary = self.vocabularies.get(lang) or self.vocabularies.setdefault(lang, Vocabulary.of(self.common))
        compiled: list[Phrase] = []
        for phrase in told or ():
            if not isinstance(phrase, str):
                raise ValueError(f"{place}: {phrase!r} is not a text; put it in quotation marks")
            try:
                compiled.extend(self.lexicon.compile(phrase, vocabulary))
            except ValueError as error:
                raise ValueError(f"{place}: {error}") from None
        return tuple(compiled)
