"""Triage: every message gets its fate and its answer, whatever breaks on the way."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.message import Fate, ReplyKind
from bot.steps import place
from bot.steps.receive import receive
from bot.store import inbox as inbox_store
from bot.store.tables import cases, inbox, outbox
from tests.night import Night, at

EVENING = at("Tue 2026-11-24 22:14")


async def fates(night: Night) -> list[str]:
    async with night.database.read() as tx:
        return list((await tx.execute(sa.select(inbox.c.fate).order_by(inbox.c.id))).scalars())


async def arrive(night: Night, number: int, text: str, *, sent_at: Any = EVENING, now: Any = EVENING) -> None:
    raw = {"id": str(number), "from": "citizen-1", "at": sent_at.isoformat(), "text": text}
    await receive(raw, database=night.database, channel="chat", bot="", update_key=str(number), now=now)


async def test_every_message_has_exactly_one_fate(night: Night) -> None:
    for text in ("Hallo", "Die Laterne vor Musterweg 3 ist aus", "danke", "/status", "an der Ecke"):
        await night.hear(text, EVENING)

    assert await fates(night) == [f.value for f in (Fate.NO_CONCERN, Fate.NEW_CASE, Fate.NO_CONCERN)] + [
        Fate.COMMAND.value,
        Fate.FOLLOW_UP.value,
    ]


async def test_a_message_that_crashes_three_times_blocks_nothing(night: Night, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = place.settle

    async def fragile(tx: Any, where: Any, outcome: Any) -> None:
        if "Absturz" in where.text:
            raise RuntimeError("boom")
        await whole(tx, where, outcome)

    monkeypatch.setattr("bot.steps.triage.settle", fragile)
    await arrive(night, 1, "Absturz")
    await arrive(night, 2, "Die Laterne vor Musterweg 3 ist aus")
    await night.work(EVENING)

    assert await fates(night) == [Fate.UNREADABLE.value, Fate.NEW_CASE.value]
    async with night.database.read() as tx:
        assert [letter.error for letter in await inbox_store.dead_letters(tx)] == ["RuntimeError (dreimal)"]


async def test_who_wrote_what_nobody_could_process_is_told_so_and_in_danger_what_to_do(
    night: Night, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: Any) -> None:
        raise RuntimeError("boom")

    monkeypatch.setattr("bot.steps.triage.settle", broken)
    await arrive(night, 1, "Im Treppenhaus riecht es nach Gas")
    await night.work(EVENING)

    safety, told = night.chat.sent
    assert safety.kind is ReplyKind.SAFETY
    assert "Gehen Sie hinaus" in safety.text
    assert told.kind is ReplyKind.ERROR
    assert "konnten sie nicht verarbeiten" in told.text


async def test_a_message_that_takes_the_process_with_it_ten_times_is_given_up(night: Night) -> None:
    await arrive(night, 1, "Die Laterne vor Musterweg 3 ist aus")
    async with night.database.begin() as tx:
        await tx.execute(sa.update(inbox).values(attempts=10))
    await night.work(EVENING)
    assert await fates(night) == [Fate.UNREADABLE.value]


async def test_what_nobody_can_parse_goes_to_the_dead_letters_at_once(night: Night) -> None:
    await receive("{broken", database=night.database, channel="chat", bot="", update_key="1", now=EVENING)
    await night.work(EVENING)

    assert await fates(night) == [Fate.UNREADABLE.value]


async def test_a_late_message_gets_an_apology_and_rings_nobody_at_night(night: Night) -> None:
    await arrive(night, 1, "Die Laterne vor Musterweg 3 ist aus", sent_at=EVENING - timedelta(hours=3))
    await night.work(EVENING)

    assert "erst jetzt erreicht" in night.chat.sent[0].text
    assert night.chat.sent[0].silent


async def test_late_danger_is_told_first_and_aloud(night: Night) -> None:
    await arrive(night, 1, "Es riecht nach Gas im Keller", sent_at=EVENING - timedelta(hours=3))
    await night.work(EVENING)

    first = night.chat.sent[0]
    assert first.kind == "safety"
    assert not first.silent
    assert first.text.index("Gehen Sie hinaus") < first.text.index("erst jetzt erreicht")


async def test_the_first_answer_says_once_that_a_machine_answers(night: Night) -> None:
    await night.hear("Die Laterne vor Musterweg 3 ist aus", EVENING)
    await night.hear("Noch was anderes: unsere Tonne ist voll", EVENING + timedelta(minutes=30))

    assert ["Computer" in message.text for message in night.chat.sent] == [True, False]


async def test_greeting_in_office_hours_tells_the_telephone(night: Night) -> None:
    await night.hear("Guten Morgen", at("Wed 2026-11-25 09:00"))
    await night.hear("Guten Abend", EVENING, sender="citizen-2")

    assert ["telefonisch" in message.text for message in night.chat.sent] == [True, False]


async def test_a_deadline_is_warned_of_in_a_follow_up_too(night: Night) -> None:
    await night.hear("Unsere Tonne ist nicht geleert worden", EVENING)
    await night.hear("dagegen lege ich hiermit Widerspruch ein", EVENING + timedelta(minutes=1))

    assert [message.kind.value for message in night.chat.sent] == ["receipt", "update"]
    assert night.chat.sent[1].text.startswith("Dieser Chat wahrt keine Fristen")


async def test_an_erased_conversation_keeps_no_open_case(night: Night) -> None:
    await night.hear("Unsere Tonne ist nicht geleert worden", EVENING)
    await night.hear("/loeschen", EVENING)
    await night.hear("ja", EVENING)

    async with night.database.read() as tx:
        assert (await tx.execute(sa.select(cases.c.status))).scalars().all() == ["withdrawn"]
        texts = (await tx.execute(sa.select(outbox.c.text).where(outbox.c.conversation_id.is_not(None)))).scalars()
        assert set(texts) == {None}


async def test_a_promise_is_never_taken_back_by_a_later_message(night: Night) -> None:
    await night.hear("Die Laterne vor Musterweg 3 ist aus", EVENING)
    async with night.database.read() as tx:
        before = (await tx.execute(sa.select(cases.c.due_at))).scalar_one()
    await night.hear("bitte sofort, man sieht nichts mehr", EVENING + timedelta(hours=1))
    async with night.database.read() as tx:
        after = (await tx.execute(sa.select(cases.c.due_at))).scalar_one()

    assert after <= before
