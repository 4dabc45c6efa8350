"""Purge: what is past its time is gone from the bytes of the database; what is not, and every count, stays."""

from dataclasses import asdict
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa

from bot.core.case import Status
from bot.steps.purge import purge
from bot.steps.receive import receive
from bot.store import cases, inbox, outbox
from bot.store.inbox import Upload
from bot.store.tables import bodies, conversations, deletions, messages, moves, sessions, staff, uploads
from bot.store.tables import cases as cases_table
from bot.store.tables import inbox as inbox_table
from tests.night import Night, at, begin

EVENING = at("Thu 2026-11-26 20:00")
WORD, NUMBER = "Quittenmarmelade", "citizen-4711-0815"


def later(days: float) -> datetime:
    return EVENING + timedelta(days=days)


async def _rows(night: Night, column: Any) -> list[Any]:
    async with night.database.read() as tx:
        return list((await tx.execute(sa.select(column))).scalars())


async def _close(night: Night, now: datetime, case: int = 1, status: Status = Status.CLOSED) -> None:
    async with night.database.begin() as tx:
        await cases.move_to(tx, case, status, now=now)


async def _ask_for_deletion(night: Night, now: datetime) -> None:
    await night.hear("/loeschen", now, sender=NUMBER)
    await night.hear("Ja", now, sender=NUMBER)


async def test_deleting_reaches_the_bytes_of_the_file(night: Night) -> None:
    await night.hear(f"Schlagloch in der {WORD}straße " + "sehr tief " * 300, EVENING, sender=NUMBER)
    for neighbour in range(30):
        await night.hear("Die Laterne ist aus " + "und dunkel " * neighbour * 9, EVENING, sender=f"other-{neighbour}")
    await night.hear(f"Und noch was anderes: die Tonne von {WORD}", EVENING, sender=NUMBER)
    assert WORD.encode() in night.bytes()
    assert NUMBER.encode() in night.bytes()

    await _ask_for_deletion(night, EVENING)

    assert WORD.encode() not in night.bytes()
    assert WORD.lower().encode() not in night.bytes()
    assert NUMBER.encode() not in night.bytes()
    assert night.bytes().count(b"Die Laterne ist aus") >= 30
    assert "Gelöscht sind" in night.chat.sent[-1].text
    assert night.chat.sent[-1].address == NUMBER


async def test_purging_reaches_the_bytes_of_the_file(night: Night) -> None:
    for neighbour in range(20):
        words = f"Schlagloch in der {WORD}straße {neighbour} " + "sehr tief " * neighbour * 7
        await night.hear(words, EVENING, sender=f"{NUMBER}-{neighbour}")
        await _close(night, EVENING, neighbour + 1)
    await purge(night.house, later(89))
    assert WORD.encode() in night.bytes()

    counts = await purge(night.house, later(91))

    assert (counts.cases, counts.addresses) == (20, 20)
    assert WORD.encode() not in night.bytes()
    assert NUMBER.encode() not in night.bytes()
    assert len(await _rows(night, messages.c.id)) == 20
    assert set(await _rows(night, deletions.c.cause)) == {"retention"}


async def test_open_cases_keep_their_words_however_old(night: Night) -> None:
    await night.hear(f"Schlagloch, {WORD}", EVENING, sender=NUMBER)
    counts = await purge(night.house, later(1000))
    assert (counts.cases, counts.addresses, counts.texts) == (0, 0, 0)
    assert any(WORD in text for text in await _rows(night, bodies.c.text))
    assert await _rows(night, conversations.c.address) == [NUMBER]


async def test_an_answered_case_nobody_closes_ends_with_its_last_word(night: Night) -> None:
    await night.hear(f"Schlagloch, {WORD}", EVENING)
    await _close(night, later(1), status=Status.ANSWERED)
    async with night.database.begin() as tx:
        await cases.change(tx, 1, answered_at=later(1))
    assert (await purge(night.house, later(90.5))).cases == 0
    assert (await purge(night.house, later(91.5))).cases == 1


async def test_a_second_purge_finds_nothing_and_logs_nothing(night: Night) -> None:
    await night.hear("Schlagloch", EVENING)
    await night.hear("Guten Abend", EVENING, sender="citizen-2")
    await _close(night, EVENING)
    await purge(night.house, later(100))
    logged = len(await _rows(night, deletions.c.id))
    assert sum(asdict(await purge(night.house, later(101))).values()) == 0
    assert len(await _rows(night, deletions.c.id)) == logged


async def test_a_reopened_case_is_erased_again_after_its_second_end(night: Night) -> None:
    await night.hear("Schlagloch", EVENING)
    await _close(night, EVENING)
    await purge(night.house, later(100))
    await _close(night, later(101), status=Status.WAITING)
    await _close(night, later(102))
    assert (await purge(night.house, later(103))).cases == 0
    assert (await purge(night.house, later(193))).cases == 1


async def test_a_dry_run_counts_the_same_and_changes_nothing(night: Night) -> None:
    await night.hear("Schlagloch", EVENING)
    await _close(night, EVENING)
    before = night.bytes()
    counts = await purge(night.house, later(91), dry_run=True)
    assert night.bytes() == before
    assert counts == await purge(night.house, later(91))
    assert counts.cases == 1


async def test_danger_stays_until_it_is_closed_and_goes_then(night: Night) -> None:
    await night.hear(f"Schlagloch, {WORD}", EVENING, sender=NUMBER)
    async with night.database.begin() as tx:
        await cases.change(tx, 1, dangers={"gas": EVENING.isoformat()})
    await _ask_for_deletion(night, EVENING)
    assert (await purge(night.house, EVENING)).held == 0
    assert WORD.encode() in night.bytes()

    await _close(night, later(1))

    assert (await purge(night.house, later(1))).held == 1
    assert (await purge(night.house, later(2))).held == 0
    assert WORD.encode() not in night.bytes()


async def test_raw_updates_and_our_own_letters_go_earlier(night: Night) -> None:
    await night.hear("Schlagloch", EVENING)
    counts = await purge(night.house, later(15))
    assert (counts.raw, counts.letters) == (1, 0)
    assert await _rows(night, inbox_table.c.raw) == [None]
    assert (await purge(night.house, later(31))).letters == 0  # its case is open
    await _close(night, later(40))
    assert (await purge(night.house, later(71))).letters == 1


async def test_what_nobody_could_read_goes_with_its_files(night: Night) -> None:
    await receive(
        f"kein JSON {WORD}",
        database=night.database,
        channel="chat",
        bot="",
        update_key="broken",
        now=EVENING,
        files=(Upload("x.jpg", "image/jpeg", WORD.encode()),),
    )
    await night.work(EVENING)
    await purge(night.house, later(29))
    assert len(await _rows(night, uploads.c.id)) == 1
    counts = await purge(night.house, later(31))
    assert (counts.dead_letters, counts.uploads) == (1, 1)
    assert WORD.encode() not in night.bytes()
    async with night.database.read() as tx:
        assert (await inbox.fates(tx, EVENING, later(1)))["unreadable"] == 1
        assert await inbox.dead_letters(tx) == []


@pytest.mark.parametrize(("minutes", "stays"), [(59, True), (61, False)])
async def test_the_web_pages_farewell_lasts_an_hour(tmp_path: Path, minutes: int, stays: bool) -> None:
    night = await begin(tmp_path / "nachtschalter.db", chat_name="web")
    async with night.database.begin() as tx:
        await outbox.put(
            tx, key="m1:farewell", channel="web", kind="deletion", text="Gelöscht", now=EVENING, target=NUMBER
        )
    await purge(night.house, EVENING + timedelta(minutes=minutes))
    assert (NUMBER.encode() in night.bytes()) is stays
    await night.database.close()


async def test_sessions_names_and_the_log_itself_run_out(night: Night) -> None:
    await night.hear("Schlagloch", EVENING)
    async with night.database.begin() as tx:
        clerk = staff.insert().values(name="Muster", role="clerk", password_hash="x", created_at=EVENING)
        number = (await tx.execute(clerk.returning(staff.c.id))).scalar_one()
        await tx.execute(
            sessions.insert().values(
                token_hash="t", staff_id=number, csrf="c", created_at=EVENING, expires_at=later(0.5)
            )
        )
        await cases.move_to(tx, 1, Status.CLOSED, now=EVENING, staff=number)
    assert (await purge(night.house, later(0.4))).sessions == 0
    assert (await purge(night.house, later(0.6))).sessions == 1
    assert (await purge(night.house, later(366))).names == 1
    assert await _rows(night, moves.c.staff_id) == [None]
    assert (await purge(night.house, later(366 + 731))).log > 0
    assert await _rows(night, cases_table.c.reference) != []
