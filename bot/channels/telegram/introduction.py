"""What a citizen sees before the first word: the menu of commands and the empty chat's description."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import structlog
from telegram import BotCommand
from telegram.error import TelegramError
from telegram.ext import ExtBot

#: the menu, in this order; the words beside them come from the town's files
COMMANDS = ("start", "hilfe", "status", "datenschutz", "loeschen", "stop")
#: characters, Telegram's limits
MAX_DESCRIPTION, MAX_SHORT_DESCRIPTION, MAX_COMMAND = 512, 120, 256

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Introduction:
    """The texts in one language; `lang` None: for everybody whose language has none of its own."""

    description: str
    short_description: str
    commands: Mapping[str, str]  # command without slash → what it does
    lang: str | None = None

    def __post_init__(self) -> None:
        if missing := set(COMMANDS) - set(self.commands):
            raise ValueError(f"no words for the commands {', '.join(sorted(missing))}")
        _short_enough("description", self.description, MAX_DESCRIPTION)
        _short_enough("short_description", self.short_description, MAX_SHORT_DESCRIPTION)
        for name, text in self.commands.items():
            _short_enough(f"command {name}", text, MAX_COMMAND)


async def introduce(bot: "ExtBot[Any]", *introductions: Introduction) -> None:
    """Sets menu and descriptions; a Telegram that refuses is logged and no reason not to serve."""
    try:
        for one in introductions:
            menu = [BotCommand(name, text) for name, text in one.commands.items()]
            await bot.set_my_commands(menu, language_code=one.lang)
            await bot.set_my_description(one.description, language_code=one.lang)
            await bot.set_my_short_description(one.short_description, language_code=one.lang)
    except TelegramError as error:
        log.warning("The bot's menu and description could not be set", error=type(error).__name__)


def _short_enough(what: str, text: str, limit: int) -> None:
    if not 0 < len(text) <= limit:
        raise ValueError(f"{what} needs 1 to {limit} characters and has {len(text)}")
