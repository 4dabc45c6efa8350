"""Telegram, the only room that speaks it; load it lazily, for the library takes its time."""

from bot.channels.telegram.channel import TelegramChannel, build
from bot.channels.telegram.door import update_key
from bot.channels.telegram.introduction import Introduction, introduce
from bot.channels.telegram.polling import poll
from bot.channels.telegram.webhook import register, router

__all__ = ["Introduction", "TelegramChannel", "build", "introduce", "poll", "register", "router", "update_key"]
