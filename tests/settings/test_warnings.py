"""Warnings: what runs out or is missing although nothing is wrong yet."""

from datetime import date

import pytest

from bot.settings.warnings import warnings
from tests.settings.conftest import Town

NOW = date(2026, 11, 24)


def _told(town: Town, today: date = NOW) -> list[str]:
    return [line.removeprefix(f"{town.folder}/") for line in warnings(town.folder, today)]


@pytest.mark.parametrize(
    ("today", "rings"),
    [
        (date(2028, 7, 1), False),
        (date(2028, 7, 2), True),  # less than six months before New Year's Eve
        (date(2029, 1, 1), True),
    ],
)
def test_a_warning_rings_six_months_before_the_days_run_out(town: Town, today: date, rings: bool) -> None:
    line = (
        "hours.yaml:4:16: covered_until: die freien Tage sind nur bis 31.12.2028 eingetragen; "
        "ergänzen Sie closed und half_days für das nächste Jahr und setzen Sie das Datum hoch"
    )
    assert (line in _told(town, today)) is rings


def test_who_cannot_be_reached_by_mail_is_named(town: Town) -> None:
    told = _told(town)
    assert (
        "departments.yaml:15:14: departments.2.contact: "
        "„Andere Stellen“ hat keine E-Mail-Adresse und bekommt keine Morgenliste"
    ) in told
    assert ("city.yaml:20:5: on_call.0: „Bereitschaft“ hat keine E-Mail-Adresse und wird nicht verständigt") in told


def test_texts_without_translation_are_named(town: Town) -> None:
    assert "replies.en.yaml:1:1: diese Texte fehlen und kommen auf Deutsch: receipt.promise" in _told(town)


def test_a_language_without_safety_rules_is_named(town: Town) -> None:
    line = "languages.1: ohne safety_rules.en.yaml erkennt in dieser Sprache nur das Modell eine Gefahr"
    assert f"city.yaml:7:17: {line}" in _told(town)


def test_mistakes_do_not_hide_warnings(town: Town) -> None:
    town.write("city.yaml", "")
    assert any("31.12.2028" in line for line in _told(town, date(2028, 12, 1)))


@pytest.mark.parametrize(("on", "rings"), [("2025-11-24", False), ("2025-11-23", True)])
def test_texts_for_danger_released_more_than_a_year_ago_are_named(town: Town, on: str, rings: bool) -> None:
    town.change("safety.yaml", 'version: "1"', f'released: {{by: Feuerwehr, on: "{on}"}}')
    told = [line for line in _told(town) if line.startswith("safety.yaml")]
    line = (
        "safety.yaml:1:31: released.on: zuletzt am 23.11.2025 freigegeben; "
        "prüfen Sie den Inhalt und geben Sie ihn neu frei"
    )
    assert told == ([line] if rings else [])


def test_texts_for_danger_nobody_released_are_named(town: Town) -> None:
    line = 'wer dies wann freigegeben hat, fehlt; released: {by: …, on: "2026-11-24"}'
    assert f"safety_texts.de.yaml:1:1: {line}" in _told(town)
