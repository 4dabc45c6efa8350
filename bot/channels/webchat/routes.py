"""Routes: the addresses of the web chat."""

from collections.abc import AsyncIterator
from urllib.parse import urlencode

from fastapi import APIRouter, HTTPException, Request
from starlette.datastructures import FormData, UploadFile
from starlette.formparsers import MultiPartException
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response, StreamingResponse

from bot.channels.webchat import identity, posting
from bot.channels.webchat.channel import WebChat
from bot.channels.webchat.front import Front
from bot.channels.webchat.posting import Form, Refusal
from bot.channels.webchat.stream import Look, changes
from bot.core.errors import StoreUnavailable
from bot.store import transcript
from bot.store.transcript import Transcript
from bot.web import origin
from bot.web.uploads import TooMuch, bounded

_NO_STORE = {"Cache-Control": "no-store"}
#: what a picture may do when it is opened by itself
_FILE = {**_NO_STORE, "Content-Security-Policy": "default-src 'none'; sandbox"}


def routes(chat: WebChat) -> APIRouter:
    """The pages of one town's web chat."""
    router, door = APIRouter(), _Door(chat)
    for method, path, handler in (
        ("GET", "/", door.start),
        ("POST", "/chat/messages", door.post),
        ("GET", "/chat/log", door.log),
        ("GET", "/chat/stream", door.stream),
        ("GET", "/chat/files/{number}", door.file),
        ("GET", "/c/{secret}", door.come_back),
        ("GET", "/datenschutz", door.privacy),
        ("GET", "/impressum", door.imprint),
    ):
        router.add_api_route(path, handler, methods=[method], response_model=None)
    return router


class _Door:
    def __init__(self, chat: WebChat) -> None:
        self.chat = chat

    async def start(self, request: Request) -> Response:
        return await self._page(Front(self.chat, request))

    async def _page(
        self, front: Front, form: Form | None = None, refusal: Refusal | None = None, *, status: int = 200
    ) -> Response:
        told = await self._readable(identity.secret_of(front.request), refusal)
        html = front.render("chat.html", **front.conversation(told, form, refusal))
        response = HTMLResponse(html, refusal.status if refusal else status, _NO_STORE)
        return self._after_farewell(response, front, told)

    async def _readable(self, secret: str | None, refusal: Refusal | None) -> Transcript:
        """Without the database the numbers and the form stay; the conversation is shown when it is back."""
        if refusal and refusal.status == 503:
            return Transcript()  # nobody waits a second time for what has just not answered
        try:
            return await self._transcript(secret)
        except StoreUnavailable:
            return Transcript()

    def _after_farewell(self, response: Response, front: Front, told: Transcript) -> Response:
        """Told once: the next visit begins anew."""
        if told.farewell:
            identity.forget(response, base=front.base)
        return response

    async def _transcript(self, secret: str | None) -> Transcript:
        if secret is None:
            return Transcript()
        async with self.chat.house.database.read() as tx:
            return await transcript.load(tx, identity.address_of(secret))

    async def post(self, request: Request) -> Response:
        front = Front(self.chat, request)
        if not origin.is_own(request.headers):
            return await self._refused(front, None, Refusal(403, (front.say("foreign"),)))
        limits = self.chat.house.settings.limits
        # A few more files than allowed are still read, so that the words beside them are not lost.
        whole = bounded(request, (limits.attachments + 2) * limits.attachment_bytes)
        try:
            async with whole.form(max_files=100, max_fields=20) as sent:
                form = _read(request, front, sent)
                refusal = await posting.post(self.chat, form, front.say)
        except TooMuch:
            return await self._refused(front, None, Refusal(413, (front.say("too_much"),)))
        except MultiPartException:
            return await self._refused(front, None, Refusal(400, (front.say("unclear"),)))

        if refusal:
            return await self._refused(front, form, refusal)
        request.app.state.wake()
        return self._accepted(front, form)

    async def _refused(self, front: Front, form: Form | None, refusal: Refusal) -> Response:
        if not front.wants_json:
            return await self._page(front, form, refusal)
        told = {"accepted": False, "safety": refusal.safety, "sentences": refusal.sentences}
        return JSONResponse(told, refusal.status, _NO_STORE)

    def _accepted(self, front: Front, form: Form) -> Response:
        response: Response
        if front.wants_json:
            response = JSONResponse({"accepted": True, "id": form.nonce}, 200, _NO_STORE)
        else:
            response = RedirectResponse(f"{front.base}/{front.suffix}#aktuell", 303, _NO_STORE)
        self._remember(response, front, form.secret)
        return response

    def _remember(self, response: Response, front: Front, secret: str) -> None:
        seconds = int(self.chat.house.settings.retention.addresses.total_seconds())
        identity.remember(response, secret, base=front.base, secure=front.secure, seconds=seconds)

    async def log(self, request: Request) -> Response:
        """The conversation alone, for a page that is open already."""
        front = Front(self.chat, request)
        told = await self._or_503(identity.secret_of(request))
        html = front.render("log.html", **front.conversation(told))
        return self._after_farewell(HTMLResponse(html, headers=_NO_STORE), front, told)

    async def _or_503(self, secret: str | None) -> Transcript:
        try:
            return await self._transcript(secret)
        except StoreUnavailable as error:
            raise HTTPException(503, headers={"Retry-After": "5"}) from error

    async def stream(self, request: Request) -> Response:
        secret = identity.secret_of(request)
        if secret is None:
            return Response(status_code=204)  # tells an EventSource not to come back
        front = Front(self.chat, request)

        async def look() -> Look:
            seen = front.view(await self._transcript(secret))
            return Look(seen.version, seen.busy)

        events: AsyncIterator[str] = changes(self.chat.hub, identity.address_of(secret), look)
        return StreamingResponse(
            events, media_type="text/event-stream", headers={**_NO_STORE, "X-Accel-Buffering": "no"}
        )

    async def file(self, request: Request, number: int) -> Response:
        secret = identity.secret_of(request)
        if secret is None:
            raise HTTPException(404)
        async with self.chat.house.database.read() as tx:
            found = await transcript.file(tx, identity.address_of(secret), number)
        if found is None:
            raise HTTPException(404)
        kept, data = found
        shown = "inline" if kept.mime.startswith("image/") else "attachment"
        name = urlencode({"": kept.name})[1:].replace("+", "%20")
        return Response(
            data, media_type=kept.mime, headers={**_FILE, "Content-Disposition": f"{shown}; filename*=UTF-8''{name}"}
        )

    async def come_back(self, request: Request, secret: str) -> Response:
        """The secret leaves the address bar at once, and no page learns where the citizen came from."""
        front = Front(self.chat, request)
        known = Transcript()
        if identity.is_secret(secret):
            known = await self._or_503(secret)
        headers = {**_NO_STORE, "Referrer-Policy": "no-referrer"}
        if not (known.begun or known.farewell):
            html = front.render("unknown_link.html")
            return HTMLResponse(html, 404, headers)
        response = RedirectResponse(f"{front.base}/{front.suffix}#aktuell", 303, headers)
        self._remember(response, front, secret)
        return response

    async def privacy(self, request: Request) -> Response:
        """In German only, as it is binding."""
        return HTMLResponse(Front(self.chat, request, lang="de").render("datenschutz.html"))

    async def imprint(self, request: Request) -> Response:
        return RedirectResponse(self.chat.house.settings.city.imprint)


def _read(request: Request, front: Front, form: FormData) -> Form:
    fields: dict[str, str] = {key: value for key, value in form.multi_items() if isinstance(value, str)}
    offered = fields.get("secret", "")
    fresh = offered if identity.is_secret(offered) else identity.new_secret()
    return Form(
        secret=identity.secret_of(request) or fresh,
        nonce=_nonce(fields.get("id", "")),
        text=_words(fields.get("text", "")),
        button=fields.get("button") or None,
        label=_words(fields.get("label", ""))[:80],
        lang=front.device_lang,
        files=tuple(one for one in form.getlist("files") if isinstance(one, UploadFile) and one.filename),
    )


def _nonce(value: str) -> str:
    """The browser's own number for its message; one of ours if it has none."""
    return value if value.isascii() and value.isalnum() and 8 <= len(value) <= 40 else identity.new_secret()[:32]


def _words(text: str) -> str:
    """One kind of line end, and no signs databases refuse."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
    return plain.encode("utf-8", "replace").decode().strip("\n")
