"""Suspects: verdicts that all others contradict are found as they are stored, and starter messages never."""

from datetime import UTC, datetime
from pathlib import Path

from bot.steps.suspects import suspicions
from bot.store.examples import StoredExample
from classifier.example import Example
from tests.night import town
from tests.reorganised import Reorganised

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


def _stored(text: str, department: str, *, conversation: int | None = None, topic: str | None = None) -> StoredExample:
    return StoredExample(Example(text, department, "normal", topic, source="verdict"), conversation, NOON)


def test_a_mistaken_verdict_is_found_and_the_likelier_department_named(starter: Path) -> None:
    stored = [_stored("Die Laterne am Wall ist aus", "abfall"), _stored("Tonne am Wall nicht geleert", "abfall")]
    (one,) = suspicions(town(), stored, encoder=None, starter=starter)
    assert (one.example, one.likelier) == (stored[0].example, "strassen")
    assert one.probability > 0.5


def test_it_is_found_as_it_is_stored_and_not_as_a_model_may_see_it(starter: Path) -> None:
    """Words only one person uses are hidden from models; a corrected row has to be known again by its text."""
    mine = [_stored(f"Die Laterne {word} ist aus", "abfall", conversation=7) for word in ("Quittenweg", "Quittengasse")]
    found = suspicions(town(), mine, encoder=None, starter=starter)
    assert {one.example for one in found} == {one.example for one in mine}


def test_a_mistaken_starter_message_is_not_the_towns_to_correct(starter: Path) -> None:
    with (starter / "missed_collection.tsv").open("a", encoding="utf-8") as file:
        file.write("\nnormal\tde\tDie Laterne am Wall ist aus")
    assert suspicions(town(), [], encoder=None, starter=starter) == []


def test_a_suspect_stands_under_the_department_of_today(starter: Path, tmp_path: Path) -> None:
    settings = Reorganised(tmp_path).rename("abfall", "entsorgung").settings
    (one,) = suspicions(settings, [_stored("Die Laterne am Wall ist aus", "abfall")], encoder=None, starter=starter)
    assert (one.example.department, one.likelier) == ("entsorgung", "strassen")
