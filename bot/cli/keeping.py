"""Keeping: check, back up, restore, purge, send the digests, let staff in."""

import asyncio
import tempfile
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

import typer

from bot.cli.checkup import Finding, Grade, examine
from bot.cli.place import Place
from bot.cli.storage import database_file, opened
from bot.cli.trouble import in_plain_words
from bot.core.errors import BackupRefused, StoreUnavailable
from bot.core.staff import Role
from bot.store import backup as archive
from bot.store.backup import Inventory
from bot.store.database import connect, url_of
from bot.store.erasure import Deletion
from bot.store.migrations.upgrade import knows, upgrade

_SERVER = (
    "Die Datenbank liegt auf einem PostgreSQL-Server; sichern Sie sie mit pg_dump (zurück: pg_restore) "
    "und dazu den Ordner {models}."
)
_PURGED = {
    "held": "Anliegen mit Gefahr, jetzt geschlossen und auf Wunsch gelöscht",
    "cases": "Anliegen, deren Texte über die Frist waren",
    "texts": "Nachrichten ohne Anliegen",
    "files": "Anhänge",
    "addresses": "Adressen von Gesprächen",
    "raw": "Rohdaten der Kanäle",
    "dead_letters": "unlesbare Eingänge",
    "letters": "eigene Texte",
    "farewells": "Abschiede nach einer Löschung",
    "uploads": "verwaiste Dateien",
    "sessions": "Anmeldungen",
    "names": "Vermerke, wer ein Anliegen bewegt hat",
    "shadows": "Urteile eines Modells im Schatten",
    "judges": "Vermerke, wer in der Blindprobe geurteilt oder den Vorschlag gesehen hat",
    "log": "Einträge des Löschprotokolls",
}
_MARKS = {Grade.FINE: "✓", Grade.NOTE: "–", Grade.WARNING: "!", Grade.ERROR: "✗"}


async def check(place: Place) -> int:
    """Examines everything and says what to do: 0 all is well, 1 something should be done, 2 something is broken."""
    findings: list[Finding] = await examine(place)
    for finding in findings:
        typer.echo(f"{_MARKS[finding.grade]} {finding.sentence}")
    worst = max(finding.grade for finding in findings)
    return {Grade.ERROR: 2, Grade.WARNING: 1}.get(worst, 0)


async def backup(place: Place, file: Path) -> int:
    """Saves database and models into one file."""
    with in_plain_words():
        database = database_file(place)
        if database is None:
            typer.echo(_SERVER.format(models=place.state / "models"), err=True)
            return 1
        inventory = await asyncio.to_thread(
            archive.save, database, place.state / "models", file, town=place.settings.town, now=datetime.now(UTC)
        )
        cases, models = inventory.counts["cases"], sum("manifest" in name for name in inventory.files)
        days = place.settings.retention.backups.days
        typer.echo(f"Gesichert in {file} (Anliegen: {cases}, Modelle: {models}). Löschen Sie sie nach {days} Tagen.")
    return 0


async def restore(place: Place, file: Path) -> int:
    """Puts a backup in the place of the present database; what was erased since then is erased again."""
    with in_plain_words():
        database = database_file(place)
        if database is None:
            typer.echo(_SERVER.format(models=place.state / "models"), err=True)
            return 1
        place.state.mkdir(parents=True, exist_ok=True)
        with archive.nobody_else(database), tempfile.TemporaryDirectory(dir=database.parent) as folder:
            inventory = archive.unpack(file, Path(folder), town=place.settings.town)
            log = _present_log(database)
            erased = await _bring_up(Path(folder), inventory, log or [])
            aside = archive.put_in_place(Path(folder), database, place.state / "models", now=datetime.now(UTC))
        _tell_restored(inventory, erased, aside, log_was_readable=log is not None)
    return 0


def _present_log(database: Path) -> list[Deletion] | None:
    """The deletion log that knows what was erased after the backup; None: there is none that can be read."""
    try:
        return archive.deletions(database) if database.exists() else []
    except StoreUnavailable:
        return None


async def _bring_up(folder: Path, inventory: Inventory, log: list[Deletion]) -> int:
    from bot.steps.erase import erase_again

    if not knows(inventory.schema):
        raise BackupRefused("Die Sicherung stammt von einer neueren Version des Nachtschalters; aktualisieren Sie ihn.")
    unpacked = folder / archive.DATABASE
    known = {(entry.conversation, entry.case, entry.at, entry.cause) for entry in archive.deletions(unpacked)}
    later = [entry for entry in log if (entry.conversation, entry.case, entry.at, entry.cause) not in known]
    restored = connect(url_of(unpacked))
    try:
        await upgrade(restored)
        return await erase_again(restored, later)
    finally:
        await restored.close()


def _tell_restored(inventory: Inventory, erased: int, aside: Path | None, *, log_was_readable: bool) -> None:
    made = datetime.fromisoformat(inventory.created_at)
    typer.echo(f"Hergestellt ist der Stand vom {made:%d.%m.%Y, %H:%M} UTC: {inventory.counts['cases']} Anliegen.")
    typer.echo(f"Was seither gelöscht wurde, ist wieder gelöscht (nachgeholt: {erased}).")
    if not log_was_readable:
        told = "Das Löschprotokoll der bisherigen Datenbank war nicht lesbar; holen Sie Löschungen von Hand nach."
        typer.echo(told, err=True)
    if aside:
        typer.echo(f"Die bisherige Datenbank liegt daneben: {aside}. Löschen Sie sie, wenn alles stimmt.")


async def purge(place: Place, *, dry_run: bool) -> int:
    """Erases what is past its time."""
    from bot.cli.deciding import house_with
    from bot.steps.purge import purge as erase

    with in_plain_words():
        async with opened(place) as database:
            counts = asdict(await erase(house_with(place, database), datetime.now(UTC), dry_run=dry_run))
        told = [f"{count:>6}  {_PURGED[name]}" for name, count in counts.items() if count]
        head = "Zu löschen wären" if dry_run else "Gelöscht"
        typer.echo("\n".join([f"{head}:", *told]) if told else "Nichts ist über seiner Frist.")
    return 0


async def digest(place: Place, *, dry_run: bool) -> int:
    """Writes the digests that are due into the outbox, or shows what would be sent."""
    from bot.cli.deciding import house_with
    from bot.steps.digest import preview, write_digests

    with in_plain_words():
        async with opened(place) as database:
            house, now = house_with(place, database), datetime.now(UTC)
            if dry_run:
                for shown in await preview(house, now):
                    typer.echo(f"── {shown.digest.name} ({'fällig' if shown.due else 'nicht fällig'})")
                    typer.echo(f"   an: {', '.join(letter.target for letter in shown.letters) or 'niemanden'}")
                    typer.echo(f"\n{shown.text}\n")
                return 0
            written = await write_digests(house, now)
        typer.echo(f"{written} Morgenlisten geschrieben; der laufende Dienst verschickt sie.")
    return 0


async def add_staff(place: Place, name: str, role: str) -> int:
    """Lets somebody in; the password is shown this once."""
    from bot.steps.staff import add_staff as add
    from bot.steps.staff import readable_password

    if role not in list(Role):
        typer.echo(f"Die Rolle „{role}“ gibt es nicht; möglich sind: {', '.join(Role)}.", err=True)
        return 2
    with in_plain_words():
        password = readable_password()
        async with opened(place) as database:
            try:
                made = await add(database, name=name, role=Role(role), password=password, now=datetime.now(UTC))
            except ValueError as error:
                typer.echo(str(error), err=True)
                return 1
        typer.echo(f"Zugang für {made.name} ({made.role}) angelegt.")
        typer.echo(f"Passwort, nur jetzt zu sehen: {password}")
    return 0
