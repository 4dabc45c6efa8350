"""`nachtschalter blind`: honest figures in German, and none where there are too few."""

import json
from pathlib import Path

import pytest

from bot.cli import blind
from bot.cli.place import Place
from bot.core.blind import Guess, Judgement, findings
from bot.core.case import Urgency
from bot.core.verdict import Verdict
from tests.night import BORKEN

NAMES = {"strassen": "Straßen & Bauhof", "gruen": "Grünflächen"}


def judged(right: int, wrong: int, *, start: int = 0, said: Urgency = Urgency.NORMAL) -> list[Judgement]:
    guess = Guess("strassen", Urgency.NORMAL, True, "m1")
    departments = ["strassen"] * right + ["gruen"] * wrong
    return [Judgement(start + at, Verdict(name, said), guess) for at, name in enumerate(departments)]


def test_too_early_means_no_shares_but_a_missed_emergency_is_told() -> None:
    told = blind.in_german(findings(40, judged(11, 0, said=Urgency.EMERGENCY), judged(90, 10)), NAMES)
    assert "noch zu früh" in told
    assert "es fehlen noch 19" in told
    assert "Schon jetzt übersehene Notfälle: 11." in told
    assert "%" not in told


def test_both_figures_stand_side_by_side_with_their_ranges_and_the_reason() -> None:
    told = blind.in_german(findings(50, judged(32, 8), judged(95, 5)), NAMES)
    assert "richtiges Amt                      80 % (65–90 %)       95 % (89–98 %)" in told
    assert "stimmt ihm leichter zu" in told
    assert "Noch hat niemand" in told
    assert "Straßen & Bauhof" in told
    assert "Grünflächen" not in told  # only eight


def test_agreement_between_two_people_is_a_figure_as_well() -> None:
    twice = [*judged(30, 0), *judged(9, 1)]
    assert "Zwei Menschen nennen dasselbe Amt: 90 % (60–98 %)" in blind.in_german(findings(30, twice, []), NAMES)


def test_programs_get_every_share_however_early() -> None:
    told = blind.as_object(findings(5, judged(2, 1), []))
    assert told["early"] is True
    assert told["blind"]["department"] == {"right": 2, "of": 3, "low": 0.2077, "high": 0.9385}
    assert told["agreement"]["cases"] == 0
    json.dumps(told)


async def test_the_command_answers_in_a_new_town(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("DATABASE_URL", raising=False)
    place = Place(BORKEN, tmp_path / "var")
    assert await blind.show(place, as_json=False) == 0
    assert "es fehlen noch 30" in capsys.readouterr().out
    assert await blind.show(place, as_json=True) == 0
    assert json.loads(capsys.readouterr().out)["drawn"] == 0
