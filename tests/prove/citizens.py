"""Citizens who write all the time, by Telegram and by web, and remember what they were told."""

import asyncio
import io
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import httpx
from PIL import Image

from tests.fakes.bot_api import BotApi
from tests.fakes.bot_api.shapes import POISON

GAS = "Im Treppenhaus von Haus {} riecht es stark nach Gas"
_CONCERNS = (
    "Die Laterne {} in der Heidener Straße ist seit Montag aus.",
    "Vor Haus {} ist ein tiefes Schlagloch.",
    "Die gelbe Tonne von Haus {} wurde nicht geleert.",
    "Wann kann ich meinen Ausweis {} abholen?",
)


def picture() -> bytes:
    """A small photograph, as a telephone would send it."""
    out = io.BytesIO()
    Image.new("RGB", (48, 32), (10, 40, 90)).save(out, "JPEG")
    return out.getvalue()


PICTURE = picture()


@dataclass
class Citizens:
    """`act` lets one of them do something; what the house has accepted is noted."""

    api: BotApi
    web: str  # address of the web chat
    dice: random.Random
    pushed: dict[int, dict[str, Any]] = field(default_factory=dict)  # update_id → what Telegram got from a citizen
    accepted: set[str] = field(default_factory=set)  # numbers of web messages the house has said 200 to
    dangers: set[int] = field(default_factory=set)  # chats that have written of danger
    posts: set["asyncio.Task[None]"] = field(default_factory=set)
    count: int = 0
    chat: int = 5000

    def __post_init__(self) -> None:
        push = self.api.updates.push

        def noted(chat: int, body: dict[str, Any]) -> int | None:
            number = push(chat, body)
            if number is not None:
                self.pushed[number] = body
            return number

        self.api.updates.push = noted  # type: ignore[method-assign] # Telegram's side of the bargain, on record

    def act(self, needs: str = "") -> None:
        """One of the citizens does one thing; `needs` names what has to happen soon."""
        self.count += 1
        wanted = {
            "photo": self.photo,
            "web": self.by_web,
            "file": self.by_web_with_file,
            "fragment": self.lone_word,
        }
        every: tuple[Callable[[], object], ...] = (
            *(self.concern,) * 3,
            self.fragments,
            self.photo,
            self.the_same_twice,
            self.edit,
            self.danger,
            self.poison,
            self.greeting,
            self.command,
            self.by_web,
            self.by_web_with_file,
            self.danger_by_web,
            self.press,
            self.lone_word,
        )
        chosen = wanted[needs] if needs and self.count % 2 else self.dice.choice(every)
        chosen()

    # --- by Telegram

    def concern(self) -> None:
        """A newcomer, or one who has written before."""
        self.api.say(self._newcomer() if self.dice.random() < 0.6 else self._known(), self._text())

    def fragments(self) -> None:
        """One thought in three messages."""
        chat = self._newcomer()
        for part in ("hallo", "also es ist so", self._text()):
            self.api.say(chat, part)

    def lone_word(self) -> None:
        """Not a concern yet: judged when nothing more comes."""
        self.api.say(self._newcomer(), f"kaputt {self.count}")

    def photo(self) -> None:
        """With words or without."""
        self.api.photo(self._newcomer(), caption=self._text() if self.dice.random() < 0.6 else "", data=PICTURE)

    def the_same_twice(self) -> None:
        """A nervous finger."""
        chat, text = self._newcomer(), self._text()
        self.api.say(chat, text)
        self.api.say(chat, text)

    def edit(self) -> None:
        """Better words for the same."""
        chat = self._newcomer()
        message = self.api.say(chat, self._text())
        self.api.edit(chat, message, self._text())

    def danger(self) -> None:
        """Gas, from somebody new, so that the safety text is due."""
        chat = self._newcomer()
        self.dangers.add(chat)
        self.api.say(chat, GAS.format(self.count))

    def poison(self) -> None:
        """An update nobody can parse."""
        self.api.push(dict(self.dice.choice(POISON)), 0)

    def greeting(self) -> None:
        """No concern."""
        self.api.say(self._newcomer(), "Guten Abend")

    def command(self) -> None:
        """Spoken to the machine itself."""
        self.api.say(self._known(), self.dice.choice(("/start", "/hilfe", "/status")))

    def press(self) -> None:
        """One of the buttons that were offered."""
        offered = [one for one in self.api.sent if one.buttons]
        if offered:
            one = self.dice.choice(offered[-5:])
            self.api.press(one.chat, self.dice.choice(one.buttons)[0])

    # --- by web

    def by_web(self) -> None:
        """Words only."""
        self._post(self._text())

    def by_web_with_file(self) -> None:
        """A picture with its words."""
        self._post(self._text(), PICTURE)

    def danger_by_web(self) -> None:
        """Gas, by web."""
        self._post(GAS.format(self.count))

    def _post(self, text: str, data: bytes = b"") -> None:
        nonce = f"prove{self.count:07d}{self.dice.randrange(10**8):08d}"
        secret = "".join(self.dice.choices("abcdefghijklmnopqrstuvwxyz", k=43))
        task = asyncio.create_task(self._until_accepted({"id": nonce, "secret": secret, "text": text}, data))
        self.posts.add(task)
        task.add_done_callback(self.posts.discard)

    async def _until_accepted(self, fields: dict[str, str], data: bytes) -> None:
        """As a browser does it: again and again under the same number, until the house has said 200."""
        files = {"files": ("bild.jpg", data, "image/jpeg")} if data else {"files": ("", b"")}
        async with httpx.AsyncClient(trust_env=False, timeout=10) as client:
            while fields["id"] not in self.accepted:
                try:
                    answer = await client.post(
                        f"{self.web}/chat/messages", data=fields, files=files, headers={"Accept": "application/json"}
                    )
                    if answer.status_code == 200 and answer.json()["accepted"]:
                        self.accepted.add(fields["id"])
                        return
                except httpx.HTTPError:
                    pass
                await asyncio.sleep(0.2)

    def _text(self) -> str:
        return self.dice.choice(_CONCERNS).format(f"{self.count}-{self.dice.randrange(1000)}")

    def _newcomer(self) -> int:
        self.chat += 1
        return self.chat

    def _known(self) -> int:
        calm = [chat for chat in range(max(5001, self.chat - 30), self.chat + 1) if chat not in self.dangers]
        return self.dice.choice(calm) if calm else self._newcomer()
