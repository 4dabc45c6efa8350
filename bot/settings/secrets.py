"""Secrets and what differs from machine to machine: from the environment, never from a file in git."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.settings.reading.mistakes import ENVIRONMENT, Mistakes

_TOKEN = re.compile(r"\d{6,12}:[A-Za-z0-9_-]{30,50}")
_CHAT = re.compile(r"-?\d{5,20}|@[A-Za-z]\w{4,31}")
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+psycopg",
    "postgresql": "postgresql+psycopg",
    "postgresql+psycopg": "postgresql+psycopg",
}
_SECURITY = ("starttls", "tls", "none")


@dataclass(frozen=True, slots=True)
class Secrets:
    """What the environment says; what must not be seen is left out of its repr."""

    telegram_token: str | None = field(default=None, repr=False)
    telegram_staff_chat: str | None = None  # where the digest goes besides mail: numbers and references, never words
    telegram_api: str = "https://api.telegram.org"  # another server for tests and local Bot APIs
    database_url: str | None = field(default=None, repr=False)  # None: a file in var/<town>/
    public_url: str | None = None  # None: not reachable from outside
    smtp_host: str | None = None  # None: no mail leaves the house
    smtp_port: int = 587
    smtp_security: str = "starttls"  # or tls, none
    smtp_user: str | None = field(default=None, repr=False)
    smtp_password: str | None = field(default=None, repr=False)


def read_secrets(town: str, environ: Mapping[str, str], mistakes: Mistakes) -> Secrets:
    """The secrets of this town; `NAME_<TOWN>` wins over `NAME`; `NAME_FILE` names a file that holds it."""
    variables = _Variables(re.sub(r"\W", "_", town).upper(), environ, mistakes)
    return Secrets(
        telegram_token=_token(variables),
        telegram_staff_chat=_staff_chat(variables),
        telegram_api=_url(variables, "TELEGRAM_API") or "https://api.telegram.org",
        database_url=_database(variables),
        public_url=_url(variables, "PUBLIC_URL"),
        smtp_host=variables.get("SMTP_HOST")[1],
        smtp_port=_port(variables),
        smtp_security=_security(variables),
        smtp_user=variables.get("SMTP_USER")[1],
        smtp_password=variables.get("SMTP_PASSWORD")[1],
    )


@dataclass(frozen=True, slots=True)
class _Variables:
    town: str
    environ: Mapping[str, str]
    mistakes: Mistakes

    def get(self, name: str) -> tuple[str, str | None]:
        """The variable that was found and its value; a file that cannot be read is noted."""
        for suffix in (f"_{self.town}", ""):
            if value := self.environ.get(name + suffix, "").strip():
                return name + suffix, value
            if path := self.environ.get(f"{name}_FILE{suffix}", "").strip():
                return f"{name}_FILE{suffix}", self._content(f"{name}_FILE{suffix}", Path(path))
        return name, None

    def _content(self, name: str, path: Path) -> str | None:
        try:
            content = path.read_text(encoding="utf-8").strip()
        except FileNotFoundError:
            self.complain(name, f"die Datei {path} gibt es nicht; prüfen Sie den Pfad")
            return None
        except (OSError, UnicodeDecodeError):
            self.complain(name, f"die Datei {path} lässt sich nicht lesen; prüfen Sie ihre Zugriffsrechte")
            return None
        if not content:
            self.complain(name, f"die Datei {path} ist leer; schreiben Sie den Wert hinein")
        return content or None

    def complain(self, name: str, sentence: str) -> None:
        """Notes a mistake of the environment; the value itself is never told."""
        self.mistakes.add(f"{ENVIRONMENT}: {name}", 0, 0, sentence)


def _token(variables: _Variables) -> str | None:
    name, value = variables.get("TELEGRAM_TOKEN")
    if value and not _TOKEN.fullmatch(value):
        variables.complain(
            name, "das ist kein Telegram-Token; es sieht aus wie 123456789:ABC… und kommt von @BotFather"
        )
        return None
    return value


def _staff_chat(variables: _Variables) -> str | None:
    name, value = variables.get("TELEGRAM_STAFF_CHAT")
    if value and not _CHAT.fullmatch(value):
        variables.complain(name, "keine Chat-Kennung; schreiben Sie eine Zahl wie -1001234567890 oder @kanalname")
        return None
    return value


def _database(variables: _Variables) -> str | None:
    name, value = variables.get("DATABASE_URL")
    if value is None:
        return None
    scheme, found, rest = value.partition("://")
    if not found or scheme not in _DRIVERS:
        variables.complain(
            name, "keine Datenbankadresse; schreiben Sie sqlite:///pfad oder postgresql://nutzer@rechner/name"
        )
        return None
    return f"{_DRIVERS[scheme]}://{rest}"


def _url(variables: _Variables, key: str) -> str | None:
    name, value = variables.get(key)
    if value and not re.fullmatch(r"https?://[^\s/]+\S*", value):
        variables.complain(name, "keine Adresse; schreiben Sie zum Beispiel https://nachtschalter.stadt.de")
        return None
    return value.rstrip("/") if value else None


def _port(variables: _Variables) -> int:
    name, value = variables.get("SMTP_PORT")
    if value is None:
        return 587
    if not re.fullmatch(r"[1-9]\d{0,4}", value) or int(value) > 65_535:
        variables.complain(name, "kein Anschluss; schreiben Sie eine Zahl, meist 587")
        return 587
    return int(value)


def _security(variables: _Variables) -> str:
    name, value = variables.get("SMTP_SECURITY")
    if value not in (None, *_SECURITY):
        variables.complain(name, f"möglich sind: {', '.join(_SECURITY)}")
    return value or "starttls"
