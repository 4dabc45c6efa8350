"""Safety rules: words that mean danger, found before and apart from any model."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.phrase import Lexicon, Phrase, Place
from bot.core.reading import Reading
from bot.core.safety_cues import Cues
from bot.core.safety_rule import Kind, Rule, Words
from bot.core.tongue import Tongues, is_foreign
from bot.core.wording import clean, fold, read

_QUESTION = frozenset("?؟")
# A single word of danger is a cry in so many words at most; in a longer sentence it is often only spoken of.
_SHORT = 5


@dataclass(frozen=True, slots=True)
class SafetyHit:
    """A safety rule that matched: which danger, who acts, and the words that showed it."""

    rule: str
    kind: str
    department: str
    words: str
    suspicion: bool = False  #: these words mean danger often, not always: what else the message says decides
    varies: bool = False  #: who acts depends on the thing: `department` is a first guess


@dataclass(frozen=True, slots=True)
class Findings:
    """What the rules found in one text."""

    hits: tuple[SafetyHit, ...] = ()  #: the certain ones first, then the gravest, then those of more words
    taken_back: bool = False  #: words of danger stood there, but denied, over, only thought of or not meant


@dataclass(frozen=True, slots=True)
class SafetyRules:
    """All rules of all languages, compiled; build once with `SafetyRules.build`."""

    version: str
    kinds: Mapping[str, Kind]
    rules: tuple[Rule, ...]
    cues: Mapping[str, Cues]
    joints: frozenset[str]
    lexicon: Lexicon
    tongues: Tongues
    anchored: Mapping[int, tuple[int, ...]]  #: the rules worth reading where a text has this element

    @classmethod
    def build(cls, data: Mapping[str, Any]) -> "SafetyRules":
        """From what the safety rules' files say, all languages together.

        A mistake raises ValueError naming the rule and the field.
        """
        tongues = Tongues.build(data.get("everyday") or {})
        ordinary = {fold(word) for word in data.get("ordinary") or ()} | tongues.by_word.keys()
        lexicon = Lexicon(ordinary=ordinary)
        words = Words(lexicon, data.get("vocabulary") or {})
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
        anchored = _anchored(rules, lexicon)
        return cls(str(data.get("version", "")), kinds, rules, cues, joints, lexicon, tongues, anchored)

    def match(self, text: str) -> SafetyHit | None:
        """The gravest certain danger, or else the gravest suspicion, or None.

        Lines of a joined text are clauses that belong together.
        """
        return next(iter(self.find(text).hits), None)

    def find(self, text: str) -> Findings:
        """Every rule that matched, and whether others would have but for what takes their words back."""
        plain = clean(text)
        reading = Reading.of(read(plain, self.joints), self.lexicon, asks=bool(_QUESTION & set(plain)))
        said = [(rule, places) for rule in self._near(reading) if (places := self._places(rule, reading))]
        placed = [(rule, place) for rule, places in said if (place := self._standing(rule, places, reading))]
        foreign = self._foreign_languages(reading) if placed else ()
        doubtful = bool(placed) and (reading.asks or self._is_doubtful(reading, foreign))
        found = []
        for rule, place in placed:
            if rule.suspicion and rule.lang in foreign:
                continue
            kind = self.kinds[rule.kind]
            department = rule.department or _department(kind, reading)
            suspicion = rule.suspicion or rule.lang in foreign or doubtful or _is_guess(place, reading)
            quoted = _quoted(plain, reading, place)
            hit = SafetyHit(rule.id, rule.kind, department, quoted, suspicion, kind.varies and not rule.department)
            found.append(((suspicion, kind.gravity, -len(place)), hit))
        hits = tuple(hit for _, hit in sorted(found, key=lambda one: one[0]))
        return Findings(hits, taken_back=not hits and len(placed) < len(said))

    def _near(self, reading: Reading) -> list[Rule]:
        """The rules of which the text has the rarest element of a phrase."""
        return [self.rules[at] for at in sorted({at for one in reading.places for at in self.anchored.get(one, ())})]

    def _is_doubtful(self, reading: Reading, foreign: Collection[str]) -> bool:
        return any(cues.doubts(reading) for lang, cues in self.cues.items() if lang not in foreign)

    def _foreign_languages(self, reading: Reading) -> set[str]:
        """The languages the text is plainly not in: their words mean something else here."""
        spoken = self.tongues.spoken(reading.words)
        return {lang for lang in self.cues if is_foreign(lang, spoken)}

    def _places(self, rule: Rule, reading: Reading) -> list[Place]:
        """Where its words stand, unless they mean something else there."""
        places = [place for phrase in rule.any for place in reading.find(phrase)]
        places += [place for phrase in rule.alone for place in reading.find(phrase) if reading.is_all(place)]
        if not places:
            return []
        barred = {reading.words[place[0]].sentence for phrase in rule.unless for place in reading.find(phrase)}
        return [place for place in places if reading.words[place[0]].sentence not in barred]

    def _standing(self, rule: Rule, places: Iterable[Place], reading: Reading) -> Place | None:
        """The longest of them that nothing takes back."""
        cues = self.cues[rule.lang]
        longest = sorted(places, key=len, reverse=True)
        return next((place for place in longest if not cues.disarm(place, reading, rule.heeds)), None)


def _anchored(rules: Iterable[Rule], lexicon: Lexicon) -> dict[int, tuple[int, ...]]:
    found: dict[int, set[int]] = defaultdict(set)
    for at, rule in enumerate(rules):
        for phrase in (*rule.any, *rule.alone):
            found[min(phrase.elements, key=lexicon.frequency)].add(at)
    return {element: tuple(sorted(of)) for element, of in found.items()}


def _is_guess(place: Place, reading: Reading) -> bool:
    """A single word, and that misspelt or in the midst of many others: it may well mean something else."""
    return len(place) == 1 and (place[0] in reading.misspelt or reading.sentence_length(place) > _SHORT)


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
