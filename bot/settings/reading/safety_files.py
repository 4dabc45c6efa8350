"""The safety rules' files: what holds everywhere, and one file a language; together what the engine is built from."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.settings.reading.mistakes import Mistakes, meant
from bot.settings.reading.yaml_file import Document, Loc

_HEAD = ("version", "released", "kinds", "joints", "ordinary", "vocabulary")
_LANGUAGE = ("everyday", "vocabulary", "cues", "rules")
_COMMON = "all"  # what the engine calls a vocabulary that every language has


@dataclass(frozen=True, slots=True)
class SafetyFiles:
    """safety.yaml, and safety_rules.<language>.yaml by language."""

    head: Document
    languages: Mapping[str, Document]

    def documents(self) -> tuple[Document, ...]:
        """All of them."""
        return (self.head, *self.languages.values())

    def merged(self) -> dict[str, Any]:
        """One mapping as `SafetyRules.build` takes it; every rule knows its file's language."""
        head, told = self.head.data, {language: one.data for language, one in self.languages.items()}
        of_language = {name: {lang: one.get(name) or {} for lang, one in told.items()} for name in _LANGUAGE[:-1]}
        of_language["vocabulary"][_COMMON] = head.get("vocabulary") or {}
        rules = [{**rule, "lang": lang} for lang, one in told.items() for rule in one.get("rules") or ()]
        return {**head, **of_language, "rules": rules}

    def place(self, way: str) -> tuple[Document, Loc]:
        """File and place that the engine means by `rule.field`, `rules.number.field` or `cues.de.past`."""
        name, _, field = way.rpartition(".")
        steps = way.split(".")
        numbered = 0
        for language, document in self.languages.items():
            for at, rule in enumerate(document.data.get("rules") or ()):
                if name in (rule.get("id"), f"rules.{numbered}"):
                    return document, ("rules", at, field)
                numbered += 1
            if steps[1:2] == [language]:
                return document, (steps[0], *steps[2:])
        return self.head, tuple(steps)


def safety_files(head: Document | None, languages: Mapping[str, Document], mistakes: Mistakes) -> SafetyFiles | None:
    """None where a file is not there or its shape is not one; that is noted."""
    if head is None:
        return None
    shaped = _shaped(head, _HEAD, mistakes)
    for document in languages.values():
        shaped = _shaped(document, _LANGUAGE, mistakes) and _rules_shaped(document, mistakes) and shaped
    return SafetyFiles(head, languages) if shaped else None


def _shaped(document: Document, keys: tuple[str, ...], mistakes: Mistakes) -> bool:
    if not isinstance(document.data, dict):
        document.complain(mistakes, (), f"hier stehen nur diese Schlüssel: {', '.join(keys)}")
        return False
    for key in document.data.keys() - set(keys):
        sentence = f"diesen Schlüssel gibt es nicht{meant(str(key), [*keys])}"
        if key in _LANGUAGE:
            sentence = "das gehört in die Datei einer Sprache, safety_rules.<sprache>.yaml"
        document.complain(mistakes, (key,), sentence, key=True)
    return document.data.keys() <= set(keys)


def _rules_shaped(document: Document, mistakes: Mistakes) -> bool:
    rules = document.data.get("rules") or []
    if isinstance(rules, list) and all(isinstance(rule, dict) for rule in rules):
        return True
    document.complain(mistakes, ("rules",), "hier steht eine Liste von Regeln, jede mit id, kind und any")
    return False
