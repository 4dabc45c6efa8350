"""The channel `web`: a message is sent once its row says so; open pages are woken to look."""

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import cached_property
from typing import Any

from fastapi import APIRouter
from jinja2 import Environment

from bot.channels.webchat.page import environment
from bot.channels.webchat.rate import Rate
from bot.channels.webchat.read import CHANNEL, read
from bot.channels.webchat.stream import Hub
from bot.core.errors import FetchFailed
from bot.core.message import Attachment, InboundMessage, OutboundMessage
from bot.steps.house import House


class WebChat:
    """One town's web chat: the Channel, and the router of its pages."""

    name = CHANNEL

    def __init__(self, house: House, now: Callable[[], datetime]) -> None:
        self.house = house
        self.now = now
        self.hub = Hub()
        self.router = APIRouter()

    @cached_property
    def rate(self) -> Rate:
        """How often each conversation has written lately."""
        return Rate(self.house.settings.limits.messages_per_minute)

    @cached_property
    def templates(self) -> Environment:
        """The page's templates."""
        return environment(self.house.settings.city.timezone)

    def read(self, raw: Mapping[str, Any]) -> InboundMessage:
        """The raw update as a message; raises Unreadable."""
        return read(raw)

    async def send(self, message: OutboundMessage) -> str:
        """Nothing to push: the page shows what the outbox calls sent."""
        self.hub.wake(message.address)
        return message.key

    async def fetch(self, attachment: Attachment) -> bytes:
        """Web files come with their message; there is nowhere to fetch them from."""
        raise FetchFailed("Web-Dateien liegen schon hier", permanent=True)

    def close(self) -> None:
        """Ends the open streams; call it before the server stops, which waits for them."""
        self.hub.close()
