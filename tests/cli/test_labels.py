"""Labels from the command line: brought in and out, and the suspicious ones corrected."""

import csv
from pathlib import Path

import pytest
import typer

from bot.cli import labels
from bot.cli.place import Place
from bot.cli.storage import opened
from bot.store import examples
from tests.cli.night_before import cases_of_a_night, give_verdict
from tests.reorganised import Reorganised


async def test_labels_come_in_scrubbed_and_once_and_go_out_again(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "labels.csv"
    table.write_text(
        "text;department;urgency;topic\n"
        '"Mein Name ist Erika Musterfrau, die Laterne ist aus";strassen;normal;street_light\n'
        "=HYPERLINK(1) Tonne voll;abfall;normal;street_light\n",
        encoding="utf-8",
    )
    assert await labels.import_labels(place, table) == 0
    assert "2 neu, 0 geändert" in capsys.readouterr().out
    assert await labels.import_labels(place, table) == 0
    assert "0 neu, 0 geändert, 2 schon bekannt" in capsys.readouterr().out

    out = tmp_path / "out.csv"
    assert await labels.export_labels(place, out) == 0
    content = out.read_text(encoding="utf-8")
    assert "Musterfrau" not in content
    assert "'=HYPERLINK" in content  # a spreadsheet must not take it for a formula
    assert "abfall,normal,de,\n" in content.replace("\r", "")  # its topic belongs to another department
    assert await labels.import_labels(place, out) == 0
    assert "0 neu" in capsys.readouterr().out.splitlines()[-1]


async def test_a_table_with_mistakes_changes_nothing(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("text,department,urgency\nLaterne,strassen,normal\nTonne,muell,sofort\n", encoding="utf-8")
    with pytest.raises(typer.Exit):
        await labels.import_labels(place, table)
    said = capsys.readouterr().err
    assert "labels.csv:3:2: das Amt 'muell' gibt es nicht" in said
    assert "labels.csv:3:3: die Dringlichkeit 'sofort' gibt es nicht" in said
    assert await labels.export_labels(place, tmp_path / "out.csv") == 0
    assert "0 Nachrichten" in capsys.readouterr().out


async def _stored(place: Place) -> list[tuple[str, str, str | None]]:
    async with opened(place) as database, database.read() as tx:
        found = [one.example for one in await examples.everything(tx)]
    return [(one.source, one.department, one.topic) for one in found]


async def test_a_suspicious_verdict_is_written_out_corrected_and_brought_back(
    place: Place, few: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two citizens have written the same, on several lines and with a number: what is stored is scrubbed."""
    said = "Die Laterne flackert und ist dann aus.\nDie Lampe  brennt nicht!\n\nMfg Erika Muster, 0221 4710 100"
    for reference in await cases_of_a_night(place, said, said):
        await give_verdict(place, reference, "abfall")
    file = tmp_path / "verdacht.csv"

    assert await labels.label_suspects(place, file) == 0
    told = capsys.readouterr().out
    assert f"nachtschalter labels import {file}" in told
    assert "berichtigen Sie die Spalte department" in told
    content = file.read_text(encoding="utf-8")
    (row,) = csv.DictReader(content.splitlines())
    assert (row["department"], row["likelier_department"]) == ("abfall", "strassen")
    assert 0.5 < float(row["probability"]) <= 1
    assert "Muster" not in content
    assert file.stat().st_mode & 0o077 == 0

    file.write_text(content.replace(",abfall,", ",strassen,"), encoding="utf-8")
    assert await labels.import_labels(place, file) == 0
    assert "0 neu, 1 geändert" in capsys.readouterr().out
    assert await _stored(place) == [("verdict", "strassen", None)] * 2
    assert await labels.label_suspects(place, file) == 0
    assert "wirkt keine falsch beschriftet" in capsys.readouterr().out


async def test_without_verdicts_there_is_nothing_to_suspect(
    place: Place, few: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await labels.label_suspects(place, tmp_path / "verdacht.csv") == 0
    assert "noch keine Prüfvermerke" in capsys.readouterr().out
    assert not (tmp_path / "verdacht.csv").exists()


async def test_a_table_from_before_a_reorganisation_goes_out_and_comes_in_under_todays_names(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before, after = tmp_path / "before.csv", tmp_path / "after.csv"
    before.write_text("text,department,urgency\nKurtaxe,gruen,normal\n", encoding="utf-8")
    await labels.import_labels(place, before)
    changed = Place(Reorganised(tmp_path).rename("gruen", "umwelt").folder, place.state)

    await labels.export_labels(changed, after)
    assert "Kurtaxe,umwelt,normal" in after.read_text(encoding="utf-8")
    for file in (before, after):
        assert await labels.import_labels(changed, file) == 0
    assert await _stored(place) == [("import", "umwelt", None)]
