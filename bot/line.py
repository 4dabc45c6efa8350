"""The line at work: a few workers that go round as long as there is something to do, and sleep until they are woken."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from bot.core.errors import StoreUnavailable
from bot.house_clock import Now
from bot.steps.deliver import Mailer, deliver_due
from bot.steps.fetch import fetch_due
from bot.steps.house import House
from bot.steps.shadow import shadow_next
from bot.steps.triage import flush_quiet, triage_next

log = structlog.get_logger(__name__)

_AFTER_TROUBLE = 1.0


class Line:
    """Triage, deliver, fetch and shadow, each on its own, so that a slow channel never holds up a decision."""

    def __init__(self, house: House, now: Now, mailers: dict[str, Mailer] | None = None) -> None:
        self._house = house
        self._now = now
        self._mailers = mailers or {}
        self._arrived, self._written = asyncio.Event(), asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    def wake(self) -> None:
        """Something has arrived, or may be due."""
        self._arrived.set()
        self._written.set()

    def start(self) -> None:
        """Sets the workers to work; needs the running event loop."""
        rounds = (
            ("triage", self._triage, self._arrived),
            ("deliver", self._deliver, self._written),
            ("fetch", self._fetch, asyncio.Event()),
            ("shadow", self._shadow, asyncio.Event()),
        )
        self._tasks = [asyncio.create_task(self._go_round(name, work, bell)) for name, work, bell in rounds]

    async def stop(self) -> None:
        """Lets the workers go; what they were doing is done again at the next start."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _go_round(self, name: str, work: Callable[[], Awaitable[bool]], bell: asyncio.Event) -> None:
        while True:
            bell.clear()
            try:
                more = await work()
            except StoreUnavailable as error:
                log.error("store_unavailable", worker=name, reason=type(error.__cause__).__name__)
                more = False
                await asyncio.sleep(_AFTER_TROUBLE)
            except Exception as error:  # a worker must outlive whatever it meets
                log.exception("worker_stumbled", worker=name, error=type(error).__name__)
                more = False
                await asyncio.sleep(_AFTER_TROUBLE)
            if not more:
                await _ring(bell)

    async def _triage(self) -> bool:
        went = await triage_next(self._house, self._now())
        if not went:
            went = await flush_quiet(self._house, self._now()) > 0
        if went:
            self._written.set()
        return went

    async def _deliver(self) -> bool:
        return await deliver_due(self._house, self._now(), mailers=self._mailers) > 0

    async def _fetch(self) -> bool:
        return await fetch_due(self._house, self._now()) > 0

    async def _shadow(self) -> bool:
        return await shadow_next(self._house, self._now())


async def _ring(bell: asyncio.Event, longest: float = 1.0) -> None:
    """Until the bell rings; at the latest after a second, because some things become due by time alone."""
    try:
        async with asyncio.timeout(longest):
            await bell.wait()
    except TimeoutError:
        return
