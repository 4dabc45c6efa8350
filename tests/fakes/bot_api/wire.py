"""HTTP/1.1 on asyncio streams: just enough of it, so that a fake can also break the connection."""

import asyncio
import json
import socket
import struct
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

Json = dict[str, Any]


@dataclass(frozen=True)
class Request:
    """One request, body included."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes

    def params(self) -> dict[str, str]:
        """Query, form or JSON body as Telegram reads them: every value a string, nested ones as JSON."""
        found = dict(parse_qsl(self.query, keep_blank_values=True))
        if self.headers.get("content-type", "").startswith("application/json"):
            given = json.loads(self.body or b"{}")
            found |= {key: one if isinstance(one, str) else json.dumps(one) for key, one in given.items()}
        else:
            found |= dict(parse_qsl(self.body.decode(), keep_blank_values=True))
        return found


@dataclass(frozen=True)
class Response:
    """What goes back."""

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)

    def to_bytes(self) -> bytes:
        """The response as it goes over the wire."""
        lines = [f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}"]
        lines += [f"{name}: {text}" for name, text in self.headers.items()]
        lines += [f"Content-Length: {len(self.body)}", "", ""]
        return "\r\n".join(lines).encode() + self.body


class ConnectionCutError(Exception):
    """Raised by a handler that wants the line cut instead of an answer."""


Handler = Callable[[Request], Awaitable[Response]]


class HttpServer:
    """Hands every request to one handler; keeps connections open as a real server does."""

    def __init__(self, handler: Handler) -> None:
        self._handler = handler
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()

    async def start(self, port: int = 0) -> int:
        """Listens on localhost and returns the port, which the system chooses if none is named."""
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", port)
        chosen: int = self._server.sockets[0].getsockname()[1]
        return chosen

    async def stop(self) -> None:
        """Hangs up on everybody."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._converse(reader, writer))
        self._open.add(task)
        task.add_done_callback(self._open.discard)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while request := await _read(reader):
                writer.write((await self._handler(request)).to_bytes())
                await writer.drain()
        except ConnectionCutError:
            _reset_on_close(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side hung up
        finally:
            writer.close()
            with suppress(ConnectionError):
                await writer.wait_closed()


async def _read(reader: asyncio.StreamReader) -> Request | None:
    if not (first := await reader.readline()):
        return None

    method, target, _ = first.decode("latin-1").split(" ", 2)
    headers: dict[str, str] = {}
    while line := (await reader.readline()).decode("latin-1").strip():
        name, _, text = line.partition(":")
        headers[name.lower()] = text.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))

    parts = urlsplit(target)
    return Request(method, unquote(parts.path), parts.query, headers, body)


def _reset_on_close(writer: asyncio.StreamWriter) -> None:
    """Lingering for zero seconds makes the system send RST, so that the client sees 'connection reset'."""
    found = writer.get_extra_info("socket")
    found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
