"""The reports as pages: for everybody, by day and by night, on a telephone too, and without a net."""

from pathlib import Path

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser

from bot.reports import model_card
from bot.reports.scorecard import as_page
from tests.night import town
from tests.reports.measured import NIGHT, manifest, measured

pytestmark = pytest.mark.browser


def pages() -> dict[str, str]:
    card, worst = measured()
    scorecard = as_page(card, worst, town(), model_id="m1", source="gold.jsonl", now=NIGHT)
    return {"zeugnis": scorecard, "karte": model_card.as_page(model_card.model_card(manifest(), town()), "m1")}


@pytest.mark.parametrize("name", ["zeugnis", "karte"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [390, 1280])
async def test_a_report_has_no_barrier(browser: Browser, tmp_path: Path, name: str, scheme: str, width: int) -> None:
    file = tmp_path / "page.html"
    file.write_text(pages()[name], encoding="utf-8")
    # axe is a script, which the page itself allows none of
    page = await browser.new_page(viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True)  # type: ignore[arg-type]
    await page.goto(file.as_uri())
    await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = (await Axe().run(page)).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []


@pytest.mark.parametrize("name", ["zeugnis", "karte"])
async def test_a_report_loads_nothing_and_breaks_no_rule_of_its_own(
    browser: Browser, tmp_path: Path, name: str
) -> None:
    page, asked, complaints = await browser.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: complaints.append(message.text))
    file = tmp_path / "page.html"
    file.write_text(pages()[name], encoding="utf-8")
    await page.goto(file.as_uri())
    assert (asked, complaints) == ([file.as_uri()], [])
