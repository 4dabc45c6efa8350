"""Keeping: check, backup, restore, purge, digest and staff, as an admin meets them."""

import stat
import subprocess
import sys
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import keeping
from bot.cli.place import Place
from bot.core.case import Status
from bot.store import cases
from bot.store.database import connect, url_of
from bot.store.migrations.upgrade import upgrade
from tests.night import BORKEN, Night, at, begin
from tests.reorganised import Reorganised

EVENING = at("Thu 2026-11-26 20:00")
WORD = "Quittenmarmelade"


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    for name in ("DATABASE_URL", "SMTP_HOST", "TELEGRAM_TOKEN", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    return Place(BORKEN, tmp_path / "var")


async def _night(place: Place) -> Night:
    """A night in the place's own database, as the service would have made it."""
    place.state.mkdir(parents=True, exist_ok=True)
    file = place.state / "nachtschalter.db"
    database = connect(url_of(file))
    await upgrade(database)
    await database.close()
    return await begin(file, tables=False)


@contextmanager
def _another_process_has(file: Path) -> Iterator[None]:
    holding = (
        "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT 1 FROM cases'); "
        "print(1, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", holding, str(file)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as service:
        assert service.stdout
        service.stdout.readline()
        yield
        service.communicate()


def _left_over(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.startswith(".")]


async def _restored_words(place: Place) -> bool:
    return WORD.encode() in (place.state / "nachtschalter.db").read_bytes()


async def test_a_backup_is_private_and_whole(place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    night = await _night(place)
    await night.hear(f"Schlagloch, {WORD}", EVENING)
    file = tmp_path / "backup.zip"
    assert await keeping.backup(place, file) == 0  # while the database is in use
    await night.database.close()

    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert set(zipfile.ZipFile(file).namelist()) >= {"manifest.json", "nachtschalter.db", "deletions.jsonl"}
    assert "Anliegen: 1" in capsys.readouterr().out
    assert _left_over(tmp_path) == []


async def test_restoring_brings_back_what_was_lost_and_keeps_the_old_aside(place: Place, tmp_path: Path) -> None:
    night = await _night(place)
    await night.hear(f"Schlagloch, {WORD}", EVENING)
    await keeping.backup(place, tmp_path / "backup.zip")
    await night.database.close()
    (place.state / "nachtschalter.db").write_bytes(b"")

    assert await keeping.restore(place, tmp_path / "backup.zip") == 0

    assert await _restored_words(place)
    assert len(list(place.state.glob("nachtschalter.db.vor-*"))) == 1


async def test_what_was_erased_after_the_backup_stays_erased(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = await _night(place)
    await night.hear(f"Schlagloch, {WORD}", EVENING, sender="citizen-4711")
    await night.hear("Laterne aus", EVENING, sender="citizen-2")
    await keeping.backup(place, tmp_path / "backup.zip")
    await night.hear("/loeschen", EVENING, sender="citizen-4711")
    await night.hear("Ja", EVENING, sender="citizen-4711")
    await night.database.close()

    assert await keeping.restore(place, tmp_path / "backup.zip") == 0

    content = (place.state / "nachtschalter.db").read_bytes()
    assert WORD.encode() not in content
    assert b"citizen-4711" not in content
    assert b"Laterne aus" in content
    assert "nachgeholt: 1" in capsys.readouterr().out
    again = await begin(place.state / "nachtschalter.db", tables=False)
    async with again.database.read() as tx:
        assert (await cases.get(tx, 1)).status == Status.WITHDRAWN.value
    await again.database.close()


async def test_a_case_with_danger_is_held_in_what_a_backup_brings_back(place: Place, tmp_path: Path) -> None:
    night = await _night(place)
    await night.hear(f"Schlagloch, {WORD}", EVENING)
    async with night.database.begin() as tx:
        await cases.change(tx, 1, dangers={"gas": EVENING.isoformat()})
    await keeping.backup(place, tmp_path / "backup.zip")
    await night.hear("/loeschen", EVENING)
    await night.hear("Ja", EVENING)
    await night.database.close()
    assert await keeping.restore(place, tmp_path / "backup.zip") == 0
    assert await _restored_words(place)


async def test_nothing_is_restored_while_the_service_has_the_database(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = await _night(place)
    await keeping.backup(place, tmp_path / "backup.zip")
    await night.database.close()
    with _another_process_has(place.state / "nachtschalter.db"), pytest.raises(typer.Exit) as left:
        await keeping.restore(place, tmp_path / "backup.zip")
    assert left.value.exit_code == 1
    assert "beenden Sie" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda file: file.write_bytes(b"PK nonsense"), "keine Sicherung des Nachtschalters"),
        (lambda file: file.write_bytes(file.read_bytes()[:-300]), "keine Sicherung des Nachtschalters"),
        (lambda file: file.unlink(), "gibt es nicht"),
    ],
)
async def test_a_damaged_backup_changes_nothing(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], damage: Callable[[Path], Any], told: str
) -> None:
    night = await _night(place)
    await keeping.backup(place, tmp_path / "backup.zip")
    await night.database.close()
    before = (place.state / "nachtschalter.db").read_bytes()
    damage(tmp_path / "backup.zip")
    with pytest.raises(typer.Exit):
        await keeping.restore(place, tmp_path / "backup.zip")
    assert told in capsys.readouterr().err
    assert (place.state / "nachtschalter.db").read_bytes() == before
    assert list(place.state.glob("*.vor-*")) == []


async def test_a_backup_of_another_town_is_refused(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    night = await _night(place)
    await keeping.backup(place, tmp_path / "backup.zip")
    await night.database.close()
    with zipfile.ZipFile(tmp_path / "backup.zip") as packed:
        content = {name: packed.read(name) for name in packed.namelist()}
    content["manifest.json"] = content["manifest.json"].replace(b'"borken"', b'"ahaus"')
    with zipfile.ZipFile(tmp_path / "backup.zip", "w") as packed:
        for name, data in content.items():
            packed.writestr(name, data)
    with pytest.raises(typer.Exit):
        await keeping.restore(place, tmp_path / "backup.zip")
    assert "Sicherung von „ahaus“" in capsys.readouterr().err


async def test_a_server_is_backed_up_by_its_own_tools(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nacht@localhost/nacht")
    assert await keeping.backup(place, tmp_path / "backup.zip") == 1
    assert await keeping.restore(place, tmp_path / "backup.zip") == 1
    assert capsys.readouterr().err.count("pg_dump") == 2


@pytest.mark.parametrize("command", ["purge", "digest", "backup", "staff"])
async def test_a_damaged_database_is_told_in_a_sentence(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str], command: str
) -> None:
    place.state.mkdir(parents=True)
    (place.state / "nachtschalter.db").write_bytes(b"this is no database at all" * 100)
    with pytest.raises(typer.Exit) as left:
        await {
            "purge": lambda: keeping.purge(place, dry_run=False),
            "digest": lambda: keeping.digest(place, dry_run=True),
            "backup": lambda: keeping.backup(place, tmp_path / "backup.zip"),
            "staff": lambda: keeping.add_staff(place, "Muster", "clerk"),
        }[command]()
    assert left.value.exit_code == 1
    assert "nachtschalter restore DATEI" in capsys.readouterr().err


async def test_check_finds_a_damaged_database(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    place.state.mkdir(parents=True)
    (place.state / "nachtschalter.db").write_bytes(b"this is no database at all" * 100)
    assert await keeping.check(place) == 2
    assert "✗ Datenbank" in capsys.readouterr().out


async def test_check_changes_nothing_in_a_new_place(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert await keeping.check(place) == 1
    said = capsys.readouterr().out
    assert "Das erste macht: nachtschalter train" in said
    assert "noch keine da" in said
    assert not place.state.exists()


async def test_check_wants_a_damaged_model_replaced(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    models = place.state / "models"
    (models / "m1").mkdir(parents=True)
    (models / "m1" / "manifest.json").write_text("{", encoding="utf-8")
    (models / "current").write_text("m1\n", encoding="utf-8")
    assert await keeping.check(place) == 2
    assert "nachtschalter rollback" in capsys.readouterr().out


async def test_check_names_topics_no_department_owns(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await keeping.check(place)
    assert "Themen ohne Amt" not in capsys.readouterr().out
    await keeping.check(Place(Reorganised(tmp_path).dissolve("gruen").folder, place.state))
    assert "! Themen ohne Amt: cemetery, hedge" in capsys.readouterr().out


async def test_check_finds_a_shadow_that_cannot_run(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    folder = place.state / "models"
    folder.mkdir(parents=True)
    (folder / "shadow").write_text("20260101-000000-nothing 2026-11-26T12:00:00+00:00")
    await keeping.check(place)
    assert "! Modell im Schatten, 20260101-000000-nothing: nicht zu verwenden" in capsys.readouterr().out


async def test_a_dry_run_shows_digests_and_purges_nothing(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    night = await _night(place)
    await night.hear("Schlagloch in der Nordstraße", EVENING)
    await night.database.close()
    assert await keeping.digest(place, dry_run=True) == 0
    assert "Schlagloch in der Nordstraße" in capsys.readouterr().out
    assert await keeping.purge(place, dry_run=True) == 0


async def test_staff_are_let_in_once(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert await keeping.add_staff(place, "Muster", "clerk") == 0
    assert "Passwort, nur jetzt zu sehen: " in capsys.readouterr().out
    assert await keeping.add_staff(place, "Muster", "clerk") == 1
    assert await keeping.add_staff(place, "Zweite", "chefin") == 2
