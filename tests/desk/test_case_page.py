"""A case's page: what it shows, what its buttons do, what it says when they cannot."""

import io

import sqlalchemy as sa
from httpx import AsyncClient, Response
from PIL import Image

from bot.store import attachments
from bot.store.tables import attachments as attachments_table
from bot.store.tables import cases, conversations, verdicts
from tests.desk.office import EVENING, Office, hidden

LANTERN = "Die Laterne vor Musterweg 3 ist aus"


async def opened(office: Office, text: str = LANTERN, **more: object) -> str:
    await office.night.hear(text, EVENING, **more)  # type: ignore[arg-type]
    async with office.night.database.read() as tx:
        return str((await tx.execute(sa.select(cases.c.reference).order_by(cases.c.id.desc()))).scalars().first())


async def status_of(office: Office, reference: str) -> str:
    async with office.night.database.read() as tx:
        query = sa.select(cases.c.status).where(cases.c.reference == reference)
        return str((await tx.execute(query)).scalar_one())


async def press(clerk: AsyncClient, reference: str, action: str, **fields: str) -> Response:
    found = hidden((await clerk.get(f"/desk/cases/{reference}")).text)
    data = {"csrf": found["csrf"], "nonce": found.get("nonce", ""), **fields}
    return await clerk.post(f"/desk/cases/{reference}/{action}", data=data)


async def test_the_page_shows_what_was_said_decided_and_promised(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        page = (await clerk.get(f"/desk/cases/{reference}")).text

    for piece in (LANTERN, "Eingangsbestätigung", "Straßen &amp; Bauhof", "90 %", "1 Arbeitstag gezählt", "zugestellt"):
        assert piece in page


async def test_a_reference_is_found_in_small_letters_and_an_unknown_one_politely_not(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        assert (await clerk.get(f"/desk/cases/{reference.lower()}")).status_code == 200
        answer = await clerk.get("/desk/cases/BOR-0000-0")

    assert answer.status_code == 404
    assert "Diese Nummer gibt es nicht" in answer.text


async def test_one_click_confirms_and_one_takes_it_back(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        fields = {"department": "strassen", "urgency": "normal", "confirm": "1"}
        answer = await press(clerk, reference, "verdict", **fields)
        assert "Rückgängig" in (await clerk.get(answer.headers["location"])).text
        await press(clerk, reference, "undo")

    async with office.night.database.read() as tx:
        assert len((await tx.execute(sa.select(verdicts))).all()) == 2


async def test_a_correction_moves_the_case_and_wakes_the_line(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        await press(clerk, reference, "verdict", department="gruen", urgency="urgent")
        page = (await clerk.get("/desk?department=gruen")).text

    assert LANTERN in page
    assert office.woken == 1


async def test_a_label_nobody_has_is_refused_in_german(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        for fields in ({"department": "mond", "urgency": "normal"}, {"department": "gruen", "urgency": "sehr"}):
            answer = await press(clerk, reference, "verdict", **fields)
            assert answer.status_code == 422
            assert 'role="alert"' in answer.text


async def test_of_two_clerks_the_second_hears_who_was_quicker(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk("Anna") as anna, office.clerk("Bela") as bela:
        stale = hidden((await bela.get(f"/desk/cases/{reference}")).text)
        await press(anna, reference, "take")
        answer = await bela.post(f"/desk/cases/{reference}/take", data={"csrf": stale["csrf"]})

    assert answer.status_code == 409
    assert "Schon übernommen von Anna" in answer.text


async def test_taking_and_handing_back(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        await press(clerk, reference, "take")
        assert "von mir" in (await clerk.get("/desk?mine=1")).text
        await press(clerk, reference, "hand-back")

    assert await status_of(office, reference) == "waiting"


async def test_a_double_click_sends_one_answer(office: Office) -> None:
    reference = await opened(office)
    told = len(office.night.chat.sent)
    async with office.clerk() as clerk:
        found = hidden((await clerk.get(f"/desk/cases/{reference}")).text)
        data = {"csrf": found["csrf"], "nonce": found["nonce"], "text": "Guten Tag,\r\n\r\nder Bauhof kommt."}
        for _ in range(2):
            answer = await clerk.post(f"/desk/cases/{reference}/answer", data=data)
            assert answer.status_code == 303
        assert "unterwegs" in (await clerk.get(f"/desk/cases/{reference}")).text
        await office.night.work(office.now)
        page = (await clerk.get(f"/desk/cases/{reference}")).text

    assert [m.kind.value for m in office.night.chat.sent[told:]] == ["answer"]
    assert "der Bauhof kommt." in page
    assert "beantwortet" in page


async def test_a_greeting_alone_is_no_answer_and_what_was_typed_stays(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        answer = await press(clerk, reference, "answer", text="Guten Tag,\n", prefilled="Guten Tag,\n\n")
        assert answer.status_code == 422
        long = await press(clerk, reference, "answer", text="Der Bauhof " * 500)

    assert "zu lang" in long.text
    assert "Der Bauhof Der Bauhof" in long.text


async def test_a_move_that_is_no_longer_possible_is_a_sentence(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        await press(clerk, reference, "close")
        answer = await press(clerk, reference, "answer", text="Kommt.", nonce="x")

    assert answer.status_code == 409
    assert "Das Anliegen ist geschlossen" in answer.text


async def test_closing_with_words_and_reopening_tell_the_citizen(office: Office) -> None:
    reference = await opened(office)
    told = len(office.night.chat.sent)
    async with office.clerk() as clerk:
        await press(clerk, reference, "close", tell="1", closing="Sie leuchtet wieder.")
        await press(clerk, reference, "reopen", tell="1")
    await office.night.work(office.now)

    assert [m.kind.value for m in office.night.chat.sent[told:]] == ["closing", "update"]
    assert await status_of(office, reference) == "waiting"


async def test_who_cannot_be_reached_is_told_before_anybody_types(office: Office) -> None:
    reference = await opened(office)
    async with office.night.database.begin() as tx:
        await tx.execute(conversations.update().values(blocked_at=EVENING))
    async with office.clerk() as clerk:
        assert "von der anderen Seite gesperrt" in (await clerk.get(f"/desk/cases/{reference}")).text
        async with office.night.database.begin() as tx:
            await tx.execute(conversations.update().values(address=None, erased_at=EVENING))
        page = (await clerk.get(f"/desk/cases/{reference}")).text
        answer = await press(clerk, reference, "answer", text="Kommt.", nonce="x")

    assert "Die Adresse ist gelöscht" in page
    assert 'name="text"' not in page
    assert answer.status_code == 409


async def test_a_picture_is_shown_but_can_do_nothing(office: Office) -> None:
    reference = await opened(office, "Schlagloch, siehe Foto", photos=["one", "two"])
    picture = io.BytesIO()
    Image.new("RGB", (4, 4)).save(picture, "PNG")
    async with office.night.database.begin() as tx:
        number = (await tx.execute(sa.select(attachments_table.c.id))).scalars().first()
        assert number is not None
        await attachments.keep(tx, number, picture.getvalue(), "image/png", EVENING)
    async with office.clerk() as clerk:
        page = (await clerk.get(f"/desk/cases/{reference}")).text
        answer = await clerk.get(f"/desk/attachments/{number}")
        assert (await clerk.get("/desk/attachments/999")).status_code == 404

    assert f'<img src="/desk/attachments/{number}"' in page
    assert "beim Absender nicht mehr zu holen" in page
    assert answer.content == picture.getvalue()
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert answer.headers["content-disposition"].startswith("inline; filename*=UTF-8''one")


async def test_what_is_no_picture_is_only_offered_for_saving(office: Office) -> None:
    await opened(office, "Schlagloch, siehe Foto", photos=["one"])
    async with office.night.database.begin() as tx:
        number = (await tx.execute(sa.select(attachments_table.c.id))).scalar_one()
        await attachments.keep(tx, number, b"%PDF-1.7", "application/pdf", EVENING)
    async with office.clerk() as clerk:
        answer = await clerk.get(f"/desk/attachments/{number}")

    assert answer.headers["content-disposition"].startswith("attachment;")
