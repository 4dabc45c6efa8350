"""Stream: an open page is told that its conversation has moved on (server-sent events)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

from bot.core.errors import StoreUnavailable

#: seconds. A page is woken before the row that woke it is committed: it looks again soon, and then less and less often.
_SOON, _BUSY, _QUIET = 0.1, 2.0, 15.0
_LONGEST = 1800.0  # the browser comes back by itself


@dataclass(frozen=True, slots=True)
class Look:
    """What a page would show now; `busy`: an answer is on its way."""

    version: str
    busy: bool


class Hub:
    """Wakes the open pages of an address."""

    def __init__(self) -> None:
        self._pages: dict[str, set[asyncio.Event]] = {}
        self.closed = False

    def wake(self, address: str) -> None:
        """Something has happened in this conversation."""
        for page in self._pages.get(address, ()):
            page.set()

    def close(self) -> None:
        """Ends all streams, so that the server can stop."""
        self.closed = True
        for address in self._pages:
            self.wake(address)

    @contextmanager
    def page(self, address: str) -> Iterator[asyncio.Event]:
        """An open page; its event is set whenever it should look again."""
        woken = asyncio.Event()
        self._pages.setdefault(address, set()).add(woken)
        try:
            yield woken
        finally:
            self._pages[address].discard(woken)
            if not self._pages[address]:
                del self._pages[address]


async def changes(hub: Hub, address: str, look: Callable[[], Awaitable[Look]]) -> AsyncIterator[str]:
    """Events `changed` with the version to show; a comment now and then keeps the line open."""
    told, pause, age = "", _SOON, 0.0
    yield "retry: 2000\n\n"
    with hub.page(address) as woken:
        while not hub.closed and age < _LONGEST:
            seen = await _look(look)
            if seen and seen.version != told:
                told = seen.version
                yield f"event: changed\ndata: {told}\n\n"
            else:
                yield ": da\n\n"
            age += pause
            pause = _SOON if await _woken(woken, pause) else min(pause * 2, _BUSY if seen and seen.busy else _QUIET)


async def _look(look: Callable[[], Awaitable[Look]]) -> Look | None:
    try:
        return await look()
    except StoreUnavailable:
        return None


async def _woken(woken: asyncio.Event, seconds: float) -> bool:
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await woken.wait()
            woken.clear()
            return True
    return False
