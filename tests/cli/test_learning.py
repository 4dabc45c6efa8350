"""Learning from the command line: what came of a training is told in German, and files are measured."""

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest
import typer

from bot.cli import learning, measuring, scorecard
from bot.cli.place import Place
from bot.cli.storage import opened
from bot.store import examples
from classifier.example import Example
from tests.cli.night_before import cases_of_a_night
from tests.night import town
from tests.reorganised import Reorganised


async def test_training_tells_in_german_what_came_of_it(
    place: Place, few: None, capsys: pytest.CaptureFixture[str]
) -> None:
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


async def _bring_in(place: Place, found: Iterable[Example], now: datetime | None = None) -> None:
    async with opened(place) as database, database.begin() as tx:
        await examples.bring_in(tx, found, now or datetime.now(UTC))


async def test_training_says_what_would_go_elsewhere_before_it_says_who_serves(
    place: Place, served: list[str], few: None, capsys: pytest.CaptureFixture[str]
) -> None:
    references = await cases_of_a_night(place, "Im Stadtpark ist die Rutsche kaputt, bitte kommen Sie")
    told = [Example(f"Im Stadtpark ist {what} kaputt", "gruen", "normal") for what in _BROKEN]
    await _bring_in(place, told)
    assert await learning.train(place, promote=False, first=False) == 0
    said = capsys.readouterr().out
    assert "Von 1 Anliegen der letzten 30 Tage ginge 1 anderswohin" in said
    assert f"  {references[0]}" in said
    assert "→ Grünflächen, Spielplätze & Friedhöfe" in said
    assert "Rutsche" not in said
    assert said.index(references[0]) < said.index("Noch nicht eingesetzt")


_BROKEN = ("die Bank", "der Zaun", "die Schaukel", "das Tor", "der Brunnen", "die Hecke", "der Steg", "die Mauer")


async def test_training_names_labels_that_look_like_mistakes_and_how_to_correct_them(
    place: Place, few: None, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = "Die Laterne flackert und ist dann aus, die Lampe brennt nicht"
    await _bring_in(place, [Example(wrong, "abfall", "normal")])
    await learning.train(place, promote=True, first=False)
    said = capsys.readouterr().out
    assert "Verdacht auf falsche Beschriftung: 1 Nachrichten" in said
    assert "nachtschalter labels suspects DATEI" in said


async def test_training_says_what_it_could_not_learn_from(
    place: Place, few: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    changed = Place(Reorganised(tmp_path).dissolve("strassen").folder, place.state)
    await _bring_in(place, [Example("Kurtaxe", "strassen", "normal")])
    assert await learning.train(changed, promote=True, first=False) == 0
    said = capsys.readouterr().out
    assert "Nicht gelernt: 1 Nachrichten von Ämtern, die es nicht mehr gibt" in said
    assert "der Themen street_light, die in departments.yaml keinem Amt gehören" in said


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
