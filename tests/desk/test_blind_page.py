"""The blind sample's page: words without a guess, two choices, a way back, and figures once there are enough."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from httpx import AsyncClient, Response

from bot.core.case import Urgency
from bot.core.staff import Role, Staff
from bot.core.verdict import Verdict
from bot.steps import blind
from bot.steps.staff import add_staff
from bot.store.tables import blind_seen, blind_verdicts, cases
from tests.desk.office import EVENING, Office, hidden, open_office
from tests.night import begin, town

LANTERN = "Die Laterne vor Musterweg 3 ist aus"
RIGHT = {"department": "strassen", "urgency": "normal"}


@pytest.fixture
async def office(tmp_path: Path) -> AsyncIterator[Office]:
    """An office that judges every case blind."""
    night = await begin(tmp_path / "nachtschalter.db", replace(town(), blind_sample_percent=100))
    yield open_office(night)
    await night.database.close()


async def opened(office: Office, text: str = LANTERN, sender: str = "citizen-1") -> str:
    await office.night.hear(text, EVENING, sender=sender)
    return str((await rows(office, cases))[-1].reference)


async def rows(office: Office, table: sa.Table) -> list[Any]:
    async with office.night.database.read() as tx:
        return list((await tx.execute(sa.select(table))).all())


async def judge(clerk: AsyncClient, **fields: str) -> Response:
    found = hidden((await clerk.get("/desk/blind")).text)
    return await clerk.post("/desk/blind", data={"csrf": found["csrf"], "reference": found["reference"], **fields})


async def test_an_empty_sample_says_what_it_is_for(office: Office) -> None:
    async with office.clerk() as clerk:
        assert "Blindprobe: nichts wartet" in (await clerk.get("/desk")).text
        page = (await clerk.get("/desk/blind")).text

    assert "Gerade wartet hier nichts auf Sie" in page
    assert "ohne den Vorschlag des Computers zu sehen" in page
    assert "Für Zahlen ist es noch zu früh" in page


async def test_a_sample_that_is_switched_off_says_so(tmp_path: Path) -> None:
    night = await begin(tmp_path / "off.db", replace(town(), blind_sample_percent=0))
    async with open_office(night).clerk() as clerk:
        assert "Die Blindprobe ist ausgeschaltet" in (await clerk.get("/desk/blind")).text
    await night.database.close()


async def test_the_page_shows_the_words_and_nothing_the_machine_has_said(office: Office) -> None:
    await opened(office)
    async with office.clerk() as clerk:
        assert "Blindprobe: 1 wartet" in (await clerk.get("/desk")).text
        page = (await clerk.get("/desk/blind")).text

    assert LANTERN in page
    assert "entsteht wahrscheinlich Schaden" in page
    for told in ("checked", "90 %", "Warum?", "keywords", "sicher,", "<meter"):
        assert told not in page


async def test_words_of_a_citizen_are_never_markup(office: Office) -> None:
    await opened(office, "Die Laterne <script>alert(1)</script> ist aus")
    async with office.clerk() as clerk:
        assert "<script>alert" not in (await clerk.get("/desk/blind")).text


async def test_a_judgement_is_kept_confirmed_and_taken_back(office: Office) -> None:
    await opened(office)
    async with office.clerk() as clerk:
        answer = await judge(clerk, **RIGHT)
        assert answer.status_code == 303
        page = (await clerk.get(answer.headers["location"])).text
        assert "Gespeichert: Straßen &amp; Bauhof, normal" in " ".join(page.split())
        assert LANTERN not in page

        fields = hidden(page)
        answer = await clerk.post("/desk/blind/undo", data=fields)
        page = (await clerk.get(answer.headers["location"])).text
        assert "Zurückgenommen" in page
        assert LANTERN in page
        assert (await clerk.post("/desk/blind/undo", data=fields)).status_code == 409

    assert [row.undone_at for row in await rows(office, blind_verdicts)] == [office.now]


async def test_who_cannot_tell_presses_the_other_button(office: Office) -> None:
    await opened(office)
    async with office.clerk() as clerk:
        answer = await judge(clerk, unclear="1")
        assert "nicht zu sagen" in (await clerk.get(answer.headers["location"])).text

    assert [row.department for row in await rows(office, blind_verdicts)] == [None]


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"department": "strassen"},
        {"urgency": "normal"},
        {"department": "mond", "urgency": "normal"},
        {"urgency": "x"},
    ],
)
async def test_half_an_answer_is_none_and_what_was_chosen_stays(office: Office, fields: dict[str, str]) -> None:
    await opened(office)
    async with office.clerk() as clerk:
        answer = await judge(clerk, **fields)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert LANTERN in answer.text
    assert answer.text.count("checked") == len([v for v in fields.values() if v in ("strassen", "normal")])
    assert await rows(office, blind_verdicts) == []


async def test_a_case_that_has_left_the_sample_is_a_sentence(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        csrf = hidden((await clerk.get("/desk/blind")).text)["csrf"]
        await clerk.get(f"/desk/cases/{reference}")
        for number in (reference, "BOR-0000-0", ""):
            answer = await clerk.post("/desk/blind", data={"csrf": csrf, "reference": number, **RIGHT})
            assert answer.status_code == 409
            assert "gehört nicht mehr zu Ihrer Blindprobe" in answer.text

    assert await rows(office, blind_verdicts) == []


async def test_who_has_opened_a_case_leaves_it_to_colleagues(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk("Anna") as anna, office.clerk("Bela") as bela:
        await anna.get(f"/desk/cases/{reference.lower()}")
        assert LANTERN not in (await anna.get("/desk/blind")).text
        assert LANTERN in (await bela.get("/desk/blind")).text

    assert len(await rows(office, blind_seen)) == 1


async def test_looking_at_the_list_notes_nothing(office: Office) -> None:
    await opened(office)
    async with office.clerk() as clerk:
        await clerk.get("/desk")
        await clerk.get("/desk/queue")

    assert await rows(office, blind_seen) == []


async def test_an_emergency_in_the_sample_leads_to_its_case(office: Office) -> None:
    reference = await opened(office)
    async with office.clerk() as clerk:
        answer = await judge(clerk, department="schutz", urgency="emergency")
        page = (await clerk.get(answer.headers["location"])).text
        assert f'href="/desk/cases/{reference}"' in page
        assert "für einen Notfall" in page
        await clerk.get(f"/desk/cases/{reference}")
        assert "für einen Notfall" not in (await clerk.get("/desk/blind")).text


async def test_nobody_gets_in_without_a_login_and_no_form_without_its_token(office: Office) -> None:
    reference = await opened(office)
    async with office.visitor() as visitor:
        answer = await visitor.get("/desk/blind")
        assert (answer.status_code, answer.headers["location"]) == (303, "/desk/login?next=/desk/blind")
        for address in ("/desk/blind", "/desk/blind/undo"):
            assert (await visitor.post(address, data={"reference": reference, **RIGHT})).status_code == 303
    async with office.clerk() as clerk:
        for data in ({}, {"csrf": "guessed"}):
            for address in ("/desk/blind", "/desk/blind/undo"):
                answer = await clerk.post(address, data={"reference": reference, **RIGHT, **data})
                assert answer.status_code == 403
        csrf = hidden((await clerk.get("/desk/blind")).text)["csrf"]
        headers = {"Origin": "https://evil.example"}
        data = {"csrf": csrf, "reference": reference, **RIGHT}
        assert (await clerk.post("/desk/blind", data=data, headers=headers)).status_code == 403

    assert await rows(office, blind_verdicts) == []


async def test_a_colleagues_judgement_cannot_be_taken_back(office: Office) -> None:
    await opened(office)
    async with office.clerk("Anna") as anna, office.clerk("Chef", Role.ADMIN) as chef:
        await judge(anna, **RIGHT)
        csrf = hidden((await chef.get("/desk/blind")).text)["csrf"]
        for number in ("1", "x", "", "99"):
            answer = await chef.post("/desk/blind/undo", data={"csrf": csrf, "judgement": number})
            assert answer.status_code == 409

    assert [row.undone_at for row in await rows(office, blind_verdicts)] == [None]


async def test_enough_judgements_become_figures_without_names(office: Office) -> None:
    anna = await add_staff(office.night.database, name="Annabella", role=Role.CLERK, password="x" * 12, now=EVENING)
    for number in range(30):
        reference = await opened(office, sender=f"citizen-{number}")
        await _say(office, anna, reference, "strassen" if number < 24 else "gruen")
    async with office.clerk("Bela") as clerk:
        page = " ".join((await clerk.get("/desk/blind")).text.split())

    assert "30 Anliegen gezogen, 30 beurteilt" in page
    assert '80 % <span class="muted">63 bis 90 %</span>' in page
    assert "gesehen beim Prüfen" in page
    assert "ab 10 Anliegen" in page
    assert "noch zu früh" not in page
    assert "Annabella" not in page


async def _say(office: Office, staff: Staff, reference: str, department: str) -> None:
    verdict = Verdict(department, Urgency.NORMAL)
    await blind.judge(reference, verdict, house=office.night.house, staff=staff, now=office.now)
