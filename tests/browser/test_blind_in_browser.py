"""The blind sample as a clerk meets it: by keyboard alone, by telephone, in the dark, with and without scripts."""

from dataclasses import replace
from typing import Literal

import pytest
import sqlalchemy as sa
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from bot.core.case import Urgency
from bot.core.staff import Role
from bot.core.verdict import Verdict
from bot.settings.town import Settings
from bot.steps import blind
from bot.steps.staff import add_staff
from bot.store.tables import cases
from tests.browser.pages import LANTERN, WIDE, log_in, press
from tests.desk.office import EVENING, PASSWORD, Office
from tests.night import town

pytestmark = pytest.mark.browser

_PHONE: ViewportSize = {"width": 390, "height": 844}


@pytest.fixture
def settings() -> Settings:
    """Every case is judged blind."""
    return replace(town(), blind_sample_percent=100)


async def tab_to(page: Page, name: str) -> None:
    for _ in range(30):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.name") == name:
            return
    pytest.fail(f"the keyboard never reaches {name}")


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_judging_and_taking_back(office: Office, url: str, browser: Browser, scripts: bool) -> None:
    await office.night.hear(LANTERN, EVENING)
    page = await log_in(browser, url, java_script_enabled=scripts)

    await page.get_by_role("link", name="Blindprobe: 1 wartet").click()
    await expect(page.locator(".words")).to_have_text(LANTERN)
    await page.get_by_role("radio", name="Grünflächen").check()
    await page.get_by_role("radio", name="hat Zeit").check()
    await press(page, "Urteil speichern")
    await expect(page.get_by_role("status")).to_contain_text("Friedhöfe, hat Zeit")
    await press(page, "Rückgängig")
    await expect(page.locator(".words")).to_have_text(LANTERN)
    await press(page, "Ich kann es nicht sagen")
    await expect(page.get_by_role("status")).to_contain_text("nicht zu sagen")
    await expect(page.get_by_text("Gerade wartet hier nichts auf Sie.")).to_be_visible()


async def test_the_keyboard_alone_is_enough(office: Office, url: str, browser: Browser) -> None:
    for sender in "ab":
        await office.night.hear(LANTERN, EVENING, sender=sender)
    page = await log_in(browser, url)
    await page.goto(f"{url}/desk/blind")

    await tab_to(page, "department")
    await page.keyboard.press("Space")
    await page.keyboard.press("ArrowDown")
    await tab_to(page, "urgency")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")

    await expect(page.get_by_role("status")).to_contain_text("Gespeichert: Straßen & Bauhof, dringend")
    # The next case's words have the focus: one Tab further are its choices.
    assert await page.evaluate("document.activeElement.contains(document.querySelector('.words'))")
    await page.keyboard.press("Tab")
    assert await page.evaluate("document.activeElement.name") == "department"


async def test_an_emergency_takes_the_focus_to_its_case(office: Office, url: str, browser: Browser) -> None:
    await office.night.hear(LANTERN, EVENING)
    page = await log_in(browser, url)
    await page.goto(f"{url}/desk/blind")
    await page.get_by_role("radio", name="Straßen").check()
    await page.get_by_role("radio", name="Notfall").check()
    await press(page, "Urteil speichern")

    await expect(page.get_by_role("alert")).to_contain_text("für einen Notfall")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Gespräch")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, _PHONE], ids=["wide", "phone"])
async def test_nobody_is_shut_out(
    office: Office, url: str, browser: Browser, scheme: Literal["light", "dark"], viewport: ViewportSize
) -> None:
    page = await log_in(browser, url, color_scheme=scheme, viewport=viewport)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    await page.goto(f"{url}/desk/blind")
    await _is_open_to_all(page)  # nothing waits
    await office.night.hear(LANTERN, EVENING)
    await page.reload()
    await page.get_by_role("radio", name="Andere Stellen").check()
    await _is_open_to_all(page)
    await page.get_by_role("radio", name="Notfall").check()
    await press(page, "Urteil speichern")
    await _is_open_to_all(page)  # the alarm, the confirmation
    await _have_it_judged(office, 31)
    await page.reload()
    await expect(page.get_by_role("table").first).to_be_visible()
    await _is_open_to_all(page)  # the figures

    assert complaints == []


async def _is_open_to_all(page: Page) -> None:
    found = (await Axe().run(page)).response["violations"]
    assert [(v["id"], v["nodes"][0]["html"]) for v in found] == []
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")


async def _have_it_judged(office: Office, count: int) -> None:
    night = office.night
    bela = await add_staff(night.database, name="Bela", role=Role.CLERK, password=PASSWORD, now=EVENING)
    for number in range(count):
        await night.hear(LANTERN, EVENING, sender=f"citizen-{number + 2}")
    async with night.database.read() as tx:
        references = list((await tx.execute(sa.select(cases.c.reference))).scalars())
    verdict = Verdict("strassen", Urgency.NORMAL)
    for reference in references:
        await blind.judge(reference, verdict, house=night.house, staff=bela, now=office.now)
