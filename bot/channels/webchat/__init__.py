"""The citizens' web chat: all that Telegram can, without Telegram."""

from bot.channels.webchat.build import build

__all__ = ["build"]
