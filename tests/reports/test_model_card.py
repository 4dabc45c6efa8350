"""The model card: from a manifest alone, also from an old one, and never fooled by what stands in it."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from bot.core.triage import TriagePolicy
from bot.reports.model_card import as_page, model_card
from classifier.manifest import read_manifest
from tests.golden import held_against
from tests.night import town
from tests.reports.measured import manifest, measured


def test_the_card_says_what_stands_in_the_golden_file() -> None:
    policy = TriagePolicy(("strassen",), "rathaus", 0.45, 0.15, 0.3, 0.8, 0.1, 0.9, 0.65, emergency_words=3, offered=6)
    settings = replace(town(), triage=policy)
    held_against("modellkarte.md", model_card(manifest(format=3), settings))


def test_invented_messages_alone_are_said_to_be_no_proof_for_real_ones() -> None:
    examples = {**manifest().examples, "source": {"starter": 1330}}
    card = model_card(manifest(examples=examples), town())
    assert "keine stammt von einer Bürgerin oder einem Bürger" in card
    assert "An echten Nachrichten aus Borken konnte nicht gemessen werden" in card


def test_verdicts_it_was_measured_with_are_counted() -> None:
    card = model_card(manifest(measured={"source": {"starter": 20, "verdict": 5}}), town())
    assert "stammen 5 aus dem Betrieb der Stadt" in card
    assert "konnte nicht gemessen werden" not in card


def test_the_card_tells_when_the_towns_files_were_changed_since() -> None:
    changed = "seit dem Lernen geändert"
    assert changed in model_card(manifest(), town())
    assert changed not in model_card(manifest(config_revision=town().revision), town())


def test_a_manifest_of_before_these_figures_gives_a_card(tmp_path: Path) -> None:
    known = ("rows", "clear", "accuracy", "emergency_recall", "departments", "urgencies", "languages")
    old = {name: value for name, value in measured()[0].to_dict().items() if name in known}
    manifest(scorecard=old).write(tmp_path)
    content = json.loads((tmp_path / "manifest.json").read_text(encoding="utf-8"))
    del content["measured"]
    (tmp_path / "manifest.json").write_text(json.dumps(content), encoding="utf-8")
    card = model_card(read_manifest(tmp_path), town())
    assert "| Richtiges Amt | 75,0\u00a0% | 55,1–88,0\u00a0% | 24 |" in card
    assert "Fehlalarme" not in card


def test_a_model_that_was_never_measured_says_so() -> None:
    assert "wurde beim Lernen nicht gemessen" in model_card(manifest(scorecard={}), town())


@pytest.mark.parametrize(
    "hostile", ["<script>alert(1)</script>", "**fett**", "a | b", "[x](javascript:alert(1))", "`c`"]
)
def test_a_name_from_outside_is_a_name_and_no_mark(hostile: str) -> None:
    examples = {**manifest().examples, "department": {hostile: 7}}
    card = model_card(manifest(model_id=hostile, examples=examples, libraries={hostile: "1\n# Titel"}), town())
    page = as_page(card, hostile)
    assert page.count("<h1>") == 1
    assert "<script" not in page
    assert "<strong>fett" not in page
    assert "href" not in page
    text = hostile.replace("<", "&lt;").replace(">", "&gt;")
    assert f"<td>{text}</td>" in page


def test_the_page_has_the_cards_tables_and_asks_for_nothing_from_elsewhere() -> None:
    card = model_card(manifest(), town())
    page = as_page(card, "m1")
    assert page.count("<table>") == card.count("\n| ---")
    assert "default-src 'none'" in page
    assert "http:" not in page
    assert "https:" not in page
