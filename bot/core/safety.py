"""Safety rules: words that mean danger, found before and apart from any model."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.phrase import Lexicon, Phrase, Place, Reading, Vocabulary
from bot.core.safety_cues import Cues, Disarming
from bot.core.wording import clean, fold, read

_RULE_KEYS = {"id", "kind", "lang", "department", "any", "alone", "unless", "heeds", "catches", "ignores"}
_ALL = "all"  # vocabulary and cues that hold in every language


@dataclass(frozen=True, slots=True)
class SafetyHit:
    """A safety rule that matched: which danger, who acts, and the words that showed it."""

    rule: str
    kind: str
    department: str
    words: str


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of danger: who acts, or who acts instead when the text speaks of something else as well."""

    department: str
    gravity: int  #: 0 is the gravest
    instead: str | None = None
    when: tuple[Phrase, ...] = ()
    unless: tuple[Phrase, ...] = ()


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


@dataclass(frozen=True, slots=True)
class SafetyRules:
    """All rules of all languages, compiled; build once with `SafetyRules.build`."""

    version: str
    kinds: Mapping[str, Kind]
    rules: tuple[Rule, ...]
    cues: Mapping[str, Cues]
    joints: frozenset[str]
    lexicon: Lexicon

    @classmethod
    def build(cls, data: Mapping[str, Any]) -> "SafetyRules":
        """From the content of safety.yaml; a mistake raises ValueError naming the rule and the field."""
        lexicon = Lexicon()
        words = _Words(lexicon, data.get("vocabulary") or {})
        kinds = {
            name: words.kind(name, told, gravity)
            for gravity, (name, told) in enumerate(_mapping(data, "kinds").items())
        }
        cues = {lang: words.cues(lang, told) for lang, told in _mapping(data, "cues").items()}
        rules = tuple(words.rule(told, at, kinds, cues) for at, told in enumerate(data.get("rules") or ()))
        if not rules:
            raise ValueError("rules: there must be at least one")
        twice = [rule.id for at, rule in enumerate(rules) if rule.id in {one.id for one in rules[:at]}]
        if twice:
            raise ValueError(f"{twice[0]}.id: there are two rules of this name")
        joints = frozenset(fold(joint) for joint in data.get("joints") or ())
        return cls(str(data.get("version", "")), kinds, rules, cues, joints, lexicon)

    def match(self, text: str) -> SafetyHit | None:
        """The gravest danger of the text, or None. Lines of a joined text are clauses that belong together."""
        return next(iter(self.matches(text)), None)

    def matches(self, text: str) -> tuple[SafetyHit, ...]:
        """Every rule that matched, the gravest first; of one kind the one with more words first."""
        plain = clean(text)
        reading = Reading.of(read(plain, self.joints), self.lexicon)
        found = []
        for rule in self.rules:
            place = self._place(rule, reading)
            if place:
                kind = self.kinds[rule.kind]
                department = rule.department or _department(kind, reading)
                hit = SafetyHit(rule.id, rule.kind, department, _quoted(plain, reading, place))
                found.append((kind.gravity, -len(place), hit))
        return tuple(hit for _, _, hit in sorted(found, key=lambda one: one[:2]))

    def _place(self, rule: Rule, reading: Reading) -> Place | None:
        """The longest occurrence that nothing takes back."""
        places = [place for phrase in rule.any for place in reading.find(phrase)]
        places += [place for phrase in rule.alone for place in reading.find(phrase) if reading.is_all(place)]
        if not places:
            return None
        barred = {reading.words[place[0]].sentence for phrase in rule.unless for place in reading.find(phrase)}
        cues = self.cues[rule.lang]
        standing = (
            place
            for place in sorted(places, key=len, reverse=True)
            if reading.words[place[0]].sentence not in barred and not cues.disarm(place, reading, rule.heeds)
        )
        return next(standing, None)


def _department(kind: Kind, reading: Reading) -> str:
    def told(phrases: Iterable[Phrase]) -> bool:
        return any(reading.find(phrase) for phrase in phrases)

    if kind.instead and told(kind.when) and not told(kind.unless):
        return kind.instead
    return kind.department


def _quoted(text: str, reading: Reading, place: Place) -> str:
    """The words as the citizen wrote them; „…“ where others stood between."""
    quoted = ""
    last = None
    for at in sorted(place):
        word = reading.words[at]
        quoted += (" … " if last is not None and at > last + 1 else " ") + text[word.start : word.end]
        last = at
    return quoted.strip()


def _mapping(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    told = data.get(name)
    if not isinstance(told, Mapping) or not told:
        raise ValueError(f"{name}: must be a mapping and not empty")
    return told


class _Words:
    """Compiles what safety.yaml says; every mistake names its place."""

    def __init__(self, lexicon: Lexicon, vocabulary: Mapping[str, Mapping[str, list[str]]]) -> None:
        self.lexicon = lexicon
        self.common = vocabulary.get(_ALL, {})
        self.vocabularies = {lang: Vocabulary({**self.common, **told}) for lang, told in vocabulary.items()}

    def kind(self, name: str, told: Mapping[str, Any], gravity: int) -> Kind:
        if not isinstance(told, Mapping) or not isinstance(told.get("department"), str):
            raise ValueError(f"kinds.{name}.department: is missing")
        instead = told.get("instead")
        if not instead:
            return Kind(told["department"], gravity)
        place = f"kinds.{name}.instead"
        when = self.phrases(instead.get("when"), f"{place}.when", _ALL)
        unless = self.phrases(instead.get("unless"), f"{place}.unless", _ALL)
        return Kind(told["department"], gravity, instead["department"], when, unless)

    def cues(self, lang: str, told: Mapping[str, Any]) -> Cues:
        unknown = told.keys() - set(Disarming) - {"present", "affirmation"}
        if unknown:
            raise ValueError(f"cues.{lang}.{min(unknown)}: is not a cue")
        found = {name: self.phrases(phrases, f"cues.{lang}.{name}", lang) for name, phrases in told.items()}
        present, affirmation = found.pop("present", ()), found.pop("affirmation", ())
        return Cues({Disarming(name): phrases for name, phrases in found.items()}, present, affirmation)

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
        return Rule(name, told["kind"], lang, wanted, alone, unless, heeded, told.get("department"))

    def phrases(self, told: Any, place: str, lang: str) -> tuple[Phrase, ...]:
        if not isinstance(told or [], list):
            raise ValueError(f"{place}: must be a list of phrases")
        vocabulary = self.vocabularies.get(lang) or self.vocabularies.setdefault(lang, Vocabulary(self.common))
        compiled: list[Phrase] = []
        for phrase in told or ():
            if not isinstance(phrase, str):
                raise ValueError(f"{place}: {phrase!r} is not a text; put it in quotation marks")
            try:
                compiled.extend(self.lexicon.compile(phrase, vocabulary))
            except ValueError as error:
                raise ValueError(f"{place}: {error}") from None
        return tuple(compiled)
