"""Backup: the database and the models in one file, and back again, without what was erased meanwhile."""

import hashlib
import json
import os
import shutil
import sqlite3
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import structlog

from bot.core.errors import BackupRefused, HouseOccupied, StoreUnavailable
from bot.store.erasure import Deletion

log = structlog.get_logger(__name__)

FORMAT = 1
_MANIFEST, DATABASE, _LOG, _MODELS = "manifest.json", "nachtschalter.db", "deletions.jsonl", "models/"
_COUNTED = ("inbox", "cases", "deletions")
_BUSY_SECONDS = 10


@dataclass(frozen=True, slots=True)
class Inventory:
    """What a backup holds."""

    town: str
    created_at: str  # ISO 8601
    schema: str | None  # the newest migration
    files: dict[str, str]  # name → sha256
    counts: dict[str, int]
    format: int = FORMAT


def save(database: Path, models: Path, to: Path, *, town: str, now: datetime) -> Inventory:
    """Writes the backup, whole or not at all, readable by its owner only; the service may go on meanwhile.

    Raises StoreUnavailable for a missing or damaged database, OSError when the disk is full.
    """
    if not database.exists():
        raise StoreUnavailable(f"unable to open {database}")
    building = to.with_name(f".{to.name}.{os.getpid()}.tmp")
    copy = to.with_name(f".{to.name}.{os.getpid()}.db")
    try:
        with _private(copy), _private(building):
            _copy(database, copy)
            inventory = _inventory(copy, models, town, now)
            _pack(copy, models, building, inventory)
            building.replace(to)
    finally:
        copy.unlink(missing_ok=True)
        building.unlink(missing_ok=True)
    return inventory


def _copy(source: Path, target: Path) -> None:
    """SQLite's own copy of a database in use: one consistent moment, checked."""
    with _spoken(), closing(_open(source)) as live, closing(sqlite3.connect(target)) as made:
        live.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")
        _check(made)


def _inventory(copy: Path, models: Path, town: str, now: datetime) -> Inventory:
    files = {DATABASE: _sha256(copy)}
    files |= {f"{_MODELS}{name}": _sha256(models / name) for name in _model_files(models)}
    with _spoken(), closing(_open(copy)) as made:
        counts = {name: _number(made, f"SELECT count(*) FROM {name}") for name in _COUNTED}  # noqa: S608 - our names
        schema = made.execute("SELECT version_num FROM alembic_version").fetchone()
    return Inventory(town, now.isoformat(), schema[0] if schema else None, files, counts)


def _pack(copy: Path, models: Path, building: Path, inventory: Inventory) -> None:
    with zipfile.ZipFile(building, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(_MANIFEST, json.dumps(asdict(inventory), indent=2, ensure_ascii=False))
        packed.write(copy, DATABASE)
        packed.writestr(_LOG, "".join(f"{json.dumps(asdict(row), default=str)}\n" for row in deletions(copy)))
        for name in _model_files(models):
            packed.write(models / name, f"{_MODELS}{name}")
    with building.open("rb") as file:
        os.fsync(file.fileno())


def _model_files(models: Path) -> list[str]:
    found = (path.relative_to(models) for path in sorted(models.rglob("*")) if path.is_file())
    return [name.as_posix() for name in found if not any(part.startswith(".") for part in name.parts)]


def deletions(database: Path) -> list[Deletion]:
    """The deletion log of a database file."""
    query = (
        "SELECT d.conversation_id, d.case_id, d.at, d.cause, c.created_at "
        "FROM deletions d LEFT JOIN conversations c ON c.id = d.conversation_id ORDER BY d.id"
    )
    with _spoken(), closing(_open(database)) as opened:
        return [
            Deletion(conversation, case, _instant(at), cause, _instant(began) if began else None)
            for conversation, case, at, cause, began in opened.execute(query)
        ]


def _instant(stored: str) -> datetime:
    return datetime.fromisoformat(stored).replace(tzinfo=UTC)


# --- restore -----------------------------------------------------------------------------------------------------


def unpack(file: Path, into: Path, *, town: str) -> Inventory:
    """Unpacks a backup of this town into an empty folder. Raises BackupRefused unless every byte is as it was saved."""
    try:
        with zipfile.ZipFile(file) as packed:
            inventory = _read_inventory(packed, town)
            for name, expected in inventory.files.items():
                target = into / name
                if not target.resolve().is_relative_to(into.resolve()):
                    raise BackupRefused("Die Sicherung enthält fremde Pfade und wurde nicht angerührt.")
                target.parent.mkdir(parents=True, exist_ok=True)
                with packed.open(name) as source, target.open("wb") as made:
                    shutil.copyfileobj(source, made)
                if _sha256(target) != expected:
                    raise BackupRefused(f"Die Sicherung ist beschädigt ({name}); nehmen Sie eine andere.")
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, EOFError) as error:
        raise BackupRefused(f"{file} ist keine Sicherung des Nachtschalters oder beschädigt.") from error
    with _spoken(), closing(_open(into / DATABASE)) as opened:
        _check(opened)
    (into / DATABASE).chmod(0o600)
    return inventory


def _read_inventory(packed: zipfile.ZipFile, town: str) -> Inventory:
    inventory = Inventory(**json.loads(packed.read(_MANIFEST)))
    if inventory.format != FORMAT:
        raise BackupRefused("Die Sicherung stammt von einer anderen Version des Nachtschalters.")
    if inventory.town != town:
        raise BackupRefused(f"Das ist eine Sicherung von „{inventory.town}“, hier ist „{town}“.")
    return inventory


def put_in_place(unpacked: Path, database: Path, models: Path, *, now: datetime) -> Path | None:
    """The restored files take their places; what was there is kept beside, and returned if it was a database."""
    stamp = f"vor-{now:%Y%m%d-%H%M%S}"
    aside = database.with_name(f"{database.name}.{stamp}") if database.exists() else None
    database.parent.mkdir(parents=True, exist_ok=True)
    if aside:
        database.replace(aside)
        journal = database.with_name(f"{database.name}-journal")
        if journal.exists():
            journal.replace(aside.with_name(f"{aside.name}-journal"))
    shutil.move(unpacked / DATABASE, database)
    if (unpacked / _MODELS).exists():
        if models.exists():
            models.replace(models.with_name(f"{models.name}.{stamp}"))
        shutil.move(unpacked / _MODELS, models)
    return aside


@contextmanager
def nobody_else(database: Path) -> Iterator[None]:
    """Inside, no other process has the database open. Raises HouseOccupied."""
    if any(_has_open(process, database) for process in Path("/proc").glob("[0-9]*")):
        raise HouseOccupied
    if database.exists():
        with closing(_open(database, write=True)) as opened:
            try:
                opened.execute("BEGIN EXCLUSIVE")
                opened.execute("ROLLBACK")
            except sqlite3.OperationalError as error:
                raise HouseOccupied from error
            except sqlite3.DatabaseError:
                log.warning("present_database_damaged")  # that is why it is being replaced
    yield


def _has_open(process: Path, database: Path) -> bool:
    if process.name == str(os.getpid()):
        return False
    try:
        return any(link.resolve() == database.resolve() for link in (process / "fd").iterdir())
    except OSError:  # another user's process, or one that has just ended
        return False


# --- health ------------------------------------------------------------------------------------------------------


def health(database: Path) -> str | None:
    """What is wrong with the file; None for a sound one."""
    try:
        with closing(_open(database)) as opened:
            _check(opened)
    except (sqlite3.Error, StoreUnavailable) as error:
        return str(error)
    return None


def _check(opened: sqlite3.Connection) -> None:
    told = [row[0] for row in opened.execute("PRAGMA integrity_check(3)")]
    if told != ["ok"]:
        raise StoreUnavailable(f"malformed: {'; '.join(told)}")


def _open(path: Path, *, write: bool = False) -> sqlite3.Connection:
    mode = "rw" if write else "ro"
    return sqlite3.connect(f"{path.resolve().as_uri()}?mode={mode}", uri=True, timeout=_BUSY_SECONDS)


def _number(opened: sqlite3.Connection, query: str) -> int:
    return int(opened.execute(query).fetchone()[0])


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _private(path: Path) -> Iterator[None]:
    """The file exists from its first byte on for its owner only."""
    os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    yield


@contextmanager
def _spoken() -> Iterator[None]:
    try:
        yield
    except sqlite3.Error as error:
        raise StoreUnavailable(str(error)) from error
