"""A real browser: Debian's chromium. Where it is missing the tests are skipped, but not in CI."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright, expect

from bot.core.staff import Role
from bot.settings.town import Settings
from bot.steps.staff import add_staff
from tests.browser.pages import listening
from tests.desk.office import EVENING, PASSWORD, Office, open_office
from tests.night import begin, town

_CHROMIUM = Path("/usr/bin/chromium")
_PATIENCE = 15_000  # milliseconds; the machine may be busy
_ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    _demand_chromium()
    expect.set_options(timeout=_PATIENCE)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGS)
        yield browser
        await browser.close()


@pytest.fixture
def settings() -> Settings:
    """The town whose desk is looked at; a test that wants another says so."""
    return town()


@pytest_asyncio.fixture
async def office(tmp_path: Path, settings: Settings) -> AsyncIterator[Office]:
    """A desk with Anna on its list."""
    night = await begin(tmp_path / "nachtschalter.db", settings)
    await add_staff(night.database, name="Anna", role=Role.ADMIN, password=PASSWORD, now=EVENING)
    yield open_office(night)
    await night.database.close()


@pytest_asyncio.fixture
async def url(office: Office) -> AsyncIterator[str]:
    async with listening(office.app) as address:
        yield address


def _demand_chromium() -> None:
    if _CHROMIUM.exists():
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{_CHROMIUM} is missing")
    pytest.skip(f"{_CHROMIUM} is missing")
