"""The digest: once a department and working day, before it opens, and no citizen's words in Telegram."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
import sqlalchemy as sa

from bot.steps.digest import preview, write_digests
from bot.store.tables import digests, outbox
from tests.night import Night, at, town

MAIL = {"smtp_host": "mail.borken.example"}


def _with(night: Night, **secrets: Any) -> Night:
    night.house = replace(night.house, settings=town(**secrets), pilot=False)
    return night


async def _letters(night: Night) -> Sequence[Any]:
    async with night.database.read() as tx:
        query = sa.select(outbox).where(outbox.c.kind == "digest").order_by(outbox.c.id)
        return (await tx.execute(query)).all()


async def _digests(night: Night) -> dict[str, dict[str, int]]:
    async with night.database.read() as tx:
        rows = (await tx.execute(sa.select(digests.c.department, digests.c.counts))).all()
        return {row.department: row.counts for row in rows}


@pytest.mark.parametrize(
    ("now", "written"),
    [
        ("Fri 2026-11-27 06:14", 0),
        ("Fri 2026-11-27 06:15", 2),  # Straßen and Grün open at 7
        ("Fri 2026-11-27 07:15", 15),
        ("Fri 2026-11-27 11:40", 15),  # late, after an outage
        ("Fri 2026-11-27 19:40", 0),  # nobody would read it: the next one tells it
        ("Sat 2026-11-28 09:00", 0),
        ("Fri 2026-12-25 09:00", 0),
        ("Thu 2026-12-24 07:15", 15),  # Heiligabend is a half day
        ("Mon 2027-02-08 09:00", 0),  # Rosenmontag
    ],
)
async def test_each_department_gets_it_before_it_opens_and_never_on_a_closed_day(
    night: Night, now: str, written: int
) -> None:
    assert await write_digests(night.house, at(now)) == written


async def test_a_second_ring_of_the_same_day_writes_nothing(night: Night) -> None:
    _with(night, **MAIL)
    assert await write_digests(night.house, at("Thu 2026-11-26 07:20")) == 15
    assert await write_digests(night.house, at("Thu 2026-11-26 07:21")) == 0
    assert await write_digests(night.house, at("Thu 2026-11-26 23:59")) == 0
    assert await write_digests(night.house, at("Fri 2026-11-27 07:20")) == 15
    keys = [letter.key for letter in await _letters(night)]
    assert len(keys) == len(set(keys)) == 2 * 17  # two departments have two readers
    assert "digest:strassen:2026-11-26:2" in keys


async def test_the_mail_names_what_to_read_first_and_adds_up(night: Night) -> None:
    evening = at("Thu 2026-11-26 20:00")
    await night.hear("Schlagloch in der Nordstraße", evening)
    await night.hear("Die Laterne am <Markt> liegt auf der Straße, bitte sofort!", evening, sender="citizen-2")
    await night.hear("Guten Abend", evening, sender="citizen-3")
    _with(night, **MAIL)

    await write_digests(night.house, at("Fri 2026-11-27 06:20"))

    letter = next(row for row in await _letters(night) if row.key == "digest:strassen:2026-11-27:1")
    assert letter.target == "strassen@borken.example"
    assert letter.subject == "Morgenliste Straßen & Bauhof: 2 offen"
    first, second = letter.text.index("Laterne am <Markt>"), letter.text.index("Schlagloch in der Nordstraße")
    assert first < second
    assert "Offen: 2 (Notfall 0, dringend 1, normal 1, hat Zeit 0)" in letter.text
    assert "Heute versprochen: 2 (BOR-" in letter.text
    assert (
        "eingegangen 3 = 2 neu + 0 Nachträge + 1 ohne Anliegen + 0 Befehle + 0 unvollständig + 0 nicht lesbar"
        in letter.text
    )
    assert "Laterne am &lt;Markt&gt;" in letter.html
    assert "http://localhost:8000/desk" in letter.html
    assert "\n\n\n" not in letter.text


async def test_the_staff_chat_hears_numbers_and_references_and_never_words(night: Night) -> None:
    await night.hear("Schlagloch in der Nordstraße", at("Thu 2026-11-26 20:00"))
    _with(night, telegram_token="123456789:" + "a" * 35, telegram_staff_chat="-100123456789")

    await write_digests(night.house, at("Fri 2026-11-27 07:20"))

    letter, *others = await _letters(night)
    assert (letter.channel, letter.target, others) == ("telegram", "-100123456789", [])
    assert "1 offen" in letter.text
    assert "BOR-" in letter.text
    assert "Nordstraße" not in letter.text


async def test_without_a_mail_server_the_day_is_counted_and_nothing_is_sent(night: Night) -> None:
    await night.hear("Schlagloch in der Nordstraße", at("Thu 2026-11-26 20:00"))
    await write_digests(night.house, at("Fri 2026-11-27 07:20"))
    assert (await _digests(night))["strassen"]["normal"] == 1
    assert await _letters(night) == []


async def test_what_is_overdue_says_so(night: Night) -> None:
    await night.hear("Schlagloch in der Nordstraße", at("Thu 2026-11-26 20:00"))
    await write_digests(night.house, at("Mon 2026-11-30 06:20"))
    assert (await _digests(night))["strassen"]["overdue"] == 1


@pytest.mark.parametrize(("now", "due"), [("Fri 2026-11-27 05:00", 0), ("Fri 2026-11-27 08:00", 15)])
async def test_a_preview_shows_every_department_and_writes_nothing(night: Night, now: str, due: int) -> None:
    _with(night, **MAIL)
    shown = await preview(night.house, at(now))
    assert (len(shown), sum(one.due for one in shown)) == (15, due)
    assert await _letters(night) == []


async def test_it_counts_from_the_last_digest_on(night: Night) -> None:
    def since(moment: datetime) -> Any:
        return preview(night.house, moment)

    friday = at("Fri 2026-11-27 07:20")
    assert (await since(friday))[0].digest.since == at("Thu 2026-11-26 18:00")  # the office closed
    await write_digests(night.house, friday)
    assert (await since(at("Mon 2026-11-30 07:20")))[0].digest.since == friday
