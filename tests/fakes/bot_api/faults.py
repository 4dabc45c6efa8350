"""Troubles on demand: what can go wrong between a bot and Telegram's server."""

from dataclasses import dataclass
from enum import StrEnum

from tests.fakes.bot_api.wire import Json


class Trouble(StrEnum):
    """What goes wrong."""

    FLOOD = "flood"  #: 429 with retry_after; nothing was done
    REFUSED = "refused"  #: the status named in the fault; nothing was done
    RESET = "reset"  #: the line is cut before anything was done
    SILENCE = "silence"  #: done, but the answer never comes
    LOST = "lost"  #: done, but the line is cut instead of an answer
    GARBAGE = "garbage"  #: done, but the answer is no JSON


@dataclass
class Fault:
    """One trouble for `times` calls, the first `after` of them spared; `method` and `chat` None mean any."""

    trouble: Trouble
    method: str | None = None
    chat: int | None = None
    times: int = 1
    after: int = 0
    retry_after: int = 3
    status: int = 500

    def meets(self, method: str, chat: str | None) -> bool:
        """Whether this call is the one to go wrong."""
        return self.times > 0 and self.method in (None, method) and (self.chat is None or str(self.chat) == chat)


class ApiError(Exception):
    """Telegram's way to say no: a status, a sentence and perhaps parameters."""

    def __init__(self, status: int, description: str, **parameters: int) -> None:
        super().__init__(description)
        self.status = status
        self.description = description
        self.parameters = parameters

    def body(self) -> Json:
        """The JSON that goes back."""
        found: Json = {"ok": False, "error_code": self.status, "description": self.description}
        return found | ({"parameters": self.parameters} if self.parameters else {})


def flood(seconds: int) -> ApiError:
    """429, as Telegram words it."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
