"""The web server: listens until a signal comes, and says when it has begun."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import uvicorn
from fastapi import FastAPI


async def listen(
    web: FastAPI, host: str, port: int, *, ready: Callable[[], Awaitable[None]], farewell: Callable[[], None]
) -> None:
    """Serves until SIGTERM or SIGINT. `farewell` ends open streams first, because the server waits for them."""
    config = uvicorn.Config(web, host=host, port=port, log_config=None, access_log=False, timeout_graceful_shutdown=3)
    server = _Server(config)
    serving = asyncio.create_task(server.serve())
    await server.begun.wait()
    if server.started:
        await ready()
        await server.stopping.wait()
        farewell()
    await serving


class _Server(uvicorn.Server):
    """Tells when it listens and when it has been asked to stop."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.begun, self.stopping = asyncio.Event(), asyncio.Event()

    async def startup(self, sockets: Any = None) -> None:
        """Begins to listen."""
        try:
            await super().startup(sockets)
        finally:
            self.begun.set()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """A signal came. The base class would raise it again at the end, before the house has put its things away."""
        self.force_exit = self.should_exit  # asked twice: at once
        self.should_exit = True
        self.stopping.set()

    async def serve(self, sockets: Any = None) -> None:
        """Serves; a server that could not start has begun and stopped."""
        try:
            await super().serve(sockets)
        finally:
            self.begun.set()
            self.stopping.set()
