"""Trouble: whatever goes wrong ends in one German sentence and an exit code, never in a traceback."""

import errno
import re
from collections.abc import Iterator
from contextlib import contextmanager

import typer

from bot.core.errors import HouseOccupied, NachtschalterError, StoreUnavailable
from classifier.errors import BadExampleFile, ClassifierError, ModelMissing, ModelRefused, TooFewExamples

_FULL = "Der Datenträger ist voll; schaffen Sie Platz und rufen Sie den Befehl noch einmal auf."
_DAMAGED = (
    "Die Datenbank ist beschädigt oder keine Datenbank des Nachtschalters: {}. "
    "Stellen Sie sie aus einer Sicherung wieder her: nachtschalter restore DATEI"
)
_MODEL = {
    ModelMissing: "Dieses Modell gibt es nicht, oder es ist noch keines eingesetzt; „nachtschalter models“ zeigt alle.",
    ModelRefused: "Das Modell ist beschädigt, fremd oder für eine andere Version gemacht und wurde nicht geladen.",
    TooFewExamples: "Zu wenige beschriftete Nachrichten, um daraus zu lernen.",
    BadExampleFile: "Die Datei hat Fehler; nichts wurde übernommen:",
}


#: what the classifier says about a table, which knows no German
_MISTAKES = (
    (r"unknown urgency (.+); write (.+)", r"die Dringlichkeit \1 gibt es nicht; möglich sind: \2"),
    (r"unknown department (.+); write one of (.+)", r"das Amt \1 gibt es nicht; möglich sind: \2"),
    (r"(.+) is no language code; write (.+)", r"\1 ist kein Sprachkürzel; schreiben Sie \2"),
    (r"the text is empty; .+", "der Text ist leer; schreiben Sie die Nachricht oder löschen Sie die Zeile"),
    (r"no column (.+); the header reads (.+)", r"die Spalte \1 fehlt; die Kopfzeile lautet \2"),
    (r"not UTF-8; .+", "nicht in UTF-8 gespeichert; speichern Sie die Tabelle als CSV UTF-8"),
    (r"(.+); write an object with text and department", r"\1; jede Zeile braucht text und department"),
)


@contextmanager
def in_plain_words() -> Iterator[None]:
    """Inside, an error the admin can do something about is told in a sentence and ends the command."""
    try:
        yield
    except (NachtschalterError, ClassifierError, OSError) as error:
        typer.echo(sentence(error), err=True)
        raise typer.Exit(1) from error


def sentence(error: Exception) -> str:
    """What went wrong and what to do, in German."""
    if isinstance(error, HouseOccupied):
        return (
            "Die Datenbank ist in Gebrauch; beenden Sie erst den Dienst und rufen Sie den Befehl dann noch einmal auf."
        )
    if isinstance(error, OSError):
        return _FULL if error.errno == errno.ENOSPC else _file_trouble(error)
    if isinstance(error, StoreUnavailable):
        return _store_trouble(error)
    if isinstance(error, ClassifierError):
        told = next((told for kind, told in _MODEL.items() if isinstance(error, kind)), str(error))
        return "\n".join([told, *map(_mistake, str(error).splitlines())]) if isinstance(error, BadExampleFile) else told
    return str(error)


def _mistake(line: str) -> str:
    place, _, what = line.partition(": ")
    german = (re.sub(pattern, told, what) for pattern, told in _MISTAKES if re.fullmatch(pattern, what))
    return f"{place}: {next(german, what)}"


def _file_trouble(error: OSError) -> str:
    name = error.filename or "Die Datei"
    if isinstance(error, FileNotFoundError):
        return f"{name} gibt es nicht; prüfen Sie den Pfad."
    if isinstance(error, PermissionError):
        return f"{name}: kein Zugriff; prüfen Sie die Rechte."
    return f"{name}: {error.strerror or error}"


def _store_trouble(error: Exception) -> str:
    told = str(error).lower()
    if "full" in told:
        return _FULL
    if "locked" in told or "busy" in told:
        return "Die Datenbank ist gerade belegt; versuchen Sie es in einer Minute noch einmal."
    if "malformed" in told or "not a database" in told or "corrupt" in told:
        return _DAMAGED.format(error)
    if "readonly" in told or "unable to open" in told:
        return f"Die Datenbank lässt sich nicht öffnen oder beschreiben; prüfen Sie Ordner und Rechte. ({error})"
    return f"Die Datenbank ist nicht erreichbar: {error}"
