"""Shadows and recent cases: rows in and out, on every database the house can live in."""

from datetime import timedelta

import sqlalchemy as sa

from bot.core.case import Urgency
from bot.core.message import Content, Fate, InboundMessage
from bot.core.rerouting import Placing
from bot.core.shadow import Compared
from bot.store import cases, conversations, inbox, recent, shadows, verdicts
from bot.store.database import Database, Tx
from bot.store.tables import staff, triages
from tests.night import at

NOW = at("Tue 2026-11-24 22:14")
LAMP, BIN = Placing("strassen", Urgency.NORMAL), Placing("abfall", Urgency.LOW)


async def _case(tx: Tx, reference: str) -> int:
    """A case with one message of two lines."""
    exchange = await conversations.open_for(tx, "chat", reference, NOW)
    row = await inbox.put(tx, channel="chat", bot="", update_key=reference, raw={}, now=NOW)
    assert row
    message = InboundMessage("chat", reference, reference, NOW, Content.TEXT, "Laterne\naus")
    await conversations.add_message(tx, row, exchange.id, message, NOW)
    await inbox.finish(tx, row, Fate.NEW_CASE, now=NOW, conversation=exchange.id)
    number = await cases.create(
        tx,
        reference=reference,
        conversation=exchange.id,
        department="strassen",
        urgency=Urgency.NORMAL,
        sure=True,
        opened_at=NOW,
        touched_at=NOW,
        due_at=None,
        due_told=True,
        due_reasons=[],
        dangers={},
    )
    assert number
    await cases.join(tx, number, row)
    return number


async def _triage(tx: Tx, case: int) -> None:
    nothing: dict[str, object] = {"ranking": [], "urgencies": {}, "reasons": [], "model_id": "", "revision": ""}
    said = {"department": "strassen", "urgency": "normal", "sure": True, "decided_by": "model"}
    await cases.add_triage(tx, case_id=case, at=NOW, **said, **nothing)


async def test_a_run_goes_through_the_triages_in_order_and_each_once(database: Database) -> None:
    async with database.begin() as tx:
        case = await _case(tx, "BOR-AAAA-A")
        for _ in range(3):
            await _triage(tx, case)
        first = (await tx.execute(sa.select(sa.func.min(triages.c.id)))).scalar_one()
        assert await shadows.last_seen(tx, NOW) == first + 2, "a run that begins looks forward"
        found = await shadows.next_after(tx, first)
        assert found
        assert (found.triage, found.case, found.at) == (first + 1, case, NOW)
        for placing in (BIN, LAMP):  # the second time nothing happens
            await shadows.append(tx, found, begun_at=NOW, model_id="m", placing=placing, serving_id="s", serving=LAMP)
        assert await shadows.last_seen(tx, NOW) == first + 1
        assert await shadows.last_seen(tx, NOW + timedelta(1)) == first + 2
        assert await shadows.next_after(tx, first + 2) is None
        assert await shadows.of_run(tx, NOW) == [Compared("BOR-AAAA-A", "s", LAMP, BIN)]


async def test_the_newest_verdict_stands_beside_it(database: Database) -> None:
    async with database.begin() as tx:
        case, other = await _case(tx, "BOR-AAAA-A"), await _case(tx, "BOR-BBBB-B")
        made = staff.insert().values(name="Anna", role="clerk", password_hash="x", created_at=NOW)
        anna = (await tx.execute(made.returning(staff.c.id))).scalar_one()
        for number in (case, other):
            await _triage(tx, number)
        after = 0
        while found := await shadows.next_after(tx, after):
            await shadows.append(tx, found, begun_at=NOW, model_id="m", placing=None, serving_id="s", serving=LAMP)
            after = found.triage
        for department in ("gruen", "abfall"):
            verdict = verdicts.Verdict(department, Urgency.LOW)
            await verdicts.append(tx, case, verdict, topic=None, revision="", staff=anna, now=NOW)
        assert [(one.shadow, one.verdict) for one in await shadows.of_run(tx, NOW)] == [(None, BIN), (None, None)]


async def test_recent_cases_come_with_all_their_words(database: Database) -> None:
    async with database.begin() as tx:
        await _case(tx, "BOR-AAAA-A")
        (found,) = await recent.cases_since(tx, NOW)
        assert (found.reference, found.opened_at, found.text) == ("BOR-AAAA-A", NOW, "Laterne\naus")
        assert await recent.cases_since(tx, NOW + timedelta(seconds=1)) == []
