"""Danger: whether the safety rules can be read, and every kind of danger has its text in every language."""

from collections.abc import Collection, Mapping

from bot.core.safety import SafetyRules
from bot.settings.checks.texts import Texts, flat
from bot.settings.reading.mistakes import Mistakes, meant
from bot.settings.reading.safety_files import SafetyFiles
from bot.settings.reading.yaml_file import Document, Loc

#: what is told when the model alone sees danger
OTHER = "other"
#: sentences about the machine itself that every language needs: nobody hears this voice message, nobody reads along
#: at night, nothing was accepted
ALWAYS = frozenset({"unread", "machine", "not_accepted"})
_HEAD = ("version", "released")


def check_danger(
    rules: SafetyFiles, documents: Mapping[str, Document], texts: Mapping[str, Texts], mistakes: Mistakes
) -> None:
    """Notes rules the engine refuses, kinds without text, and texts without kind."""
    try:
        SafetyRules.build(rules.merged())
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        _refused(rules, str(error), mistakes)
        return
    kinds = [*rules.head.data["kinds"]]
    for language, document in documents.items():
        _kinds(kinds, document, texts[language], mistakes)


def danger_texts(document: Document, mistakes: Mistakes) -> Texts:
    """Kind of danger → text; a kind holds its text alone or, with its own release, under `text`.

    `version` and `released` at the head of the file say who answers for it; `texts` may stand around the rest.
    """
    root: Loc = ("texts",) if isinstance(document.data, dict) and "texts" in document.data else ()
    texts = flat(document, mistakes, _HEAD)
    kept: Texts = {}
    for key, told in texts.items():
        way = key.split(".")[len(root) :]
        if len(way) == 1 or way[1:] == ["text"]:
            kept[way[0]] = told
    return kept


def _kinds(kinds: Collection[str], document: Document, texts: Texts, mistakes: Mistakes) -> None:
    for kind in {*kinds, OTHER, *ALWAYS} - texts.keys():
        document.complain(mistakes, (), f"„{kind}“ fehlt; safety.yaml nennt diese Gefahr, also braucht sie einen Text")
    for kind in texts.keys() - {*kinds, OTHER, *ALWAYS}:
        sentence = f"diese Gefahr gibt es in safety.yaml nicht{meant(kind, sorted(kinds))}"
        document.complain(mistakes, texts[kind][0], sentence, key=True)


def _refused(rules: SafetyFiles, error: str, mistakes: Mistakes) -> None:
    """The engine says `rule.field: what`; a file wants line and column."""
    way, _, what = error.partition(": ")
    document, place = rules.place(way)
    document.complain(mistakes, place, f"die Regeln lassen sich so nicht lesen ({what or error})")
