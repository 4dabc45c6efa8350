"""Checkup: whether files, database, models and disk are in order; each finding says what to do."""

import asyncio
import shutil
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from pathlib import Path

from bot.cli.place import Place
from bot.cli.storage import database_file
from bot.cli.trouble import sentence
from bot.core.errors import NachtschalterError
from bot.settings.town import topic_owner
from bot.settings.warnings import warnings
from bot.store import backup as archive
from bot.store.database import connect, url_of
from bot.store.migrations.upgrade import knows, newest, schema
from classifier.corpus import STARTER, ownerless
from classifier.errors import ClassifierError, ModelMissing
from classifier.manifest import check_files, read_manifest
from classifier.registry import Registry

_MEGABYTE = 1024 * 1024
_TOO_LITTLE, _LITTLE = 100 * _MEGABYTE, 1024 * _MEGABYTE


class Grade(IntEnum):
    """How bad it is."""

    FINE = 0  #: nothing to do
    NOTE = 1  #: a choice somebody should know of
    WARNING = 2  #: something should be done
    ERROR = 3  #: something is broken


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was looked at."""

    grade: Grade
    sentence: str


async def examine(place: Place) -> list[Finding]:
    """Looks at everything and changes nothing. Mistakes in the town's files have ended the command before."""
    today = datetime.now(place.settings.city.timezone).date()
    files = [Finding(Grade.WARNING, told) for told in warnings(place.config, today)]
    return [
        Finding(Grade.FINE, f"Konfiguration {place.config}: keine Fehler, {len(place.settings.departments)} Ämter."),
        *files,
        *await _database(place),
        *_disk(place),
        _model(place),
        *_shadow(place),
        *_ownerless(place),
        *_ways_out(place),
    ]


async def _database(place: Place) -> list[Finding]:
    file = database_file(place)
    if file is not None:
        if not file.exists():
            return [Finding(Grade.NOTE, f"Datenbank {file}: noch keine da; der erste Start legt sie an.")]
        if wrong := await asyncio.to_thread(archive.health, file):
            told = f"Datenbank {file} ist beschädigt ({wrong}); nehmen Sie eine Sicherung: nachtschalter restore DATEI"
            return [Finding(Grade.ERROR, told)]
    return [await _schema(place, file)]


async def _schema(place: Place, file: Path | None) -> Finding:
    url = place.settings.secrets.database_url
    database = connect(url or url_of(place.state / "nachtschalter.db"))
    try:
        seen = await schema(database)
    except (NachtschalterError, OSError) as error:
        return Finding(Grade.ERROR, sentence(error))
    finally:
        await database.close()
    where = f"Datenbank {file}" if file else "Datenbank auf dem Server"
    if seen == newest():
        return Finding(Grade.FINE, f"{where}: erreichbar, unversehrt und auf dem neuesten Stand.")
    if knows(seen):
        return Finding(Grade.WARNING, f"{where}: auf älterem Stand; der nächste Start bringt sie auf den neuesten.")
    return Finding(Grade.ERROR, f"{where}: von einer neueren Version; aktualisieren Sie den Nachtschalter.")


def _disk(place: Place) -> list[Finding]:
    folder = next(one for one in (place.state, *place.state.resolve().parents) if one.exists())
    free = shutil.disk_usage(folder).free
    told = f"Freier Platz in {place.state}: {free // _MEGABYTE} MB"
    if free < _TOO_LITTLE:
        return [Finding(Grade.ERROR, f"{told}; schaffen Sie Platz, sonst wird nichts mehr angenommen.")]
    if free < _LITTLE:
        return [Finding(Grade.WARNING, f"{told}; schaffen Sie bald Platz.")]
    return [Finding(Grade.FINE, f"{told}.")]


def _model(place: Place) -> Finding:
    registry = Registry(place.state / "models")
    try:
        current = registry.current()
        check_files(current, registry.folder / current.model_id)
    except ModelMissing:
        told = "Modell: noch keines; alles geht an den Bürgerdialog. Das erste macht: nachtschalter train"
        return Finding(Grade.WARNING, told)
    except ClassifierError as error:
        told = f"Modell: nicht zu verwenden ({error}); nachtschalter rollback oder nachtschalter train"
        return Finding(Grade.ERROR, told)
    if current.config_revision not in ("", place.settings.revision):
        told = f"Modell {current.model_id}: unversehrt, aber vor der letzten Änderung der Konfiguration gelernt."
        return Finding(Grade.NOTE, told)
    return Finding(Grade.FINE, f"Modell {current.model_id}: eingesetzt und unversehrt.")


def _shadow(place: Place) -> list[Finding]:
    registry = Registry(place.state / "models")
    run = registry.shadow()
    if run is None:
        return []
    try:
        folder = registry.folder / run.model_id
        check_files(read_manifest(folder), folder)
    except ClassifierError as error:
        told = f"Modell im Schatten, {run.model_id}: nicht zu verwenden ({error}); nachtschalter shadow --stop"
        return [Finding(Grade.WARNING, told)]
    return [Finding(Grade.FINE, f"Modell {run.model_id}: läuft im Schatten; den Stand zeigt: nachtschalter shadow")]


def _ownerless(place: Place) -> list[Finding]:
    topics = ownerless(STARTER, topic_owner(place.settings))
    if not topics:
        return []
    told = f"Themen ohne Amt: {', '.join(topics)}; wem gehören sie in departments.yaml? So werden sie nicht gelernt."
    return [Finding(Grade.WARNING, told)]


def _ways_out(place: Place) -> list[Finding]:
    secrets = place.settings.secrets
    ways = {
        "Mail (SMTP_HOST)": ("Morgenlisten gehen per Mail hinaus.", "Morgenlisten stehen nur am Arbeitsplatz."),
        "Telegram (TELEGRAM_TOKEN)": ("eingerichtet.", "Bürgerinnen und Bürger schreiben nur im Web-Chat."),
        "Öffentliche Adresse (PUBLIC_URL)": ("eingerichtet.", "nur auf diesem Rechner erreichbar."),
    }
    there = (secrets.smtp_host, secrets.telegram_token, secrets.public_url)
    return [
        Finding(Grade.FINE, f"{name}: {yes}") if set_ else Finding(Grade.NOTE, f"{name}: nicht eingerichtet; {no}")
        for set_, (name, (yes, no)) in zip(there, ways.items(), strict=True)
    ]
