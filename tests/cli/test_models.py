"""Models from the command line: listed, compared, promoted and rolled back."""

import pytest
import typer

from bot.cli import models
from bot.cli.place import Place
from bot.cli.rerouting import in_german
from bot.core.case import Urgency
from bot.core.rerouting import Placing, Rerouted, rerouting
from classifier.registry import Registry
from tests.cli.night_before import cases_of_a_night
from tests.night import at, town


def test_models_are_listed_with_a_star_at_the_serving_one(
    place: Place, served: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    (place.state / "models" / "20200101-000000-foreign").mkdir()
    assert models.models(place) == 0
    lines = capsys.readouterr().out.splitlines()
    assert next(line for line in lines if line.startswith("*")).startswith(f"* {served[1]}")
    assert any("foreign" in line and "nicht zu verwenden" in line for line in lines)


def test_models_of_an_empty_place(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    assert models.models(place) == 0
    assert "noch kein Modell" in capsys.readouterr().out


def test_rolling_back_and_promoting_say_what_serves(
    place: Place, served: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    registry = Registry(place.state / "models")
    assert models.rollback(place) == 0
    assert f"wieder {served[0]} statt {served[1]}" in capsys.readouterr().out
    assert registry.current_id() == served[0]
    assert models.rollback(place) == 1
    assert "war keines eingesetzt" in capsys.readouterr().err
    assert models.promote(place, served[1]) == 0
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
        models.promote(place, wanted)
    said = capsys.readouterr().err
    assert told in said
    assert "Traceback" not in said
    assert Registry(place.state / "models").current_id() == served[1]


async def test_comparing_changes_nothing_and_names_both(
    place: Place, served: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    await cases_of_a_night(place, "Die Laterne Nordstraße ist aus")
    assert await models.compare(place, served[0]) == 0
    said = capsys.readouterr().out
    assert f"Modell {served[0]} gegen das eingesetzte {served[1]}" in said
    assert "Von 1 Anliegen der letzten 30 Tage ginge keines anderswohin." in said
    assert Registry(place.state / "models").current_id() == served[1]


async def test_without_a_number_the_newest_is_compared_unless_it_serves(
    place: Place, served: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert await models.compare(place, None) == 1
    assert f"{served[1]} ist schon eingesetzt" in capsys.readouterr().out
    models.rollback(place)
    assert await models.compare(place, None) == 0
    said = capsys.readouterr().out
    assert f"Modell {served[1]} gegen das eingesetzte {served[0]}" in said
    assert "kein Anliegen mit Text gespeichert" in said


async def test_comparing_without_a_model_says_so(place: Place, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(typer.Exit):
        await models.compare(place, None)
    assert "noch keines eingesetzt" in capsys.readouterr().err


def test_lost_emergencies_are_marked_and_a_long_list_ends_with_how_many_more() -> None:
    lamp, calm = Placing("strassen", Urgency.NORMAL), Placing("versorgung", Urgency.LOW)
    gas = Placing("versorgung", Urgency.EMERGENCY)
    opened = at("Tue 2026-11-24 22:14")
    told = [Rerouted(f"BOR-{n:04}-X", opened, lamp, calm) for n in range(35)]
    lines = in_german(rerouting([Rerouted("BOR-GAS", opened, gas, calm), *told]), town()).splitlines()
    assert lines[0] == "Von 36 Anliegen der letzten 30 Tage gingen 36 anderswohin oder wären anders dringend."
    assert lines[1].startswith("ACHTUNG: 1 Notfall wäre keiner mehr")
    assert lines[2] == "! BOR-GAS  24.11.  Stadtwerke & Abwasser: Notfall → hat Zeit"
    assert lines[3] == "  BOR-0000-X  24.11.  Straßen & Bauhof → Stadtwerke & Abwasser, normal → hat Zeit"
    assert lines[-1] == "  … und 6 weitere."
    assert len(lines) == 33
