"""Kinds of values a town writes: dates, times, addresses, telephone numbers; each says what is wrong."""

import re
from collections.abc import Callable
from datetime import date, time
from typing import Annotated, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError

_EMAIL = re.compile(r"[^@\s]+@[^@\s.]+(\.[^@\s.]+)+")


def refusal(sentence: str) -> PydanticCustomError:
    """An error that carries its German sentence."""
    return PydanticCustomError("german", "{sentence}", {"sentence": sentence})


def _matching(pattern: str, sentence: str) -> AfterValidator:
    compiled = re.compile(pattern)

    def check(value: str) -> str:
        if not compiled.fullmatch(value):
            raise refusal(sentence)
        return value

    return AfterValidator(check)


def _read(convert: Callable[[str], Any], sentence: str) -> BeforeValidator:
    def check(value: Any) -> Any:
        if value is None:
            return value
        try:
            return convert(value)
        except (ValueError, TypeError, AttributeError, ZoneInfoNotFoundError):
            raise refusal(sentence) from None

    return BeforeValidator(check)


def _day(text: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}-\d{2}", text):
        raise ValueError
    return date.fromisoformat(text)


def _clock(text: str) -> time:
    if not re.fullmatch(r"\d{2}:\d{2}", text):
        raise ValueError
    return time.fromisoformat(text)


Text = Annotated[str, Field(min_length=1)]
Day = Annotated[date, _read(_day, "kein gültiges Datum; schreiben Sie es so: 2026-12-24")]
Clock = Annotated[time, _read(_clock, "keine gültige Uhrzeit; schreiben Sie sie so: 12:00")]
Zone = Annotated[ZoneInfo, _read(ZoneInfo, "keine bekannte Zeitzone; in Deutschland: Europe/Berlin")]
Email = Annotated[str, _matching(_EMAIL.pattern, "keine E-Mail-Adresse; schreiben Sie name@stadt.de")]
Phone = Annotated[
    str,
    _matching(r"\+?[0-9][0-9 /()-]{1,}", "keine Telefonnummer; schreiben Sie Vorwahl und Nummer in Ziffern"),
]
Url = Annotated[str, _matching(r"https://\S+", "keine Adresse einer Seite; sie beginnt mit https://")]
Prefix = Annotated[str, _matching(r"[A-Z]{2,5}", "zwei bis fünf große Buchstaben, zum Beispiel BOR")]
Identifier = Annotated[str, _matching(r"[a-z][a-z0-9_]*", "nur kleine Buchstaben ohne Umlaut, Ziffern und Unterstrich")]
Language = Annotated[str, _matching(r"[a-z]{2,3}", "ein Sprachkürzel in kleinen Buchstaben: de, en, nl")]
Mime = Annotated[str, _matching(r"[a-z]+/[a-z0-9.+-]+", "keine Dateiart; schreiben Sie zum Beispiel image/jpeg")]
Count = Annotated[int, Field(ge=1)]
Percent = Annotated[int, Field(ge=0, le=100)]
Share = Annotated[float, Field(ge=0, le=1)]
