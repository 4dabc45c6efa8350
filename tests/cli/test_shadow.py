"""The shadow from the command line: begun, told, stopped, and ended by a promotion."""

import re
from dataclasses import replace
from datetime import UTC, datetime

import pytest
import typer

from bot.cli import models, shadow
from bot.cli.place import Place
from bot.steps.model import ShadowInUse
from bot.steps.shadow import shadow_next
from classifier.registry import Registry
from tests.cli.night_before import cases_of_a_night, give_verdict
from tests.fakes.classifier import KeywordClassifier
from tests.night import begin

SLIDE = "Auf dem Spielplatz ist die Rutsche kaputt"


@pytest.fixture
def registry(place: Place, served: list[str]) -> Registry:
    return Registry(place.state / "models")


async def _let_it_judge(place: Place, registry: Registry, *texts: str) -> list[str]:
    """A night in a service that has taken the shadow up; its own model goes by the id of the serving one."""
    serving = KeywordClassifier(model_id=registry.current_id() or "")
    await cases_of_a_night(place)
    night = await begin(place.state / "nachtschalter.db", tables=False)
    night.house = replace(night.house, classifier=serving, shadow=ShadowInUse(registry, encoder=lambda: None))
    night.house.refresh_shadow()
    now = datetime.now(UTC)
    while await shadow_next(night.house, now):
        pass
    references = await cases_of_a_night(place, *texts)
    while await shadow_next(night.house, now):
        pass
    await night.database.close()
    return references


async def test_a_run_is_begun_told_and_stopped(
    place: Place, served: list[str], registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert await shadow.report(place) == 0
    assert "Kein Modell läuft im Schatten" in capsys.readouterr().out
    assert shadow.begin(place, served[0]) == 0
    assert f"Im Schatten läuft jetzt {served[0]}, neben {served[1]}" in capsys.readouterr().out
    assert models.models(place) == 0
    assert f"Im Schatten läuft {served[0]}" in capsys.readouterr().out
    assert await shadow.report(place) == 0
    assert "Noch keine Nachricht" in capsys.readouterr().out
    assert await shadow.stop(place) == 0
    assert "Der Lauf ist beendet" in capsys.readouterr().out
    assert registry.shadow() is None
    assert await shadow.stop(place) == 1


async def test_the_report_names_pairs_and_references_but_no_words(
    place: Place, served: list[str], registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    shadow.begin(place, served[0])
    lamp, slide = await _let_it_judge(place, registry, "Die Laterne Nordstraße ist aus", SLIDE)
    capsys.readouterr()
    assert await shadow.report(place) == 0
    said = capsys.readouterr().out
    assert "2 Nachrichten in 2 Anliegen; 1 Anliegen beurteilen beide gleich (50 %)" in said
    assert re.search(f"1  Grünflächen, Spielplätze & Friedhöfe → .+: {slide}\n", said)
    assert lamp not in said
    assert "Rutsche" not in said


async def test_the_report_says_who_was_right_where_somebody_has_judged(
    place: Place, served: list[str], registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    shadow.begin(place, served[0])
    _, slide = await _let_it_judge(place, registry, "Die Laterne Nordstraße ist aus", SLIDE)
    capsys.readouterr()
    await shadow.report(place)
    assert "Wer lag richtig" not in capsys.readouterr().out

    await give_verdict(place, slide, "gruen")
    await shadow.report(place)
    said = capsys.readouterr().out
    assert "Wer lag richtig, in 1 von Mitarbeitenden beurteilten Anliegen:" in said
    assert re.search(r"Amt +0 +1 +0 +0\n", said)


@pytest.mark.parametrize("what", ["promote", "rollback"])
async def test_a_shadow_that_comes_to_serve_runs_no_longer(
    place: Place, served: list[str], registry: Registry, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    shadow.begin(place, served[0])
    assert (models.promote(place, served[0]) if what == "promote" else models.rollback(place)) == 0
    assert registry.shadow() is None
    if what == "promote":
        assert "Sein Lauf im Schatten ist damit zu Ende" in capsys.readouterr().out


def test_the_serving_model_is_no_shadow(
    place: Place, served: list[str], registry: Registry, capsys: pytest.CaptureFixture[str]
) -> None:
    assert shadow.begin(place, served[1]) == 1
    assert "im Schatten läuft immer ein anderes" in capsys.readouterr().err
    assert registry.shadow() is None


@pytest.mark.parametrize("harm", ["damaged", "unknown"])
def test_a_model_that_will_not_do_is_no_shadow(
    place: Place, served: list[str], registry: Registry, capsys: pytest.CaptureFixture[str], harm: str
) -> None:
    wanted = served[0] if harm == "damaged" else "20200101-000000-nothing"
    for file in (place.state / "models" / wanted).glob("model.*"):
        file.write_bytes(b"")
    with pytest.raises(typer.Exit):
        shadow.begin(place, wanted)
    assert registry.shadow() is None
