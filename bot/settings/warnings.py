"""Warnings: nothing is wrong yet, but it will be, or somebody will miss something."""

from datetime import date, timedelta
from pathlib import Path

from bot.settings.checks.texts import flat
from bot.settings.reading.files import Files, read_files
from bot.settings.reading.mistakes import Mistakes
from bot.settings.reading.yaml_file import Document

_COVERED = timedelta(days=183)
_YEAR = timedelta(days=365)

#: what only staff read is German everywhere
_FOR_STAFF = "reasons."


def warnings(config_dir: Path, today: date) -> list[str]:
    """Sentences with file:line:column about what runs out or is missing; mistakes are `load`'s to tell."""
    found = Mistakes()
    files = read_files(config_dir, Mistakes())
    _covered(files, today, found)
    _addresses(files, found)
    _untranslated(files.replies, found)
    _without_rules(files, found)
    for document in (files.safety.head if files.safety else None, *files.safety_texts.values()):
        if document:
            _released(document, today, found)
    return found.sentences()


def _covered(files: Files, today: date, found: Mistakes) -> None:
    if files.hours is None:
        return
    until = files.hours.content.covered_until
    if until < today + _COVERED:
        sentence = (
            f"die freien Tage sind nur bis {until:%d.%m.%Y} eingetragen; "
            "ergänzen Sie closed und half_days für das nächste Jahr und setzen Sie das Datum hoch"
        )
        files.hours.document.complain(found, ("covered_until",), sentence)


def _addresses(files: Files, found: Mistakes) -> None:
    if files.departments is None or files.city is None:
        return
    recipients = files.city.content.digest.recipients
    for at, department in enumerate(files.departments.content.departments):
        if not department.contact.email and not recipients.get(department.id):
            sentence = f"„{department.name}“ hat keine E-Mail-Adresse und bekommt keine Morgenliste"
            files.departments.document.complain(found, ("departments", at, "contact"), sentence)
    for at, step in enumerate(files.city.content.on_call):
        if not step.email:
            sentence = f"„{step.name}“ hat keine E-Mail-Adresse und wird nicht verständigt"
            files.city.document.complain(found, ("on_call", at), sentence)


def _untranslated(documents: dict[str, Document], found: Mistakes) -> None:
    texts = {language: flat(document, Mistakes()) for language, document in documents.items()}
    first, *others = texts or [""]
    for language in others:
        missing = [key for key in texts[first] if key not in texts[language] and not key.startswith(_FOR_STAFF)]
        if missing:
            sentence = f"diese Texte fehlen und kommen auf Deutsch: {', '.join(missing)}"
            documents[language].complain(found, (), sentence)


def _without_rules(files: Files, found: Mistakes) -> None:
    if files.city is None or files.safety is None:
        return
    for at, language in enumerate(files.city.content.languages):
        if language not in files.safety.languages:
            sentence = f"ohne safety_rules.{language}.yaml erkennt in dieser Sprache nur das Modell eine Gefahr"
            files.city.document.complain(found, ("languages", at), sentence)


def _released(document: Document, today: date, found: Mistakes) -> None:
    """Texts for danger are released by a person, and looked at again every year."""
    released = document.data.get("released") if isinstance(document.data, dict) else None
    try:
        on = date.fromisoformat(str(released["on"])) if isinstance(released, dict) else None
    except (KeyError, ValueError):
        on = None
    if on is None:
        document.complain(found, (), 'wer dies wann freigegeben hat, fehlt; released: {by: …, on: "2026-11-24"}')
    elif on < today - _YEAR:
        sentence = f"zuletzt am {on:%d.%m.%Y} freigegeben; prüfen Sie den Inhalt und geben Sie ihn neu frei"
        document.complain(found, ("released", "on"), sentence)
