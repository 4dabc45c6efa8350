"""Telegram as tests see it: citizens who write, a record of what the bot sent, and troubles on demand."""

import random
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.fakes.bot_api import shapes
from tests.fakes.bot_api.faults import Fault, Trouble
from tests.fakes.bot_api.updates import UpdateQueue
from tests.fakes.bot_api.wire import Json

TOKEN = "4710000:a-token-that-opens-nothing"


@dataclass
class Sent:
    """A message the bot has sent."""

    chat: int
    message_id: int
    text: str
    buttons: tuple[tuple[str, str], ...]  # label, data
    silent: bool
    preview: bool
    at: datetime
    deleted: bool = False
    body: Json = field(default_factory=dict)  # as Telegram returned it


@dataclass
class WebhookState:
    """Where updates are posted to, and how that went."""

    url: str = ""
    secret: str = ""
    max_connections: int = 40
    last_error: str = ""
    attempts: list[tuple[int, int]] = field(default_factory=list)  # update_id, status; 0: no answer


class BotApi:
    """State and citizens; `server.Server` speaks HTTP for it."""

    def __init__(
        self,
        *,
        token: str = TOKEN,
        speed: float = 1.0,
        seed: int = 4710,
        now: Callable[[], datetime] | None = None,
    ) -> None:
        """speed: how much faster than Telegram's the webhook's pauses and long polls run."""
        self.token = token
        self.speed = speed
        self.dice = random.Random(seed)
        self.url = ""  # set while a server runs
        self.ring: Callable[[], None] = lambda: None  # wakes who waits for updates; set by the server
        self._clock = now or (lambda: datetime.now(UTC))
        self._shift = timedelta()

        self.updates = UpdateQueue(now=self.now, dice=self.dice)
        self.chats: dict[int, str] = {}  # id → type
        self.blocked: set[int] = set()
        self.sent: list[Sent] = []
        self.said: dict[tuple[int, int], Json] = {}
        self.calls: list[tuple[str, dict[str, str]]] = []
        self.files: dict[str, tuple[str, bytes, int]] = {}  # id → path, bytes, size as told
        self.callbacks: dict[str, datetime] = {}
        self.answered: list[str] = []
        self.introduction: dict[str, str] = {}
        self.faults: list[Fault] = []
        self.webhook = WebhookState()
        self.poller: object | None = None
        self._messages = 100

    # -- the clock and the troubles

    def now(self) -> datetime:
        """The server's time."""
        return self._clock() + self._shift

    def advance(self, **delta: float) -> None:
        """Lets time pass: `api.advance(hours=25)`."""
        self._shift += timedelta(**delta)
        self.ring()

    def trouble(self, trouble: Trouble | str, **fault: Any) -> None:
        """The next call goes wrong; `fault` are the fields of `Fault`."""
        self.faults.append(Fault(Trouble(trouble), **fault))

    def block(self, chat: int) -> None:
        """The citizen blocks the bot: sending is forbidden from now on."""
        self.blocked.add(chat)
        self._membership(chat, "member", "kicked")

    def unblock(self, chat: int) -> None:
        """The citizen lets the bot in again."""
        self.blocked.discard(chat)
        self._membership(chat, "kicked", "member")

    # -- what citizens do

    def say(self, chat: int, text: str, **more: Any) -> int:
        """A text message; returns its message_id. `more` goes to `post` (lang, at, group)."""
        return self.post(chat, shapes.words(text), **more)

    def photo(self, chat: int, *, caption: str = "", data: bytes = b"\xff\xd8jpeg", **more: Any) -> int:
        """A picture in three sizes."""
        sizes = shapes.photo_sizes(self.keep("photos", data), len(data))
        return self.post(chat, {"photo": sizes, **_caption(caption)}, **more)

    def album(self, chat: int, captions: Sequence[str], **more: Any) -> list[int]:
        """Several pictures sent as one; each is a message of its own."""
        group = str(self.dice.randrange(10**16))
        return [self.photo(chat, caption=one, extra={"media_group_id": group}, **more) for one in captions]

    def document(
        self,
        chat: int,
        *,
        name: str = "antrag.pdf",
        mime: str = "application/pdf",
        data: bytes = b"%PDF-1.7",
        size: int | None = None,
        caption: str = "",
        **more: Any,
    ) -> int:
        """A file; `size` may claim more than is there."""
        told = len(data) if size is None else size
        kept = shapes.file(self.keep("documents", data, told), told, file_name=name, mime_type=mime)
        return self.post(chat, {"document": kept, **_caption(caption)}, **more)

    def voice(self, chat: int, seconds: int = 4, *, data: bytes = b"OggS", **more: Any) -> int:
        """A spoken message."""
        kept = shapes.file(self.keep("voice", data), len(data), duration=seconds, mime_type="audio/ogg")
        return self.post(chat, {"voice": kept}, **more)

    def location(self, chat: int, latitude: float, longitude: float, **more: Any) -> int:
        """A point on the map."""
        return self.post(chat, {"location": shapes.place(latitude, longitude)}, **more)

    def sticker(self, chat: int, emoji: str = "👍", **more: Any) -> int:
        """A sticker that stands for an emoji."""
        kept = shapes.file(self.keep("stickers", b"RIFF"), 4, emoji=emoji, width=512, height=512)
        kept |= {"type": "regular", "is_animated": False, "is_video": False}
        return self.post(chat, {"sticker": kept}, **more)

    def post(
        self,
        chat: int,
        content: Json,
        *,
        lang: str | None = "de",
        at: datetime | None = None,
        extra: Json | None = None,
        group: bool = False,
    ) -> int:
        """Any message with this content; `group`: `chat` is a group and not a person."""
        self._messages += 1
        home = {"id": chat, "type": "supergroup", "title": "Bereitschaft"} if group else shapes.private(chat)
        self.chats[chat] = str(home["type"])
        sender = shapes.person(abs(chat), lang)
        body = {"message_id": self._messages, "from": sender, "chat": home, "date": _stamp(at or self.now())}
        self.said[(chat, self._messages)] = body | (extra or {}) | content
        self.push({"message": self.said[(chat, self._messages)]}, chat)
        return self._messages

    def edit(self, chat: int, message_id: int, text: str) -> None:
        """The citizen edits a message."""
        new = self.said[(chat, message_id)] | shapes.words(text) | {"edit_date": _stamp(self.now())}
        self.said[(chat, message_id)] = new
        self.push({"edited_message": new}, chat)

    def press(self, chat: int, label: str) -> str:
        """The citizen presses the newest button with this label; returns the callback query's id."""
        shown = [
            (one, data)
            for one in self.sent
            for words, data in one.buttons
            if one.chat == chat and words == label and not one.deleted
        ]
        if not shown:
            raise LookupError(f"chat {chat} shows no button {label!r}")
        message, data = shown[-1]
        query = str(self.dice.randrange(10**17))
        self.callbacks[query] = self.now()
        body = {"id": query, "from": shapes.person(chat, "de"), "message": message.body, "data": data}
        self.push({"callback_query": body | {"chat_instance": str(chat)}}, chat)
        return query

    def poison(self, *broken: Json) -> None:
        """Updates nobody can parse: the given ones, or every kind we know."""
        for body in broken or shapes.POISON:
            self.push(body, 0)

    def push(self, body: Json, chat: int = 0) -> int | None:
        """Any update, without its number."""
        number = self.updates.push(chat, body)
        self.ring()
        return number

    # -- what the bot did

    def texts(self, chat: int) -> list[str]:
        """What this citizen has been told, in order."""
        return [one.text for one in self.sent if one.chat == chat]

    def counts(self, marker: str | None = None) -> Counter[tuple[int, str]]:
        """How often each text (or what the pattern `marker` finds in it) went to each chat."""
        found: Counter[tuple[int, str]] = Counter()
        for one in self.sent:
            match = re.search(marker, one.text) if marker else None
            if match or not marker:
                found[(one.chat, match.group(0) if match else one.text)] += 1
        return found

    def doubles(self, marker: str | None = None) -> dict[tuple[int, str], int]:
        """What a citizen got more than once."""
        return {key: times for key, times in self.counts(marker).items() if times > 1}

    # -- for the server

    def keep(self, folder: str, data: bytes, size: int | None = None) -> str:
        """Keeps a file and returns its id."""
        file_id = f"{folder}{len(self.files)}"
        self.files[file_id] = (f"{folder}/file_{len(self.files)}", data, len(data) if size is None else size)
        return file_id

    def record(self, chat: int, text: str, markup: Json, *, silent: bool, preview: bool) -> Sent:
        """Writes down what the bot sent."""
        self._messages += 1
        body: Json = {
            "message_id": self._messages,
            "from": shapes.BOT,
            "chat": shapes.private(chat),
            "date": _stamp(self.now()),
            "text": text,
        }
        body |= {"reply_markup": markup} if markup else {}
        buttons = shapes.keyboard_labels(markup)
        self.sent.append(Sent(chat, self._messages, text, buttons, silent, preview, self.now(), body=body))
        return self.sent[-1]

    def _membership(self, chat: int, before: str, after: str) -> None:
        person = shapes.person(chat, "de")
        moment = {"chat": shapes.private(chat), "from": person, "date": _stamp(self.now())}
        member = {"user": shapes.BOT, "until_date": 0}
        change = {
            "old_chat_member": {"status": before, **member},
            "new_chat_member": {"status": after, **member},
        }
        self.push({"my_chat_member": moment | change}, chat)


def _caption(text: str) -> Json:
    return {"caption": text} if text else {}


def _stamp(moment: datetime) -> int:
    return int(moment.timestamp())
