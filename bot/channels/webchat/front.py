"""The front: how one request wants to be answered; its language, its addresses, and the words around everything."""

from functools import cached_property
from typing import Any

from starlette.requests import Request

from bot.channels.webchat import identity, page
from bot.channels.webchat.channel import WebChat
from bot.channels.webchat.page import View
from bot.channels.webchat.posting import Form, Refusal
from bot.channels.webchat.texts import LANGUAGES, Say, speaker
from bot.store.transcript import Transcript
from bot.web import assets, language

#: file types the house can clean and keep, by what a file dialogue calls them
_NEVER_OFFERED = ("image/heic", "image/heif")  # telephones send JPEG when HEIC is not on the list
#: what a button sends for the citizen, and the words that stand on it and are shown instead
_COMMANDS = {"/status": "status", "/hilfe": "help", "/loeschen": "delete"}


class Front:
    """What the pages need to know about a request."""

    def __init__(self, chat: WebChat, request: Request, *, lang: str | None = None) -> None:
        self.chat = chat
        self.request = request
        self.base: str = request.scope.get("root_path", "").rstrip("/")
        asked = request.query_params.get("lang", "")
        self.suffix = f"?lang={asked}" if asked in LANGUAGES else ""
        spoken = tuple(one for one in chat.house.settings.city.languages if one in LANGUAGES) or LANGUAGES[:1]
        accepted = request.headers.get("accept-language", "")
        self.lang = lang or (asked if asked in spoken else language.choose(accepted, spoken))
        self.device_lang = asked if self.suffix else next(iter(language.wanted(accepted)), None)
        self.wants_json = "application/json" in request.headers.get("accept", "")

    @cached_property
    def say(self) -> Say:
        """The page's sentences."""
        city = self.chat.house.settings.city
        return speaker(self.lang, city=city.name, rescue=city.rescue, police=city.police)

    @property
    def secure(self) -> bool:
        """Whether the cookie may only travel over https."""
        return self.request.url.scheme == "https" or self._public.startswith("https:")

    @property
    def _public(self) -> str:
        return self.chat.house.settings.secrets.public_url or ""

    def view(self, told: Transcript) -> View:
        """The conversation as it is now."""
        settings = self.chat.house.settings
        return page.view(told, now=self.chat.now(), timezone=settings.city.timezone, quiet=settings.conversation.quiet)

    def conversation(
        self, told: Transcript, form: Form | None = None, refusal: Refusal | None = None
    ) -> dict[str, Any]:
        """What the chat's own templates need besides the frame."""
        settings, words = self.chat.house.settings, self.chat.house.words
        secret = identity.secret_of(self.request)
        types = [one for one in settings.limits.attachment_types if one not in _NEVER_OFFERED]
        return {
            "view": self.view(told),
            "replies_lang": words.speaks(told.lang or settings.city.languages[0]),
            "refusal": refusal,
            "text": form.text if form and form.button is None else "",
            "nonce": identity.new_secret().replace("-", "").replace("_", "")[:32],
            "secret": None if secret and not told.farewell else identity.new_secret(),
            "link": f"{self._public or str(self.request.base_url).rstrip('/')}/c/{secret}" if secret else None,
            "limits": settings.limits,
            "commands": _COMMANDS,
            "types": ",".join(types),
            # Only an address of its own is loaded anew: "/#aktuell" once more would just move within the page.
            "again": f"{self.base}/{self.suffix + '&' if self.suffix else '?'}um={self.chat.now():%H%M%S}#aktuell",
            "greeting": words.say(self.lang, "machine_short"),
        }

    def render(self, template: str, **values: Any) -> str:
        """The page as HTML."""
        house = self.chat.house
        return self.chat.templates.get_template(template).render(
            say=self.say,
            lang=self.lang,
            languages=LANGUAGES,
            base=self.base,
            suffix=self.suffix,
            city=house.settings.city,
            retention=house.settings.retention,
            pilot=house.pilot,
            asset=lambda file: assets.address(self.base, file),
            **values,
        )
