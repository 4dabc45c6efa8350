"""Learning: verdicts teach, a candidate that loses does not serve, and nobody's private words are kept."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.settings.town import topic_owner
from bot.steps.learn import Lesson, train
from bot.store import examples
from bot.store.examples import StoredExample
from bot.store.recent import RecentCase
from bot.store.tables import examples as examples_table
from classifier.corpus import read_starter
from classifier.example import Example
from classifier.gate import choose_gate, write_gate
from classifier.registry import Registry
from classifier.text import fingerprint
from tests.night import Night, at, town

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


def _stored(
    text: str, department: str, *, topic: str | None = None, conversation: int | None = 1, days: float = 1
) -> StoredExample:
    example = Example(text, department, "normal", topic, source="verdict")
    return StoredExample(example, conversation, NOON + timedelta(days=days))


def _learn(registry: Registry, starter: Path, stored: Sequence[StoredExample] = (), *, days: int = 0) -> Lesson:
    now = NOON + timedelta(days=days)
    return train(town(), registry, stored, now=now, encoder=None, starter=starter)


def test_the_first_model_is_measured_and_serves(registry: Registry, starter: Path) -> None:
    lesson = _learn(registry, starter)
    assert lesson.promoted
    assert lesson.material.own_gate
    assert registry.current_id() == lesson.manifest.model_id
    assert lesson.trained + lesson.measured <= 54
    assert lesson.manifest.scorecard["accuracy"] == lesson.card.accuracy
    assert lesson.manifest.measured["source"] == {"starter": lesson.measured}
    assert (registry.folder / lesson.manifest.model_id / "modellkarte.md").exists()
    assert lesson.manifest.config_revision == town().revision


def test_a_correction_teaches_the_next_model(registry: Registry, starter: Path) -> None:
    words = ("Weihnachtsbaum am Rondell", "Adventskranz schief", "Lichterkette am Giebel", "Krippe umgefallen", "Stern")
    corrections = [_stored(f"{word} kaputt, Tannengrün", "bildung", conversation=n) for n, word in enumerate(words)]
    _learn(registry, starter)

    lesson = _learn(registry, starter, corrections, days=2)

    assert lesson.verdicts + lesson.measured >= len(corrections)
    asked = registry.load(lesson.manifest.model_id).predict(["Tannengrün kaputt"])[0]
    assert asked.departments[0][0] == "bildung"


def test_a_candidate_that_loses_a_department_does_not_serve(registry: Registry, starter: Path) -> None:
    gate = choose_gate(read_starter(starter, topic_owner(town())), share=0.25)
    write_gate(starter / "gate.txt", gate)
    first = _learn(registry, starter)
    lamps = [line.split("\t")[2] for line in (starter / "street_light.tsv").read_text(encoding="utf-8").splitlines()]
    learnt = [text for text in lamps if fingerprint(text) not in gate]
    mistaken = [_stored(text, "abfall", conversation=n) for n, text in enumerate(learnt)]

    lesson = _learn(registry, starter, mistaken, days=2)

    assert not lesson.promoted
    assert registry.current_id() == first.manifest.model_id
    assert lesson.comparison is not None
    assert any("strassen (found)" in reason for reason in lesson.comparison.reasons)


def test_a_serving_model_that_cannot_be_read_gives_way(registry: Registry, starter: Path) -> None:
    first = _learn(registry, starter)
    next((registry.folder / first.manifest.model_id).glob("model.*")).write_bytes(b"")
    lesson = _learn(registry, starter, days=1)
    assert (lesson.promoted, lesson.incumbent, lesson.incumbent_card) == (True, first.manifest.model_id, None)


def test_a_model_is_not_promoted_when_that_is_not_wanted(registry: Registry, starter: Path) -> None:
    lesson = train(town(), registry, [], now=NOON, encoder=None, starter=starter, promote=False)
    assert not lesson.promoted
    assert registry.current_id() is None
    assert [one.model_id for one in registry.models()] == [lesson.manifest.model_id]


def test_a_word_only_one_person_uses_is_in_no_model(registry: Registry, starter: Path) -> None:
    secret = "Quittenmarmelade"
    mine = [
        _stored(f"{secret} {word} an der Laterne", "strassen", conversation=7) for word in ("klebt", "tropft", "rinnt")
    ]
    lesson = _learn(registry, starter, mine)
    model = registry.load(lesson.manifest.model_id)
    assert not any("quitten" in term for term in model.features.words.terms)

    shared = [*mine, _stored(f"auch hier {secret}", "strassen", conversation=8)]
    lesson = _learn(registry, starter, shared, days=1)
    terms = registry.load(lesson.manifest.model_id).features.words.terms
    assert "quittenmarmelade" in terms


def test_a_candidate_is_asked_about_the_recent_cases_beside_the_serving_model(
    registry: Registry, starter: Path
) -> None:
    case = RecentCase("BOR-7K3M-Q", NOON, "Tannengrün kaputt, der Adventskranz hängt schief")
    assert train(town(), registry, [], now=NOON, encoder=None, recent=[case], starter=starter).rerouting is None
    words = ("Weihnachtsbaum am Rondell", "Adventskranz schief", "Lichterkette am Giebel", "Krippe umgefallen", "Stern")
    told = [_stored(f"{word} kaputt, Tannengrün", "bildung", conversation=n) for n, word in enumerate(words)]

    later = NOON + timedelta(days=2)
    lesson = train(town(), registry, told, now=later, encoder=None, recent=[case], starter=starter)

    assert lesson.rerouting
    assert [(one.reference, one.after.department) for one in lesson.rerouting.changes] == [(case.reference, "bildung")]


async def test_a_correction_reaches_all_that_say_the_same_and_leaves_them_as_old_as_they_are(night: Night) -> None:
    monday, friday = at("Mon 2026-11-23 20:00"), at("Fri 2026-11-27 20:00")
    async with night.database.begin() as tx:
        for _ in range(2):
            await tx.execute(
                examples_table.insert().values(
                    text="Laterne  aus", department="abfall", urgency="normal", lang="de", source="verdict", at=monday
                )
            )
        assert await examples.bring_in(tx, [Example("Laterne aus", "strassen", "normal")], friday) == (0, 1)
        found = await examples.everything(tx)
    assert [(one.example.department, one.at) for one in found] == [("strassen", monday)] * 2


async def test_imported_messages_are_never_here_twice(night: Night) -> None:
    now = at("Thu 2026-11-26 20:00")
    lamp, bin_ = Example("Laterne aus", "strassen", "normal"), Example("Tonne voll", "abfall", "normal")
    async with night.database.begin() as tx:
        assert await examples.bring_in(tx, [lamp, bin_, lamp], now) == (2, 0)
        assert await examples.bring_in(tx, [lamp, bin_], now) == (0, 0)
        assert await examples.bring_in(tx, [Example("Laterne aus", "versorgung", "normal")], now) == (0, 1)
        found = await examples.everything(tx)
    assert [(one.example.text, one.example.department) for one in found] == [
        ("Laterne aus", "versorgung"),
        ("Tonne voll", "abfall"),
    ]
