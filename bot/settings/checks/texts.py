"""Texts and cues: nested YAML under dotted keys, the same keys in every language."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from bot.core.conversation.cue import Cue
from bot.settings.reading.mistakes import Mistakes, meant
from bot.settings.reading.yaml_file import Document, Loc

#: dotted key → where in the file it stands, and what it says
Texts = dict[str, tuple[Loc, str]]


def flat(document: Document, mistakes: Mistakes, skipped: Collection[str] = ()) -> Texts:
    """The texts of nested mappings under dotted keys; whatever is not a text is noted."""
    if not isinstance(document.data, dict):
        document.complain(mistakes, (), "hier müssen Zeilen „schlüssel: Text“ stehen")
        return {}
    data = {key: value for key, value in document.data.items() if key not in skipped}
    return dict(_leaves(document, data, (), mistakes))


def _leaves(
    document: Document, data: Mapping[str, Any], loc: Loc, mistakes: Mistakes
) -> Iterator[tuple[str, tuple[Loc, str]]]:
    for key, value in data.items():
        place = (*loc, key)
        if isinstance(value, dict):
            yield from _leaves(document, value, place, mistakes)
        elif isinstance(value, str) and value.strip():
            yield ".".join(map(str, place)), (place, value)
        else:
            document.complain(mistakes, place, "hier muss ein Text stehen; setzen Sie ihn in Anführungszeichen")


def cue_lists(document: Document, mistakes: Mistakes) -> dict[str, tuple[str, ...]]:
    """Cue → phrases; an unknown cue and whatever is not a list of texts are noted."""
    if not isinstance(document.data, dict):
        document.complain(mistakes, (), "hier müssen Zeilen „schlüssel: [Wörter]“ stehen")
        return {}
    known = [cue.value for cue in Cue]
    for cue, phrases in document.data.items():
        if cue not in known:
            sentence = f"diesen Schlüssel gibt es nicht{meant(cue, known)}"
            document.complain(mistakes, (cue,), sentence, key=True)
        if not isinstance(phrases, list):
            document.complain(mistakes, (cue,), "hier muss eine Liste stehen: [eins, zwei]")
            continue
        for index, phrase in enumerate(phrases):
            if not isinstance(phrase, str) or not phrase.strip():
                document.complain(mistakes, (cue, index), "hier muss ein Text stehen, in Anführungszeichen")
    return {cue: tuple(phrases) for cue, phrases in document.data.items() if isinstance(phrases, list)}


def texts_by_language(documents: Mapping[str, Document], mistakes: Mistakes) -> dict[str, Texts]:
    """The texts of every language; a key that only another language has is noted."""
    texts = {language: flat(document, mistakes) for language, document in documents.items()}
    first, *others = texts or [""]
    for language in others:
        for key in texts[language].keys() - texts[first].keys():
            near = meant(key, sorted(texts[first]))
            sentence = f"diesen Schlüssel gibt es in {documents[first].path.name} nicht{near}"
            documents[language].complain(mistakes, texts[language][key][0], sentence, key=True)
    return texts
