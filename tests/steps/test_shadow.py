"""The shadow run: a second model judges what the house has judged, and nothing it does reaches a citizen."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.case import Urgency
from bot.core.rerouting import Placing
from bot.core.shadow import ShadowReport
from bot.core.staff import Role
from bot.core.verdict import Verdict
from bot.line import Line
from bot.steps import review
from bot.steps.model import ShadowInUse
from bot.steps.purge import purge
from bot.steps.shadow import report_of, shadow_next
from bot.steps.staff import add_staff
from bot.store.tables import cases, shadows
from classifier.example import Example
from classifier.model import Model
from classifier.prediction import Prediction
from classifier.registry import Registry
from classifier.training import train
from tests.fakes.classifier import KeywordClassifier
from tests.night import Night, at
from tests.patience import until

EVENING = at("Tue 2026-11-24 22:14")
LANTERN, TONNE = "Die Laterne vor Musterweg 3 ist aus", "Die Tonne wurde nicht geleert"


@pytest.fixture(scope="module")
def model() -> Model:
    """It takes everything about lamps for rubbish."""
    told = [Example(f"Laterne Nummer {n} ist aus", "abfall", "normal", "lamp") for n in range(6)]
    told += [Example(f"Tonne Nummer {n} ist voll", "abfall", "urgent", "bin") for n in range(6)]
    told += [Example(f"Schlagloch Nummer {n} ist tief", "strassen", "normal", "hole") for n in range(6)]
    return train(told)


@dataclass
class Beside:
    """A night with a model beside the serving one."""

    night: Night
    registry: Registry
    model_id: str

    @property
    def shadow(self) -> ShadowInUse:
        assert self.night.house.shadow
        return self.night.house.shadow

    async def work(self) -> int:
        done = 0
        while await shadow_next(self.night.house, EVENING):
            done += 1
        return done

    async def report(self, serving: str = "keywords") -> ShadowReport:
        run = self.registry.shadow()
        assert run
        return await report_of(self.night.database, run, serving, self.night.house.settings.triage)

    async def rows(self) -> Sequence[Any]:
        async with self.night.database.read() as tx:
            return (await tx.execute(sa.select(shadows).order_by(shadows.c.id))).all()


@pytest.fixture
async def beside(night: Night, model: Model, tmp_path: Path) -> Beside:
    registry = Registry(tmp_path / "models")
    saved = registry.add(model, examples=[], created_at=EVENING)
    registry.begin_shadow(saved.model_id, now=EVENING)
    shadow = ShadowInUse(registry, encoder=lambda: None)
    night.house = replace(night.house, shadow=shadow)
    made = Beside(night, registry, saved.model_id)
    night.house.refresh_shadow()
    await made.work()
    return made


async def test_every_triaged_text_is_judged_by_both_and_a_row_says_what_they_think(beside: Beside) -> None:
    await beside.night.hear(LANTERN, EVENING, sender="a")
    await beside.night.hear(TONNE, EVENING, sender="b")
    await beside.night.hear("Danke!", EVENING, sender="b")

    assert await beside.work() == 2

    lamp, bin_ = await beside.rows()
    assert (lamp.serving_department, lamp.department) == ("strassen", "abfall")
    assert (bin_.serving_department, bin_.department, bin_.serving_urgency) == ("abfall", "abfall", "normal")
    assert {row.model_id for row in (lamp, bin_)} == {beside.model_id}
    assert {row.serving_id for row in (lamp, bin_)} == {"keywords"}
    assert not [value for row in (lamp, bin_) for value in row if "Laterne" in str(value)]
    assert await beside.work() == 0


async def test_nothing_of_it_reaches_the_citizen_or_the_case(beside: Beside) -> None:
    await beside.night.hear(LANTERN, EVENING)
    told = [message.text for message in beside.night.chat.sent]
    await beside.work()
    await beside.night.work(EVENING)
    assert [message.text for message in beside.night.chat.sent] == told
    async with beside.night.database.read() as tx:
        assert (await tx.execute(sa.select(cases.c.department))).scalars().all() == ["strassen"]


async def test_without_a_run_nothing_happens(night: Night, tmp_path: Path) -> None:
    await night.hear(LANTERN, EVENING)
    assert not await shadow_next(night.house, EVENING)
    night.house = replace(night.house, shadow=ShadowInUse(Registry(tmp_path / "models")))
    night.house.refresh_shadow()
    assert not await shadow_next(night.house, EVENING)


async def test_what_was_judged_before_the_run_is_none_of_its_business(
    night: Night, model: Model, tmp_path: Path
) -> None:
    await night.hear(LANTERN, EVENING)
    registry = Registry(tmp_path / "models")
    saved = registry.add(model, examples=[], created_at=EVENING)
    registry.begin_shadow(saved.model_id, now=EVENING)
    night.house = replace(night.house, shadow=ShadowInUse(registry, encoder=lambda: None))
    night.house.refresh_shadow()
    assert not await shadow_next(night.house, EVENING)


async def test_a_new_start_goes_on_where_the_last_one_stopped(beside: Beside) -> None:
    await beside.night.hear(LANTERN, EVENING, sender="a")
    await beside.work()
    await beside.night.hear(TONNE, EVENING, sender="b")

    beside.night.house = replace(beside.night.house, shadow=ShadowInUse(beside.registry, encoder=lambda: None))
    beside.night.house.refresh_shadow()

    assert await beside.work() == 1
    assert len(await beside.rows()) == 2


async def test_whoever_waits_comes_first(beside: Beside) -> None:
    await beside.night.hear(LANTERN, EVENING, sender="a")
    working = beside.night.work
    beside.night.work = _nothing  # type: ignore[method-assign]
    await beside.night.hear(TONNE, EVENING, sender="b")
    assert await beside.work() == 0

    beside.night.work = working  # type: ignore[method-assign]
    await beside.night.work(EVENING)
    assert await beside.work() == 2


async def _nothing(now: Any) -> None:
    return


async def test_a_shadow_that_breaks_is_counted_and_stops_nothing(
    beside: Beside, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any) -> list[Prediction]:
        raise RuntimeError("boom")

    monkeypatch.setattr(ShadowInUse, "predict", broken)
    await beside.night.hear(LANTERN, EVENING, sender="a")
    assert await beside.work() == 1
    monkeypatch.undo()
    await beside.night.hear(TONNE, EVENING, sender="b")
    await beside.work()

    report = await beside.report()
    assert (report.texts, report.failed, len(report.cases)) == (2, 1, 1)
    assert len(beside.night.chat.sent) == 2


async def test_a_model_that_cannot_be_read_is_counted_as_well(beside: Beside) -> None:
    next((beside.registry.folder / beside.model_id).glob("model.*")).write_bytes(b"")
    beside.night.house = replace(beside.night.house, shadow=ShadowInUse(beside.registry, encoder=lambda: None))
    beside.night.house.refresh_shadow()
    await beside.work()
    await beside.night.hear(LANTERN, EVENING)
    await beside.work()
    assert (await beside.report()).failed == 1


async def test_a_run_that_was_ended_is_let_go_without_a_new_start(beside: Beside) -> None:
    assert beside.shadow.model_id == beside.model_id
    beside.registry.end_shadow(now=EVENING)
    beside.night.house.refresh_shadow()
    assert beside.shadow.model_id == ""
    await beside.night.hear(LANTERN, EVENING)
    assert await beside.work() == 0


async def test_what_was_erased_meanwhile_is_not_judged(beside: Beside) -> None:
    for text in (LANTERN, "/loeschen", "Ja"):
        await beside.night.hear(text, EVENING)
    await beside.work()
    assert await beside.rows() == []


async def test_the_report_tells_who_was_right_where_staff_have_judged(beside: Beside) -> None:
    await beside.night.hear(LANTERN, EVENING, sender="a")
    await beside.night.hear(TONNE, EVENING, sender="b")
    await beside.work()
    anna = await add_staff(
        beside.night.database, name="Anna", role=Role.CLERK, password="lang genug dafür", now=EVENING
    )
    lamp = (await beside.report()).cases[0][0]
    for department in ("strassen", "abfall"):
        verdict = Verdict(department, Urgency.NORMAL)
        await review.judge(lamp, verdict, house=beside.night.house, staff=anna, now=EVENING + timedelta(hours=10))

    report = await beside.report()

    assert report.cases[0][1:] == (
        Placing("strassen", Urgency.NORMAL),
        Placing("abfall", Urgency.NORMAL),
        Placing("abfall", Urgency.NORMAL),
    )
    right = report.right("department")
    assert (right.judged, right.serving, right.shadow) == (1, 0, 1)
    assert (await beside.report("another")).elsewhere == 2


async def test_its_rows_go_after_the_time_of_the_audit(beside: Beside) -> None:
    await beside.night.hear(LANTERN, EVENING)
    await beside.work()
    assert (await purge(beside.night.house, EVENING + timedelta(days=364))).shadows == 0
    assert (await purge(beside.night.house, EVENING + timedelta(days=366))).shadows == 1
    assert await beside.rows() == []


async def test_erasing_needs_nothing_of_it(beside: Beside) -> None:
    await beside.night.hear(LANTERN, EVENING)
    await beside.work()
    for text in ("/loeschen", "Ja"):
        await beside.night.hear(text, EVENING)
    assert len(await beside.rows()) == 1


async def test_the_running_line_does_it_by_itself(beside: Beside) -> None:
    await beside.night.hear(LANTERN, EVENING)
    line = Line(beside.night.house, lambda: EVENING)
    line.start()
    try:
        await until(lambda: beside.shadow.seen == 1)
        await asyncio.sleep(0)
    finally:
        await line.stop()


def test_the_serving_model_is_still_the_one_that_answers(beside: Beside) -> None:
    assert isinstance(beside.night.house.classifier, KeywordClassifier)
    assert beside.night.house.judge(LANTERN).model_id == "keywords"
