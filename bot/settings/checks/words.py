"""Words for people and about people: replies, safety texts and cues, read and checked in every language."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.settings.checks.danger import check_danger, danger_texts
from bot.settings.checks.templates import check_templates
from bot.settings.checks.texts import Texts, cue_lists, texts_by_language
from bot.settings.reading.files import Files
from bot.settings.reading.mistakes import Mistakes
from bot.settings.reading.yaml_file import Document


@dataclass(frozen=True, slots=True)
class Words:
    """All texts by language; what is missing in the files is missing here, and noted."""

    safety_texts: Mapping[str, Mapping[str, str]]
    replies: Mapping[str, Mapping[str, str]]
    cues: Mapping[str, Mapping[str, tuple[str, ...]]]


def read_words(files: Files, mistakes: Mistakes) -> Words:
    """The words of every file of words."""
    replies = texts_by_language(files.replies, mistakes)
    safety_texts = {lang: danger_texts(document, mistakes) for lang, document in files.safety_texts.items()}
    for documents, texts in ((files.replies, replies), (files.safety_texts, safety_texts)):
        for language in texts:
            check_templates(documents[language], texts[language], mistakes)
    cues = {language: cue_lists(document, mistakes) for language, document in files.cues.items()}
    if files.safety:
        check_danger(files.safety, files.safety_texts, safety_texts, mistakes)
    _languages(files, mistakes)
    return Words(_plain(safety_texts), _plain(replies), cues)


def _languages(files: Files, mistakes: Mistakes) -> None:
    """Every language the town names has its files."""
    if files.city is None:
        return
    folder = files.city.document.path.parent
    named: dict[str, Mapping[str, Document]] = {
        "replies": files.replies,
        "safety_texts": files.safety_texts,
        "cues": files.cues,
    }
    for name, documents in named.items():
        for language in files.city.content.languages:
            path = folder / f"{name}.{language}.yaml"
            if language not in documents and not path.exists():
                mistakes.add(path, 0, 0, "die Datei fehlt; city.yaml nennt diese Sprache unter languages")


def _plain(texts: Mapping[str, Texts]) -> dict[str, dict[str, str]]:
    return {language: {key: text for key, (_, text) in one.items()} for language, one in texts.items()}
