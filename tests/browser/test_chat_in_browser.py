"""The web chat as a citizen meets it: with scripts and without, on a desk and on a telephone, by day and by night."""

import asyncio
import io
import re
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Literal

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from PIL import Image
from playwright.async_api import Browser, BrowserContext, FilePayload, Page, expect

from tests.browser.pages import listening
from tests.channels.web_town import WebTown, web_town

pytestmark = pytest.mark.browser

LANTERN = "Die Laterne am Nordring ist dunkel."
GAS = "Im Treppenhaus riecht es stark nach Gas!"
_PHONE, _DESK = {"width": 375, "height": 740}, {"width": 1280, "height": 900}
_PATIENCE = 15_000  # milliseconds; the machine may be busy


class House:
    """A town that works, and where it listens."""

    def __init__(self, town: WebTown, url: str) -> None:
        self.town, self.url = town, url
        self.works = True

    async def work(self) -> None:
        while True:
            if self.works:
                await self.town.tick(0.1)
            await asyncio.sleep(0.1)


@pytest_asyncio.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    async with web_town(tmp_path) as town, listening(town.web) as url:
        made = House(town, url)
        working = asyncio.create_task(made.work())
        yield made
        working.cancel()
        with suppress(asyncio.CancelledError):
            await working
        town.chat.close()


async def _context(browser: Browser, *, mode: Literal["dark", "light"] = "light", **more: Any) -> BrowserContext:
    context = await browser.new_context(locale="de-DE", color_scheme=mode, **more)
    context.set_default_timeout(_PATIENCE)
    return context


@pytest_asyncio.fixture
async def page(browser: Browser, house: House) -> AsyncIterator[Page]:
    context = await _context(browser, viewport=_DESK)
    page = await context.new_page()
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda said: complaints.append(said.text) if "Content Security Policy" in said.text else None)
    await page.goto(house.url)
    yield page
    await context.close()
    assert complaints == []


async def write(page: Page, text: str) -> None:
    await page.get_by_label("Worum geht es, und wo?").fill(text)
    await page.get_by_role("button", name="Senden", exact=True).click()


def photo() -> FilePayload:
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, "JPEG")
    return {"name": "laterne.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}


async def test_a_message_gets_its_receipt_without_reloading(page: Page) -> None:
    await page.evaluate("window.same = true")
    await write(page, LANTERN)

    await expect(page.locator(".bubble.own")).to_have_count(1)
    await expect(page.locator(".bubble.house")).to_contain_text(re.compile(r"Nr\. BOR-\w{4}-\w"))
    await expect(page.get_by_label("Worum geht es, und wo?")).to_be_focused()
    await expect(page.get_by_label("Worum geht es, und wo?")).to_have_value("")
    assert await page.evaluate("window.same") is True
    assert "/c/" not in page.url


async def test_on_a_telephone_the_answer_comes_into_sight(browser: Browser, house: House) -> None:
    context = await _context(browser, viewport=_PHONE)
    page = await context.new_page()
    await page.goto(house.url)
    await write(page, LANTERN)

    await expect(page.locator(".bubble.house")).to_be_in_viewport()
    await expect(page.locator(".bubble.house .who")).to_be_in_viewport()
    await context.close()


async def test_who_is_writing_is_not_moved(page: Page, house: House) -> None:
    field = page.get_by_label("Worum geht es, und wo?")
    house.works = False
    await write(page, LANTERN)
    await expect(page.locator("#aktuell")).to_contain_text("Die Antwort kommt gleich.")
    await field.press_sequentially("Noch")
    before = await field.bounding_box()
    house.works = True
    await expect(page.locator(".bubble.house")).to_have_count(1)

    after = await field.bounding_box()
    assert before
    assert after
    assert abs(before["y"] - after["y"]) < 3
    await expect(field).to_be_focused()
    await expect(field).to_have_value("Noch")


async def test_danger_is_told_assertively_and_its_number_can_be_touched(page: Page) -> None:
    await write(page, GAS)

    alarm = page.locator(".bubble.danger [role=alert]")
    await expect(alarm).to_be_visible()
    await expect(alarm.get_by_role("link", name="112").first).to_have_attribute("href", "tel:112")


async def test_the_page_says_that_it_waits_for_more(page: Page, house: House) -> None:
    await write(page, "am Nordring")
    await expect(page.locator("#aktuell")).to_contain_text("Wir warten einen Augenblick")

    await house.town.tick(46)
    await expect(page.locator(".bubble.house")).to_contain_text("Nr. BOR-")
    await expect(page.locator("#aktuell")).to_have_text("")


async def test_a_button_answers_the_question(page: Page, house: House) -> None:
    await write(page, "Da ist etwas nicht in Ordnung bei uns.")
    await expect(page.locator("#aktuell")).to_contain_text("Wir warten einen Augenblick")
    await house.town.tick(46)
    question = page.get_by_role("group", name="Antwort auswählen:")
    await expect(question).to_be_visible()

    await question.get_by_role("button").first.click()

    await expect(page.locator(".bubble.own").last).to_contain_text("Ausgewählt:")
    await expect(question).to_have_count(0)
    await expect(page.get_by_label("Worum geht es, und wo?")).to_be_focused()


async def test_a_photo_is_sent_and_shown(page: Page) -> None:
    await page.get_by_label("Fotos oder Dateien").set_input_files([photo()])
    await write(page, LANTERN)

    picture = page.get_by_role("img", name="laterne.jpg")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 320)


async def test_a_refused_file_keeps_the_words_in_the_field(page: Page) -> None:
    bad: FilePayload = {"name": "brief.exe", "mimeType": "application/octet-stream", "buffer": b"MZ"}
    await page.get_by_label("Fotos oder Dateien").set_input_files([bad])
    await write(page, LANTERN)

    await expect(page.locator("#problem")).to_contain_text("Die Datei „brief.exe“ können wir nicht annehmen.")
    await expect(page.get_by_label("Worum geht es, und wo?")).to_have_value(LANTERN)
    await expect(page.locator(".bubble")).to_have_count(0)


async def test_the_link_brings_back_and_leaves_the_address_bar(page: Page, browser: Browser) -> None:
    await write(page, LANTERN)
    await expect(page.locator(".bubble.house")).to_be_visible()
    link = await page.get_by_label("Link", exact=True).input_value()

    other = await (await _context(browser)).new_page()
    await other.goto(link)

    await expect(other.locator(".bubble.own")).to_contain_text(LANTERN)
    assert "/c/" not in other.url
    await other.context.close()


async def test_what_cannot_be_sent_is_sent_once_the_line_is_back(page: Page) -> None:
    await page.context.set_offline(True)
    await write(page, LANTERN)
    await expect(page.locator(".bubble.own")).to_contain_text("Noch nicht gesendet.")

    await page.context.set_offline(False)

    await expect(page.locator(".bubble.house")).to_contain_text("Nr. BOR-")
    await expect(page.locator(".bubble.own")).to_have_count(1)


async def test_what_cannot_be_sent_can_be_taken_back(page: Page) -> None:
    await page.context.set_offline(True)
    await write(page, LANTERN)
    await page.get_by_role("button", name="Zurück ins Textfeld").click()

    await expect(page.get_by_label("Worum geht es, und wo?")).to_have_value(LANTERN)
    await expect(page.locator(".bubble")).to_have_count(0)


async def test_after_deleting_only_the_farewell_is_left(page: Page) -> None:
    await write(page, LANTERN)
    await expect(page.locator(".bubble.house")).to_be_visible()
    await page.get_by_role("button", name="Alles löschen", exact=True).click()
    await page.get_by_role("button", name="Ja, alles löschen").click()

    await expect(page.locator(".bubble")).to_have_count(1)
    await expect(page.locator(".bubble")).to_contain_text("Gelöscht sind Nachrichten und Adresse hier")
    await page.reload()
    await expect(page.locator(".bubble")).to_have_count(0)


async def test_an_example_becomes_the_text(page: Page) -> None:
    await page.get_by_role("button", name=re.compile("Als Text übernehmen")).first.click()

    await expect(page.get_by_label("Worum geht es, und wo?")).to_have_value(re.compile("Nordring"))


async def test_without_scripts_everything_works_too(browser: Browser, house: House) -> None:
    context = await _context(browser, java_script_enabled=False)
    page = await context.new_page()
    await page.goto(house.url)
    await page.get_by_label("Fotos oder Dateien").set_input_files([photo()])
    await write(page, LANTERN)

    await expect(page.locator(".bubble.house")).to_contain_text("Nr. BOR-")  # the page looks again by itself
    await page.get_by_role("link", name="Aktualisieren").click()
    await expect(page.get_by_role("img", name="laterne.jpg")).to_be_visible()
    await page.get_by_role("button", name="Stand meiner Anliegen").click()
    await expect(page.locator(".bubble.house").last).to_contain_text("liegt bereit")
    await context.close()


@pytest.mark.parametrize("mode", ["light", "dark"])
@pytest.mark.parametrize("viewport", [_PHONE, _DESK], ids=["phone", "desk"])
async def test_no_barriers(
    browser: Browser, house: House, mode: Literal["dark", "light"], viewport: Any, tmp_path: Path
) -> None:
    context = await _context(browser, mode=mode, viewport=viewport, reduced_motion="reduce")
    page = await context.new_page()
    name = f"{mode}-{viewport['width']}"
    await page.goto(house.url)
    await _check(page, tmp_path / f"start-{name}.png")

    await page.get_by_label("Fotos oder Dateien").set_input_files([photo()])
    await write(page, LANTERN)
    await expect(page.get_by_role("img", name="laterne.jpg")).to_be_visible()
    await write(page, GAS)
    await expect(page.locator(".bubble.danger")).to_be_visible()
    await page.get_by_role("button", name="Alles löschen", exact=True).click()
    await expect(page.get_by_role("button", name="Ja, alles löschen")).to_be_visible()
    await write(page, "Laterne " * 600)
    await expect(page.locator("#problem")).to_contain_text("zu lang")
    await page.get_by_label("Worum geht es, und wo?").fill("Auch die Laterne daneben.")
    await _check(page, tmp_path / f"talk-{name}.png")

    await page.goto(f"{house.url}/datenschutz")
    await _check(page, tmp_path / f"privacy-{name}.png")
    await context.close()


async def _check(page: Page, picture: Path) -> None:
    await page.screenshot(path=picture, full_page=True)
    found = await Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth"), "wider than the screen"


async def test_it_fits_the_narrowest_screen(browser: Browser, house: House) -> None:
    context = await _context(browser, viewport={"width": 320, "height": 600})
    page = await context.new_page()
    await page.goto(house.url)
    await write(page, "Laterne" + "x" * 200)
    await expect(page.locator(".bubble.house")).to_be_visible()

    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    await context.close()
