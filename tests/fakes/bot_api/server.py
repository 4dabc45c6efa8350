"""The fake's front: tokens, methods, files, troubles and the tests' own controls over HTTP."""

import asyncio
import inspect
import json
import re
import threading
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import asdict
from http import HTTPStatus
from typing import Any

from tests.fakes.bot_api.api import BotApi
from tests.fakes.bot_api.delivery import Bell, Webhook, get_updates
from tests.fakes.bot_api.faults import ApiError, Fault, Trouble, flood
from tests.fakes.bot_api.methods import METHODS, Params
from tests.fakes.bot_api.wire import ConnectionCutError, HttpServer, Request, Response

CITIZEN_CONTROLS = ("say", "photo", "album", "document", "voice", "location", "sticker", "edit", "press")
#: what another process may do over /control/<name>, with JSON keywords
CONTROLS = frozenset(
    (*CITIZEN_CONTROLS, "block", "unblock", "poison", "push", "trouble", "advance", "texts", "doubles")
)


class Server:
    """Answers for one BotApi."""

    def __init__(self, api: BotApi, bell: Bell) -> None:
        self._api = api
        self._bell = bell

    async def handle(self, request: Request) -> Response:
        """/bot<token>/<method>, /file/bot<token>/<path> or /control/<name>."""
        if request.path.startswith("/control/"):
            return self._control(request)
        if found := re.fullmatch(r"/file/bot([^/]+)/(.+)", request.path):
            return await self._file(*found.groups())
        if found := re.fullmatch(r"/bot([^/]+)/(\w+)", request.path):
            token, method = found.groups()
            return await self._call(token, method, request.params())
        return _error(ApiError(404, "Not Found"))

    async def _call(self, token: str, method: str, params: Params) -> Response:
        try:
            self._check(token)
            self._api.calls.append((method, params))
            fault = self._fault(method, params)
            _before(fault)
            result = await self._result(method, params)
            await _after(fault)
        except ApiError as error:
            return _error(error)
        body = b"<html>Bad Gateway</html>" if fault else json.dumps({"ok": True, "result": result}).encode()
        return Response(200, body, {"Content-Type": "application/json"})

    async def _result(self, method: str, params: Params) -> Any:
        if method.lower() == "getupdates":
            return await get_updates(self._api, params, self._bell)
        if method.lower() not in METHODS:
            raise ApiError(404, "Not Found")
        found = METHODS[method.lower()](self._api, params)
        return await found if inspect.isawaitable(found) else found

    def _check(self, token: str) -> None:
        if not re.fullmatch(r"\d+:[\w-]+", token):
            raise ApiError(404, "Not Found")
        if token != self._api.token:
            raise ApiError(401, "Unauthorized")

    def _fault(self, method: str, params: Params) -> Fault | None:
        for fault in self._api.faults:
            if fault.meets(method, params.get("chat_id")):
                if fault.after > 0:
                    fault.after -= 1
                    continue
                fault.times -= 1
                return fault
        return None

    async def _file(self, token: str, path: str) -> Response:
        try:
            self._check(token)
            fault = self._fault("file", {})
            _before(fault)
            await _after(fault)
        except ApiError as error:
            return _error(error)
        for kept, data, _ in self._api.files.values():
            if kept == path:
                return Response(200, data, {"Content-Type": "application/octet-stream"})
        return _error(ApiError(404, "Not Found"))

    def _control(self, request: Request) -> Response:
        name = request.path.removeprefix("/control/")
        if name == "sent":
            found: Any = [asdict(one) for one in self._api.sent]
        elif name in CONTROLS:
            found = getattr(self._api, name)(**json.loads(request.body or b"{}"))
        else:
            return _error(ApiError(404, "Not Found"))
        found = [[*key, times] for key, times in found.items()] if name == "doubles" else found
        return Response(200, json.dumps(found, default=str).encode(), {"Content-Type": "application/json"})


def _before(fault: Fault | None) -> None:
    if fault is None:
        return
    if fault.trouble is Trouble.FLOOD:
        raise flood(fault.retry_after)
    if fault.trouble is Trouble.REFUSED:
        raise ApiError(fault.status, HTTPStatus(fault.status).phrase)
    if fault.trouble is Trouble.RESET:
        raise ConnectionCutError


async def _after(fault: Fault | None) -> None:
    if fault and fault.trouble is Trouble.SILENCE:
        await asyncio.Event().wait()  # until the client gives up or the server stops
    if fault and fault.trouble is Trouble.LOST:
        raise ConnectionCutError


def _error(error: ApiError) -> Response:
    return Response(error.status, json.dumps(error.body()).encode(), {"Content-Type": "application/json"})


@asynccontextmanager
async def serving(api: BotApi, port: int = 0) -> AsyncIterator[BotApi]:
    """Serves `api` on the running loop; `api.url` tells where."""
    bell = Bell()
    http = HttpServer(Server(api, bell).handle)
    api.ring = bell.ring
    webhook = asyncio.create_task(Webhook(api, bell).run())
    api.url = f"http://127.0.0.1:{await http.start(port)}"
    try:
        yield api
    finally:
        webhook.cancel()
        with suppress(asyncio.CancelledError):
            await webhook
        await http.stop()


@contextmanager
def serving_in_thread(api: BotApi, port: int = 0) -> Iterator[BotApi]:
    """Serves `api` on a loop of its own, so that the test's thread may block or have its processes killed."""
    ready, done = threading.Event(), threading.Event()

    async def run() -> None:
        async with serving(api, port):
            ready.set()
            await asyncio.to_thread(done.wait)

    thread = threading.Thread(target=lambda: asyncio.run(run()), name="fake Bot API")
    thread.start()
    ready.wait(10)
    try:
        yield api
    finally:
        done.set()
        thread.join()
