"""The blind sample's rows, on every kind of database: drawn once, judged once by each, counted together."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.blind import Guess, Judgement
from bot.core.case import Urgency
from bot.core.message import Content, Fate, InboundMessage
from bot.core.staff import Role
from bot.core.verdict import Verdict
from bot.store import blind, cases, conversations, inbox, retention, verdicts
from bot.store import staff as staff_store
from bot.store.database import Database
from bot.store.tables import blind_verdicts
from tests.night import at

NOW = at("Tue 2026-11-24 22:14")
LATER = NOW + timedelta(minutes=5)
GUESS = Guess("strassen", Urgency.NORMAL, True, "m1")
RIGHT = Verdict("strassen", Urgency.NORMAL)
REFERENCE = "BOR-7K3M-Q"


async def person(tx: AsyncConnection, name: str) -> int:
    number = await staff_store.add(tx, name=name, role=Role.CLERK, password_hash="x", now=NOW)
    assert number
    return number


async def drawn_case(tx: AsyncConnection, reference: str = REFERENCE, urgency: Urgency = Urgency.NORMAL) -> int:
    talk = (await conversations.open_for(tx, "chat", reference, NOW)).id
    row = await inbox.put(tx, channel="chat", bot="", update_key=reference, raw={}, now=NOW)
    assert row
    message = InboundMessage("chat", reference, reference, NOW, Content.TEXT, "Die Laterne ist aus")
    await conversations.add_message(tx, row, talk, message, NOW)
    await inbox.finish(tx, row, Fate.NEW_CASE, now=NOW, conversation=talk)
    number = await cases.create(
        tx,
        reference=reference,
        conversation=talk,
        department="strassen",
        urgency=urgency,
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
    values = {"department": "strassen", "urgency": urgency.value, "sure": True, "decided_by": "model", "ranking": []}
    values |= {"urgencies": {}, "reasons": [], "model_id": "m1", "revision": "r1"}
    await cases.add_triage(tx, case_id=number, message_id=row, at=NOW, **values)
    await blind.draw(tx, number, NOW)
    return number


async def test_a_case_is_drawn_once_and_the_first_day_is_remembered(database: Database) -> None:
    async with database.begin() as tx:
        number = await drawn_case(tx)
        await blind.draw(tx, number, LATER)
        assert await blind.drawn(tx) == (1, NOW)


async def test_each_person_has_their_own_list(database: Database) -> None:
    async with database.begin() as tx:
        anna, bela, cleo = [await person(tx, name) for name in ("Anna", "Bela", "Cleo")]
        number = await drawn_case(tx)
        await drawn_case(tx, "BOR-FEUE-R", Urgency.EMERGENCY)
        await blind.append(tx, number, RIGHT, GUESS, staff=anna, now=NOW)
        assert await blind.unseen(tx, REFERENCE, bela) == number
        await blind.note_seen(tx, number, bela, NOW)
        await blind.note_seen(tx, number, bela, LATER)
        assert await blind.unseen(tx, REFERENCE, bela) is None
        found = [[(one.reference, one.opinions) for one in await blind.waiting(tx, who)] for who in (anna, bela, cleo)]
    assert found == [[], [], [(REFERENCE, 1)]]


async def test_the_database_itself_refuses_a_second_judgement_that_stands(database: Database) -> None:
    async with database.begin() as tx:
        anna, number = await person(tx, "Anna"), await drawn_case(tx)
        for said in (RIGHT, None):
            await blind.append(tx, number, said, GUESS, staff=anna, now=NOW)
        given = await blind.last_given(tx, anna)
        assert given
        assert given.said == RIGHT
        await blind.take_back(tx, given.id, LATER)
        await blind.append(tx, number, None, GUESS, staff=anna, now=LATER)
        assert await blind.judgements(tx) == [Judgement(number, None, GUESS)]
    with pytest.raises(IntegrityError):
        async with database.begin() as tx:
            await tx.execute(blind_verdicts.update().values(undone_at=None))


async def test_ordinary_verdicts_are_read_beside_the_guess_they_were_given_in_sight_of(database: Database) -> None:
    async with database.begin() as tx:
        anna, number = await person(tx, "Anna"), await drawn_case(tx)
        for department in ("abfall", "gruen"):
            verdict = Verdict(department, Urgency.LOW)
            await verdicts.append(tx, number, verdict, topic=None, revision="r1", staff=anna, now=LATER)
        assert await blind.seen_judgements(tx, NOW) == [Judgement(number, Verdict("gruen", Urgency.LOW), GUESS)]
        assert await blind.seen_judgements(tx, LATER) == []


async def test_an_emergency_only_a_person_has_seen_alarms_that_person_alone(database: Database) -> None:
    async with database.begin() as tx:
        anna, bela, number = await person(tx, "Anna"), await person(tx, "Bela"), await drawn_case(tx)
        await blind.append(tx, number, Verdict("schutz", Urgency.EMERGENCY), GUESS, staff=anna, now=NOW)
        assert [await blind.alarming(tx, who) for who in (anna, bela)] == [[REFERENCE], []]


async def test_forgetting_who_judged_keeps_what_was_said(database: Database) -> None:
    async with database.begin() as tx:
        anna, number = await person(tx, "Anna"), await drawn_case(tx)
        await blind.append(tx, number, RIGHT, GUESS, staff=anna, now=NOW)
        await blind.note_seen(tx, number, anna, NOW)
        assert await retention.forget_judges(tx, NOW) == 0
        assert await retention.forget_judges(tx, LATER) == 2
        assert (await tx.execute(sa.select(blind_verdicts.c.staff_id))).scalars().all() == [None]
        assert await blind.judgements(tx) == [Judgement(number, RIGHT, GUESS)]
