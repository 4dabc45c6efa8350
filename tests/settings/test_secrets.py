"""Secrets: from the environment, the town's own first, and never shown."""

from pathlib import Path

import pytest

from bot.settings.load import load
from bot.settings.reading.mistakes import Mistakes
from bot.settings.secrets import Secrets, read_secrets
from tests.settings.conftest import Town

TOKEN = "123456789:" + "a" * 35
OTHER = "987654321:" + "b" * 35


def _read(**environ: str) -> tuple[Secrets, list[str]]:
    mistakes = Mistakes()
    return read_secrets("bad-musterstadt", environ, mistakes), mistakes.sentences()


def test_nothing_is_needed_to_try_the_house() -> None:
    assert _read() == (Secrets(), [])


def test_the_towns_own_variable_wins() -> None:
    secrets, mistakes = _read(TELEGRAM_TOKEN=TOKEN, TELEGRAM_TOKEN_BAD_MUSTERSTADT=OTHER)
    assert (secrets.telegram_token, mistakes) == (OTHER, [])


def test_an_empty_variable_counts_as_none() -> None:
    assert _read(TELEGRAM_TOKEN=" ")[0].telegram_token is None


def test_a_token_can_stand_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(f"{TOKEN}\n")
    assert _read(TELEGRAM_TOKEN_FILE=str(tmp_path / "token"))[0].telegram_token == TOKEN


def test_the_towns_own_file_wins_over_a_common_token(tmp_path: Path) -> None:
    (tmp_path / "token").write_text(OTHER)
    own = str(tmp_path / "token")
    assert _read(TELEGRAM_TOKEN=TOKEN, TELEGRAM_TOKEN_FILE_BAD_MUSTERSTADT=own)[0].telegram_token == OTHER


@pytest.mark.parametrize(
    ("name", "value", "sentence"),
    [
        ("TELEGRAM_TOKEN", "geheim", "das ist kein Telegram-Token; es sieht aus wie 123456789:ABC… "
         "und kommt von @BotFather"),
        ("TELEGRAM_TOKEN_BAD_MUSTERSTADT", "12:ab", "das ist kein Telegram-Token; "
         "es sieht aus wie 123456789:ABC… und kommt von @BotFather"),
        ("TELEGRAM_TOKEN_FILE", "/nirgends/token",
         "die Datei /nirgends/token gibt es nicht; prüfen Sie den Pfad"),
        ("TELEGRAM_TOKEN_FILE", "/", "die Datei / lässt sich nicht lesen; prüfen Sie ihre Zugriffsrechte"),
        ("TELEGRAM_TOKEN_FILE", "/dev/null", "die Datei /dev/null ist leer; schreiben Sie den Wert hinein"),
        ("TELEGRAM_STAFF_CHAT", "Bauhof",
         "keine Chat-Kennung; schreiben Sie eine Zahl wie -1001234567890 oder @kanalname"),
        ("DATABASE_URL", "mysql://a/b", "keine Datenbankadresse; "
         "schreiben Sie sqlite:///pfad oder postgresql://nutzer@rechner/name"),
        ("PUBLIC_URL", "nacht.stadt.de", "keine Adresse; "
         "schreiben Sie zum Beispiel https://nachtschalter.stadt.de"),
        ("SMTP_PORT", "smtp", "kein Anschluss; schreiben Sie eine Zahl, meist 587"),
        ("SMTP_PORT", "70000", "kein Anschluss; schreiben Sie eine Zahl, meist 587"),
        ("SMTP_SECURITY", "ssl3", "möglich sind: starttls, tls, none"),
    ],
)  # fmt: skip
def test_a_wrong_value_is_named_but_not_told(name: str, value: str, sentence: str) -> None:
    assert _read(**{name: value})[1] == [f"Umgebung: {name}: {sentence}"]


@pytest.mark.parametrize(
    ("written", "used"),
    [
        ("postgres://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql://a@b/c", "postgresql+psycopg://a@b/c"),
        ("postgresql+psycopg://a@b/c", "postgresql+psycopg://a@b/c"),
        ("sqlite:///var/x.db", "sqlite+aiosqlite:///var/x.db"),
    ],
)
def test_the_database_gets_the_driver_the_house_brings(written: str, used: str) -> None:
    assert _read(DATABASE_URL=written)[0].database_url == used


def test_no_secret_is_ever_shown(town: Town) -> None:
    secret = {
        "TELEGRAM_TOKEN": TOKEN,
        "DATABASE_URL": "postgresql://nutzer:passwort@rechner/name",
        "SMTP_USER": "postfach",
        "SMTP_PASSWORD": "kennwort",
    }
    shown = repr(load(town.folder, secret)) + str(load(town.folder, secret))
    assert [word for word in (TOKEN, "passwort", "postfach", "kennwort") if word in shown] == []
