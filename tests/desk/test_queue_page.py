"""The queue's page: what staff see in the morning."""

import sqlalchemy as sa

from bot.store.tables import cases, inbox, outbox
from tests.desk.office import EVENING, Office, hidden
from tests.night import at

LANTERN = "Die Laterne vor Musterweg 3 ist aus"


async def test_an_empty_night_says_good_morning(office: Office) -> None:
    async with office.clerk() as clerk:
        assert "Nichts offen. Guten Morgen!" in (await clerk.get("/desk")).text


async def test_danger_stands_first_and_is_told_in_words(office: Office) -> None:
    await office.night.hear(LANTERN, EVENING, sender="a")
    await office.night.hear("Feuer! Das Haus brennt, Musterweg 3", EVENING, sender="b")
    async with office.clerk() as clerk:
        page = (await clerk.get("/desk")).text

    assert page.index("Das Haus brennt") < page.index(LANTERN)
    assert "Notfall" in page
    assert "Gefahr: Feuer" in page
    assert "noch 3 Std. 55 Min. Öffnungszeit" in page


async def test_what_arrived_adds_up(office: Office) -> None:
    for text, sender in ((LANTERN, "a"), ("danke!", "b"), ("Die gelbe Tonne wurde nicht geleert", "c")):
        await office.night.hear(text, EVENING, sender=sender)
    await office.night.hear("/hilfe", EVENING, sender="b")
    async with office.clerk() as clerk:
        page = " ".join((await clerk.get("/desk")).text.split())

    assert "<strong>4</strong> Nachrichten seit" in page
    for count, name in ((2, "neue Anliegen"), (1, "ohne Anliegen"), (1, "Befehle"), (0, "Nachträge")):
        assert f"<b>{count}</b> {name}" in page


async def test_words_of_a_citizen_are_never_markup(office: Office) -> None:
    await office.night.hear("Die Laterne <script>alert(1)</script> ist aus", EVENING)
    async with office.clerk() as clerk:
        page = (await clerk.get("/desk")).text

    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


async def test_a_broken_promise_is_marked(office: Office) -> None:
    await office.night.hear(LANTERN, EVENING)
    office.now = at("Thu 2026-11-26 12:20")
    async with office.clerk() as clerk:
        page = (await clerk.get("/desk")).text

    assert "überfällig seit 20 Min." in page
    assert "1 überfällig" in page


async def test_filters_narrow_the_list(office: Office) -> None:
    await office.night.hear(LANTERN, EVENING, sender="a")
    await office.night.hear("Die gelbe Tonne wurde nicht geleert", EVENING, sender="b")
    async with office.clerk() as clerk:
        for query, lantern, bin_ in (
            ("department=strassen", True, False),
            ("urgency=normal", True, True),
            ("urgency=emergency", False, False),
            ("mine=1", False, False),
            ("department=nirgends&urgency=sehr", True, True),
        ):
            page = (await clerk.get(f"/desk?{query}")).text
            assert (LANTERN in page, "gelbe Tonne" in page) == (lantern, bin_), query


async def test_the_list_alone_can_be_fetched_for_renewal(office: Office) -> None:
    await office.night.hear(LANTERN, EVENING)
    async with office.clerk() as clerk:
        part = (await clerk.get("/desk/queue?department=strassen")).text

    assert LANTERN in part
    assert "<html" not in part


async def test_what_was_not_delivered_is_seen_or_sent_again(office: Office) -> None:
    await office.night.hear(LANTERN, EVENING)
    async with office.night.database.begin() as tx:
        await tx.execute(outbox.update().values(sent_at=None, failed_at=EVENING, reason="gesperrt"))
        number = (await tx.execute(sa.select(outbox.c.id))).scalar_one()
    async with office.clerk() as clerk:
        page = (await clerk.get("/desk")).text
        assert "Nicht zugestellt (1)" in page
        assert "Antwort nicht zugestellt" in page
        csrf = hidden(page)["csrf"]

        await clerk.post(f"/desk/undelivered/{number}/retry", data={"csrf": csrf})

        assert office.woken == 1
        assert "Nicht zugestellt" not in (await clerk.get("/desk")).text
    sent = len(office.night.chat.sent)
    await office.night.work(office.now)
    assert len(office.night.chat.sent) == sent + 1


async def test_a_dead_letter_is_shown_until_somebody_has_seen_it(office: Office) -> None:
    async with office.night.database.begin() as tx:
        values: dict[str, object] = {
            "channel": "telegram",
            "bot": "b",
            "update_key": "1",
            "raw": '{"odd": "<b>"}',
            "error": "fremd",
        }
        values |= {"received_at": EVENING, "done_at": EVENING, "fate": "unreadable"}
        number = (await tx.execute(inbox.insert().values(**values).returning(inbox.c.id))).scalar_one()
    async with office.clerk() as clerk:
        page = (await clerk.get("/desk")).text
        assert "Unlesbar (1)" in page
        assert "&lt;b&gt;" in page

        await clerk.post(f"/desk/dead-letters/{number}/seen", data={"csrf": hidden(page)["csrf"]})

        assert "Unlesbar (" not in (await clerk.get("/desk")).text


async def test_pages_allow_only_what_we_serve_ourselves(office: Office) -> None:
    async with office.clerk() as clerk:
        answer = await clerk.get("/desk")

    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["cache-control"] == "no-store"
    assert " style=" not in answer.text


async def test_closed_cases_are_not_in_the_queue(office: Office) -> None:
    await office.night.hear(LANTERN, EVENING)
    async with office.night.database.begin() as tx:
        await tx.execute(cases.update().values(status="answered"))
    async with office.clerk() as clerk:
        assert LANTERN not in (await clerk.get("/desk")).text
