"""Learning from the command line: models listed, promoted, rolled back, measured; labels brought in and out."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import typer

from bot.cli import learning, measuring, scorecard
from bot.cli.place import Place
from bot.steps.learn import train
from classifier.registry import Registry
from tests.night import BORKEN, town

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
_STARTER = {
    "street_light": ("normal", "Die Laterne {} ist aus"),
    "missed_collection": ("normal", "Tonne {} nicht geleert"),
    "gas_smell": ("emergency", "Es riecht nach Gas {}"),
}
_STREETS = ("Nordstraße", "Bahnhofstraße", "Wilbecke", "Butenwall", "Markt", "Kirchplatz")


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    monkeypatch.setattr("classifier.vectors.load_encoder", lambda: None)
    return Place(BORKEN, tmp_path / "var")


@pytest.fixture
def starter(tmp_path: Path) -> Path:
    folder = tmp_path / "starter"
    folder.mkdir()
    for topic, (urgency, pattern) in _STARTER.items():
        lines = [f"{urgency}\tde\t{pattern.format(street)}" for street in _STREETS]
        (folder / f"{topic}.tsv").write_text("\n".join(lines), encoding="utf-8")
    return folder


@pytest.fixture
def served(place: Place, starter: Path) -> list[str]:
    """Two models; the second one serves."""
    registry = Registry(place.state / "models")
    made = [
        train(town(), registry, [], now=NOON + timedelta(days=days), encoder=None, starter=starter) for days in (0, 1)
    ]
    assert [lesson.promoted for lesson in made] == [True, True]
    return [lesson.manifest.model_id for lesson in made]


async def test_training_tells_in_german_what_came_of_it(
    place: Place, starter: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def small(*args: Any, **options: Any) -> Any:
        return train(*args, **{**options, "starter": starter})

    monkeypatch.setattr("bot.steps.learn.train", small)
    assert await learning.train(place, promote=True, first=True) == 0
    assert "Es ist das erste Modell" in capsys.readouterr().out
    assert await learning.train(place, promote=True, first=True) == 0
    assert capsys.readouterr().out == ""
    assert await learning.train(place, promote=False, first=False) == 0
    assert "nachtschalter promote" in capsys.readouterr().out
    assert await learning.train(place, promote=True, first=False) == 0
    said = capsys.readouterr().out
    assert "Es verliert nirgends" in said
    assert "Notfälle gefunden" in said


def test_models_are_listed_with_a_star_at_the_serving_one(
    place: Place, served: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (place.state / "models" / "20200101-000000-foreign").mkdir()
    assert learning.models(place) == 0
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if line.startswith("*")).startswith(f"* {served[1]}")
    assert any("foreign" in line and "nicht zu verwenden" in line for line in lines)


def test_models_of_an_empty_place(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert learning.models(place) == 0
    assert "noch kein Modell" in capsys.readouterr().out


def test_rolling_back_and_promoting_say_what_serves(
    place: Place, served: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry(place.state / "models")
    assert learning.rollback(place) == 0
    assert f"wieder {served[0]} statt {served[1]}" in capsys.readouterr().out
    assert registry.current_id() == served[0]
    assert learning.rollback(place) == 1
    assert "war keines eingesetzt" in capsys.readouterr().err
    assert learning.promote(place, served[1]) == 0
    assert f"ist jetzt {served[1]}, vorher {served[0]}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("wanted", "told"), [("20200101-000000-nothing", "gibt es nicht"), ("damaged", "beschädigt, fremd")]
)
def test_a_model_that_will_not_do_is_refused_in_a_sentence(
    place: Place, served: list[str], capsys: pytest.CaptureFixture[str], wanted: str, told: str
) -> None:
    if wanted == "damaged":
        wanted = served[0]
        next((place.state / "models" / wanted).glob("model.*")).write_bytes(b"something else")
    with pytest.raises(typer.Exit):
        learning.promote(place, wanted)
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said
    assert Registry(place.state / "models").current_id() == served[1]


def test_measuring_prints_a_scorecard_and_a_page_of_its_own(
    place: Place, served: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [
        {"text": "Die Laterne Musterweg ist aus", "department": ["strassen", "versorgung"], "urgency": "normal"},
        {"text": "Tonne <Musterweg> nicht geleert", "department": "abfall", "also": ["rathaus"], "urgency": "normal"},
        {"text": "siehe Foto", "department": "unklar", "urgency": "normal"},
    ]
    file, page = tmp_path / "gold.jsonl", tmp_path / "zeugnis.html"
    file.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")
    assert measuring.evaluate(place, file, as_json=False, html=page) == 0
    assert "3 Nachrichten, davon 2 mit klarem Amt" in capsys.readouterr().out
    content = page.read_text(encoding="utf-8")
    assert "<svg" in content
    assert "http" not in content.replace("http-equiv", "")
    assert page.stat().st_mode & 0o077 == 0, "citizens' words are for the admin alone"


def test_measuring_gives_figures_mistakes_and_their_lines_as_json(
    place: Place, served: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "gold.jsonl"
    row = {"text": "Es riecht nach Gas Musterweg", "department": "abfall", "urgency": "normal"}
    file.write_text("\n" + json.dumps(row), encoding="utf-8")
    assert measuring.evaluate(place, file, as_json=True, html=None) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["rows"] == 1
    assert told["intervals"]["accuracy"][0] == 0
    (wrong,) = told["mistakes"]["departments"]
    assert (wrong["line"], wrong["text"], wrong["decided"]) == (2, row["text"], "versorgung")
    assert [one["line"] for one in told["mistakes"]["false_alarms"]] == [2]


def test_nothing_of_what_is_measured_is_logged(
    place: Place, served: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "gold.jsonl"
    file.write_text(json.dumps({"text": "Quittenmarmelade", "department": "abfall"}), encoding="utf-8")
    measuring.evaluate(place, file, as_json=False, html=None)
    assert "Quittenmarmelade" not in capsys.readouterr().err


def test_the_model_card_lies_beside_the_model_and_is_shown_and_written(
    place: Place, served: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    beside = (place.state / "models" / served[1] / "modellkarte.md").read_text(encoding="utf-8")
    assert f"**{served[1]}**" in beside
    assert measuring.card(place, None, md=None, html=None) == 0
    assert capsys.readouterr().out == beside
    md, html = tmp_path / "karte.md", tmp_path / "karte.html"
    assert measuring.card(place, served[0], md=md, html=html) == 0
    assert capsys.readouterr().out == ""
    assert f"**{served[0]}**" in md.read_text(encoding="utf-8")
    assert f"<strong>{served[0]}</strong>" in html.read_text(encoding="utf-8")
    with pytest.raises(typer.Exit):
        measuring.card(place, "20200101-000000-nothing", md=None, html=None)
    assert "gibt es nicht" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("content", "told"),
    [('{"text": "x"}\n', "gold.jsonl:1:1"), (None, "gibt es nicht")],
)
def test_a_file_that_cannot_be_measured_is_named(
    place: Place, served: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str], content: str | None, told: str
) -> None:
    file = tmp_path / "gold.jsonl"
    if content is not None:
        file.write_text(content, encoding="utf-8")
    with pytest.raises(typer.Exit):
        measuring.evaluate(place, file, as_json=False, html=None)
    assert told in capsys.readouterr().err


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
    assert await learning.import_labels(place, table) == 0
    assert "2 neu, 0 geändert" in capsys.readouterr().out
    assert await learning.import_labels(place, table) == 0
    assert "0 neu, 0 geändert, 2 schon bekannt" in capsys.readouterr().out

    out = tmp_path / "out.csv"
    assert await learning.export_labels(place, out) == 0
    content = out.read_text(encoding="utf-8")
    assert "Musterfrau" not in content
    assert "'=HYPERLINK" in content  # a spreadsheet must not take it for a formula
    assert "abfall,normal,de,\n" in content.replace("\r", "")  # its topic belongs to another department
    assert await learning.import_labels(place, out) == 0
    assert "0 neu" in capsys.readouterr().out.splitlines()[-1]


async def test_a_table_with_mistakes_changes_nothing(
    place: Place, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = tmp_path / "labels.csv"
    table.write_text("text,department,urgency\nLaterne,strassen,normal\nTonne,muell,sofort\n", encoding="utf-8")
    with pytest.raises(typer.Exit):
        await learning.import_labels(place, table)
    said = capsys.readouterr().err
    assert "labels.csv:3:2: das Amt 'muell' gibt es nicht" in said
    assert "labels.csv:3:3: die Dringlichkeit 'sofort' gibt es nicht" in said
    assert await learning.export_labels(place, tmp_path / "out.csv") == 0
    assert "0 Nachrichten" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("Recall of emergencies falls from 0.980 to 0.950.", "gefundene Notfälle: 0,980 → 0,950"),
        (
            "strassen (found) falls from 0.900 to 0.500, more than chance explains in 12 messages.",
            "Straßen & Bauhof, gefunden: 0,900 → 0,500 (von 12)",
        ),
        ("Calibration error rises from 0.010 to 0.090.", "Abweichung der Wahrscheinlichkeiten: 0,010 → 0,090"),
        ("Something new.", "Something new."),
    ],
)
def test_reasons_are_told_in_german(reason: str, told: str) -> None:
    assert scorecard.reason_in_german(reason, town()) == told
