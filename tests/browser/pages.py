"""What tests in a browser share: a real server, and a clerk who logs in and presses buttons."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import uvicorn
from fastapi import FastAPI
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.desk.office import PASSWORD

LANTERN = "Die Laterne vor Musterweg 3 ist aus"
WIDE: ViewportSize = {"width": 1280, "height": 900}


@asynccontextmanager
async def listening(app: FastAPI) -> AsyncIterator[str]:
    """The address at which the app answers meanwhile."""
    door = socket.socket()
    door.bind(("127.0.0.1", 0))
    server = uvicorn.Server(uvicorn.Config(app, log_config=None, lifespan="off", timeout_graceful_shutdown=1))
    serving = asyncio.create_task(server.serve([door]))
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"http://127.0.0.1:{door.getsockname()[1]}"
    finally:
        server.should_exit = True
        await serving
        door.close()


async def log_in(browser: Browser, url: str, **options: Any) -> Page:
    """The morning queue as Anna sees it."""
    context = await browser.new_context(**{"viewport": WIDE, "reduced_motion": "reduce", **options})
    page = await context.new_page()
    await page.goto(f"{url}/desk")
    await page.get_by_label("Name").fill("Anna")
    await page.get_by_label("Passwort").fill(PASSWORD)
    await page.get_by_role("button", name="Anmelden").click()
    await expect(page.get_by_role("heading", name="Morgenliste")).to_be_visible()
    return page


async def press(page: Page, name: str) -> None:
    """The button of just this name."""
    await page.get_by_role("button", name=name, exact=True).click()
