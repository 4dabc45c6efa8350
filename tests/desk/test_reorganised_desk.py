"""The desk after a reorganisation: old cases stand where they are dealt with today."""

from dataclasses import replace
from pathlib import Path

import sqlalchemy as sa

from bot.settings.town import Settings
from bot.store.tables import cases, verdicts
from tests.desk.office import EVENING, Office, hidden, open_office
from tests.reorganised import Reorganised

LANTERN = "Die Laterne vor Musterweg 3 ist aus"


async def _reopened(office: Office, settings: Settings) -> tuple[Office, str]:
    """The office after a case of yesterday, started again with other files."""
    await office.night.hear(LANTERN, EVENING)
    office.night.house = replace(office.night.house, settings=settings)
    async with office.night.database.read() as tx:
        return open_office(office.night), str((await tx.execute(sa.select(cases.c.reference))).scalar_one())


async def test_an_old_case_is_found_under_the_successor(office: Office, tmp_path: Path) -> None:
    settings = Reorganised(tmp_path).dissolve("strassen", into="gruen").settings
    office, reference = await _reopened(office, settings)
    async with office.clerk() as clerk:
        for asked in ("", "?department=gruen", "?department=strassen"):  # the last one of a bookmark
            assert reference in (await clerk.get(f"/desk{asked}")).text
        assert reference not in (await clerk.get("/desk?department=abfall")).text
        page = (await clerk.get("/desk")).text
    assert 'id="amt-gruen"' in page
    assert "Grünflächen, Spielplätze &amp; Friedhöfe" in page


async def test_an_old_case_of_a_dissolved_department_is_the_front_offices(office: Office, tmp_path: Path) -> None:
    office, reference = await _reopened(office, Reorganised(tmp_path).dissolve("strassen").settings)
    async with office.clerk() as clerk:
        assert reference in (await clerk.get("/desk?department=rathaus")).text


async def test_the_case_page_names_the_successor_once_and_confirms_it(office: Office, tmp_path: Path) -> None:
    office, reference = await _reopened(office, Reorganised(tmp_path).rename("strassen", "verkehr").settings)
    async with office.clerk() as clerk:
        page = (await clerk.get(f"/desk/cases/{reference}")).text
        fields = hidden(page)
        assert fields["department"] == "verkehr"
        assert '<option value="verkehr" selected' in page
        assert page.count('<button class="button" name="department" value="verkehr"') == 0
        data = {name: fields[name] for name in ("csrf", "department", "urgency", "confirm")}
        answer = await clerk.post(f"/desk/cases/{reference}/verdict", data=data)
    assert answer.status_code == 303
    async with office.night.database.read() as tx:
        assert (await tx.execute(sa.select(verdicts.c.department))).scalar_one() == "verkehr"


async def test_the_shares_of_an_old_ranking_add_up(office: Office, tmp_path: Path) -> None:
    settings = Reorganised(tmp_path).dissolve("strassen", into="rathaus").settings
    office, reference = await _reopened(office, settings)
    async with office.clerk() as clerk:
        page = (await clerk.get(f"/desk/cases/{reference}")).text
    assert '<span class="share">100 %</span>' in page
