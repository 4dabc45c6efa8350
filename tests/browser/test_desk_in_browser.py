"""The desk as a clerk meets it: with and without scripts, wide and narrow, by day and by night."""

from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, ViewportSize, expect

from tests.browser.pages import LANTERN, WIDE, log_in, press
from tests.desk.office import EVENING, Office

pytestmark = pytest.mark.browser

_NARROW: ViewportSize = {"width": 375, "height": 740}


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without scripts"])
async def test_a_morning_from_login_to_reopening(office: Office, url: str, browser: Browser, scripts: bool) -> None:
    await office.night.hear(LANTERN, EVENING)
    page = await log_in(browser, url, java_script_enabled=scripts)

    await page.locator(".reference").click()
    await press(page, "Stimmt")
    await expect(page.get_by_role("status")).to_contain_text("Bestätigt")
    await page.locator("select[name=department]").select_option("gruen")
    await page.locator("select[name=urgency]").select_option("urgent")
    await press(page, "Ändern")
    await expect(page.get_by_role("status")).to_contain_text("Geändert")
    await press(page, "Übernehmen")
    await page.get_by_label("Antwort", exact=True).fill("Guten Tag,\n\nder Bauhof kommt heute.")
    await press(page, "Antwort senden")
    await expect(page.locator(".said--staff")).to_contain_text("der Bauhof kommt heute.")
    await page.get_by_text("Schließen", exact=True).click()
    await press(page, "Anliegen schließen")
    await expect(page.get_by_role("status")).to_contain_text("geschlossen")
    await press(page, "Wieder öffnen")
    await expect(page.get_by_role("status")).to_contain_text("wieder offen")

    await office.night.work(office.now)
    assert [m.kind.value for m in office.night.chat.sent] == ["receipt", "update", "handover", "answer", "update"]


async def test_keys_walk_through_the_list_and_can_be_switched_off(office: Office, url: str, browser: Browser) -> None:
    for sender in "abc":
        await office.night.hear(LANTERN, EVENING, sender=sender)
    page = await log_in(browser, url)
    links = page.locator(".reference")
    await expect(page.get_by_role("button", name="Tasten j/k")).to_be_visible()  # the script is there

    await page.keyboard.press("j")
    await expect(links.nth(0)).to_be_focused()
    await page.keyboard.press("j")
    await expect(links.nth(1)).to_be_focused()
    await page.keyboard.press("k")
    await expect(links.nth(0)).to_be_focused()

    await press(page, "Tasten j/k")
    await page.keyboard.press("j")
    await expect(links.nth(0)).not_to_be_focused()

    await press(page, "Tasten j/k")
    await page.keyboard.press("j")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Gespräch")).to_be_visible()


async def test_the_list_renews_itself_and_keeps_the_focus(office: Office, url: str, browser: Browser) -> None:
    await office.night.hear(LANTERN, EVENING, sender="a")
    page = await log_in(browser, url)
    await page.locator(".reference").focus()
    focused = await page.evaluate("document.activeElement.id")

    await office.night.hear("Bitte sofort: die Laterne hängt herunter", EVENING, sender="b")
    await page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    await expect(page.locator(".reference")).to_have_count(2)
    await expect(page.locator("#neues")).to_have_text("Ein neues Anliegen.")
    assert await page.evaluate("document.activeElement.id") == focused


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("viewport", [WIDE, _NARROW], ids=["wide", "narrow"])
async def test_nobody_is_shut_out(
    office: Office, url: str, browser: Browser, scheme: Literal["light", "dark"], viewport: ViewportSize
) -> None:
    await office.night.hear("Feuer! Das Haus brennt, Musterweg 3", EVENING, sender="a")
    await office.night.hear("Schlagloch in der Musterallee, siehe Foto", EVENING, sender="b", photos=["one"])
    page = await log_in(browser, url, color_scheme=scheme, viewport=viewport)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)

    links = await page.locator(".reference").evaluate_all("links => links.map(link => link.href)")
    for address in (f"{url}/desk", *links, f"{url}/desk/staff", f"{url}/desk/password"):
        await page.goto(address)
        found = (await Axe().run(page)).response["violations"]
        assert [(v["id"], v["nodes"][0]["html"]) for v in found] == [], address
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), address
    assert complaints == []


async def test_the_login_is_for_everybody_too(url: str, browser: Browser) -> None:
    page = await browser.new_page(viewport=_NARROW)
    await page.goto(f"{url}/desk/login")

    assert (await Axe().run(page)).response["violations"] == []
