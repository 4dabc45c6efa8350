"""YAML with positions."""

from pathlib import Path
from typing import Any

import pytest

from bot.settings.reading.mistakes import Mistakes
from bot.settings.reading.yaml_file import Document, read


def _read(tmp_path: Path, content: bytes) -> tuple[Document | None, list[str]]:
    path = tmp_path / "a.yaml"
    path.write_bytes(content)
    mistakes = Mistakes()
    document = read(path, mistakes)
    return document, [line.removeprefix(f"{path}:") for line in mistakes.sentences()]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("16:00", "16:00"),  # YAML 1.1: 960
        ("12:30:00", "12:30:00"),
        ("no", "no"),  # YAML 1.1: False, and the language of Norway
        ("NO", "NO"),
        ("on", "on"),
        ("ja", "ja"),
        ("yes", "yes"),
        ("True", "True"),
        ("y", "y"),
        ("0221", "0221"),  # YAML 1.1: 145, octal
        ("0x10", "0x10"),
        ("1_000", "1_000"),
        ("1e3", "1e3"),
        (".inf", ".inf"),
        ("2026-12-24", "2026-12-24"),  # YAML 1.1: a date
        ("Null", "Null"),
        ("<<", "<<"),
        ("=", "="),
        ("112", 112),
        ("-3", -3),
        ("0.5", 0.5),
        ("true", True),
        ("null", None),
        ("~", None),
        ("", None),
        ("'112'", "112"),
        ('"true"', "true"),
    ],
)
def test_only_plain_numbers_true_false_and_null_are_more_than_text(tmp_path: Path, written: str, meant: Any) -> None:
    document, mistakes = _read(tmp_path, f"key: {written}\n".encode())
    assert mistakes == []
    assert document is not None
    assert document.data == {"key": meant}
    assert type(document.data["key"]) is type(meant)


@pytest.mark.parametrize(
    ("content", "mistakes"),
    [
        (b"", ["1:1: die Datei ist leer"]),
        (b"# nur ein Satz\n", ["1:1: die Datei ist leer"]),
        (b"a:\n\tb: 1\n\t\xc3\xa4: 2\n", [
            "2:1: Tabulator; rücken Sie mit Leerzeichen ein",
            "3:1: Tabulator; rücken Sie mit Leerzeichen ein",
        ]),
        (b"a: 1\n\xc3\xa4: Stra\xdfe\n", ["2:8: kein UTF-8; speichern Sie die Datei als UTF-8"]),
        ("a: 1\n".encode("utf-16"), ["1:1: kein UTF-8; speichern Sie die Datei als UTF-8"]),
        ("ä: x\u0007\n".encode(), ["1:5: unsichtbares Steuerzeichen; löschen Sie es"]),
        (b"a: 1\nb: 'x\nc: 2\n", ["2:4: ein Anführungszeichen wurde geöffnet und nicht geschlossen"]),
        (b"a: [1, 2\nb: 3\n", ["2:2: die Klammer ist nicht geschlossen, oder ein Komma fehlt"]),
        (b"a: b: c\n", [
            "1:5: Doppelpunkt an einer Stelle, an der keiner stehen darf; "
            "setzen Sie den Text in Anführungszeichen oder prüfen Sie die Einrückung"
        ]),
        (b"a: @x\n", [
            "1:4: dieses Zeichen darf hier nicht stehen; setzen Sie den Text in Anführungszeichen"
        ]),
        (b"- a\nb: 1\n", ["2:1: hier wird ein neuer Listenpunkt mit „- “ erwartet; prüfen Sie die Einrückung"]),
        (b"a: 1\n---\nb: 1\n", ["2:1: nach „---“ beginnt ein zweites Dokument; löschen Sie die Zeile"]),
        (b"a: 1\nb: {a: 1, a: 2}\na: 3\n", [
            "2:11: „a“ steht schon in Zeile 2; löschen Sie einen der beiden",
            "3:1: „a“ steht schon in Zeile 1; löschen Sie einen der beiden",
        ]),
        (b"a: &x [*x]\n", ["1:4: dieser Wert wird mit *name wiederholt; schreiben Sie ihn dort aus"]),
        (b"a: !foo 1\n", ["1:4: „!foo“ gibt es hier nicht; schreiben Sie nur den Wert"]),
        (b"? [a]\n: b\n", ["1:3: ein Schlüssel ist ein einfaches Wort"]),
    ],
)  # fmt: skip
def test_every_mistake_of_writing_has_its_place(tmp_path: Path, content: bytes, mistakes: list[str]) -> None:
    assert _read(tmp_path, content)[1] == mistakes


def test_a_byte_order_mark_does_no_harm(tmp_path: Path) -> None:
    document, mistakes = _read(tmp_path, b"\xef\xbb\xbfa: 1\n")
    assert (document and document.data, mistakes) == ({"a": 1}, [])


def test_columns_count_letters_not_bytes(tmp_path: Path) -> None:
    document, _ = _read(tmp_path, "ä: {öü: 1, b: 2}\n".encode())
    assert document is not None
    assert document.key_at(("ä", "b")) == (1, 12)
    assert document.value_at(("ä", "b")) == (1, 15)


def test_what_stands_nowhere_is_sought_around_it(tmp_path: Path) -> None:
    document, _ = _read(tmp_path, b"a:\n  b: 1\n")
    assert document is not None
    assert document.value_at(("a", "missing", 3)) == (2, 3)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    mistakes = Mistakes()
    assert read(tmp_path / "b.yaml", mistakes) is None
    assert mistakes.sentences() == [f"{tmp_path}/b.yaml: die Datei fehlt; legen Sie sie an"]


def test_a_folder_in_place_of_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "b.yaml").mkdir()
    mistakes = Mistakes()
    assert read(tmp_path / "b.yaml", mistakes) is None
    assert "lässt sich nicht öffnen" in mistakes.sentences()[0]
