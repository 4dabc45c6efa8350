"""Reorganisation: a department is renamed, merged, split, dissolved or new; cases, models and learning follow."""

import shutil
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from bot.core.case import Urgency
from bot.core.conversation.turns.question import CHOOSE, pressed
from bot.core.staff import Role
from bot.core.verdict import Verdict
from bot.settings.town import Settings
from bot.steps import review
from bot.steps.digest import preview
from bot.steps.house import house_of
from bot.steps.learn import train
from bot.steps.staff import add_staff
from bot.store import conversations
from bot.store.examples import StoredExample
from bot.store.tables import cases, outbox, verdicts
from classifier.corpus import STARTER
from classifier.example import Example
from classifier.registry import Registry
from classifier.vectors import SentenceEncoder
from tests.fakes.classifier import KeywordClassifier
from tests.night import Night, at, town
from tests.reorganised import Reorganised

EVENING, MORNING = at("Wed 2026-11-25 22:14"), at("Thu 2026-11-26 07:20")
LANTERN, SWING = "Die Laterne vor Musterweg 3 ist aus", "Auf dem Spielplatz ist die Schaukel kaputt"
NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)


async def _after(night: Night, settings: Settings) -> None:
    """The service is started again with other files."""
    night.house = replace(night.house, settings=settings)


async def _digest(night: Night, department: str) -> list[str]:
    shown = {one.digest.department: one.digest for one in await preview(night.house, MORNING)}
    return [row.reference for row in shown[department].first]


async def _references(night: Night) -> list[str]:
    async with night.database.read() as tx:
        return list((await tx.execute(sa.select(cases.c.reference).order_by(cases.c.id))).scalars())


# --- what a model says -------------------------------------------------------------------------------------------


def test_an_old_models_label_counts_for_the_successor(tmp_path: Path) -> None:
    house = house_of(Reorganised(tmp_path).rename("strassen", "verkehr").settings, KeywordClassifier())
    decision = house.judge(LANTERN)
    assert (decision.department, decision.sure, decision.ranking[0][1]) == ("verkehr", True, 0.9)


def test_the_shares_of_merged_departments_add_up(tmp_path: Path) -> None:
    house = house_of(Reorganised(tmp_path).dissolve("gruen", into="ordnung").settings, KeywordClassifier())
    assert house.judge("Wer ist dafür zuständig?").probability("ordnung") == pytest.approx(0.2 + 0.1)


def test_a_dissolved_departments_label_falls_to_the_front_office(tmp_path: Path) -> None:
    house = house_of(Reorganised(tmp_path).dissolve("strassen").settings, KeywordClassifier())
    decision = house.judge(LANTERN)
    assert (decision.department, decision.holder) == ("rathaus", "rathaus")


# --- cases that are there already --------------------------------------------------------------------------------


async def test_a_renamed_departments_cases_stand_in_its_digest(night: Night, tmp_path: Path) -> None:
    await night.hear(LANTERN, EVENING)
    await _after(night, Reorganised(tmp_path).rename("strassen", "verkehr").settings)
    assert await _digest(night, "verkehr") == await _references(night)


async def test_merged_departments_share_one_digest(night: Night, tmp_path: Path) -> None:
    await night.hear(LANTERN, EVENING, sender="a")
    await night.hear(SWING, EVENING, sender="b")
    await _after(night, Reorganised(tmp_path).dissolve("gruen", into="strassen").settings)
    assert sorted(await _digest(night, "strassen")) == sorted(await _references(night))


async def test_a_dissolved_departments_cases_stand_in_the_front_offices_digest(night: Night, tmp_path: Path) -> None:
    await night.hear(LANTERN, EVENING)
    await _after(night, Reorganised(tmp_path).dissolve("strassen").settings)
    assert await _digest(night, "rathaus") == await _references(night)


async def test_a_follow_up_joins_and_moves_nothing_only_because_of_the_name(night: Night, tmp_path: Path) -> None:
    await night.hear(LANTERN, EVENING)
    told = len(night.chat.sent)
    await _after(night, Reorganised(tmp_path).rename("strassen", "verkehr").settings)
    await night.hear("Die Laterne ist immer noch dunkel und das seit Tagen", EVENING + timedelta(hours=1))
    assert len(await _references(night)) == 1
    assert not [message for message in night.chat.sent[told:] if message.kind == "update"]


async def test_a_button_older_than_the_departments_still_does_what_it_says(night: Night, tmp_path: Path) -> None:
    await night.hear(LANTERN, EVENING)
    await _after(night, Reorganised(tmp_path).rename("gruen", "umwelt").settings)
    async with night.database.read() as tx:
        conversation = await conversations.load(tx, await conversations.get(tx, 1), EVENING)
    outcome = pressed(f"{CHOOSE}:1:gruen", conversation, night.house.rules())
    assert [part.department for part in outcome.parts] == ["umwelt"]


async def test_confirming_an_old_case_writes_the_name_of_today_and_tells_nobody(night: Night, tmp_path: Path) -> None:
    await night.hear(LANTERN, EVENING)
    (reference,) = await _references(night)
    await _after(night, Reorganised(tmp_path).rename("strassen", "verkehr").settings)
    anna = await add_staff(night.database, name="Anna", role=Role.CLERK, password="lang genug dafür", now=MORNING)
    async with night.database.read() as tx:
        before = (await tx.execute(sa.select(sa.func.count()).select_from(outbox))).scalar_one()

    verdict = Verdict("strassen", Urgency.NORMAL)  # of a page that was open meanwhile
    await review.judge(reference, verdict, house=night.house, staff=anna, now=MORNING)

    async with night.database.read() as tx:
        assert (await tx.execute(sa.select(verdicts.c.department))).scalar_one() == "verkehr"
        assert (await tx.execute(sa.select(cases.c.department))).scalar_one() == "verkehr"
        assert (await tx.execute(sa.select(sa.func.count()).select_from(outbox))).scalar_one() == before


@pytest.mark.parametrize(("into", "holder"), [("abfall", "abfall"), (None, "rathaus")])
async def test_taking_back_a_verdict_goes_back_to_who_acts_today(
    night: Night, tmp_path: Path, into: str | None, holder: str
) -> None:
    await night.hear(LANTERN, EVENING)
    (reference,) = await _references(night)
    anna = await add_staff(night.database, name="Anna", role=Role.CLERK, password="lang genug dafür", now=MORNING)
    verdict = Verdict("gruen", Urgency.NORMAL)
    await review.judge(reference, verdict, house=night.house, staff=anna, now=MORNING)
    await _after(night, Reorganised(tmp_path).dissolve("strassen", into=into).settings)

    await review.undo(reference, house=night.house, staff=anna, now=MORNING + timedelta(minutes=1))

    async with night.database.read() as tx:
        assert (await tx.execute(sa.select(cases.c.department))).scalar_one() == holder


# --- learning ----------------------------------------------------------------------------------------------------


def _verdict(text: str, department: str, *, topic: str | None = None, days: int = 1) -> StoredExample:
    return StoredExample(
        Example(text, department, "normal", topic, source="verdict"), None, NOON + timedelta(days=days)
    )


@pytest.mark.parametrize("what", ["rename", "merge", "split", "dissolve"])
def test_learning_anew_never_fails_because_of_it_and_the_old_model_is_no_obstacle(
    starter: Path, tmp_path: Path, what: str
) -> None:
    registry = Registry(tmp_path / "models")
    train(town(), registry, [], now=NOON, encoder=None, starter=starter)
    changed = Reorganised(tmp_path)
    settings = {
        "rename": lambda: changed.rename("strassen", "verkehr"),
        "merge": lambda: changed.dissolve("strassen", into="abfall"),
        "split": lambda: changed.found("licht", topics="street_light"),
        "dissolve": lambda: changed.dissolve("strassen"),
    }[what]().settings
    stored = [_verdict("Die Laterne am Wall blinkt", "strassen", topic="street_light"), _verdict("Kurtaxe", "strassen")]

    lesson = train(settings, registry, stored, now=NOON + timedelta(days=2), encoder=None, starter=starter)

    assert lesson.promoted
    holder = {"rename": "verkehr", "merge": "abfall", "split": "licht", "dissolve": None}[what]
    made = house_of(settings, registry.load()).judge("Die Laterne Nordstraße ist aus")
    assert made.department == holder or holder is None
    assert lesson.material.dissolved == (2 if what == "dissolve" else 0)


def test_a_new_department_is_learnt_from_20_verdicts(tmp_path: Path) -> None:
    """With the real encoder and a part of the real starter messages: a few seconds, not a minute."""
    part = tmp_path / "starter"
    part.mkdir()
    for topic in ("street_light", "bulky_waste", "building_permit", "heating", "tree", "gas_smell", "power_supply"):
        lines = (STARTER / f"{topic}.tsv").read_text(encoding="utf-8").splitlines()
        (part / f"{topic}.tsv").write_text("\n".join(lines[:32]), encoding="utf-8")
    shutil.copy(STARTER / "gate.txt", part)
    registry, encoder = Registry(tmp_path / "models"), SentenceEncoder()
    learn = {"encoder": encoder, "cache_dir": tmp_path / "cache", "starter": part}
    train(town(), registry, [], now=NOON, **learn)  # type: ignore[arg-type]
    settings = Reorganised(tmp_path).found("klima").settings
    stored = [_verdict(text, "klima", days=1 + number) for number, text in enumerate(_CLIMATE)]

    lesson = train(settings, registry, stored, now=NOON + timedelta(days=40), **learn)  # type: ignore[arg-type]

    assert (lesson.promoted, lesson.verdicts, lesson.comparison is not None) == (True, 16, True)
    house = house_of(settings, registry.load(encoder=encoder))
    asked = ("Gibt es Zuschüsse für ein Balkonkraftwerk?", "Wer berät mich zur Förderung einer Wärmepumpe?")
    assert [house.judge(text).department for text in asked] == ["klima", "klima"]
    assert house.judge("Die Straßenlaterne vor unserem Haus ist seit gestern aus").department == "strassen"


_CLIMATE = (
    "Welche Förderung gibt es für eine Solaranlage auf dem Dach?",
    "Ich möchte einen Zuschuss für mein Balkonkraftwerk beantragen",
    "Wann ist die nächste Energieberatung?",
    "Fördert die Stadt den Tausch meiner Ölheizung gegen eine Wärmepumpe?",
    "Wo finde ich das Solarkataster?",
    "Bekomme ich Geld für die Dämmung meiner Fassade?",
    "Gibt es einen Zuschuss für ein Lastenrad?",
    "Wir wollen als Verein beim Stadtradeln mitmachen",
    "Wer hilft mir beim Antrag auf Klimaförderung?",
    "Ist für unsere Straße ein Wärmenetz geplant?",
    "Wie weit ist die kommunale Wärmeplanung?",
    "Ich hätte gern eine Beratung zum Energiesparen",
    "Fördern Sie die Begrünung von Dächern?",
    "Gibt es Geld für eine Zisterne im Garten?",
    "Wo kann ich eine Wallbox fördern lassen?",
    "Können Schulen beim Klimaschutzpreis mitmachen?",
    "Welche Unterlagen brauche ich für den Solarzuschuss?",
    "Wann wird das Klimaschutzkonzept vorgestellt?",
    "Ist der Fördertopf für Photovoltaik schon leer?",
    "Wer ist bei der Stadt für Klimaschutz zuständig?",
)
