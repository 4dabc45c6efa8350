"""Build: the web chat of one town, ready to be mounted."""

from collections.abc import Callable
from datetime import datetime

from bot.channels.webchat.channel import WebChat
from bot.channels.webchat.routes import routes
from bot.steps.house import House


def build(house: House, *, now: Callable[[], datetime]) -> WebChat:
    """The channel `web`; the house may get its channels later, nothing of it is read before the first request."""
    chat = WebChat(house, now)
    chat.router = routes(chat)
    return chat
