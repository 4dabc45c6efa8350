"""A real browser: Debian's chromium. Where it is missing the tests are skipped, but not in CI."""

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

_CHROMIUM = Path("/usr/bin/chromium")
_ARGS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"]


@pytest_asyncio.fixture
async def browser() -> AsyncIterator[Browser]:
    _demand_chromium()
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=_CHROMIUM, args=_ARGS)
        yield browser
        await browser.close()


def _demand_chromium() -> None:
    if _CHROMIUM.exists():
        return
    if os.environ.get("CI") == "true":
        pytest.fail(f"{_CHROMIUM} is missing")
    pytest.skip(f"{_CHROMIUM} is missing")
