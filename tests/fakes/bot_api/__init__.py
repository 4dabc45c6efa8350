"""A Bot API that behaves like Telegram's server, over real HTTP and with troubles on demand.

Sources: core.telegram.org/bots/api, and the published server github.com/tdlib/telegram-bot-api.
"""

from tests.fakes.bot_api.api import TOKEN, BotApi, Sent
from tests.fakes.bot_api.faults import Trouble
from tests.fakes.bot_api.server import serving, serving_in_thread

__all__ = ["TOKEN", "BotApi", "Sent", "Trouble", "serving", "serving_in_thread"]
