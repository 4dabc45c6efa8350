"""Waiting for what another task does, no longer than needed."""

import asyncio
from collections.abc import Callable
from typing import Any


async def until(happened: Callable[[], Any], seconds: float = 5) -> None:
    """Returns once `happened()` is true; raises TimeoutError after so many seconds."""
    async with asyncio.timeout(seconds):
        while not happened():  # noqa: ASYNC110 -- what happens is a state of many kinds, not one event
            await asyncio.sleep(0.005)
